"""The use policies that ship: complete, readable, the same in every language, and honest."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from community.kernel.difference import difference
from community.kernel.paths import POLICIES
from community.kernel.plain_text import blocks, sentences
from community.kernel.readability import measure
from community.use_policies.cli import GRADE_LIMIT
from community.use_policies.library import PolicyLibrary
from community.use_policies.loader import load_use_policies, read_use_policy

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((POLICIES / "use").glob("*/*.md"))
NEXT = sorted((ROOT / "tests" / "fixtures" / "policies" / "use").glob("*/*.md"))
PROMISES = ROOT / "docs" / "promises.md"
NOT_YET = {"en": "not yet", "de": "noch nicht"}


def _name(path: Path) -> str:
    return path.name


@pytest.fixture
def with_next(tmp_path: Path) -> PolicyLibrary:
    shutil.copytree(POLICIES / "use", tmp_path / "use")
    shutil.copytree(ROOT / "tests/fixtures/policies/use", tmp_path / "use", dirs_exist_ok=True)
    return load_use_policies(tmp_path / "use")


@pytest.mark.parametrize("path", SHIPPED + NEXT, ids=_name)
def test_every_text_can_be_read_by_a_pupil_of_the_eighth_year(path: Path) -> None:
    text = read_use_policy(path)
    assert measure(text.markdown, language=text.language).grade <= GRADE_LIMIT


@pytest.mark.parametrize("path", SHIPPED + NEXT, ids=_name)
def test_the_summary_alone_is_plain_too(path: Path) -> None:
    text = read_use_policy(path)
    assert 1 <= len(text.summary) <= 7
    assert measure("\n\n".join(text.summary), language=text.language).grade <= GRADE_LIMIT


def test_the_shipped_policies_are_in_force_without_a_problem() -> None:
    library = load_use_policies(POLICIES / "use")
    assert library.problems() == ()
    for audience in ("hcp", "company"):
        found = library.all_in_force(on=date(2026, 11, 24), audience=audience)
        assert [(version.id, version.version) for version in found] == [("community", "2026-11")]
        assert {"en", "de"} <= set(found[0].languages)


def test_the_next_version_is_not_shipped() -> None:
    assert not {path.name for path in SHIPPED} & {path.name for path in NEXT}


def test_the_next_version_takes_over_on_its_day(with_next: PolicyLibrary) -> None:
    days = {date(2027, 1, 10): "2026-11", date(2027, 1, 11): "2027-01"}
    for day, version in days.items():
        found = with_next.in_force("community", on=day, audience="hcp")
        assert found is not None
        assert found.version == version
    asked = with_next.asking("community", accepted="2026-11", on=date(2027, 1, 11), audience="hcp")
    assert asked is not None
    assert asked.blocks


def test_who_accepted_the_first_version_is_not_asked_again_for_the_report_button() -> None:
    library = load_use_policies(POLICIES / "use")
    today = date(2026, 11, 24)
    assert library.asking("community", accepted="2026-09", on=today, audience="hcp") is None
    newcomer = library.asking("community", accepted=None, on=today, audience="hcp")
    assert newcomer is not None
    assert newcomer.version.version == "2026-11"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_difference_to_the_next_version_can_be_shown(
    with_next: PolicyLibrary, language: str
) -> None:
    older, newer = (with_next.text("community", v, language) for v in ("2026-11", "2027-01"))
    kinds = {block.kind for block in difference(older.markdown, newer.markdown)}
    assert {"same", "added", "removed"} <= kinds


def _shape(markdown: str) -> list[str]:
    """Describe a text by its headings' levels and numbers, its items and its paragraphs."""
    found = []
    for line in markdown.splitlines():
        if heading := re.match(r"(#+) (\d*)", line):
            found.append(f"{heading[1]} {heading[2]}")
        elif line:
            found.append("item" if re.match(r"- |\d+\. |\|", line) else "paragraph")
    return found


@pytest.mark.parametrize("version", ["2026-09", "2026-11", "2027-01"])
def test_every_language_has_the_same_headings_items_and_paragraphs(
    with_next: PolicyLibrary, version: str
) -> None:
    english, german = (with_next.text("community", version, each) for each in ("en", "de"))
    assert _shape(german.markdown) == _shape(english.markdown)


def _not_yet(markdown: str, phrase: str) -> list[int]:
    """Number the paragraphs that say that something is not there yet."""
    lines = [line for line in markdown.splitlines() if line]
    return [place for place, line in enumerate(lines) if phrase in line]


def test_what_is_not_kept_yet_is_said_at_the_same_places_in_every_language() -> None:
    library = load_use_policies(POLICIES / "use")
    places = [
        _not_yet(library.text("community", "2026-11", language).markdown, phrase)
        for language, phrase in NOT_YET.items()
    ]
    assert places[0]
    assert places[0] == places[1]


def test_the_table_of_promises_quotes_each_sentence_that_says_not_yet_and_no_other() -> None:
    text = load_use_policies(POLICIES / "use").text("community", "2026-11", "en")
    read = [sentence for block in blocks(text.markdown) for sentence in sentences(block.text)]
    said = {sentence for sentence in read if NOT_YET["en"] in sentence}
    rows = [line for line in PROMISES.read_text(encoding="utf-8").splitlines() if "|" in line]
    assert {row.split("|")[4].strip() for row in rows[2:]} - {""} == said
