"""Going back to a backup: all of it, or nothing is changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from community.commands.keeping import Unfit, archive, checking
from community.config import Settings
from community.kernel import serving


@dataclass(frozen=True)
class Restored:
    """What was taken back, and where that which was there before has been put."""

    manifest: archive.Manifest
    proof_entries: int
    put_aside: list[Path]


def restore(settings: Settings, source: Path, *, replace: bool) -> Restored:
    """Put a backup in the place of the installation's database and files.

    Args:
        settings: of the installation, which may use another kind of database than the backup's.
        source: the archive.
        replace: whether what is there may go.

    Raises:
        Unfit: the backup is not whole or too new, the site is running, or something is there.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with (
            serving.alone(settings.data_dir),
            tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restoring-") as work,
        ):
            folder = Path(work)
            manifest = archive.unpack(source, folder)
            _prepare(folder / archive.DATABASE, manifest, settings)
            return _put_in_place(settings, folder, manifest, replace=replace)
    except serving.InUse as running:
        raise Unfit("The site or its worker is running. Stop both first.") from running


def _prepare(copy: Path, manifest: archive.Manifest, settings: Settings) -> None:
    """Check a copy against its manifest, bring it up to date, and end its sign-ins."""
    from community.kernel import (  # noqa: PLC0415 - quick start
        clock,
        migrations,
        schema,
        unit_of_work,
    )
    from community.members.models import MemberSession  # noqa: PLC0415

    inside = checking.look_into(copy)
    if (inside.rows, inside.proof_entries, inside.proof_hash) != (
        dict(manifest.rows),
        manifest.proof_entries,
        manifest.proof_hash,
    ):
        raise Unfit("The backup is not whole: its rows are not those that were counted.")
    if not schema.is_known(inside.revision):
        raise Unfit("The backup was made by a newer version. Install that one first.")
    with checking.program_on(f"sqlite:///{copy}", settings):
        checking.require_whole_proof()
        migrations.upgrade()
        with unit_of_work.transaction() as session:
            # Whoever signed out or lost access since then must not be signed in again.
            session.execute(
                sa.update(MemberSession)
                .where(MemberSession.ended_at.is_(None))
                .values(ended_at=clock.now())
            )
            _record(manifest)
        checking.require_whole_proof()
    checking.fold_up(copy)
    copy.with_name(f"{copy.name}.migrating").unlink(missing_ok=True)


def _record(manifest: archive.Manifest) -> None:
    from community.audit import services as audit  # noqa: PLC0415

    audit.record(
        actor=None,
        action="backup.restored",
        subject_kind="backup",
        subject_id=manifest.made_at,
        new={"entries": manifest.proof_entries, "version": manifest.version},
    )


def _put_in_place(
    settings: Settings, folder: Path, manifest: archive.Manifest, *, replace: bool
) -> Restored:
    copy, aside = folder / archive.DATABASE, f"before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    folders = archive.folders_of(settings)
    brought = {archive.first_part(name) for name in manifest.sha256} & set(folders)
    taken = [folders[name] for name in brought if _has_files(folders[name])]
    if taken and not replace:
        raise Unfit(f"There are files in {taken[0]} already. Say --replace to put them aside.")
    url = make_url(settings.database_url)
    put_aside: list[Path] = []
    if url.get_backend_name() == "sqlite":
        put_aside += _place_file(copy, Path(url.database or ""), aside, replace=replace)
    else:
        _place_rows(copy, settings, replace=replace)
    for name in brought:
        put_aside += _place_folder(folder / name, folders[name], aside)
    with checking.program_on(settings.database_url, settings):
        entries = checking.require_whole_proof()
    return Restored(manifest, entries, put_aside)


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _place_file(copy: Path, target: Path, aside: str, *, replace: bool) -> list[Path]:
    """Put the file in the database's place, whole or not at all; what was there is put aside."""
    put_aside: list[Path] = []
    if target.exists():
        filled = _sqlite_is_filled(target)
        if filled and not replace:
            raise Unfit(f"{target} is filled already. Say --replace to put it aside.")
        checking.fold_up(target)
        if filled:
            kept = target.with_name(f"{target.name}.{aside}")
            os.link(target, kept)
            put_aside.append(kept)
    ready = target.with_name(f"{target.name}.ready")
    shutil.copyfile(copy, ready)
    ready.chmod(0o600)
    with ready.open("rb") as file:
        os.fsync(file.fileno())
    for beside in ("-wal", "-shm"):
        target.with_name(f"{target.name}{beside}").unlink(missing_ok=True)
    ready.replace(target)
    return put_aside


def _sqlite_is_filled(target: Path) -> bool:
    from community.commands.keeping import rows  # noqa: PLC0415

    engine = sa.create_engine(f"sqlite:///{target}")
    try:
        with engine.connect() as connection:
            return rows.is_filled(connection)
    finally:
        engine.dispose()


def _place_rows(copy: Path, settings: Settings, *, replace: bool) -> None:
    """Put the rows into PostgreSQL in one transaction: if anything fails, nothing was changed."""
    from community.commands.keeping import rows  # noqa: PLC0415
    from community.kernel.db import db  # noqa: PLC0415

    source = sa.create_engine(f"sqlite:///{copy}")
    try:
        with (
            checking.program_on(settings.database_url, settings),
            source.connect() as given,
            db.engine.begin() as target,
        ):
            _require_alone(target)
            if rows.is_filled(target) and not replace:
                raise Unfit("The database is filled already. Say --replace to have it replaced.")
            rows.into_postgresql(given, target)
    finally:
        source.dispose()


def _require_alone(target: sa.Connection) -> None:
    others = target.execute(
        sa.text(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise Unfit(
            f"{others} other connections are open to the database. Stop the site and its worker "
            "on every machine first."
        )


def _place_folder(source: Path, target: Path, aside: str) -> list[Path]:
    put_aside: list[Path] = []
    if _has_files(target):
        kept = target.with_name(f"{target.name}.{aside}")
        target.rename(kept)
        put_aside.append(kept)
    elif target.is_dir():
        target.rmdir()
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target)
    return put_aside
