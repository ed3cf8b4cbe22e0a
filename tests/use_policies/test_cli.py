"""`community policy check` on files that are good, hard to read, broken or not there."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from community.kernel.paths import POLICIES
from community.use_policies.cli import policy

SHIPPED = POLICIES / "use" / "community" / "2026-11.en.md"
HARD = (
    "Notwithstanding aforementioned considerations, participants acknowledge unequivocally "
    "that pharmacovigilance obligations necessitate comprehensive documentation.\n"
)


def _check(*files: Path) -> Result:
    return CliRunner().invoke(policy, ["check", *map(str, files)])


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "community" / SHIPPED.name
    path.parent.mkdir()
    path.write_bytes(SHIPPED.read_bytes())
    return path


def test_a_good_file_passes_with_its_figures() -> None:
    result = _check(SHIPPED)
    assert result.exit_code == 0
    assert "Flesch-Kincaid grade level" in result.output
    assert "within the limit of 8" in result.output
    assert "Mean sentence length" in result.output
    assert "Long words" in result.output
    assert "Hardest sentences" in result.output


def test_a_german_file_is_measured_by_its_own_formula() -> None:
    result = _check(SHIPPED.with_name("2026-11.de.md"))
    assert result.exit_code == 0
    assert "Wiener Sachtextformel 1" in result.output


def test_a_text_above_the_limit_fails_and_shows_its_hardest_sentence(draft: Path) -> None:
    front = draft.read_text(encoding="utf-8").split("## 1.")[0]
    draft.write_text(f"{front}## 1. All\n\n{HARD * 20}", encoding="utf-8")
    result = _check(draft)
    assert result.exit_code == 1
    assert "above the limit of 8" in result.output
    assert "Notwithstanding" in result.output


def test_broken_front_matter_fails_but_the_text_is_measured_all_the_same(draft: Path) -> None:
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace('host = "', 'hots = "'), encoding="utf-8")
    result = _check(draft)
    assert result.exit_code == 1
    assert "Not usable: host: it is missing." in result.output
    assert "within the limit" in result.output


def test_plain_markdown_is_no_policy_but_gets_its_grade(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("We read what you write, and we answer you.\n", encoding="utf-8")
    result = _check(path)
    assert result.exit_code == 1
    assert "Not usable: file name" in result.output
    assert "Flesch-Kincaid" in result.output


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"+++\n+++\n"])
def test_a_file_without_words_fails_without_a_trace_of_code(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "2026-01.en.md"
    path.write_bytes(content)
    result = _check(path)
    assert result.exit_code == 1
    assert "Not usable" in result.output


def test_a_language_without_a_formula_fails(draft: Path) -> None:
    text = draft.read_text(encoding="utf-8").replace('language = "en"', 'language = "fr"')
    french = draft.with_name("2026-11.fr.md")
    french.write_text(text, encoding="utf-8")
    result = _check(french)
    assert result.exit_code == 1
    assert 'Not measured: there is no readability formula for "fr" here.' in result.output


def test_one_bad_file_among_good_ones_fails_and_all_are_reported(tmp_path: Path) -> None:
    bad = tmp_path / "2026-01.en.md"
    bad.write_text("", encoding="utf-8")
    result = _check(bad, SHIPPED)
    assert result.exit_code == 1
    assert str(bad) in result.output
    assert str(SHIPPED) in result.output


@pytest.mark.parametrize("arguments", [[], ["nowhere.md"], ["--wrong"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(policy, ["check", *arguments]).exit_code == 2
