"""Who tells a side effect reads under the post that it has arrived, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from community.desk import services as desk
from community.desk.titles import title_of
from community.kernel.db import db
from community.reviews import services as reviews
from community.reviews.models import DecisionKind, Review, Settled
from tests.stage import Stage, Visitor, new_key

Visit = Callable[[str | None], Visitor]
FELL = "One of my patients on Ortelvane fainted in the shower last week."
NO_USE = "Ortelvane did nothing at all for my last patient."


def the_case(stage: Stage) -> Review:
    stage.commit()
    return db.session.scalars(sa.select(Review).where(Review.desk == "safety")).one()


def page(visit: Visit, who: str, thread: int) -> str:
    return unescape(visit(who).get(f"/threads/{thread}").text)


def test_the_author_alone_reads_that_safety_has_a_copy_until_it_is_done(
    stage: Stage, visit: Visit
) -> None:
    thread = stage.start("mika").id
    sent = visit("amara").send(f"/threads/{thread}/posts", {"text": FELL, "client_key": new_key()})
    assert sent.get_json()["copied"] == ["safety"]
    case = the_case(stage)
    receipt = f"Safety has a copy, case {case.id}, since"
    assert receipt in page(visit, "amara", thread)
    for other in ("bruno", "rosa", "mika"):
        assert receipt not in page(visit, other, thread)

    reviews.note_opened(actor=stage.member("safi"), review=case)
    desk.decide(
        actor=stage.member("safi"), review_id=case.id, version=case.version,
        decision=DecisionKind.CLOSE, reason="Reported.",
        said={step.id: Settled.DONE for step in case.unsettled},
    )  # fmt: skip
    stage.commit()
    assert "and is done with it" in page(visit, "amara", thread)


def test_safety_alone_reads_where_to_write_to_whoever_told_it(stage: Stage, visit: Visit) -> None:
    stage.reply("amara", stage.start("mika"), FELL)
    case = the_case(stage).id
    opened = visit("safi").post(f"/reviews/{case}").text
    assert 'href="mailto:amara@example.org?subject=Case%20' in opened
    for other in ("mika", "rosa", "bruno"):
        assert "amara@example.org" not in visit(other).post(f"/reviews/{case}").text


def test_a_post_of_which_nobody_has_a_copy_bears_no_such_line(stage: Stage, visit: Visit) -> None:
    thread = stage.start("mika")
    stage.reply("amara", thread, "I agree with that.")
    assert "has a copy" not in page(visit, "amara", thread.id)


@pytest.mark.parametrize(
    ("text", "title"),
    [(FELL, "A possible side effect"), (NO_USE, "A medicine that may not have worked")],
)
def test_a_case_is_called_by_what_was_told(stage: Stage, text: str, title: str) -> None:
    stage.reply("amara", stage.start("mika"), text)
    case = the_case(stage)
    with force_locale("en"):
        assert title_of(case) == title
