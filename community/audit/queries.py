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
        found: list[sa.ColumnElement[bool]] = []
        if self.action:
            found.append(AuditEntry.action.startswith(self.action, autoescape=True))
        if self.actor:
            found.append(AuditEntry.actor_name.icontains(self.actor, autoescape=True))
        if self.subject:
            kind, _, key = self.subject.partition(" ")
            found.append(AuditEntry.subject_kind == kind)
            if key:
                found.append(AuditEntry.subject_id == key)
        if self.space_id is not None:
            found.append(AuditEntry.space_id == self.space_id)
        if self.since is not None:
            found.append(AuditEntry.at >= self.since)
        if self.until is not None:
            found.append(AuditEntry.at < self.until)
        if self.before_seq is not None:
            found.append(AuditEntry.seq < self.before_seq)
        return found


def entries(wanted: Filter) -> Sequence[AuditEntry]:
    """Return a page of entries, the newest first."""
    return session().scalars(
        sa.select(AuditEntry)
        .where(*wanted.conditions())
        .order_by(AuditEntry.seq.desc())
        .limit(ENTRIES_A_PAGE)
    ).all()


def actions() -> Sequence[str]:
    """Return every action there has been, for the filter."""
    return session().scalars(
        sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)
    ).all()
