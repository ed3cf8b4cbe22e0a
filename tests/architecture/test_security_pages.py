"""What the pages about security say is shown by tests, is."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_STATES = {"met", "not applicable", "open"}


def _tests() -> set[str]:
    found = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in found for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def _lines() -> list[list[str]]:
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| [12] \| ([a-z ]+) \| (.+) \|$", text, re.MULTILINE)
    return [list(row) for row in rows]


@pytest.mark.parametrize("page", ["threats.md", "asvs.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    assert named
    assert named - _tests() == set()


def test_each_line_of_the_standard_stands_once_with_a_state() -> None:
    lines = _lines()
    assert len({number for number, _, _ in lines}) == len(lines) == 253
    assert {state for _, state, _ in lines} == _STATES


def test_the_sums_are_right() -> None:
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    counts = Counter(state for _, state, _ in _lines())
    said = ", ".join(f"{counts[state]} {state}" for state in ("met", "not applicable", "open"))
    assert f"**{said}.**" in text
