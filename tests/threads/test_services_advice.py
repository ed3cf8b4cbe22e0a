"""Advice: a text goes out against it only when its author has read it, at every door."""

from __future__ import annotations

import sqlalchemy as sa

from community.guardrails.models import JudgedText
from community.kernel.db import db
from community.reviews.models import Review
from community.threads import queries, services
from community.threads.models import Post
from community.threads.services import Published, Unconfirmed
from tests.stage import Stage, new_key
from tests.threads.said import STAFF_ADVISED, STAFF_BLOCKED, STAFF_HELD, URGENT

RULE = "references.congress"


def test_advised_words_wait_for_their_author_and_are_kept(stage: Stage) -> None:
    thread = stage.start("amara")

    result = stage.try_reply("rosa", thread, STAFF_ADVISED, confirmed=())

    assert isinstance(result, Unconfirmed)
    assert result.judgement.advised == [RULE]
    draft = queries.find_draft(viewer=stage.member("rosa"), place=f"thread:{thread.id}")
    assert draft is not None
    assert draft.text == STAFF_ADVISED
    assert thread.last_number == 1


def test_confirmed_words_go_out_and_the_reason_is_kept(stage: Stage) -> None:
    thread = stage.start("amara")

    result = stage.try_reply(
        "rosa", thread, STAFF_ADVISED, confirmed=[RULE], advice_reason="They asked where."
    )

    assert isinstance(result, Published)
    assert not result.is_held
    verdict = db.session.get_one(JudgedText, result.post.revisions[0].verdict_id)
    assert (verdict.confirmed, verdict.advice_reason) == ([RULE], "They asked where.")


def test_a_rule_that_was_not_confirmed_still_waits(stage: Stage) -> None:
    thread = stage.start("amara")

    assert isinstance(
        stage.try_reply("rosa", thread, STAFF_ADVISED, confirmed=["some.other-rule"]), Unconfirmed
    )


def test_a_thread_that_opens_with_advised_words_waits_too(stage: Stage) -> None:
    result = stage.try_start("rosa", STAFF_ADVISED, confirmed=())

    assert isinstance(result, Unconfirmed)
    assert db.session.scalar(sa.select(sa.func.count(Post.id))) == 0
    draft = queries.find_draft(viewer=stage.member("rosa"), place=f"space:{stage.space().id}")
    assert draft is not None
    assert draft.title == "A thread"


def test_an_edit_into_advised_words_waits_and_leaves_the_post(stage: Stage) -> None:
    post = stage.reply("rosa", stage.start("amara"), "A paper is on its way.")

    def edit(confirmed: list[str]) -> services.Published | services.Blocked:
        result = services.edit_post(
            actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
            text=STAFF_ADVISED, client_key=new_key(), confirmed=confirmed,
        )  # fmt: skip
        stage.commit()
        return result

    assert isinstance(edit([]), Unconfirmed)
    assert post.text == "A paper is on its way."
    assert isinstance(edit([RULE]), Published)
    assert post.text == STAFF_ADVISED


def test_a_hold_and_a_block_weigh_more_than_advice(stage: Stage) -> None:
    thread = stage.start("amara")

    held = stage.try_reply("rosa", thread, f"{STAFF_ADVISED} {STAFF_HELD}", confirmed=())
    blocked = stage.try_reply("rosa", thread, f"{STAFF_ADVISED} {STAFF_BLOCKED}", confirmed=())

    assert isinstance(held, Published)
    assert held.is_held
    assert not isinstance(blocked, Unconfirmed | Published)


def test_what_somebody_must_know_is_routed_before_the_advice_is_confirmed(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()

    waiting = stage.try_reply("bruno", thread, URGENT, confirmed=(), client_key=key)

    assert isinstance(waiting, Unconfirmed)
    case = db.session.scalars(sa.select(Review).where(Review.desk == "moderators")).one()
    assert case.subject_kind == "draft"

    sent = stage.try_reply(
        "bruno", thread, URGENT, confirmed=waiting.judgement.advised, client_key=key
    )

    assert isinstance(sent, Published)
    assert db.session.scalars(sa.select(Review).where(Review.desk == "moderators")).one() is case
    assert (case.subject_kind, case.subject_id) == ("post", sent.post.id)
