"""A space's line of events and the counter that numbers it in the order of commits."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.db import Model


class Stream(Model):
    """The counter row of one space, locked from the last write until the commit.

    `generation` rises whenever somebody loses access: it is part of the rooms' names, so that
    a socket that should not listen any more listens to a dead room.
    """

    __tablename__ = "stream"

    space_id: Mapped[int] = mapped_column(
        sa.ForeignKey("space.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(default=0)
    generation: Mapped[int] = mapped_column(default=1)
    first_kept: Mapped[int] = mapped_column(default=1)


class Event(Model):
    """One piece of news: that something about a subject changed. What it says now is read anew."""

    __tablename__ = "event"

    space_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stream.space_id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    thread_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    version: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_event_subject", "space_id", "kind", "subject_id", "seq"),)
