"""The command that fills and serves the demo."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import event

LINK_HOURS = 12


@click.command()
@click.option("--port", default=8000, show_default=True, help="Serve on this port of 127.0.0.1.")
@click.option("--reset", is_flag=True, help="Throw the demo community away and start over.")
@click.option("--serve/--no-serve", default=True, help="Serve it, or fill it and stop.")
@click.option("--reload", is_flag=True, help="Load the program anew when a file of it changes.")
def demo(port: int, reset: bool, serve: bool, reload: bool) -> None:
    """Fill a demo community with invented people, and serve it on this machine only."""
    _set_up_environment(port)
    folder = Path(os.environ["COMMUNITY_DATA_DIR"])
    if reset:
        _throw_away(folder)
    from community import create_app  # noqa: PLC0415 - after the environment is set

    app = create_app()
    with app.app_context():
        _fill_if_empty()
        if serve:
            _plan_live_script()
        _print_members()
    if serve:
        from community.kernel.launch import run_server  # noqa: PLC0415

        address = os.environ["COMMUNITY_BASE_URL"]
        click.echo(f"\nRoundtable is at {address} until you press Ctrl C.\n")
        run_server(f"127.0.0.1:{port}", reload=reload)


def _set_up_environment(port: int) -> None:
    os.environ.setdefault("COMMUNITY_MODE", "development")
    os.environ.setdefault("COMMUNITY_DATA_DIR", "var/demo")
    os.environ.setdefault("COMMUNITY_BASE_URL", f"http://localhost:{port}")


def _throw_away(folder: Path) -> None:
    if os.environ.get("COMMUNITY_DATABASE_URL"):
        click.echo("--reset only throws away the demo's own SQLite file; "
                   "COMMUNITY_DATABASE_URL names another database.", err=True)  # fmt: skip
        sys.exit(1)
    for name in ("community.sqlite3", "community.sqlite3-wal", "community.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "mail", ignore_errors=True)


def _fill_if_empty() -> None:
    import sqlalchemy as sa  # noqa: PLC0415 - quick start of `--help`

    from community.demo.filling import fill  # noqa: PLC0415
    from community.kernel import migrations  # noqa: PLC0415
    from community.kernel.db import session  # noqa: PLC0415
    from community.members.models import Member  # noqa: PLC0415

    migrations.upgrade()
    if session().scalar(sa.select(sa.func.count(Member.id))):
        return
    session().rollback()
    click.echo("Filling the demo community:")
    with _without_waiting_for_the_disk():
        fill(say=lambda line: click.echo(f"  {line}"))


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """Hundreds of commits that can be made again need not each wait for SQLite's disk."""
    from community.kernel.db import db  # noqa: PLC0415

    is_sqlite = db.engine.dialect.name == "sqlite"
    for_each = event.listens_for(db.engine, "checkout") if is_sqlite else None

    def hurry(connection: Any, *_rest: object) -> None:
        connection.execute("pragma synchronous=off")

    if for_each is not None:
        for_each(hurry)
    try:
        yield
    finally:
        if is_sqlite:
            event.remove(db.engine, "checkout", hurry)
            db.session.remove()
            db.engine.dispose()


def _plan_live_script() -> None:
    from community.demo import alive  # noqa: PLC0415
    from community.kernel.unit_of_work import transaction  # noqa: PLC0415

    with transaction():
        alive.plan()


def _print_members() -> None:
    import sqlalchemy as sa  # noqa: PLC0415

    from community.demo import content  # noqa: PLC0415
    from community.demo.filling import PASSWORD  # noqa: PLC0415
    from community.kernel import settings  # noqa: PLC0415
    from community.kernel.unit_of_work import transaction  # noqa: PLC0415
    from community.members.models import Member  # noqa: PLC0415
    from community.members.services import issue_sign_in_link  # noqa: PLC0415

    click.echo(f"\nDemo members. Each link signs in once; the password of all is {PASSWORD}\n")
    people = content.cast()
    widest = max(len(_what(person)) for person in people)
    with transaction() as session:
        for person in people:
            member = session.scalar(
                sa.select(Member).where(Member.email == f"{person['id']}@example.org")
            )
            if member is not None:
                link = issue_sign_in_link(member=member, hours=LINK_HOURS)
                click.echo(f"  {member.name:<24} {_what(person):<{widest}} {link}")
    click.echo(f"\nLetters: {settings.current().base_url}/dev/mail")


def _what(person: dict[str, object]) -> str:
    roles, duties = person.get("roles", {}), person.get("duties", [])
    parts = sorted(set(roles.values())) if isinstance(roles, dict) else []
    parts += [str(duty).replace("_", " ") for duty in duties] if isinstance(duties, list) else []
    if person.get("credential") == "pending":
        parts.append("credential pending")
    if person.get("suspended"):
        parts.append("paused")
    if not person["accepted"]:
        parts.append("policy not accepted")
    return ", ".join(parts)
