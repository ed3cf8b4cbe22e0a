"""An author takes back what waits for a person; of the two, one is told the other was quicker."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit import services as audit
from community.audit.models import AuditEntry
from community.desk import queries as desk_queries
from community.desk import services as desk
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid
from community.reviews.models import DecisionKind, Review, ReviewKind
from community.threads import queries, services
from community.threads.models import Post, PostState, RevisionState
from tests.stage import Stage, new_key
from tests.threads.said import HELD, STAFF_BLOCKED, STAFF_HELD, STAFF_PLAIN
from tests.threads.test_services_parallel import at_once


def held_post(stage: Stage) -> Post:
    return stage.reply("rosa", stage.start("amara"), STAFF_HELD)


def withdraw(stage: Stage, post: Post, who: str = "rosa") -> None:
    services.withdraw_post(actor=stage.member(who), membership=stage.membership(who), post=post)
    stage.commit()


def edit(stage: Stage, post: Post, text: str) -> None:
    services.edit_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post, text=text,
        client_key=new_key(),
    )  # fmt: skip
    stage.commit()


def decide(stage: Stage, case: Review, decision: DecisionKind, version: int = 1) -> None:
    desk.decide(
        actor=stage.member("olga"), review_id=case.id, version=version, decision=decision,
        reason="Name the source.",
    )  # fmt: skip
    stage.commit()


def latest_post() -> Post:
    return db.session.scalars(sa.select(Post).order_by(Post.id.desc()).limit(1)).one()


def the_hold() -> Review:
    return db.session.scalars(sa.select(Review).where(Review.kind == ReviewKind.HOLD)).one()


def deeds() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_what_is_taken_back_is_its_authors_again_and_its_case_is_closed_on_record(
    stage: Stage,
) -> None:
    post = held_post(stage)

    withdraw(stage, post)

    case = the_hold()
    assert (post.state, post.number) == (PostState.RETURNED, None)
    assert post.revisions[-1].state is RevisionState.RETURNED
    assert (case.is_open, case.decision) == (False, DecisionKind.WITHDRAW)
    assert case.decided_by_id == post.author_id
    assert all(deadline.met_at for deadline in case.deadlines)
    assert deeds()[-2:] == ["review.withdrawn", "post.withdrawn"]
    assert audit.verify().holds
    assert list(queries.own_waiting_posts(viewer=post.author, thread=post.thread)) == [post]


def test_what_is_taken_back_is_not_decided_any_more(stage: Stage) -> None:
    post = held_post(stage)
    withdraw(stage, post)
    for version in (1, 2):
        with pytest.raises(Conflict):
            decide(stage, the_hold(), DecisionKind.RELEASE, version)
        db.session.rollback()
    assert post.number is None


@pytest.mark.parametrize(
    "decision", [DecisionKind.RELEASE, DecisionKind.RETURN, DecisionKind.REMOVE]
)
def test_what_is_decided_is_not_taken_back_any_more(stage: Stage, decision: DecisionKind) -> None:
    post = held_post(stage)
    decide(stage, the_hold(), decision)
    with pytest.raises(Conflict):
        withdraw(stage, post)
    db.session.rollback()
    assert the_hold().decision is decision
    assert "post.withdrawn" not in deeds()


def test_a_text_is_taken_back_once(stage: Stage) -> None:
    post = held_post(stage)
    withdraw(stage, post)
    with pytest.raises(Conflict):
        withdraw(stage, post)


def test_of_an_author_and_a_desk_at_once_one_is_told_that_the_other_was_quicker(
    app: Flask, stage: Stage
) -> None:
    held_post(stage)
    stage.commit()

    def take_back(own: Stage) -> str:
        withdraw(own, latest_post())
        return "taken back"

    def release(own: Stage) -> str:
        decide(own, the_hold(), DecisionKind.RELEASE)
        return "released"

    answers = at_once(app, take_back, release)

    db.session.rollback()
    post = latest_post()
    assert (answers[0] == "taken back") is not (answers[1] == "released")
    is_out = answers[1] == "released"
    assert the_hold().decision is (DecisionKind.RELEASE if is_out else DecisionKind.WITHDRAW)
    assert (post.state, post.number) == (
        (PostState.PUBLISHED, 2) if is_out else (PostState.RETURNED, None)
    )
    assert audit.verify().holds


def test_a_change_that_waits_is_taken_back_and_the_post_stays_as_it_was(stage: Stage) -> None:
    post = stage.reply("rosa", stage.start("amara"), "The label says how to start.")
    services.edit_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
        text=STAFF_HELD, client_key=new_key(),
    )  # fmt: skip
    stage.commit()

    withdraw(stage, post)

    assert (post.text, post.state) == ("The label says how to start.", PostState.PUBLISHED)
    assert post.revisions[-1].state is RevisionState.RETURNED
    assert the_hold().decision is DecisionKind.WITHDRAW
    assert deeds()[-1] == "post.edit_withdrawn"


def test_what_other_desks_were_told_of_a_text_stays_with_them(stage: Stage) -> None:
    post = stage.reply("bruno", stage.start("amara"), HELD)
    withdraw(stage, post, "bruno")
    routed = db.session.scalars(sa.select(Review).where(Review.kind == ReviewKind.ROUTED)).all()
    assert routed
    assert all(case.is_open for case in routed)


def test_nobody_else_takes_a_text_back_and_nothing_is_that_does_not_wait(stage: Stage) -> None:
    post = stage.reply("rosa", stage.start("amara"), STAFF_PLAIN)
    with pytest.raises(Forbidden):
        withdraw(stage, post, "mika")
    db.session.rollback()
    with pytest.raises(Conflict):
        withdraw(stage, post)


def test_taking_back_is_no_decision_of_a_desk(stage: Stage) -> None:
    held_post(stage)
    case = the_hold()
    assert desk_queries.get_case(viewer=stage.member("olga"), review_id=case.id).may_decide_hold
    with pytest.raises(Invalid):
        decide(stage, case, DecisionKind.WITHDRAW)


@pytest.mark.parametrize(
    "later", [STAFF_PLAIN, f"{STAFF_HELD} And so on."], ids=["goes out", "is held"]
)
def test_an_edit_in_place_of_a_held_one_ends_the_case_of_the_first(
    stage: Stage, later: str
) -> None:
    post = stage.reply("rosa", stage.start("amara"), "The label says how to start.")
    edit(stage, post, STAFF_HELD)
    first = the_hold()

    edit(stage, post, later)

    assert (first.is_open, first.decision) == (False, DecisionKind.WITHDRAW)
    still_open = db.session.scalars(sa.select(Review).where(Review.closed_at.is_(None))).all()
    assert [case.text for case in still_open] == ([] if later == STAFF_PLAIN else [later])


def test_an_edit_that_does_not_go_in_leaves_the_case_of_the_held_one_open(stage: Stage) -> None:
    post = stage.reply("rosa", stage.start("amara"), "The label says how to start.")
    edit(stage, post, STAFF_HELD)
    first = the_hold()

    edit(stage, post, STAFF_BLOCKED)

    assert first.is_open
    assert post.revisions[-1].state is RevisionState.HELD


def test_an_author_who_edits_while_the_desk_decides_waits_for_it_or_is_waited_for(
    app: Flask, stage: Stage
) -> None:
    edit(
        stage, stage.reply("rosa", stage.start("amara"), "The label says how to start."), STAFF_HELD
    )
    first = the_hold().id

    def write_anew(own: Stage) -> str:
        edit(own, latest_post(), STAFF_PLAIN)
        return "edited"

    def release(own: Stage) -> str:
        decide(own, db.session.get_one(Review, first), DecisionKind.RELEASE)
        return "released"

    answers = at_once(app, write_anew, release)

    db.session.rollback()
    case = db.session.get_one(Review, first)
    assert "edited" in answers or "released" in answers
    assert not case.is_open
    assert case.decision is (
        DecisionKind.RELEASE if answers[1] == "released" else DecisionKind.WITHDRAW
    )
    assert latest_post().text == (STAFF_PLAIN if answers[0] == "edited" else STAFF_HELD)
    assert audit.verify().holds
