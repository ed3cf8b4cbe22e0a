"""The command line answers at once: what needs no program loads none."""

import os
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path

import click
import pytest

from community.cli import COMMANDS, _community
from community.config import Settings, SettingsError, load
from community.kernel.launch import SERVER

_PROGRAM = ("flask", "sqlalchemy", "socketio")


@pytest.mark.parametrize(
    "module",
    [
        "community",
        "community.cli",
        "community.kernel.cli",
        "community.guardrails.cli",
        "community.use_policies.cli",
        "community.audit.cli",
    ],
)
def test_a_command_without_the_program_does_not_load_it(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {_PROGRAM!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    with click.Context(_community) as context:
        command = _community.get_command(context, name)
    assert command is not None
    assert COMMANDS[name][1] == command.get_short_help_str(limit=100)


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Call the command line as at a terminal, on a database of its own that nobody has made."""
    settings = {"COMMUNITY_MODE": "development", "COMMUNITY_DATA_DIR": str(folder), **more}
    code = "from community.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,  # as most systems have it
        env={**os.environ, **settings},
    )


@pytest.mark.parametrize("words", [
    ("member", "create", "--email", "n@example.org", "--name", "N", "--affiliation", "hcp"),
    ("audit", "verify"),
])  # fmt: skip
def test_a_database_that_was_never_migrated_is_told_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    refused = run(tmp_path, *words)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        "The database is not up to date: run `community migrate` first."
    )
    assert "Traceback" not in refused.stderr


def test_a_database_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    refused = run(tmp_path, "audit", "verify", COMMUNITY_DATABASE_URL=nowhere)
    assert refused.returncode == 1
    assert "The database does not answer: " in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_the_program_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert run(folder, "migrate").returncode == 0
    assert {"community.sqlite3", "secret_key"} <= {each.name for each in folder.iterdir()}
    for each in (folder, *folder.rglob("*")):
        assert each.stat().st_mode & 0o077 == 0, each


def test_the_server_keeps_what_it_writes_for_its_owner_alone() -> None:
    code = f"import os, runpy; runpy.run_path({str(SERVER)!r}); print(os.umask(0))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, umask=0o022
    )
    assert int(done.stdout) == 0o077


def test_a_key_is_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = load({"COMMUNITY_MODE": "development", "COMMUNITY_DATA_DIR": str(tmp_path)})
    finally:
        os.umask(before)
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    again = load({"COMMUNITY_MODE": "development", "COMMUNITY_DATA_DIR": str(tmp_path)})
    assert key.secret_key == again.secret_key == kept.read_text()
    assert len(key.secret_key) >= 32


KEY = {"COMMUNITY_SECRET_KEY": "x" * 32}


@pytest.mark.parametrize(("name", "value"), [
    ("DATABASE_URL", "foo://x"),
    ("DATABASE_URL", "postgresql://x/y"),
    ("BASE_URL", "community.example"),
    ("BASE_URL", "https://example.org/community"),
    ("BASE_URL", "http://community.example.org"),
    ("BASE_URL", "http://192.168.0.7:8000"),
    ("BASE_URL", "http://127.0.0.1.example.org"),
    ("LEAKED_PASSWORDS", "/nowhere"),
    ("LEAKED_PASSWORDS", __file__),
    ("MAIL_URL", "ftp://x"),
    ("MAIL_URL", "smtp:"),
    ("MAIL_URL", "smtp://host:many"),
    ("MAIL_URL", "mailbox:"),
    ("MAIL_URL", "smtp://a:b@mail.example.org:25"),
    ("MAIL_URL", "smtp://a@192.168.0.7"),
])  # fmt: skip
def test_an_address_that_can_not_be_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({**KEY, f"COMMUNITY_{name}": value})


@pytest.mark.parametrize(("name", "value"), [
    ("DATABASE_URL", "sqlite:////srv/community.sqlite3"),
    ("DATABASE_URL", "postgresql+psycopg://a:b@host:5432/name"),
    ("MAIL_URL", "smtp+starttls://a:b@mail.example.org:587"),
    ("BASE_URL", "https://community.example.org"),
    ("BASE_URL", "http://localhost:8000"),
    ("BASE_URL", "http://127.0.0.1:8000"),
    ("BASE_URL", "http://[::1]:8000"),
    ("MAIL_URL", "smtps://mail.example.org"),
    ("MAIL_URL", "mailbox:/srv/mail"),
    ("MAIL_URL", "smtp://mail.example.org:25"),
    ("MAIL_URL", "smtp://a:b@localhost:25"),
])  # fmt: skip
def test_an_address_of_the_kinds_that_are_served_is_kept(name: str, value: str) -> None:
    assert getattr(load({**KEY, f"COMMUNITY_{name}": value}), name.lower()) == value


def test_a_trial_may_be_shown_in_the_clear_to_another_machine() -> None:
    shown = {"COMMUNITY_MODE": "development", "COMMUNITY_BASE_URL": "http://192.168.0.7:8000"}
    assert load({**KEY, **shown}).base_url == "http://192.168.0.7:8000"


def test_settings_made_by_hand_are_those_of_an_environment_that_says_nothing() -> None:
    said_nothing = load(KEY)
    by_default = {each.name: each.default for each in fields(Settings) if each.default != MISSING}
    assert by_default == {name: getattr(said_nothing, name) for name in by_default}
