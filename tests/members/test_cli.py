"""Members at the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from community.kernel.errors import Invalid
from community.members.cli import member
from community.members.models import Duty
from tests.stage import Stage

NIA = ["--email", "nia@example.org", "--name", "Nia Vale", "--job", "Medical Affairs"]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A console on the database of this test."""
    monkeypatch.setenv("COMMUNITY_MODE", "development")
    monkeypatch.setenv("COMMUNITY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMMUNITY_DATABASE_URL", database_url)
    monkeypatch.setenv("COMMUNITY_FAST_PASSWORDS", "1")
    return CliRunner()


def create(run: CliRunner, *words: str, password: str = "") -> Result:
    return run.invoke(member, ["create", *words], input=password)


def test_the_first_administrator_comes_from_the_console_with_a_link(
    run: CliRunner, stage: Stage
) -> None:
    done = create(run, *NIA, "--affiliation", "company", "--duty", "administrator")
    assert done.exit_code == 0, done.output
    assert "/sign-in/link/" in done.output


def test_a_password_comes_by_standard_input_and_is_never_said(run: CliRunner, stage: Stage) -> None:
    words = [*NIA, "--affiliation", "company", "--password-stdin"]
    done = create(run, *words, password="four words make one\n")
    assert done.exit_code == 0, done.output
    assert "four words" not in done.output
    assert "/sign-in/link/" not in done.output


def test_a_refusal_makes_nobody(run: CliRunner, stage: Stage) -> None:
    for words in (["--affiliation", "hcp", "--duty", Duty.SAFETY.value],
                  ["--affiliation", "company", "--password-stdin"]):  # fmt: skip
        refused = create(run, *NIA, *words, password="short\n")
        assert refused.exit_code == 1
        assert isinstance(refused.exception, Invalid)


def test_wrong_usage_is_told_apart_from_a_refusal(run: CliRunner) -> None:
    assert create(run, "--email", "nia@example.org").exit_code == 2
    assert create(run, *NIA, "--affiliation", "visitor").exit_code == 2
