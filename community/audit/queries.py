"""Reads of the chain of proof, for compliance."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.kernel.db import session

ENTRIES_A_PAGE = 100


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted; an empty field wants all."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    space_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before_seq: int | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return the filter as SQL."""
        kind, _, key = self.subject.partition(" ")
        wanted: list[tuple[Any, Callable[[Any], sa.ColumnElement[bool]]]] = [
            (self.action, lambda text: AuditEntry.action.startswith(text, autoescape=True)),
            (self.actor, lambda text: AuditEntry.actor_name.icontains(text, autoescape=True)),
            (kind, lambda text: AuditEntry.subject_kind == text),
            (key, lambda text: AuditEntry.subject_id == text),
            (self.space_id, lambda space: AuditEntry.space_id == space),
            (self.since, lambda moment: AuditEntry.at >= moment),
            (self.until, lambda moment: AuditEntry.at < moment),
            (self.before_seq, lambda seq: AuditEntry.seq < seq),
        ]
        return [condition(value) for value, condition in wanted if value not in {None, ""}]


def entries(wanted: Filter) -> Sequence[AuditEntry]:
    """Return a page of entries, the newest first."""
    return (
        session()
        .scalars(
            sa.select(AuditEntry)
            .where(*wanted.conditions())
            .order_by(AuditEntry.seq.desc())
            .limit(ENTRIES_A_PAGE)
        )
        .all()
    )


def count(wanted: Filter) -> int:
    """Return how many entries there are."""
    return (
        session().scalar(sa.select(sa.func.count(AuditEntry.seq)).where(*wanted.conditions())) or 0
    )


def each(wanted: Filter) -> Generator[AuditEntry]:
    """Yield every entry, the oldest first, some hundreds at a time."""
    query = (
        sa.select(AuditEntry)
        .where(*wanted.conditions())
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=500, populate_existing=True)
    )
    with session().scalars(query) as rows:  # on PostgreSQL a cursor that must be closed
        yield from rows


def actions() -> Sequence[str]:
    """Return every action there has been, for the filter."""
    return (
        session().scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
    )
