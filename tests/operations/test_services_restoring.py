"""A backup brings everything back, on either database and from one to the other."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit import services as audit
from community.commands.keeping import Unfit, archive, making, restoring, rows
from community.config import Settings
from community.kernel import serving
from community.kernel.db import db
from community.members.models import MemberSession
from community.status import queries as status
from tests.house import program_with
from tests.servers.postgres import PostgresServer, fresh_postgres
from tests.stage import Stage, Visitor

WORDS = "Dose ≤ 5 µg – “as typed”, 你好, \\N and\ttabs;\nsecond line 😀"
ADDED_BY_A_RESTORE = {"audit_entry", "audit_head", "member_session", "job", "alembic_version"}


@pytest.fixture
def other_settings(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """An empty place on the other kind of database."""
    folder = tmp_path / "other"
    folder.mkdir()
    here: Settings = request.getfixturevalue("settings")
    place = replace(here, data_dir=folder, mail_url=f"mailbox:{folder / 'mail'}")
    if database_kind == "postgresql":
        yield replace(place, database_url=f"sqlite:///{folder / 'community.sqlite3'}")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with fresh_postgres(server) as url:
        yield replace(place, database_url=url)


@pytest.fixture
def lively(app: Flask, stage: Stage) -> Stage:
    """A site on which something has happened."""
    thread = stage.start("amara", WORDS)
    post = stage.reply("bruno", thread, "Halve it first.")
    stage.ask_in_private("amara", post)
    Visitor(app, "amara")
    stage.work()
    return stage


def let_go() -> None:
    """Close what this program has open, as a site that is stopped does."""
    db.session.remove()
    db.engine.dispose()


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return everything in the database, as it is written there."""
    with db.engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(rows.as_written(table))]
            for table in rows.tables()
        }
    let_go()
    return found


def without(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {name: each for name, each in found.items() if name not in ADDED_BY_A_RESTORE}


def test_what_was_there_is_there_again(lively: Stage, settings: Settings, tmp_path: Path) -> None:
    before = all_rows()
    kept = making.make(settings, tmp_path / "kept")
    thread = lively.start("bruno", "Written after the backup.", title="Later")
    assert thread.id
    let_go()
    done = restoring.restore(settings, kept, replace=True)
    after = all_rows()
    assert without(after) == without(before)
    assert after["audit_entry"][: len(before["audit_entry"])] == before["audit_entry"]
    assert audit.verify().entries == done.proof_entries == len(before["audit_entry"]) + 1
    assert done.manifest.rows["post"] == len(before["post"])


def test_a_backup_goes_from_one_kind_of_database_to_the_other(
    lively: Stage, settings: Settings, other_settings: Settings, tmp_path: Path
) -> None:
    before = all_rows()
    kept = making.make(settings, tmp_path / "kept")
    restoring.restore(other_settings, kept, replace=False)
    with program_with(other_settings) as moved, moved.app_context():
        after = all_rows()
        assert without(after) == without(before)
        assert audit.verify().holds
        there = Stage(moved)
        thread = there.start("bruno", "The first one here.", title="Moved in")
        there.reply("amara", thread, "Numbers go on.")
        assert audit.verify().holds
        let_go()


def test_a_site_goes_on_after_it_was_restored(
    lively: Stage, settings: Settings, tmp_path: Path
) -> None:
    kept = making.make(settings, tmp_path / "kept")
    let_go()
    restoring.restore(settings, kept, replace=True)
    thread = lively.start("bruno", "Written after the restore.", title="Later")
    lively.reply("amara", thread)
    assert audit.verify().holds


def test_nobody_is_signed_in_after_a_restore(
    lively: Stage, settings: Settings, tmp_path: Path
) -> None:
    kept = making.make(settings, tmp_path / "kept")
    assert db.session.scalar(sa.select(MemberSession.id).where(MemberSession.ended_at.is_(None)))
    let_go()
    restoring.restore(settings, kept, replace=True)
    found = db.session.scalars(sa.select(MemberSession.ended_at)).all()
    assert found
    assert all(found)


def test_a_filled_database_is_refused_and_left_alone(
    lively: Stage, settings: Settings, tmp_path: Path
) -> None:
    no_letters = replace(settings, mail_url="smtp://mail.example")
    kept = making.make(no_letters, tmp_path / "kept")
    before = all_rows()
    with pytest.raises(Unfit, match="filled already"):
        restoring.restore(no_letters, kept, replace=False)
    assert all_rows() == before


def test_a_site_that_runs_is_not_restored(
    lively: Stage, settings: Settings, tmp_path: Path
) -> None:
    kept = making.make(settings, tmp_path / "kept")
    before = all_rows()
    with (
        serving.alone(settings.data_dir),
        pytest.raises(Unfit, match="running"),
    ):
        restoring.restore(settings, kept, replace=True)
    assert all_rows() == before


def test_letters_in_a_folder_come_back_and_newer_ones_are_put_aside(
    lively: Stage, settings: Settings, tmp_path: Path
) -> None:
    folder = Path(settings.mail_url.removeprefix("mailbox:"))
    (folder / "one.eml").write_text("Subject: kept\n\n")
    kept = making.make(settings, tmp_path / "kept")
    (folder / "two.eml").write_text("Subject: newer\n\n")
    let_go()
    done = restoring.restore(settings, kept, replace=True)
    assert (folder / "one.eml").read_text() == "Subject: kept\n\n"
    assert not (folder / "two.eml").exists()
    (aside,) = [path for path in done.put_aside if path.name.startswith("mail")]
    assert (aside / "two.eml").exists()


def test_that_a_backup_was_made_stands_in_the_record(
    lively: Stage, settings: Settings, tmp_path: Path
) -> None:
    assert status.last_backup_at() is None
    kept = making.make(settings, tmp_path / "kept")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert status.last_backup_at() is not None
    assert audit.verify().holds


# --- backups that are not what they say ---------------------------------------------------------


Fault = tuple[Callable[[Path], None], str, str]  # what is done, with which sums, what is said


def repacked(kept: Path, change: Callable[[Path], None], *, honest_sums: bool) -> Path:
    """Return a backup in which somebody has changed something."""
    folder = kept.with_name("opened")
    with tarfile.open(kept) as tar:
        tar.extractall(folder, filter="data")
    change(folder / archive.DATABASE)
    manifest = json.loads((folder / archive.MANIFEST).read_text())
    if honest_sums:
        content = (folder / archive.DATABASE).read_bytes()
        manifest["sha256"][archive.DATABASE] = hashlib.sha256(content).hexdigest()
        (folder / archive.MANIFEST).write_text(json.dumps(manifest))
    changed = kept.with_name("changed.tar.gz")
    with tarfile.open(changed, "w:gz") as tar:
        for path in sorted(folder.rglob("*")):
            tar.add(path, arcname=path.relative_to(folder).as_posix(), recursive=False)
    return changed


def run(*statements: str) -> Callable[[Path], None]:
    def change(database: Path) -> None:
        with closing(sqlite3.connect(database)) as opened:
            for statement in statements:
                opened.execute(statement)
            opened.commit()

    return change


def overwrite(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    database.write_bytes(content)


@pytest.mark.parametrize(
    "fault",
    [
        (run("delete from event"), "old", "not those that were put in"),
        (run("delete from event"), "new", "not those that were counted"),
        (run("drop trigger audit_entry_no_update",
             "update audit_entry set reason = 'nothing happened' where seq = 2"), "new", "chain"),
        (run("update alembic_version set version_num = '9999'"), "new", "newer version"),
        (overwrite, "new", "damaged"),
    ],
)  # fmt: skip
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(
    lively: Stage,
    settings: Settings,
    tmp_path: Path,
    fault: tuple[Callable[[Path], None], str, str],
) -> None:
    change, sums, says = fault
    kept = making.make(settings, tmp_path / "kept")
    changed = repacked(kept, change, honest_sums=sums == "new")
    before = all_rows()
    with pytest.raises(Unfit, match=says):
        restoring.restore(settings, changed, replace=True)
    assert all_rows() == before
    assert list(settings.data_dir.glob(".restoring-*")) == []


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\x1f\x8b\x08\x00 cut off"])
def test_what_is_no_backup_is_refused_in_a_sentence(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    rubbish = tmp_path / "rubbish.tar.gz"
    rubbish.write_bytes(content)
    with pytest.raises(Unfit, match="is not a whole backup"):
        restoring.restore(settings, rubbish, replace=True)
