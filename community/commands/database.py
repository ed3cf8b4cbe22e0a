"""Bringing the database up to date, and keeping a copy of it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import click
from sqlalchemy.engine import URL, make_url


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    from community import create_app  # noqa: PLC0415 - quick start of other commands
    from community.kernel import migrations  # noqa: PLC0415

    with create_app().app_context():
        migrations.upgrade()
        click.echo("The database is up to date.")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("backups"))
def backup(folder: Path) -> None:
    """Copy the whole database, while the site runs, into FOLDER.

    SQLite by its own online copy, PostgreSQL by pg_dump. The copy of SQLite is checked before
    the command says that it is done.
    """
    from community import config  # noqa: PLC0415

    url = make_url(config.load().database_url)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    if url.get_backend_name() == "sqlite":
        target = folder / f"community-{stamp}.sqlite3"
        _copy_sqlite(Path(url.database or ""), target)
    else:
        target = folder / f"community-{stamp}.dump"
        _dump_postgresql(url, target)
    target.chmod(0o600)
    click.echo(f"{target} ({target.stat().st_size:,} bytes)")


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        click.echo(f"There is no database at {source}.", err=True)
        sys.exit(1)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        (verdict,) = copy.execute("pragma integrity_check").fetchone()
    if verdict != "ok":
        target.unlink()
        click.echo(f"The copy is not whole: {verdict}", err=True)
        sys.exit(1)


def _dump_postgresql(url: URL, target: Path) -> None:
    program = which("pg_dump")
    if program is None:
        click.echo("pg_dump is missing; install postgresql-client.", err=True)
        sys.exit(1)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    # The address goes by the environment: the arguments of a program can be read by others.
    done = subprocess.run(  # noqa: S603
        [program, "--format=custom", f"--file={target}"],
        env={"PGSERVICEFILE": "/dev/null", "PATH": str(Path(program).parent),
             **_postgres_environment(plain)},
        check=False,
    )  # fmt: skip
    if done.returncode:
        target.unlink(missing_ok=True)
        sys.exit(1)


def _postgres_environment(address: str) -> dict[str, str]:
    url = make_url(address)
    found = {
        "PGHOST": url.host or str(url.query.get("host", "")),
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    return {name: value for name, value in found.items() if value}
