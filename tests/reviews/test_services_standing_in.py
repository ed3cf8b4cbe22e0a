"""Desks that nobody holds: their cases fall to who stands in, and none is lost."""

from __future__ import annotations

import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.jobs import services as jobs
from community.kernel.db import db
from community.reviews import queries
from community.reviews.models import Review, ReviewKind
from community.reviews.services import hand_on, open_review
from community.spaces.models import MembershipState
from tests.stage import Stage
from tests.threads.said import HELD, ROUTED


def test_two_desks_without_a_holder_give_whoever_stands_in_a_case_each(stage: Stage) -> None:
    for who in ("safi", "dora"):
        stage.member(who).duties = []
    stage.commit()
    thread = stage.start("amara")
    for desk in ("safety", "medical_information"):
        open_review(
            kind=ReviewKind.ROUTED,
            desk=desk,
            author=stage.member("amara"),
            space=stage.space(),
            thread_id=thread.id,
            subject_kind="post",
            subject_id=1,
            text="Dizzy, and is there anything in HFpEF?",
            client_key="one-request",
            findings=[],
            clock_from=thread.created_at,
        )
    stage.commit()
    cases = db.session.scalars(sa.select(Review).order_by(Review.id)).all()
    assert [(case.desk, case.owner) for case in cases] == [
        ("safety", "compliance"),
        ("medical_information", "compliance"),
    ]


def side_effect(stage: Stage) -> Review:
    stage.reply("amara", stage.start("amara"), ROUTED)
    return db.session.scalars(sa.select(Review).where(Review.desk == "safety")).one()


def owners_names(case: Review) -> list[str]:
    return [owner.name for owner in queries.owners_of(case)]


def test_a_case_goes_to_who_stands_in_once_its_desk_has_lost_its_last_holder(stage: Stage) -> None:
    case = side_effect(stage)
    stage.member("safi").duties = []
    stage.commit()

    handed_on = hand_on()
    stage.commit()

    assert (handed_on, case.owner, case.version) == (1, "compliance", 2)
    assert owners_names(case) == ["Paul Maddern"]
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.actor_id) == ("review.handed_on", None)
    jobs.work_off()
    assert stage.letters()[0].to == "paul@example.org"
    assert f"/reviews/{case.id}" in stage.letters()[0].body
    assert hand_on() == 0


def test_cases_of_moderators_go_on_when_their_space_has_none_left(stage: Stage) -> None:
    stage.reply("bruno", stage.start("amara"), HELD)
    case = db.session.scalars(sa.select(Review).where(Review.kind == ReviewKind.HOLD)).one()
    assert case.owner == "moderators"
    for who in ("mika", "cora"):
        stage.membership(who).state = MembershipState.LEFT
    stage.commit()

    assert hand_on() == 1
    assert case.owner == "compliance"


def test_a_case_that_nobody_at_all_can_decide_waits_for_the_first_who_can(stage: Stage) -> None:
    case = side_effect(stage)
    for who in ("safi", "paul", "ada"):
        stage.member(who).duties = []
    stage.commit()
    assert (hand_on(), case.owner, case.version) == (0, "safety", 1)

    stage.member("olga").duties = ["administrator"]
    stage.commit()
    assert (hand_on(), case.owner) == (1, "administrator")


def test_no_case_leaves_a_desk_that_is_held(stage: Stage) -> None:
    case = side_effect(stage)
    assert (hand_on(), case.owner, case.version) == (0, "safety", 1)
