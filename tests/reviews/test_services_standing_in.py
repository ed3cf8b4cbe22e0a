"""Desks that nobody holds: their cases fall to who stands in, and none is lost."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel.db import db
from community.reviews.models import Review, ReviewKind
from community.reviews.services import open_review
from tests.stage import Stage


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
            countries=frozenset({"GB"}),
        )
    stage.commit()
    cases = db.session.scalars(sa.select(Review).order_by(Review.id)).all()
    assert [(case.desk, case.owner) for case in cases] == [
        ("safety", "compliance"),
        ("medical_information", "compliance"),
    ]
