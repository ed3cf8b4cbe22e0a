"""Many at once: a request's key is used once, numbers stay dense, one decider wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from community.audit import services as audit
from community.desk import services as desk
from community.kernel import unit_of_work
from community.kernel.db import db
from community.kernel.errors import Conflict
from community.reviews.models import DecisionKind, Review
from community.threads.models import Post
from community.threads.services import Published
from tests.stage import Stage, new_key
from tests.threads.said import PLAIN, STAFF_HELD

WRITERS = 6


def at_once(app: Flask, *deeds: Callable[[Stage], str]) -> list[str]:
    """Do deeds at the same time, each in a context and a transaction of its own."""

    def do(deed: Callable[[Stage], str]) -> str:
        with app.app_context():
            try:
                return deed(Stage(app))
            except Conflict as conflict:
                unit_of_work.rollback()
                return conflict.code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_the_same_reply_sent_many_times_at_once_is_one_post(app: Flask, stage: Stage) -> None:
    thread_id, key = stage.start("amara").id, new_key()
    stage.commit()

    def send(own: Stage) -> str:
        thread = db.session.get_one(Post, 1).thread
        result = own.try_reply("bruno", thread, PLAIN, client_key=key)
        assert isinstance(result, Published)
        return "again" if result.repeated else "new"

    answers = at_once(app, *[send] * WRITERS)
    assert sorted(answers) == ["again"] * (WRITERS - 1) + ["new"]
    db.session.rollback()
    found = db.session.scalars(sa.select(Post.number).where(Post.thread_id == thread_id)).all()
    assert sorted(number or 0 for number in found) == [1, 2]


def test_replies_of_several_at_once_are_numbered_without_hole_or_double(
    app: Flask, stage: Stage
) -> None:
    stage.start("amara")
    stage.commit()

    def send_as(who: str) -> Callable[[Stage], str]:
        def send(own: Stage) -> str:
            for _ in range(3):
                own.reply(who, db.session.get_one(Post, 1).thread)
            return who

        return send

    at_once(app, *[send_as(who) for who in ("amara", "bruno", "mika", "cora")])
    db.session.rollback()
    numbers = db.session.scalars(sa.select(Post.number).order_by(Post.number)).all()
    assert list(numbers) == list(range(1, 14))
    assert audit.verify().holds


def test_of_two_who_decide_at_once_one_is_told_that_somebody_was_quicker(
    app: Flask, stage: Stage
) -> None:
    stage.member("dora").duties = ["medical"]
    stage.reply("rosa", stage.start("amara"), STAFF_HELD)
    stage.commit()

    def decide_as(who: str) -> Callable[[Stage], str]:
        def decide(own: Stage) -> str:
            desk.decide(
                actor=own.member(who), review_id=1, version=1,
                decision=DecisionKind.RELEASE, reason="",
            )  # fmt: skip
            own.commit()
            return "decided"

        return decide

    assert sorted(at_once(app, decide_as("olga"), decide_as("dora"))) == ["conflict", "decided"]
    db.session.rollback()
    assert db.session.get_one(Review, 1).version == 2
    assert sorted(n or 0 for n in db.session.scalars(sa.select(Post.number))) == [1, 2]
