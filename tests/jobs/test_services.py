"""Work is left once, done once, tried again, and given up in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.jobs import services as jobs
from community.jobs.models import ATTEMPTS, LEASE, Job
from community.kernel import clock, unit_of_work
from community.kernel.db import Json, db
from tests.stage import Stage

NAME = "tests.deed"


@pytest.fixture
def done() -> Iterator[list[Json]]:
    """What was done, in order; a deed with `fails` fails after it was noted."""
    found: list[Json] = []

    def deed(args: Json) -> None:
        found.append(args)
        if args.get("fails"):
            raise OSError("the mail server does not answer")

    jobs.register(NAME, deed)
    yield found
    jobs._work.pop(NAME)  # noqa: SLF001 - known to this test alone


def leave(stage: Stage, *, key: str | None = None, **args: object) -> None:
    jobs.enqueue(NAME, dict(args), key=key)
    stage.commit()


def only_job() -> Job:
    return db.session.scalars(
        sa.select(Job).where(Job.name == NAME).execution_options(populate_existing=True)
    ).one()


def test_work_with_a_key_is_left_and_done_once(stage: Stage, done: list[Json]) -> None:
    jobs.enqueue(NAME, {"turn": 1}, key="once")
    jobs.enqueue(NAME, {"turn": 2}, key="once")
    stage.commit()
    leave(stage, key="once", turn=3)
    jobs.work_off()
    leave(stage, key="once", turn=4)
    jobs.work_off()
    assert done == [{"turn": 1}]


def test_work_without_a_key_is_done_as_often_as_it_was_left(stage: Stage, done: list[Json]) -> None:
    leave(stage, turn=1)
    leave(stage, turn=2)
    jobs.work_off()
    assert done == [{"turn": 1}, {"turn": 2}]


def test_work_of_a_write_that_fell_is_never_done(stage: Stage, done: list[Json]) -> None:
    jobs.enqueue(NAME, {})
    unit_of_work.rollback()
    stage.commit()
    jobs.work_off()
    assert done == []


def test_two_who_leave_the_same_work_at_once_leave_one(stage: Stage, done: list[Json]) -> None:
    jobs.enqueue(NAME, {"turn": 1}, key="once")
    with stage.app.app_context(), unit_of_work.transaction():
        jobs.enqueue(NAME, {"turn": 2}, key="once")
    stage.commit()
    jobs.work_off()
    assert done == [{"turn": 2}]


def test_work_that_fails_waits_longer_each_time_and_is_given_up(
    stage: Stage, done: list[Json]
) -> None:
    leave(stage, fails=True)
    moment = clock.now()
    for attempt in range(ATTEMPTS):
        with clock.moved(moment):
            jobs.work_off()
            assert jobs.work_off() == 0  # not again at once
            assert len(done) == attempt + 1
            moment = only_job().run_at
    with clock.moved(moment + LEASE):
        assert jobs.work_off() == 0
    assert only_job().failed_at is not None
    assert only_job().error == "OSError: the mail server does not answer"


def test_work_whose_worker_was_stopped_is_taken_up_after_its_lease(
    stage: Stage, done: list[Json]
) -> None:
    leave(stage, turn=1)
    stopped = clock.now()
    with clock.moved(stopped):
        assert jobs._lease_next() is not None  # noqa: SLF001 - a worker that dies here
        assert jobs.work_off() == 0
    with clock.moved(stopped + 2 * LEASE):
        assert jobs.work_off() == 1
    assert done == [{"turn": 1}]


def test_work_that_stops_its_worker_each_time_is_given_up(stage: Stage, done: list[Json]) -> None:
    leave(stage)
    moment = clock.now()
    for _ in range(ATTEMPTS):
        moment += 2 * LEASE
        with clock.moved(moment):
            assert jobs._lease_next() is not None  # noqa: SLF001 - a worker that dies here
    with clock.moved(moment + 2 * LEASE):
        jobs.work_off()
    assert done == []
    assert only_job().failed_at is not None


def test_work_left_while_the_clock_was_ahead_is_done_at_once_when_it_is_set_back(
    stage: Stage, done: list[Json]
) -> None:
    with clock.moved(timedelta(days=4000)):
        leave(stage, turn=1)
    jobs.work_off()
    assert done == [{"turn": 1}]


def test_a_pause_and_a_lease_given_while_the_clock_was_ahead_do_not_outlast_it(
    stage: Stage, done: list[Json]
) -> None:
    leave(stage, fails=True)
    with clock.moved(timedelta(days=4000)):
        jobs.work_off()
        assert only_job().run_at > clock.now()
    assert jobs.work_off() == 1
    leave(stage, turn=2)
    with clock.moved(timedelta(days=4000)):
        assert jobs._lease_next() is not None  # noqa: SLF001 - a worker that dies here
    jobs.work_off()
    assert done[-1] == {"turn": 2}


def test_work_that_was_planned_waits_for_its_time(stage: Stage, done: list[Json]) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    jobs.enqueue(NAME, {"turn": 1}, run_at=tomorrow)
    stage.commit()
    assert jobs.work_off() == 0
    with clock.moved(tomorrow):
        jobs.work_off()
    assert done == [{"turn": 1}]
