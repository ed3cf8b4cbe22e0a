"""The labelled sets of a folder, each line judged as its author would be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bench_guardrails.figures import Outcome
from community.guardrails.engine import Context, GuardrailSet, Verdict, evaluate

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One file: who is taken to have written it, which findings count, how it is broken down."""

    name: str
    affiliation: str
    counts: Callable[[Verdict], bool]
    groups: Callable[[Item], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Result:
    """One labelled text and what came of it."""

    set_name: str
    item: Item
    groups: tuple[str, ...]
    outcome: Outcome
    verdict: Verdict


def _kinds(*kinds: str) -> Callable[[Verdict], bool]:
    return lambda verdict: any(finding.kind in kinds for finding in verdict.findings)


def _by(*keys: str) -> Callable[[Item], tuple[str, ...]]:
    def groups(item: Item) -> tuple[str, ...]:
        named = (f"{key} {item[key]}" for key in keys if item.get(key) is not None)
        return tuple(dict.fromkeys(named))

    return groups


def _of_adverse_events(item: Item) -> tuple[str, ...]:
    noisy = item["quality"] == "silver-noisy"
    clear = () if noisy else (f"{item['source']} without silver-noisy",)
    return (*_by("source", "style", "kind")(item), f"quality {item['quality']}", *clear)


SETS = (
    LabelledSet("adverse_events", "hcp", lambda v: "safety" in v.routes, _of_adverse_events),
    LabelledSet("adverse_event_posts", "hcp", lambda v: "safety" in v.routes, _by("source")),
    LabelledSet("phi", "hcp", _kinds("patient_identity"), _by("source", "kind", "domain")),
    LabelledSet("abuse", "hcp", _kinds("abuse"), _by("source", "kind")),
    LabelledSet("spam", "hcp", _kinds("spam"), _by("source", "style")),
    LabelledSet("off_label", "company", _kinds("off_label"), _by("explicit", "kind")),
    LabelledSet(
        "promotional_claims",
        "company",
        _kinds("promotional", "comparative", "missing_balance"),
        _by("kind"),
    ),
    LabelledSet("misinformation", "hcp", _kinds("misinformation"), _by("medical")),
)


def read_items(folder: Path, name: str, every: int) -> list[Item]:
    """Every n-th line of one set; nothing where the file is not there."""
    path = folder / f"{name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[::every]]


def judge_as(affiliation: str, text: str, guardrail_set: GuardrailSet) -> Verdict:
    """The verdict on a text from somebody, with readers in all countries of the products."""
    context = Context(
        affiliation=affiliation,
        role="msl" if affiliation == "company" else "member",
        countries=guardrail_set.countries,
    )
    return evaluate(text, guardrail_set, context)


def results(folder: Path, guardrail_set: GuardrailSet, every: int) -> Iterator[Result]:
    """Judge all sets in the folder."""
    for each in SETS:
        for item in read_items(folder, each.name, every):
            verdict = judge_as(each.affiliation, item["text"], guardrail_set)
            outcome = Outcome(item["label"] == 1, each.counts(verdict))
            yield Result(each.name, item, each.groups(item), outcome, verdict)
