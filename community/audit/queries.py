"""Reads of the chain of proof, for compliance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
        wanted: list[tuple[object, sa.ColumnElement[bool]]] = [
            (self.action, AuditEntry.action.startswith(self.action, autoescape=True)),
            (self.actor, AuditEntry.actor_name.icontains(self.actor, autoescape=True)),
            (kind, AuditEntry.subject_kind == kind),
            (key, AuditEntry.subject_id == key),
            (self.space_id, AuditEntry.space_id == self.space_id),
            (self.since, AuditEntry.at >= self.since),
            (self.until, AuditEntry.at < self.until),
            (self.before_seq, AuditEntry.seq < self.before_seq),
        ]
        return [condition for value, condition in wanted if value not in {None, ""}]


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


def actions() -> Sequence[str]:
    """Return every action there has been, for the filter."""
    return (
        session().scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
    )
