"""The command that brings in threads of an earlier community."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click
import sqlalchemy as sa

from community.kernel.db import session
from community.spaces.models import Space
from community.threads.services.foreign import ForeignThread, UnreadableLine, parse_thread
from community.threads.services.importing import HELD, PUBLISHED, REFUSED, THERE, import_thread


@dataclass
class _Report:
    """What became of everything in the file."""

    threads: int = 0
    posts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    bad_lines: int = 0

    @property
    def is_clean(self) -> bool:
        return not self.bad_lines and not self.refused

    def lines(self) -> list[str]:
        posts = self.posts
        summary = (
            f"{self.threads:,} threads read: {posts[PUBLISHED]:,} posts brought in, "
            f"{posts[HELD]:,} held, {posts[THERE]:,} there already, {posts[REFUSED]:,} refused; "
            f"{self.bad_lines:,} lines could not be read."
        )
        return [*self.refused, summary]


@click.command("import-threads")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--space", "slug", required=True, help="Into which space, by its name in addresses.")
def import_threads(*, file: Path, slug: str) -> None:
    """Bring in threads from FILE, one JSON object a line.

    A line is {"id", "title", "posts": [{"author", "created", "text"}]}. Every text goes through
    the guardrails: what they block is refused and listed at the end, what they hold is held.
    Authors become members who never sign in. Run again, it goes on where it stopped.
    """
    from community import create_app  # noqa: PLC0415 - the command line starts without an app

    with create_app().app_context():
        report = _import_file(file, _space_id(slug))
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.is_clean else 1)


def _space_id(slug: str) -> int:
    found = session().scalar(sa.select(Space.id).where(Space.slug == slug))
    session().rollback()
    if found is None:
        raise click.ClickException(f"There is no space named {slug!r}.")
    return found


def _import_file(file: Path, space_id: int) -> _Report:
    report = _Report()
    with (
        file.open("rb") as lines,
        click.progressbar(
            length=file.stat().st_size, file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar,
    ):
        for number, line in enumerate(lines, 1):
            if line.strip():
                _import_line(report, space_id, number, line)
            bar.update(len(line))
    return report


def _import_line(report: _Report, space_id: int, number: int, line: bytes) -> None:
    try:
        thread = parse_thread(line)
    except UnreadableLine as problem:
        report.bad_lines += 1
        click.echo(f"line {number}: {problem}", err=True)
        return
    _bring_in(report, space_id, thread)


def _bring_in(report: _Report, space_id: int, thread: ForeignThread) -> None:
    report.threads += 1
    for arrival in import_thread(space_id=space_id, thread=thread):
        report.posts[arrival.outcome] += 1
        if arrival.outcome == REFUSED:
            report.refused.append(f"{thread.id}, post {arrival.place}: {arrival.why}")
