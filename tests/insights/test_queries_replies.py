"""The promise kept: which replies count as at once, which waits, and who sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from community.guardrails.models import JudgedText
from community.insights import queries
from community.insights.queries import Answering
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import NotFound
from community.spaces import services as spaces
from community.spaces.models import Role
from community.threads import services as threads
from community.threads.models import Thread
from tests.stage import Stage
from tests.threads.said import PLAIN, STAFF_BLOCKED, STAFF_HELD, STAFF_PLAIN


def figures(stage: Stage, days: int = 30, slug: str = "") -> Answering:
    return queries.reply_report(viewer=stage.member("olga"), days=days, slug=slug).whole


def ask(stage: Stage, who: str = "amara", **more: str) -> Thread:
    """Have a question asked now."""
    return stage.start(who, "What do you take away first?", **{"title": "Which first?", **more})


def answer(stage: Stage, thread: Thread, who: str, text: str, after: timedelta) -> None:
    """Have somebody reply a while after the question."""
    with clock.moved(after):
        stage.reply(who, thread, text)


def test_a_reply_without_a_person_in_between_went_out_at_once(stage: Stage) -> None:
    thread = ask(stage)
    stage.reply("rosa", thread, STAFF_PLAIN)
    released = stage.reply("rosa", thread, STAFF_HELD)
    threads.release_post(actor=stage.member("olga"), post=released)
    stage.try_reply("rosa", thread, STAFF_BLOCKED)
    stage.reply("cora", thread, "A moderator is no liaison.")
    stage.reply("bruno", thread, PLAIN)
    stage.start("rosa", "An opening is no reply.", title="What would you like to hear?")
    found = figures(stage)
    assert (found.straight.part, found.straight.whole, found.stopped) == (1, 2, 1)


@pytest.mark.parametrize("is_older", [False, True], ids=["judged as", "from before that was kept"])
def test_a_liaison_who_becomes_a_moderator_keeps_what_they_wrote(
    stage: Stage, *, is_older: bool
) -> None:
    thread = ask(stage)
    stage.reply("rosa", thread, STAFF_PLAIN)
    stage.try_reply("rosa", thread, STAFF_BLOCKED)
    if is_older:
        db.session.execute(sa.update(JudgedText).values(judged_as=""))
    before = figures(stage)
    place = stage.membership("rosa")
    spaces.change_role(
        actor=stage.member("ada"), place=place, role=Role.MODERATOR, version=place.version
    )
    stage.reply("rosa", thread, STAFF_PLAIN)
    after = figures(stage)
    assert (before.straight.whole, before.stopped, before.by_liaison) == (1, 1, 1)
    expected = (0, 0, 0) if is_older else (1, 1, 1)
    assert (after.straight.whole, after.stopped, after.by_liaison) == expected


def test_a_question_waits_for_the_first_reply_of_a_liaison(stage: Stage) -> None:
    first, second, third = ask(stage), ask(stage, "bruno"), ask(stage, "mika")
    answer(stage, first, "bruno", "A peer first.", timedelta(minutes=10))
    answer(stage, first, "rosa", STAFF_PLAIN, timedelta(hours=2))
    answer(stage, first, "rosa", "And another.", timedelta(hours=3))
    answer(stage, second, "rosa", STAFF_PLAIN, timedelta(hours=4))
    answer(stage, third, "amara", PLAIN, timedelta(hours=5))
    ask(stage)
    with clock.moved(timedelta(hours=6)):
        found = figures(stage)
    assert (found.questions, found.by_liaison, found.by_peers_alone, found.unanswered) == (
        4,
        2,
        1,
        1,
    )
    assert found.waits.median is not None
    assert abs(found.waits.median - timedelta(hours=3)) < timedelta(minutes=1)


def test_a_held_reply_answers_when_it_is_released(stage: Stage) -> None:
    thread = ask(stage)
    held = stage.reply("rosa", thread, STAFF_HELD)
    assert figures(stage).unanswered == 1
    with clock.moved(timedelta(hours=5)):
        threads.release_post(actor=stage.member("olga"), post=held)
        stage.commit()
        median = figures(stage).waits.median
    assert median is not None
    assert abs(median - timedelta(hours=5)) < timedelta(minutes=1)


def test_what_a_health_professional_opens_is_a_question_by_kind_or_by_its_mark(
    stage: Stage,
) -> None:
    ask(stage)
    ask(stage, title="No mark, but a case", kind="case")
    stage.start("amara", "I see it often.", title="A remark")
    ask(stage, "rosa", title="Does the company ask?")
    assert figures(stage).questions == 2


def test_the_asker_does_not_answer_themselves(stage: Stage) -> None:
    thread = ask(stage)
    answer(stage, thread, "amara", "I found it myself.", timedelta(hours=1))
    with clock.moved(timedelta(hours=2)):
        assert figures(stage).unanswered == 1


def test_figures_are_of_their_days_their_space_and_their_month(stage: Stage) -> None:
    at = datetime.fromisoformat("2026-09-20T10:00:00+00:00")
    with clock.moved(at):
        stage.reply("rosa", ask(stage), STAFF_PLAIN)
    with clock.moved(at + timedelta(days=50)):
        stage.reply("rosa", ask(stage), STAFF_HELD)
        stage.start("ines", "Which first?", title="Which first?", slug="neurology")
        assert figures(stage, 30).straight.whole == 1
        assert figures(stage, 90).straight.whole == 2
        assert figures(stage, 90, "neurology").questions == 1
        report = queries.reply_report(viewer=stage.member("paul"), days=90)
        by_month = {f"{m:%m}": (f.straight.part, f.straight.whole) for m, f in report.months}
        assert by_month == {"08": (0, 0), "09": (1, 1), "10": (0, 0), "11": (0, 1)}
        by_space = {space.slug: found.questions for space, found in report.spaces}
        assert by_space == {"cardiology": 2, "neurology": 1}


def test_what_came_by_an_import_promises_nothing(stage: Stage) -> None:
    thread = ask(stage, origin="import")
    stage.reply("rosa", thread, STAFF_PLAIN, origin="import")
    found = figures(stage)
    assert (found.straight.whole, found.questions) == (0, 0)


def test_the_figures_are_for_the_head_of_medical_affairs_and_compliance(stage: Stage) -> None:
    for who in ("olga", "paul"):
        assert queries.reply_report(viewer=stage.member(who), days=30).days == 30
    for who in ("rosa", "cora", "mika", "amara", "ada", "safi"):
        with pytest.raises(NotFound):
            queries.reply_report(viewer=stage.member(who), days=30)
    for wrong in ({"days": 31}, {"days": 30, "slug": "nowhere"}):
        with pytest.raises(NotFound):
            queries.reply_report(viewer=stage.member("olga"), **wrong)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Does it help at 41 %? I have one such patient.", 1),
        ("I read of it at https://example.org/?page=2 today.", 0),
    ],
)
def test_what_the_first_post_asks_is_a_question_too(
    stage: Stage, text: str, questions: int
) -> None:
    stage.start("amara", text, title="A patient", kind="discussion")
    assert figures(stage).questions == questions
