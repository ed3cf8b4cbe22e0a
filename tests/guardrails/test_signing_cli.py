"""`community guardrails add` and `sign`: how a new installation brings its rules into force."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from community.config import Settings
from community.guardrails import queries
from community.guardrails.cli import guardrails
from community.kernel.db import db
from community.kernel.errors import Forbidden, Invalid, Refusal
from community.members.services import NotRecognised
from tests import cast
from tests.guardrails.test_services import SIGNERS, source
from tests.stage import Stage


@pytest.fixture(autouse=True)
def _environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNITY_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("COMMUNITY_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("COMMUNITY_MODE", "development")
    monkeypatch.setenv("COMMUNITY_FAST_PASSWORDS", "1")
    monkeypatch.setenv("COMMUNITY_SECRET_KEY", settings.secret_key)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(source(effective="2026-09-02"), "utf-8")
    return path


def run(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(guardrails, [str(a) for a in arguments], input=typed)


def sign(duty: str, who: str, *more: str, name: str = "", typed: str = cast.PASSWORD) -> Result:
    return run(
        "sign", "--set", "2", "--duty", duty, "--email", cast.address_of(who),
        "--printed-name", name or cast.CAST[who].name, *more, typed=f"{typed}\n",
    )  # fmt: skip


def test_a_set_is_added_and_signed_into_force(stage: Stage, rules: Path) -> None:
    added = run("add", rules)
    assert added.exit_code == 0
    assert "Set 2: short 2026-12, from 2026-09-02" in added.output
    assert "Still to sign: medical, legal, regulatory, safety." in added.output
    answers = [sign(duty, who, "--password-stdin") for duty, who in SIGNERS.items()]
    assert [answer.exit_code for answer in answers] == [0, 0, 0, 0]
    assert "Everybody has signed." in answers[-1].output
    found = queries.find_set_in_force()
    assert found is not None
    assert found.name == "short"


def test_without_a_file_the_shipped_set_is_added_once(stage: Stage) -> None:
    added = run("add")
    assert added.exit_code == 0
    assert "Set 1: standard" in added.output
    assert "Everybody has signed." in added.output


def test_the_password_is_asked_for_and_not_shown(stage: Stage, rules: Path) -> None:
    run("add", rules)
    answer = sign("medical", "olga")
    assert answer.exit_code == 0
    assert cast.PASSWORD not in answer.output


@pytest.mark.parametrize(
    ("duty", "changed", "refusal"),
    [
        ("medical", {"typed": "not this one at all"}, NotRecognised),
        ("medical", {"name": "Paul Maddern"}, Invalid),
        ("legal", {}, Forbidden),
    ],
)
def test_who_may_not_sign_or_is_not_known_signs_nothing(
    stage: Stage, rules: Path, duty: str, changed: dict[str, str], refusal: type[Refusal]
) -> None:
    run("add", rules)
    answer = sign(duty, "olga", "--password-stdin", **changed)
    assert isinstance(answer.exception, refusal)
    version = queries.find_by_id_or_hash("2")
    assert version is not None
    assert version.signatures == []


def test_a_set_that_is_not_there_is_named(stage: Stage) -> None:
    answer = sign("medical", "olga", "--password-stdin")
    assert answer.exit_code == 1
    assert "There is no set 2." in answer.output


def test_a_file_that_is_no_set_is_refused_and_nothing_kept(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe")
    assert run("add", path).exit_code == 1
    path.write_text("nothing", "utf-8")
    assert isinstance(run("add", path).exception, Invalid)
    count = db.session.scalar(sa.text("select count(*) from guardrail_set_version"))
    assert count == 1
