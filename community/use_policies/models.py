"""What members have accepted: rows that are never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from community.kernel.db import Id, Model, Words


class Acceptance(Model):
    """This member accepted this exact text, then and in that way.

    `text` is the exact file, so that it can be read and printed for ever; `sha256` is its hash
    over UTF-8.
    """

    __tablename__ = "acceptance"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    policy: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[str] = mapped_column(sa.String(32))
    language: Mapped[str] = mapped_column(sa.String(8))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[Words]
    accepted_at: Mapped[datetime]
    shown_as: Mapped[str] = mapped_column(sa.String(64))
    browser: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        sa.UniqueConstraint("member_id", "policy", "version", name="uq_acceptance_once"),
    )


class AcceptancesNeverChange(RuntimeError):
    """Somebody tried to change or delete an acceptance."""


@event.listens_for(Acceptance, "before_update")
@event.listens_for(Acceptance, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: sa.Connection, row: Acceptance) -> None:
    raise AcceptancesNeverChange(f"acceptance {row.id}")
