"""What the database knows of how the installation is: work that waits, cases that are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from community.audit.models import AuditEntry, AuditHead
from community.jobs.models import Job
from community.kernel import clock
from community.kernel.db import session
from community.reviews.models import Deadline, Review
from community.threads.models import Thread

BACKUP_MADE = "backup.made"


@dataclass(frozen=True)
class Outbox:
    """Work left for the worker: letters, reminders and the like."""

    due: int
    oldest: timedelta
    given_up: int


@dataclass(frozen=True)
class GivenUp:
    """Work of one name that was tried as often as may be."""

    name: str
    count: int
    last_at: datetime


def outbox() -> Outbox:
    """Return how much work is due, how long the oldest has been, and how much was given up."""
    now = clock.now()
    due = session().scalar(sa.select(sa.func.count(Job.id)).where(Job.is_due(now)))
    since = session().scalar(sa.select(sa.func.min(Job.run_at)).where(Job.is_due(now)))
    given_up = session().scalar(
        sa.select(sa.func.count(Job.id)).where(Job.failed_at.is_not(None), Job.done_at.is_(None))
    )
    return Outbox(
        due or 0, timedelta(0) if since is None else max(now - since, timedelta(0)), given_up or 0
    )


def given_up() -> Sequence[GivenUp]:
    """Return what was given up, by its name."""
    rows = session().execute(
        sa.select(Job.name, sa.func.count(Job.id), sa.func.max(Job.failed_at))
        .where(Job.failed_at.is_not(None), Job.done_at.is_(None))
        .group_by(Job.name)
        .order_by(Job.name)
    )
    return [GivenUp(name, count, last_at) for name, count, last_at in rows if last_at]


def overdue_by_desk() -> dict[str, int]:
    """Return how many open cases are past a deadline that was not met, by the desk's name."""
    late = (
        sa.select(Review.owner, sa.func.count(Review.id.distinct()).label("cases"))
        .join(Deadline, Deadline.review_id == Review.id)
        .where(Review.closed_at.is_(None), Deadline.met_at.is_(None), Deadline.due_at < clock.now())
        .group_by(Review.owner)
        .order_by(Review.owner)
    )
    return {row.owner: row.cases for row in session().execute(late)}


def posts_so_far() -> int:
    """Return how many posts have gone out to spaces, taken down or not."""
    return int(session().scalar(sa.select(sa.func.sum(Thread.last_number))) or 0)


def entries_of_proof() -> int:
    """Return how many entries the chain of proof has."""
    return session().scalar(sa.select(AuditHead.seq)) or 0


def last_backup_at() -> datetime | None:
    """Return when the last backup was made, as the record has it."""
    return session().scalar(
        sa.select(AuditEntry.at)
        .where(AuditEntry.action == BACKUP_MADE)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )


def database_bytes() -> int:
    """Return the size of the database."""
    if session().get_bind().dialect.name == "sqlite":
        pages = session().scalar(sa.text("select page_count from pragma_page_count")) or 0
        size = session().scalar(sa.text("select page_size from pragma_page_size")) or 0
        return int(pages) * int(size)
    return int(session().scalar(sa.text("select pg_database_size(current_database())")) or 0)
