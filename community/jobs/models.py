"""Work to be done outside the request, as rows of the transaction that caused it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.db import Id, Json, Model


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
