"""Per rule: fired, heeded, overridden, upheld, overturned, false alarms, and what to do."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.desk import services as desk
from community.guardrails.engine import Finding
from community.guardrails.models import JudgedText
from community.insights import queries, services
from community.insights.models import Opinion
from community.insights.queries import RuleLine
from community.insights.services import Judging
from community.kernel import clock
from community.kernel.db import Json, db
from community.kernel.errors import NotFound
from community.reviews.models import DecisionKind, Review
from community.threads.models import Revision
from tests.insights.drawn import draw, drawn
from tests.stage import Stage
from tests.threads.said import STAFF_BLOCKED, STAFF_HELD, STAFF_PLAIN

RULE = "tone.of-a-test"


def line(stage: Stage, rule: str, *, days: int = 30, version_id: int | None = None) -> RuleLine:
    report = queries.rule_report(viewer=stage.member("paul"), days=days, version_id=version_id)
    return next(one for one in (*report.fired, *report.silent) if one.rule == rule)


def holds(stage: Stage) -> list[str]:
    """Return the rules that hold the text which the desk is given."""
    return sorted({f["rule"] for f in db.session.scalars(sa.select(Review)).one().findings})


def decide(stage: Stage, decision: DecisionKind) -> None:
    review = db.session.scalars(sa.select(Review).where(Review.closed_at.is_(None))).one()
    desk.decide(
        actor=stage.member("olga"), review_id=review.id, version=review.version,
        decision=decision, reason="Because.",
    )  # fmt: skip
    stage.commit()


def finding(rule: str, outcome: str) -> Json:
    found = Finding(
        rule=rule, kind="other", outcome=outcome, start=0, end=3, says=rule, why="Because.",
        reason="Because.", do="", routes=(),
    )  # fmt: skip
    return found.as_json()


def judged(
    stage: Stage, *rules: str, outcome: str = "advise", sent: bool = True, reason: str = ""
) -> None:
    """Lay a verdict with findings of rules; `sent`: the text went into the room by it."""
    thread = stage.start("mika")
    row = JudgedText(
        member_id=stage.member("rosa").id, space_id=stage.space().id, kind="post",
        text_sha256="", outcome=outcome, at=clock.now(), routes=[], thread_id=thread.id,
        findings=[finding(rule, outcome) for rule in rules],
        client_key=str(uuid.uuid4()),
    )  # fmt: skip
    row.confirmed, row.advice_reason = (list(rules) if sent else []), reason
    db.session.add(row)
    db.session.flush()
    if sent:
        post = stage.reply("cora", thread, STAFF_PLAIN)
        db.session.execute(
            sa.update(Revision).where(Revision.post_id == post.id).values(verdict_id=row.id)
        )
    stage.commit()


def test_a_text_that_is_stopped_and_changed_was_heeded_once(stage: Stage) -> None:
    thread = stage.start("amara")
    for _ in range(2):
        stage.try_reply("rosa", thread, STAFF_BLOCKED)
    rule = db.session.scalars(sa.select(JudgedText).order_by(JudgedText.id.desc())).first()
    assert rule is not None
    stopped = rule.findings[0]["rule"]
    assert (line(stage, stopped).fired, line(stage, stopped).heeded) == (1, 0)
    stage.reply("rosa", thread, STAFF_PLAIN)
    assert (line(stage, stopped).fired, line(stage, stopped).heeded) == (1, 1)
    stage.reply("rosa", thread, "Another text is another text.")
    assert (line(stage, stopped).fired, line(stage, stopped).heeded) == (1, 1)


def test_a_text_elsewhere_or_a_day_later_is_another_text(stage: Stage) -> None:
    here, there = stage.start("amara"), stage.start("bruno")
    stage.try_reply("rosa", here, STAFF_BLOCKED)
    stage.reply("rosa", there, STAFF_PLAIN)
    with clock.moved(timedelta(hours=25)):
        stage.reply("rosa", here, "A day later.")
        report = queries.rule_report(viewer=stage.member("olga"), days=30)
    assert [one.heeded for one in report.fired] == [0] * len(report.fired)
    assert report.fired


def test_confirmed_advice_is_overridden_with_its_reasons(stage: Stage) -> None:
    for reason in ("The figure is in the label.", "The figure is in the label.", ""):
        judged(stage, RULE, reason=reason)
    judged(stage, RULE, sent=False)
    found = line(stage, RULE)
    assert (found.fired, found.overridden, found.heeded) == (4, 3, 0)
    assert found.reasons == {"The figure is in the label.": 2}


def test_a_returned_text_upholds_the_rules_that_held_it_and_a_released_one_overturns_them(
    stage: Stage,
) -> None:
    thread = stage.start("amara")
    stage.reply("rosa", thread, STAFF_HELD)
    rules = holds(stage)
    decide(stage, DecisionKind.RETURN)
    for text in (
        "Ortelvane works better than valsartan.",
        "Ortelvane works better than a placebo arm of sacubitril/valsartan.",
    ):
        stage.reply("rosa", thread, text)
        decide(stage, DecisionKind.RELEASE)
    found = line(stage, rules[0])
    assert found.upheld == 1
    assert found.overturned >= 1
    assert found.false_alarms.whole == found.upheld + found.overturned


def test_a_second_opinion_counts_among_the_decisions(stage: Stage) -> None:
    draw(stage)
    judged(stage, RULE)
    reading = drawn()[-1]
    olga = stage.member("olga")
    taken = services.take_reading(actor=olga, reading_id=reading.id)
    services.judge_reading(
        actor=olga, reading_id=reading.id, version=taken.version,
        judging=Judging(opinion=Opinion.WITHIN, needless=[RULE]),
    )  # fmt: skip
    stage.commit()
    found = line(stage, RULE)
    assert (found.needless, found.false_alarms.part, found.false_alarms.whole) == (1, 1, 1)


def test_figures_are_of_their_days_and_their_set(stage: Stage) -> None:
    with clock.moved(timedelta(days=-40)):
        judged(stage, RULE)
    report = queries.rule_report(viewer=stage.member("paul"), days=30)
    assert RULE not in {one.rule for one in (*report.fired, *report.silent)}
    assert line(stage, RULE, days=90).fired == 1
    in_force = queries.rule_report(viewer=stage.member("paul"), days=90, version_id=1)
    assert RULE not in {one.rule for one in in_force.fired}  # judged by no set
    assert len(in_force.silent) > 50


@pytest.mark.parametrize(
    ("found", "days", "texts", "says"),
    [
        (RuleLine("r", fired=40, overturned=34, upheld=6), 30, 100, "sharpen"),
        (RuleLine("r", fired=5, overturned=5), 30, 100, "sharpen"),
        (RuleLine("r", fired=4, overturned=4), 30, 100, ""),
        (RuleLine("r", fired=10, overturned=6, upheld=4), 30, 100, ""),  # half is not excluded
        (RuleLine("r", fired=10, overridden=8, heeded=2), 30, 100, "unheard"),
        (RuleLine("r", fired=10, overridden=7, heeded=3), 30, 100, ""),
        (RuleLine("r"), 365, 500, "never"),
        (RuleLine("r"), 365, 499, ""),
        (RuleLine("r"), 90, 5000, ""),
        (RuleLine("r", fired=1), 365, 5000, ""),
    ],
)
def test_a_suggestion_needs_enough_to_stand_on(
    found: RuleLine, days: int, texts: int, says: str
) -> None:
    assert found.suggestion(days=days, texts=texts) == says


def test_the_figures_are_for_compliance_and_medical(stage: Stage) -> None:
    for who in ("rosa", "cora", "amara", "ada", "safi"):
        with pytest.raises(NotFound):
            queries.rule_report(viewer=stage.member(who), days=30)
    with pytest.raises(NotFound):
        queries.rule_report(viewer=stage.member("olga"), days=7)
    with pytest.raises(NotFound):
        queries.rule_report(viewer=stage.member("olga"), days=30, version_id=999)
