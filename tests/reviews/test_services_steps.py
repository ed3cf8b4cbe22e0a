"""The steps of a case: ticked off one by one, and none lost when the case is closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit.models import AuditEntry
from community.kernel import migrations
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.reviews import services
from community.reviews.models import Deadline, DecisionKind, Review, Settled
from community.reviews.services import steps
from tests.stage import Stage
from tests.threads.said import ROUTED, STAFF_HELD
from tests.threads.test_services_parallel import at_once

HAND_OVER = "Enter the case in the safety system"


def told_safety(stage: Stage) -> Review:
    """A pregnancy under the medicine, told in a room: a case of Safety's."""
    stage.reply("amara", stage.start("amara"), ROUTED)
    return db.session.scalars(sa.select(Review)).one()


def step_of(case: Review, name: str = HAND_OVER) -> Deadline:
    return next(step for step in case.deadlines if step.name == name)


def settle(stage: Stage, case: Review, how: Settled = Settled.DONE, who: str = "safi") -> None:
    steps.settle(
        actor=stage.member(who), review_id=case.id, step_id=step_of(case).id, how=how
    )  # fmt: skip
    stage.commit()


def close(stage: Stage, case: Review, said: Mapping[int, Settled]) -> None:
    services.close(
        actor=stage.member("safi"), review_id=case.id, version=case.version,
        decision=DecisionKind.CLOSE, reason="Entered as AE-17.", said=said,
    )  # fmt: skip
    stage.commit()


def again(
    stage: Stage, case: Review, version: int, *, who: str = "safi", reason: str = "So."
) -> None:
    services.take_up_again(
        actor=stage.member(who), review_id=case.id, version=version, reason=reason
    )  # fmt: skip


def entries(action: str) -> list[AuditEntry]:
    wanted = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)
    return list(db.session.scalars(wanted))


def test_a_step_is_ticked_off_by_somebody_at_a_time_and_the_record_keeps_it(stage: Stage) -> None:
    case = told_safety(stage)
    settle(stage, case)
    step = step_of(case)
    assert step.met_at is not None
    assert (step.met_by_id, step.settled_as) == (stage.member("safi").id, Settled.DONE)
    (entry,) = entries("review.step_settled")
    assert entry.new == {"step": HAND_OVER, "settled": "done"}
    assert step not in case.unsettled


def test_the_same_tick_again_changes_nothing_and_another_one_is_told(stage: Stage) -> None:
    case = told_safety(stage)
    settle(stage, case)
    first = step_of(case).met_at
    settle(stage, case)
    assert step_of(case).met_at == first
    assert len(entries("review.step_settled")) == 1
    with pytest.raises(Conflict, match="just settled"):
        settle(stage, case, Settled.WAIVED)


def test_a_step_taken_up_again_waits_by_its_first_hour(stage: Stage) -> None:
    case = told_safety(stage)
    due = step_of(case).due_at
    settle(stage, case)
    steps.take_up_again(
        actor=stage.member("safi"), review_id=case.id, step_id=step_of(case).id
    )  # fmt: skip
    stage.commit()
    step = step_of(case)
    assert (step.met_at, step.met_by_id, step.settled_as, step.due_at) == (None, None, None, due)
    assert len(entries("review.step_reopened")) == 1


def test_opening_a_case_stops_the_clock_on_looking_at_it(stage: Stage) -> None:
    case = told_safety(stage)
    assert step_of(case, "Open the case in Safety").met_at is None
    services.note_opened(actor=stage.member("safi"), review=case)
    stage.commit()
    assert step_of(case, "Open the case in Safety").met_by_id == stage.member("safi").id
    assert step_of(case).met_at is None


def test_that_a_case_was_opened_is_ticked_off_and_taken_back_by_nobody(stage: Stage) -> None:
    case = told_safety(stage)
    seen = step_of(case, "Open the case in Safety")
    with pytest.raises(NotFound):
        steps.settle(
            actor=stage.member("safi"), review_id=case.id, step_id=seen.id, how=Settled.WAIVED
        )  # fmt: skip
    with pytest.raises(NotFound):
        steps.take_up_again(actor=stage.member("safi"), review_id=case.id, step_id=seen.id)


def test_a_version_back_and_forth_keeps_when_a_step_was_met(stage: Stage) -> None:
    case = told_safety(stage)
    settle(stage, case, Settled.WAIVED)
    met, key = step_of(case).met_at, step_of(case).id
    waiting = len(case.unsettled)
    db.session.remove()

    migrations.downgrade("0010")
    migrations.upgrade()

    again = db.session.get_one(Deadline, key)
    assert (again.met_at, again.settled_as, again.met_by_id, again.step) == (met, None, None, "")
    left = db.session.scalars(sa.select(Deadline).where(Deadline.met_at.is_(None))).all()
    assert len(left) >= waiting
    steps.settle(
        actor=stage.member("safi"), review_id=again.review.id, step_id=left[0].id, how=Settled.DONE
    )  # fmt: skip
    stage.commit()
    assert left[0].settled_as is Settled.DONE


def test_a_case_with_steps_that_wait_is_not_closed_by_a_sentence(stage: Stage) -> None:
    case = told_safety(stage)
    all_but_one = steps.all_alike(case, Settled.DONE)
    all_but_one.popitem()
    for said in ({}, all_but_one):
        with pytest.raises(Invalid, match="of each step") as refused:
            close(stage, case, said)
        stage.commit()
        assert refused.value.field == "steps"
        assert case.is_open
        assert case.version == 1
        assert len(case.unsettled) == len(all_but_one) + 1


def test_each_step_that_is_left_is_kept_as_what_it_was_said_to_be(stage: Stage) -> None:
    case = told_safety(stage)
    settle(stage, case)
    first, *others = case.unsettled
    said = {first.id: Settled.DONE} | {step.id: Settled.WAIVED for step in others}
    close(stage, case, said)
    assert len(others) > 0
    assert {step.id: step.settled_as for step in (first, *others)} == said
    assert step_of(case).settled_as is Settled.DONE
    assert all(step.met_at is not None for step in case.deadlines)
    (entry,) = entries("review.closed")
    assert entry.new is not None
    assert entry.new["steps"] == {first.name: "done"} | {step.name: "waived" for step in others}


def test_what_is_said_of_a_step_that_was_ticked_off_before_changes_nothing(stage: Stage) -> None:
    case = told_safety(stage)
    said = steps.all_alike(case, Settled.WAIVED)
    settle(stage, case)
    close(stage, case, said)
    assert step_of(case).settled_as is Settled.DONE


def test_what_a_deed_did_is_ticked_off_once_and_only_where_it_waits(stage: Stage) -> None:
    case = told_safety(stage)
    rosa = stage.member("rosa")
    for _ in range(2):
        steps.note_done(rosa, case, {"hand-over", "no such step"})
    stage.commit()
    assert (step_of(case).settled_as, step_of(case).met_by_id) == (Settled.DONE, rosa.id)
    assert len(entries("review.step_settled")) == 1


def test_a_case_whose_steps_are_all_settled_needs_no_word_on_them(stage: Stage) -> None:
    case = told_safety(stage)
    for step in case.unsettled:
        steps.settle(
            actor=stage.member("safi"), review_id=case.id, step_id=step.id, how=Settled.DONE
        )  # fmt: skip
    close(stage, case, {})
    assert not case.is_open


def test_a_closed_case_keeps_its_steps_as_they_are(stage: Stage) -> None:
    case = told_safety(stage)
    close(stage, case, steps.all_alike(case, Settled.DONE))
    with pytest.raises((Conflict, Forbidden)):
        settle(stage, case, Settled.WAIVED)
    db.session.rollback()
    with pytest.raises((Conflict, Forbidden)):
        steps.take_up_again(
            actor=stage.member("safi"), review_id=case.id, step_id=step_of(case).id
        )  # fmt: skip


def test_a_case_closed_too_early_is_opened_again_with_its_steps_as_they_are(stage: Stage) -> None:
    case = told_safety(stage)
    due = step_of(case).due_at
    close(stage, case, steps.all_alike(case, Settled.WAIVED))
    services.take_up_again(
        actor=stage.member("safi"), review_id=case.id, version=case.version,
        reason="The patient was found out.",
    )  # fmt: skip
    stage.commit()

    assert case.is_open
    assert (case.decision, case.decided_by_id, case.decision_reason) == (None, None, "")
    assert case.unsettled == []
    steps.take_up_again(actor=stage.member("safi"), review_id=case.id, step_id=step_of(case).id)
    assert (step_of(case).met_at, step_of(case).due_at) == (None, due)
    (entry,) = entries("review.reopened")
    assert (entry.reason, entry.old) == (
        "The patient was found out.", {"state": "closed", "reason": "Entered as AE-17."}
    )  # fmt: skip


def test_a_case_is_opened_again_by_its_desk_once_and_with_a_reason(stage: Stage) -> None:
    case = told_safety(stage)
    version = case.version
    with pytest.raises(Forbidden):
        again(stage, case, version)
    close(stage, case, steps.all_alike(case, Settled.DONE))
    for who in ("amara", "mika", "olga", "ada"):
        with pytest.raises(NotFound):
            again(stage, case, case.version, who=who)
    with pytest.raises(Invalid):
        again(stage, case, case.version, reason=" ")
    with pytest.raises(Conflict):
        again(stage, case, version)
    assert not case.is_open


def test_a_decision_on_a_held_text_is_not_taken_back(stage: Stage) -> None:
    stage.reply("rosa", stage.start("amara"), STAFF_HELD)
    case = db.session.scalars(sa.select(Review)).one()
    services.close(
        actor=stage.member("olga"), review_id=case.id, version=case.version,
        decision=DecisionKind.RELEASE, reason="",
    )  # fmt: skip
    with pytest.raises(Forbidden, match="held text"):
        again(stage, case, case.version, who="olga")


def test_another_desks_case_and_another_cases_step_do_not_exist(stage: Stage) -> None:
    case = told_safety(stage)
    for who in ("amara", "mika", "olga", "ada"):
        with pytest.raises(NotFound):
            settle(stage, case, who=who)
    with pytest.raises(NotFound):
        steps.settle(
            actor=stage.member("safi"), review_id=case.id, step_id=987_654, how=Settled.DONE
        )  # fmt: skip


def test_of_a_held_text_the_decision_is_the_only_step(stage: Stage) -> None:
    stage.reply("rosa", stage.start("amara"), STAFF_HELD)
    case = db.session.scalars(sa.select(Review)).one()
    assert case.steps == []
    with pytest.raises(NotFound):
        steps.settle(
            actor=stage.member("olga"), review_id=case.id, step_id=case.deadlines[0].id,
            how=Settled.DONE,
        )  # fmt: skip


def test_of_who_closes_a_case_and_who_takes_a_step_up_again_at_once_one_is_first(
    app: Flask, stage: Stage
) -> None:
    case = told_safety(stage)
    settle(stage, case)
    said = steps.all_alike(case, Settled.WAIVED)

    def closing(own: Stage) -> str:
        try:
            close(own, db.session.scalars(sa.select(Review)).one(), said)
        except Invalid:
            db.session.rollback()
            return "refused"
        return "closed"

    def taking_up(own: Stage) -> str:
        own_case = db.session.scalars(sa.select(Review)).one()
        try:
            steps.take_up_again(
                actor=own.member("safi"), review_id=own_case.id, step_id=step_of(own_case).id
            )  # fmt: skip
        except Forbidden:
            db.session.rollback()
            return "refused"
        own.commit()
        return "taken up"

    answers = at_once(app, closing, taking_up)

    db.session.rollback()
    db.session.expire_all()
    assert ("closed" in answers) is ("taken up" not in answers)
    assert case.is_open is ("taken up" in answers)
    assert (step_of(case).met_at is None) is case.is_open


def test_of_two_who_tick_a_step_at_once_one_tick_is_kept(app: Flask, stage: Stage) -> None:
    told_safety(stage)
    stage.commit()

    def ticking(how: Settled) -> Callable[[Stage], str]:
        def tick(own: Stage) -> str:
            settle(own, db.session.scalars(sa.select(Review)).one(), how)
            return how.value

        return tick

    answers = at_once(app, ticking(Settled.DONE), ticking(Settled.WAIVED))

    db.session.rollback()
    (entry,) = entries("review.step_settled")
    assert sorted(answers) == sorted(["conflict", str((entry.new or {})["settled"])])
