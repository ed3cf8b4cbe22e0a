"""One key for several texts: whatever comes under it, no desk misses what it must know."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel.db import db
from community.reviews import services as reviews
from community.reviews.models import DecisionKind, Review, Settled
from community.reviews.services import steps
from community.threads import services as threads
from community.threads.services import Published, Unconfirmed
from tests.stage import Stage, new_key
from tests.threads.said import BLOCKED, PLAIN, ROUTED, URGENT


def _cases(desk: str = "safety") -> list[Review]:
    found = sa.select(Review).where(Review.desk == desk).order_by(Review.id)
    return list(db.session.scalars(found))


def test_an_edit_under_the_key_of_another_post_reaches_its_desk(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()
    stage.try_reply("bruno", thread, ROUTED, client_key=key)
    post = stage.reply("bruno", thread, PLAIN)

    threads.edit_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post,
        text=f"Another one. {ROUTED}", client_key=key,
    )  # fmt: skip
    stage.commit()

    assert [case.subject_id for case in _cases()][1:] == [post.id]


def test_words_that_go_out_after_their_case_was_closed_open_another(stage: Stage) -> None:
    thread, key, text = stage.start("amara"), new_key(), f"{URGENT} {ROUTED}"
    waiting = stage.try_reply("bruno", thread, text, confirmed=(), client_key=key)
    assert isinstance(waiting, Unconfirmed)
    (case,) = _cases()
    reviews.close(
        actor=stage.member("safi"), review_id=case.id, version=case.version,
        decision=DecisionKind.CLOSE, reason="It never went out.",
        said=steps.all_alike(case, Settled.WAIVED),
    )  # fmt: skip
    stage.commit()

    sent = stage.try_reply(
        "bruno", thread, text, confirmed=waiting.judgement.advised, client_key=key
    )

    assert isinstance(sent, Published)
    assert [(each.is_open, each.subject_kind) for each in _cases()] == [
        (False, "draft"), (True, "post"),
    ]  # fmt: skip


def test_other_words_under_the_same_key_leave_the_first_as_they_were(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()
    first = f"{ROUTED} {BLOCKED}"
    stage.try_reply("bruno", thread, first, client_key=key)
    kept = _cases()[0].text

    stage.try_reply("bruno", thread, ROUTED, client_key=key)
    stage.try_reply("bruno", thread, ROUTED, client_key=key)

    assert [case.text for case in _cases()] == [kept, ROUTED]
