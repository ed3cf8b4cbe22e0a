"""Numbers are given in the order of commits, without holes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from community.kernel import unit_of_work
from community.kernel.db import db
from community.stream import queries
from community.stream.models import Event
from community.stream.services import RANK, append, drop_old
from tests.stage import Stage


class Pause:
    """Holds one transaction when its news is numbered, and not committed yet."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *_: object) -> None:
        self.reached.set()
        assert self.go_on.wait(10)


@pytest.fixture
def pause() -> Iterator[Pause]:
    held = Pause()
    unit_of_work.write_before_commit("pause", rank=RANK + 1, writer=held)
    yield held
    held.go_on.set()
    unit_of_work.write_before_commit("pause", rank=RANK + 1, writer=lambda *_: None)


def write(app: Flask, space_id: int, subject_id: int, *, slowly: bool = False) -> threading.Thread:
    """Write news in a transaction of its own, beside this one."""

    def work() -> None:
        with app.app_context(), unit_of_work.transaction():
            append(space_id=space_id, kind="post", subject_id=subject_id, version=1)
            if slowly:
                unit_of_work.collect("pause", None)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def seen(space_id: int, after: int = 0) -> list[tuple[int, int]]:
    """Return number and subject of what a reader gets."""
    missed = queries.after(space_id=space_id, seq=after)
    db.session.rollback()
    return [(news.seq, news.subject_id) for news in missed.news]


def test_of_two_writers_the_one_who_began_first_and_commits_last_hides_nothing(
    app: Flask, stage: Stage, pause: Pause
) -> None:
    space_id = stage.space().id
    db.session.rollback()
    first = write(app, space_id, 11, slowly=True)
    assert pause.reached.wait(10)
    second = write(app, space_id, 22)
    second.join(0.2)
    assert second.is_alive(), "the second waits for the first: it would be numbered before it"
    assert seen(space_id) == []
    pause.go_on.set()
    first.join(10)
    second.join(10)
    assert seen(space_id) == [(1, 11), (2, 22)]
    assert seen(space_id, after=1) == [(2, 22)]


def test_what_is_rolled_back_leaves_no_hole(stage: Stage) -> None:
    space_id = stage.space().id
    for subject_id, kept in ((1, True), (2, False), (3, True)):
        append(space_id=space_id, kind="post", subject_id=subject_id, version=1)
        if kept:
            unit_of_work.commit()
        else:
            unit_of_work.rollback()
    assert seen(space_id) == [(1, 1), (2, 3)]


def test_many_writers_at_once_leave_no_hole_and_no_double(app: Flask, stage: Stage) -> None:
    space_id = stage.space().id
    db.session.rollback()
    writers = [write(app, space_id, subject_id) for subject_id in range(1, 17)]
    for writer in writers:
        writer.join(20)
    numbers, subjects = zip(*seen(space_id), strict=True)
    assert numbers == tuple(range(1, 17))
    assert sorted(subjects) == list(range(1, 17))


def test_news_of_one_space_are_no_news_of_another(stage: Stage) -> None:
    here, there = stage.space("cardiology").id, stage.space("neurology").id
    append(space_id=here, kind="post", subject_id=1, version=1)
    unit_of_work.commit()
    assert seen(there) == []
    assert queries.get_head(space_id=there).seq == 0


def test_only_the_last_word_about_each_thing_is_told(stage: Stage) -> None:
    space_id = stage.space().id
    for subject_id, version in ((1, 1), (2, 1), (1, 2), (1, 3)):
        append(space_id=space_id, kind="post", subject_id=subject_id, version=version)
        unit_of_work.commit()
    missed = queries.after(space_id=space_id, seq=0)
    assert [(news.subject_id, news.version) for news in missed.news] == [(2, 1), (1, 3)]
    assert (missed.next, missed.head.seq, missed.reset) == (4, 4, False)


def test_a_long_absence_is_told_page_by_page(stage: Stage) -> None:
    space_id, many = stage.space().id, queries.PAGE + 30
    for subject_id in range(1, many + 1):
        append(space_id=space_id, kind="post", subject_id=subject_id, version=1)
    unit_of_work.commit()
    first = queries.after(space_id=space_id, seq=0)
    rest = queries.after(space_id=space_id, seq=first.next)
    assert (first.next, rest.next, first.head.seq) == (queries.PAGE, many, many)
    assert [n.seq for n in (*first.news, *rest.news)] == list(range(1, many + 1))


@pytest.mark.parametrize("seq", [1, 99])
def test_a_number_ahead_of_the_head_is_of_a_line_that_is_gone(stage: Stage, seq: int) -> None:
    assert queries.after(space_id=stage.space().id, seq=seq).reset


def test_a_number_before_what_is_kept_gets_a_reset(stage: Stage) -> None:
    space_id = stage.space().id
    for subject_id in range(1, 6):
        append(space_id=space_id, kind="post", subject_id=subject_id, version=1)
    unit_of_work.commit()
    forget_up_to(space_id, 3)
    assert queries.after(space_id=space_id, seq=2).reset
    assert not queries.after(space_id=space_id, seq=3).reset
    assert seen(space_id, after=3) == [(4, 4), (5, 5)]


def forget_up_to(space_id: int, seq: int) -> None:
    """Make events a month older and forget them, as housekeeping does."""
    with unit_of_work.transaction() as session:
        for event in session.query(Event).filter(Event.seq <= seq, Event.space_id == space_id):
            event.at -= timedelta(days=31)
        session.flush()
        assert drop_old(session) == seq


def test_a_lost_access_raises_the_generation_once_a_transaction(stage: Stage) -> None:
    space_id = stage.space().id
    before = queries.get_head(space_id=space_id).generation
    for member_id in (1, 2):
        append(space_id=space_id, kind="members", subject_id=member_id, version=1, revokes=True)
    unit_of_work.commit()
    append(space_id=space_id, kind="members", subject_id=3, version=1)
    unit_of_work.commit()
    head = queries.get_head(space_id=space_id)
    assert (head.seq, head.generation) == (3, before + 1)
