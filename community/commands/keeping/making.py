"""Making a backup while the site runs."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from community.commands.keeping import Unfit, archive, checking
from community.config import Settings


def make(settings: Settings, folder: Path) -> Path:
    """Make a backup in a folder, walk its proof, and note in the record that it was made.

    Raises:
        Unfit: there is nothing to copy, or the copy is not whole.
    """
    stamp = datetime.now(UTC)
    target = folder / f"community-{stamp:%Y%m%dT%H%M%SZ}.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as work:
        copy = Path(work) / archive.DATABASE
        came_from = make_url(settings.database_url).get_backend_name()
        if came_from == "sqlite":
            _copy_online(Path(make_url(settings.database_url).database or ""), copy)
        else:
            _copy_rows(settings, copy)
        with checking.program_on(f"sqlite:///{copy}", settings):
            checking.require_whole_proof()
        checking.fold_up(copy)
        inside = checking.look_into(copy)
        files = {
            archive.DATABASE: copy,
            **archive.files_of(archive.folders_of(settings)),
        }
        manifest = archive.Manifest(
            made_at=stamp.isoformat(timespec="seconds"),
            version=version("roundtable-community"),
            revision=inside.revision,
            came_from=came_from,
            rows=inside.rows,
            proof_entries=inside.proof_entries,
            proof_hash=inside.proof_hash,
            sha256=archive.sums_of(files),
        )
        archive.pack(target, manifest, files)
    _record(settings, target, manifest)
    return target


def _copy_online(source: Path, copy: Path) -> None:
    if not source.is_file():
        raise Unfit(f"There is no database at {source}.")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as taken:
        live.backup(taken)


def _copy_rows(settings: Settings, copy: Path) -> None:
    """Carry all rows, as they were at one moment, into a SQLite file."""
    from community.commands.keeping import rows  # noqa: PLC0415 - quick start of other commands
    from community.kernel import migrations, schema  # noqa: PLC0415
    from community.kernel.db import db  # noqa: PLC0415

    with checking.program_on(f"sqlite:///{copy}", settings):
        migrations.upgrade()
    filled = sa.create_engine(f"sqlite:///{copy}")
    try:
        with checking.program_on(settings.database_url, settings):
            if not schema.is_current():
                raise Unfit(
                    "The database has other migrations than this version brings. Back it up with "
                    "the version that it was made by, or bring it up to date: community migrate."
                )
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with (
                db.engine.connect().execution_options(**options) as source,
                filled.begin() as taken,
            ):
                rows.into_sqlite(source, taken)
    finally:
        filled.dispose()


def _record(settings: Settings, target: Path, manifest: archive.Manifest) -> None:
    from community.audit import services as audit  # noqa: PLC0415 - quick start of other commands
    from community.kernel import unit_of_work  # noqa: PLC0415

    with checking.program_on(settings.database_url, settings), unit_of_work.transaction():
        audit.record(
            actor=None,
            action="backup.made",
            subject_kind="backup",
            subject_id=target.name,
            new={"entries": manifest.proof_entries, "database": manifest.sha256[archive.DATABASE]},
        )
