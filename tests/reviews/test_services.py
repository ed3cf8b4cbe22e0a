"""Cases: who owns them, when they are due, and that one person decides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Conflict, Invalid, NotFound
from community.reviews import queries, services
from community.reviews.models import DecisionKind, Review
from tests.cast import CAST
from tests.stage import Stage
from tests.threads.said import HELD, ROUTED, STAFF_HELD

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


def cases() -> list[Review]:
    return list(db.session.scalars(sa.select(Review).order_by(Review.id)))


def held_by_medical(stage: Stage) -> Review:
    stage.reply("rosa", stage.start("amara"), STAFF_HELD)
    (case,) = cases()
    return case


def close(stage: Stage, who: str, case: Review, version: int = 1, reason: str = "So.") -> Review:
    return services.close(
        actor=stage.member(who),
        review_id=case.id,
        version=version,
        decision=DecisionKind.RETURN,
        reason=reason,
    )


def those_who_see(stage: Stage, case: Review) -> set[str]:
    return {who for who in CAST if case in queries.open_reviews(viewer=stage.member(who))}


def test_a_hold_of_the_medical_desk_is_seen_by_its_holders_alone(stage: Stage) -> None:
    assert those_who_see(stage, held_by_medical(stage)) == {"olga"}
    assert queries.count_open(viewer=stage.member("olga")) == 1
    assert queries.count_open(viewer=stage.member("mika")) == 0


def test_a_hold_of_the_moderators_is_theirs_in_that_space_and_never_its_authors(
    stage: Stage,
) -> None:
    stage.reply("mika", stage.start("amara"), HELD)
    case = next(case for case in cases() if case.owner == "moderators")
    assert those_who_see(stage, case) == {"cora"}


def test_a_desk_that_nobody_holds_falls_to_compliance_then_to_the_administrator(
    stage: Stage,
) -> None:
    stage.member("olga").duties = []
    thread = stage.start("amara")
    stage.reply("rosa", thread, STAFF_HELD)
    stage.member("paul").duties = ["legal"]
    stage.reply("rosa", thread, STAFF_HELD)
    assert [case.owner for case in cases()] == ["compliance", "administrator"]


def test_an_author_who_holds_the_desk_alone_does_not_own_the_case(stage: Stage) -> None:
    stage.member("rosa").duties = ["medical"]
    stage.member("olga").duties = []
    case = held_by_medical(stage)
    assert case.owner == "compliance"
    assert queries.open_reviews(viewer=stage.member("rosa")) == []


def test_of_two_deciders_the_second_is_told_and_changes_nothing(stage: Stage) -> None:
    case = held_by_medical(stage)
    stage.member("dora").duties = ["medical"]
    stage.commit()
    close(stage, "olga", case, reason="Name the source.")
    stage.commit()
    with pytest.raises(Conflict, match="Somebody else"):
        close(stage, "dora", case, reason="Mine.")
    db.session.rollback()
    assert (case.decision_reason, case.version) == ("Name the source.", 2)


def test_who_looked_at_an_older_version_decides_nothing(stage: Stage) -> None:
    case = held_by_medical(stage)
    with pytest.raises(Conflict):
        close(stage, "olga", case, version=7)


def test_somebody_elses_case_does_not_exist(stage: Stage) -> None:
    case = held_by_medical(stage)
    for who in ("mika", "rosa", "paul", "ada"):
        with pytest.raises(NotFound):
            close(stage, who, case)


def test_a_decision_that_is_no_release_needs_a_reason(stage: Stage) -> None:
    case = held_by_medical(stage)
    with pytest.raises(Invalid):
        close(stage, "olga", case, reason="  ")
    with pytest.raises(Invalid):
        close(stage, "olga", case, reason="x" * 2_001)
    assert case.is_open


def test_a_decided_case_has_met_its_deadlines_and_is_among_the_decided(stage: Stage) -> None:
    case = close(stage, "olga", held_by_medical(stage))
    stage.commit()
    assert all(deadline.met_at is not None for deadline in case.deadlines)
    assert queries.open_reviews(viewer=stage.member("olga")) == []
    assert list(queries.closed_reviews(viewer=stage.member("olga")).reviews) == [case]


def test_a_hold_is_read_within_an_hour_of_office_time(stage: Stage) -> None:
    with clock.moved(FRIDAY):
        case = held_by_medical(stage)
    assert [deadline.due_at for deadline in case.deadlines] == [
        datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    ]


def test_the_least_time_left_comes_first(stage: Stage) -> None:
    stage.member("olga").duties = ["medical", "safety"]
    thread = stage.start("amara")
    with clock.moved(FRIDAY):
        stage.reply("amara", thread, ROUTED)
        stage.reply("rosa", thread, STAFF_HELD)
    found = queries.open_reviews(viewer=stage.member("olga"))
    due = [min(deadline.due_at for deadline in case.deadlines) for case in found]
    assert len(due) == 2
    assert due == sorted(due)


def test_opening_a_case_leaves_an_entry_with_its_reader(stage: Stage) -> None:
    case = held_by_medical(stage)
    services.note_opened(actor=stage.member("olga"), review=case)
    stage.commit()
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "review.read")
    ).one()
    assert (entry.actor_name, entry.subject_id) == ("Dr Olga Petrov", str(case.id))


def test_the_owners_get_one_letter_without_a_word_of_the_text(stage: Stage) -> None:
    stage.reply("amara", stage.start("amara", title="At the second visit"), ROUTED)
    letters = stage.work()
    assert [letter.to for letter in letters] == ["safi@example.org"]
    for word in ("pregnant", "Ortelvane", "second visit"):
        assert word not in letters[0].subject + letters[0].body
    assert len(stage.work()) == 1
