"""Work to be done outside the request, as rows of the transaction that caused it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.db import Id, Json, Model

LEASE = timedelta(minutes=5)
ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = FIRST_PAUSE * 2 ** (ATTEMPTS - 1)


class Job(Model):
    """One piece of work: leased by a worker, tried again after a failure, done once.

    `name` is `<feature>.<what>`. `key` makes a repeated request for the same work one job.
    """

    __tablename__ = "job"

    id: Mapped[Id] = mapped_column(init=False)
    name: Mapped[str] = mapped_column(sa.String(64))
    args: Mapped[Json]
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    key: Mapped[str | None] = mapped_column(unique=True, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str] = mapped_column(sa.Text(), default="")

    __table_args__ = (sa.Index("ix_job_waiting", "done_at", "failed_at", "run_at"),)

    @classmethod
    def is_due(cls, now: datetime) -> sa.ColumnElement[bool]:
        """Say in SQL whether work waits whose time has come, in hand or not.

        A clock that was ahead and is set back delays nothing: what was left to be done at once is
        due at any time, and a pause that lasts longer than any that is given is over.
        """
        at_once = cls.run_at == cls.created_at
        paused_too_long = sa.and_(cls.attempts > 0, cls.run_at > now + 2 * LONGEST_PAUSE)
        time_has_come = sa.or_(cls.run_at <= now, at_once, paused_too_long)
        return sa.and_(cls.done_at.is_(None), cls.failed_at.is_(None), time_has_come)

    @classmethod
    def is_free(cls, now: datetime) -> sa.ColumnElement[bool]:
        """Say in SQL whether no worker has it in hand; the clocks of two may differ by a lease."""
        until = cls.leased_until
        return sa.or_(until.is_(None), until < now, until > now + 2 * LEASE)
