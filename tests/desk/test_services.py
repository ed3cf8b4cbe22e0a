"""What a decision does: to the case, to its text, and to what the author reads."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from community.desk import queries, services
from community.kernel.db import db
from community.kernel.errors import Conflict, Invalid
from community.reviews.models import DecisionKind, Review, Settled
from community.reviews.services import steps
from community.threads import queries as thread_queries
from community.threads import services as threads
from community.threads.models import Post, PostState, RevisionState
from community.threads.services.deciding import show_revision
from tests.stage import Stage, new_key
from tests.threads.said import BLOCKED, OFF_LABEL, ROUTED, STAFF_HELD


def the_case() -> Review:
    return db.session.scalars(sa.select(Review)).one()


def decide(
    stage: Stage, who: str, decision: DecisionKind, reason: str = "", rest: Settled = Settled.DONE
) -> Review:
    case = the_case()
    done = services.decide(
        actor=stage.member(who), review_id=case.id, version=case.version, decision=decision,
        reason=reason, said=steps.all_alike(case, rest),
    )  # fmt: skip
    stage.commit()
    return done


def held_post(stage: Stage) -> Post:
    return stage.reply("rosa", stage.start("amara"), STAFF_HELD)


def held_edit(stage: Stage) -> Post:
    post = stage.reply("rosa", stage.start("amara"), "The label says how to start.")
    threads.edit_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
        text=STAFF_HELD, client_key=new_key(),
    )  # fmt: skip
    stage.commit()
    return post


def test_release_puts_the_post_into_the_room(stage: Stage) -> None:
    post = held_post(stage)
    decide(stage, "olga", DecisionKind.RELEASE)
    assert (post.state, post.number) == (PostState.PUBLISHED, 2)


def test_a_returned_post_is_its_authors_again_with_the_reason(stage: Stage) -> None:
    post = held_post(stage)
    decide(stage, "olga", DecisionKind.RETURN, "Name the source.")
    assert (post.state, post.number) == (PostState.RETURNED, None)
    waiting = thread_queries.own_waiting_posts(viewer=stage.member("rosa"), thread=post.thread)
    assert list(waiting) == [post]


def test_a_removed_hold_never_enters_the_room(stage: Stage) -> None:
    post = held_post(stage)
    decide(stage, "olga", DecisionKind.REMOVE, "No comparisons.")
    assert (post.number, post.removed_reason) == (None, "No comparisons.")


def test_release_of_an_edit_changes_the_wording_in_its_place(stage: Stage) -> None:
    post = held_edit(stage)
    decide(stage, "olga", DecisionKind.RELEASE)
    assert (post.text, post.number, post.version) == (STAFF_HELD, 2, 2)


def test_a_returned_edit_leaves_the_wording_in_the_room(stage: Stage) -> None:
    post = held_edit(stage)
    decide(stage, "olga", DecisionKind.RETURN, "Name the source.")
    assert post.text == "The label says how to start."
    assert post.revisions[-1].state is RevisionState.RETURNED


def take_down(stage: Stage, post: Post) -> None:
    threads.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=post, reason="Off.",
    )  # fmt: skip
    stage.commit()


def test_no_wording_is_released_onto_a_post_that_was_taken_down(stage: Stage) -> None:
    post = held_edit(stage)
    take_down(stage, post)
    with pytest.raises(Conflict, match="Close the case instead"):
        decide(stage, "olga", DecisionKind.RELEASE)
    db.session.rollback()
    assert post.text == "The label says how to start."
    assert the_case().is_open

    decide(stage, "olga", DecisionKind.CLOSE, "The post is down.")

    assert post.revisions[-1].state is RevisionState.RETURNED
    assert post.state is PostState.REMOVED


def test_a_wording_is_not_shown_where_its_post_was_taken_down_just_before(stage: Stage) -> None:
    post = held_edit(stage)
    take_down(stage, post)
    with pytest.raises(Conflict, match="taken down meanwhile"):
        show_revision(actor=stage.member("olga"), revision=post.revisions[-1])


def test_the_inquiry_is_held_before_its_case_by_whoever_decides_as_by_whoever_answers(
    stage: Stage,
) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    written: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        written.extend(re.findall(r"^UPDATE (inquiry|review)\b", statement))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        decide(stage, "dora", DecisionKind.CLOSE, "Answered by telephone.")
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert written[0] == "inquiry"
    assert "review" in written


def test_a_routed_case_can_only_be_closed_and_its_post_stays(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("amara"), ROUTED)
    with pytest.raises(Invalid):
        decide(stage, "safi", DecisionKind.REMOVE, "No.")
    db.session.rollback()
    decide(stage, "safi", DecisionKind.CLOSE, "Reported as case 17.")
    assert post.state is PostState.PUBLISHED
    assert the_case().decision_reason == "Reported as case 17."


def test_the_owner_of_a_blocked_text_reads_it_as_it_stood(stage: Stage) -> None:
    stage.try_reply("amara", stage.start("amara"), BLOCKED)
    case = queries.get_case(viewer=stage.member("paul"), review_id=the_case().id)
    assert case.text == BLOCKED
    assert [view.number for view in case.context] == [1]
    assert not case.may_decide_hold


def test_a_decision_without_its_reason_changes_neither_case_nor_post(stage: Stage) -> None:
    post = held_post(stage)
    with pytest.raises(Invalid):
        decide(stage, "olga", DecisionKind.RETURN, " ")
    db.session.rollback()
    assert the_case().is_open
    assert post.state is PostState.HELD


def test_a_decision_is_made_once(stage: Stage) -> None:
    post = held_post(stage)
    decide(stage, "olga", DecisionKind.RETURN, "Name the source.")
    with pytest.raises(Conflict):
        decide(stage, "olga", DecisionKind.RELEASE)
    db.session.rollback()
    assert post.number is None
