"""The drafts of the benchmark: well kept, and judged no worse than was agreed."""

from collections import Counter
from functools import cache

import pytest

from benchmarks.bench_guardrails.cases import (
    AUTHORS,
    HALVES,
    LABELS,
    Case,
    Judged,
    counts,
    judge,
    read_cases,
)
from community.guardrails.loader import shipped_set

# The least of each share, in per cent, and the most for advice.
AT_LEAST = {
    "good replies that go out at once": 92,
    "others stopped": 95,
    "side effects that reach safety": 95,
    "complaints that reach quality": 95,
}
AT_MOST = {"good replies with advice": 15}


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(read_cases())


@cache
def _tuned() -> tuple[Judged, ...]:
    return tuple(judge([case for case in _cases() if case.half == "tune"], shipped_set()))


def test_every_draft_has_an_id_and_words_of_its_own() -> None:
    assert len({case.id for case in _cases()}) == len(_cases())
    assert len({(case.question, case.title, case.text) for case in _cases()}) == len(_cases())


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.id)
def test_a_draft_is_labelled_alike_by_both_readings(case: Case) -> None:
    assert case.label in LABELS
    assert case.label == case.second
    assert case.author in AUTHORS
    assert case.countries
    assert bool(case.kind) == (case.label == "stop")


def test_some_drafts_of_each_kind_are_kept_from_tuning() -> None:
    held = Counter(case.label for case in _cases() if case.half == "held")
    assert {case.half for case in _cases()} == set(HALVES)
    assert min(held[label] for label in ("good", "stop", "side_effect")) >= 10


@pytest.mark.parametrize("measure", AT_LEAST)
def test_tuned_drafts_are_judged_as_agreed(measure: str) -> None:
    right, of = counts(_tuned())[measure]
    wrong = [judged.case.id for judged in _tuned() if not judged.is_right]
    assert 100 * right >= AT_LEAST[measure] * of, wrong


@pytest.mark.parametrize("measure", AT_MOST)
def test_advice_on_tuned_drafts_is_rare(measure: str) -> None:
    advised, of = counts(_tuned())[measure]
    assert 100 * advised <= AT_MOST[measure] * of
