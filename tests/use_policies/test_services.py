"""Accepting and declining: what is kept, what asks again, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from community.audit.models import AuditEntry
from community.gate import Door, door_for
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Conflict, Invalid, NotFound
from community.use_policies import queries, services
from community.use_policies.library import UsePolicyText
from community.use_policies.models import Acceptance, AcceptancesNeverChange
from tests.stage import Stage
from tests.use_policies.conftest import BEFORE_NEXT, WITH_NEXT

OLD, NEW = "2026-11", "2027-01"


def accept(
    stage: Stage, who: str, version: str = OLD, language: str = "en", **more: Any
) -> Acceptance:
    """Have a member accept the use policy as its page would, and commit."""
    text = queries.library().text("community", version, language)
    values = {
        "policy": "community",
        "version": version,
        "language": language,
        "sha256": text.sha256,
        "shown_as": "page",
        **more,
    }
    row = services.accept(actor=stage.member(who), **values)
    stage.commit()
    return row


def entries(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def test_an_acceptance_keeps_member_text_language_hash_time_and_how_it_was_shown(
    stage: Stage,
) -> None:
    with clock.moved(BEFORE_NEXT):
        row = accept(stage, "nora", language="de", browser="A browser")
    text = queries.library().text("community", OLD, "de")
    assert (row.member_id, row.policy, row.version) == (stage.member("nora").id, "community", OLD)
    assert (row.language, row.text, row.sha256) == ("de", text.exact, text.sha256)
    assert (row.accepted_at, row.shown_as, row.browser) == (BEFORE_NEXT, "page", "A browser")


def test_the_door_opens_with_the_acceptance_and_shuts_with_the_next_version(stage: Stage) -> None:
    assert door_for(stage.member("nora")) is Door.POLICY
    accept(stage, "nora")
    with clock.moved(BEFORE_NEXT):
        assert door_for(stage.member("nora")) is Door.OPEN
    with clock.moved(WITH_NEXT):
        assert door_for(stage.member("nora")) is Door.POLICY
        accept(stage, "nora", NEW)
        assert door_for(stage.member("nora")) is Door.OPEN


def test_an_acceptance_is_proven(stage: Stage) -> None:
    row = accept(stage, "nora")
    (entry,) = entries("use_policy.accepted")
    assert (entry.actor_id, entry.subject_id) == (row.member_id, str(row.id))
    assert entry.new["sha256"] == row.sha256


def test_accepting_twice_keeps_one_row_with_the_first_time(stage: Stage) -> None:
    first = accept(stage, "nora")
    second = accept(stage, "nora", language="de")
    assert second.id == first.id
    assert second.language == "en"
    assert len(entries("use_policy.accepted")) == 1


def test_a_text_of_another_hash_is_not_accepted(stage: Stage) -> None:
    with pytest.raises(Invalid):
        accept(stage, "nora", sha256="0" * 64)
    assert queries.acceptances(viewer=stage.member("nora")) == []


def test_the_hash_of_the_german_text_does_not_accept_the_english_one(stage: Stage) -> None:
    german = queries.library().text("community", OLD, "de")
    with pytest.raises(Invalid):
        accept(stage, "nora", language="en", sha256=german.sha256)


def test_a_version_that_no_longer_holds_is_not_accepted(stage: Stage) -> None:
    with clock.moved(WITH_NEXT), pytest.raises(Conflict):
        accept(stage, "nora", OLD)


def test_a_version_that_does_not_hold_yet_is_not_there(stage: Stage) -> None:
    with clock.moved(BEFORE_NEXT), pytest.raises(NotFound):
        accept(stage, "nora", NEW)


@pytest.mark.parametrize(("policy", "version"), [("community", "1999-01"), ("nothing", OLD)])
def test_an_unknown_version_is_not_there(stage: Stage, policy: str, version: str) -> None:
    with pytest.raises(NotFound):
        services.accept(
            actor=stage.member("nora"), policy=policy, version=version, language="en",
            sha256="0" * 64, shown_as="page",
        )  # fmt: skip


def test_two_acceptances_at_the_same_moment_make_one_row(stage: Stage) -> None:
    with _quicker_elsewhere(stage), pytest.raises(Conflict) as refused:
        accept(stage, "nora")
    assert refused.value.code == "accepted_twice"
    db.session.rollback()
    assert len(queries.acceptances(viewer=stage.member("nora"))) == 1


@contextmanager
def _quicker_elsewhere(stage: Stage) -> Iterator[None]:
    """Put the same acceptance into the database, just before the session writes its own."""
    text = queries.library().text("community", OLD, "en")
    values = _row(stage.member("nora").id, text)

    def write(*_: object) -> None:
        with db.engine.begin() as other:
            other.execute(sa.insert(Acceptance).values(values))

    stage.commit()
    event.listen(db.session(), "before_flush", write, once=True)
    yield


def _row(member_id: int, text: UsePolicyText) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "policy": text.id,
        "version": text.version,
        "language": text.language,
        "sha256": text.sha256,
        "text": text.exact,
        "accepted_at": clock.now(),
        "shown_as": "page",
        "browser": "",
    }


def test_an_acceptance_is_never_changed_or_erased(stage: Stage) -> None:
    row = accept(stage, "nora")
    row.language = "de"
    with pytest.raises(AcceptancesNeverChange):
        db.session.flush()
    db.session.rollback()
    db.session.delete(row)
    with pytest.raises(AcceptancesNeverChange):
        db.session.flush()


def test_a_refusal_is_proven_and_takes_nothing(stage: Stage) -> None:
    nora = stage.member("nora")
    services.decline(actor=nora, policy="community", version=OLD)
    stage.commit()
    (entry,) = entries("use_policy.declined")
    assert (entry.actor_id, entry.new) == (nora.id, {"policy": "community", "version": OLD})
    accept(stage, "nora")
    assert door_for(stage.member("nora")) is Door.OPEN


def test_what_is_new_names_the_points_and_the_words(stage: Stage) -> None:
    with clock.moved(WITH_NEXT):
        asked = queries.find_asked(viewer=stage.member("amara"), language="en")
    assert asked is not None
    assert asked.changes is not None
    assert asked.shown_as == "page with differences"
    assert [version for version, _ in asked.changes.points] == [NEW]
    assert asked.changes.points[0][1] == queries.library().text("community", NEW, "en").changes
    kinds = {run.kind for block in asked.changes.blocks for run in block.runs}
    assert kinds == {"same", "added", "removed"}


def test_what_is_new_is_compared_in_the_language_that_is_read(stage: Stage) -> None:
    with clock.moved(WITH_NEXT):
        asked = queries.find_asked(viewer=stage.member("amara"), language="de")
    assert asked is not None
    assert asked.changes is not None
    assert asked.changes.is_translated
    removed = [r.text for b in asked.changes.blocks for r in b.runs if r.kind == "removed"]
    old = queries.library().text("community", OLD, "de").markdown
    assert any(words.strip() in old and len(words) > 20 for words in removed)


def test_one_who_never_accepted_is_shown_no_differences(stage: Stage) -> None:
    asked = queries.find_asked(viewer=stage.member("nora"), language="en")
    assert asked is not None
    assert asked.changes is None
    assert asked.shown_as == "page"


def test_ones_own_acceptance_is_found_and_anothers_is_not_there(stage: Stage) -> None:
    (row,) = queries.acceptances(viewer=stage.member("amara"))
    found = queries.get_acceptance(viewer=stage.member("amara"), acceptance_id=row.id)
    assert found.id == row.id
    with pytest.raises(NotFound):
        queries.get_acceptance(viewer=stage.member("bruno"), acceptance_id=row.id)


def test_the_accepted_text_comes_back_from_the_row_alone(stage: Stage) -> None:
    row = accept(stage, "nora", language="de")
    found = queries.find_accepted_text(row)
    assert found is not None
    assert found.sha256 == row.sha256


def test_every_clause_has_its_number_its_title_and_its_words(stage: Stage) -> None:
    clauses = queries.clauses(queries.library().text("community", OLD, "en"))
    assert [clause.number for clause in clauses] == [str(number) for number in range(1, 11)]
    assert clauses[0].title == "Who runs this, and why"
    assert all("<p>" in clause.html for clause in clauses)
    assert "<h3>What we do with what you say</h3>" in clauses[1].html
