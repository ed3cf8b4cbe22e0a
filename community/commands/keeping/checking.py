"""Looks into a copy of the database and says whether all of it is there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from community.commands.keeping import Unfit
from community.config import Settings


@dataclass(frozen=True)
class Contents:
    """What a copy holds: its last migration, rows by table, and the end of its proof."""

    revision: str
    rows: dict[str, int]
    proof_entries: int
    proof_hash: str


def look_into(copy: Path) -> Contents:
    """Return what a copy holds.

    Raises:
        Unfit: the file is damaged, or rows lack those that they belong to.
    """
    try:
        with closing(sqlite3.connect(copy)) as opened:
            _require_sound(opened)
            entries, last = opened.execute("select seq, hash from audit_head").fetchone()
            (revision,) = opened.execute("select version_num from alembic_version").fetchone()
            return Contents(revision, _counts(opened), entries, last)
    except (sqlite3.Error, TypeError) as problem:
        raise Unfit("The copy of the database is damaged.") from problem


def _require_sound(opened: sqlite3.Connection) -> None:
    (verdict,) = opened.execute("pragma integrity_check").fetchone()
    if verdict != "ok":
        raise Unfit("The copy of the database is damaged.")
    if opened.execute("pragma foreign_key_check").fetchone() is not None:
        raise Unfit("The copy has rows without those that they belong to.")


def _counts(opened: sqlite3.Connection) -> dict[str, int]:
    from community.kernel.schema import is_derived  # noqa: PLC0415 - quick start of other commands

    names = opened.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by 1"
    ).fetchall()
    return {
        name: opened.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in names
        if not is_derived(name)
    }


@contextmanager
def program_on(database_url: str, settings: Settings) -> Iterator[Flask]:
    """Run the program on another database, without its other processes, and let go of it."""
    from community import create_app  # noqa: PLC0415 - quick start of other commands
    from community.kernel.db import db  # noqa: PLC0415

    app = create_app(replace(settings, database_url=database_url, redis_url=""))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def require_whole_proof() -> int:
    """Walk the chain of proof of the program at hand; return how many entries hold.

    Raises:
        Unfit: an entry is missing or was changed.
    """
    from community.audit import services as audit  # noqa: PLC0415

    check = audit.verify()
    if not check.holds:
        raise Unfit(f"The chain of proof does not hold: {check.sentence}.")
    return check.entries


def fold_up(copy: Path) -> None:
    """Make a SQLite database one file again, without its journal beside it."""
    with closing(sqlite3.connect(copy)) as opened:
        opened.execute("pragma journal_mode=delete")
