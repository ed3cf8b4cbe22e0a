"""The chain of proof: entries that are never changed, and the head that orders them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from community.kernel.db import Id, Json, Model, Words


class AuditEntry(Model):
    """Who did what to what, when and why. `hash` covers everything but itself."""

    __tablename__ = "audit_entry"

    seq: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str]
    action: Mapped[str] = mapped_column(sa.String(64), index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(64))
    subject_id: Mapped[str] = mapped_column(sa.String(64))
    space_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[Words]
    old: Mapped[Json]
    new: Mapped[Json]
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.Index("ix_audit_entry_subject", "subject_kind", "subject_id"),)


class AuditHead(Model):
    """The last link of the chain: one row, locked by whoever adds the next."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditEntriesNeverChange(RuntimeError):
    """Somebody tried to change or delete an entry."""


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: sa.Connection, entry: AuditEntry) -> None:
    raise AuditEntriesNeverChange(f"audit entry {entry.seq}")
