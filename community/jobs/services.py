"""Leaves work for later in the write's own transaction, and does it with lease and retry."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from community.jobs.models import ATTEMPTS, FIRST_PAUSE, LEASE, Job
from community.kernel import clock, housekeeping, upserts
from community.kernel.db import Json, session
from community.kernel.unit_of_work import collect, on_commit, transaction, write_before_commit

log = logging.getLogger(__name__)

RANK = 70

Work = Callable[[Json], None]

_work: dict[str, Work] = {}
_wakers: list[Callable[[], None]] = []


class GaveUp(RuntimeError):
    """Work that takes its worker down with it each time."""


def register(name: str, work: Work) -> None:
    """Say what does the work of a name, `<feature>.<what>`."""
    _work[name] = work


def known() -> frozenset[str]:
    """Return the names of all work that can be done."""
    return frozenset(_work)


def wake_with(waker: Callable[[], None]) -> None:
    """Register what wakes the worker after a commit that left work."""
    _wakers.append(waker)


def enqueue(
    name: str, args: Json, *, run_at: datetime | None = None, key: str | None = None
) -> None:
    """Leave work with this transaction.

    Args:
        name: of registered work.
        args: JSON; keys of rows, never secrets or clinical text.
        run_at: not before; at once where None.
        key: a second request with the same key is the same job.
    """
    now = clock.now()
    row = {"name": name, "args": args, "key": key, "created_at": now, "run_at": run_at or now}
    collect("jobs", {**row, "attempts": 0, "error": ""})


def _write(current: Session, items: list[object]) -> None:
    known = upserts.insert(Job).on_conflict_do_nothing(index_elements=["key"])
    for item in cast(list[Json], items):
        current.execute(known, item)
    on_commit(_wake)


write_before_commit("jobs", rank=RANK, writer=_write)


def _wake() -> None:
    for waker in _wakers:
        waker()


def work_off(limit: int = 100) -> int:
    """Do what is due, each job in a transaction of its own; return how many were tried."""
    tried = 0
    while tried < limit:
        job_id = _lease_next()
        if job_id is None:
            return tried
        _do(job_id)
        tried += 1
    return tried


def _lease_next() -> int | None:
    now = clock.now()
    due = (
        sa.select(Job.id)
        .where(Job.is_due(now), Job.is_free(now))
        .order_by(Job.run_at, Job.id)
        .limit(1)
    )
    if not session().scalar(due):  # no write, and so no lock, where there is nothing to do
        session().rollback()
        return None
    with transaction() as current:
        return current.scalar(
            sa.update(Job)
            .where(Job.id == due.with_for_update(skip_locked=True).scalar_subquery())
            .values(leased_until=now + LEASE, attempts=Job.attempts + 1)
            .returning(Job.id)
        )


def _do(job_id: int) -> None:
    try:
        with transaction() as current:
            job = current.get_one(Job, job_id)
            _require_hope(job)
            _work[job.name](dict(job.args))
            job.done_at = clock.now()
            job.leased_until = None
    except Exception as problem:
        log.exception("job %s failed", job_id)
        _fail(job_id, problem)


def _require_hope(job: Job) -> None:
    if job.attempts > ATTEMPTS:  # it never came so far as to fail
        raise GaveUp(f"the worker was stopped {ATTEMPTS} times while it did this")


def _fail(job_id: int, problem: Exception) -> None:
    with transaction() as current:
        job = current.get_one(Job, job_id)
        job.error = f"{type(problem).__name__}: {problem}"[:2000]
        job.leased_until = None
        if job.attempts >= ATTEMPTS:
            job.failed_at = clock.now()
            log.error("job %s (%s) is given up after %s tries", job_id, job.name, job.attempts)
        else:
            job.run_at = clock.now() + FIRST_PAUSE * 2 ** (job.attempts - 1)


wake_with(lambda: housekeeping.wake("jobs"))
housekeeping.every(1, "jobs", work_off, per_site=True)
