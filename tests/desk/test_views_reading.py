"""Whoever reads a case leaves a trace, by whichever address they read it."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.kernel.db import db
from community.reviews.models import Review
from tests.stage import Stage, Visitor
from tests.threads.said import STAFF_HELD

Visit = Callable[[str | None], Visitor]


def readings() -> int:
    """How often the record says that a case was read."""
    query = sa.select(sa.func.count()).where(AuditEntry.action == "review.read")
    return db.session.scalar(query) or 0


def test_the_text_of_a_case_is_never_shown_without_a_trace(visit: Visit, stage: Stage) -> None:
    stage.reply("rosa", stage.start("amara"), STAFF_HELD)
    case = db.session.scalars(sa.select(Review)).one()
    path, version, olga = f"/reviews/{case.id}", str(case.version), visit("olga")
    assert "sacubitril" not in olga.get(path).text
    sendings = [
        (path, {}),
        (f"{path}/decision", {}),
        (f"{path}/decision", {"version": version, "decision": "return", "reason": ""}),
    ]

    for count, (address, data) in enumerate(sendings, start=1):
        assert "sacubitril" in olga.post(address, data).text
        stage.commit()
        assert readings() == count
