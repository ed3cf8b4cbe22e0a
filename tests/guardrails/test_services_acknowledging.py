"""Acknowledging: staff are told what came into force, and post once they have understood it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from community.audit.models import AuditEntry
from community.guardrails import queries, services
from community.guardrails.jobs import look_at_the_day
from community.guardrails.models import Acknowledgement, GuardrailSetVersion
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.members.models import Member
from community.spaces.models import Membership, Role
from community.threads import services as threads
from tests.guardrails.drafting import begin, short_set
from tests.guardrails.test_services import NOW, add, sign
from tests.guardrails.test_services_drafts import make_new
from tests.stage import Stage


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.moved(NOW):
        yield


def answers(member: Member, version: GuardrailSetVersion) -> dict[str, int]:
    changes = queries.changes_for(member, version)
    return {each.id: each.answer for each in queries.scenarios_for(member, version, changes)}


def new_set(stage: Stage, day: date = date(2026, 11, 22)) -> GuardrailSetVersion:
    """Bring another set into force, or near it, of which staff know nothing."""
    short_set(stage)
    draft = begin(stage)
    make_new(stage, draft, day=day)
    version = services.offer_draft(actor=stage.member("cora"), draft=draft)
    stage.commit()
    sign(stage, version)
    return version


# --- being told -----------------------------------------------------------------------------------


def test_staff_who_post_are_told_once_when_a_set_comes_into_force(stage: Stage) -> None:
    version = new_set(stage)
    look_at_the_day()
    stage.work()
    told = [letter for letter in stage.work() if "New guardrails" in letter.subject]
    assert sorted(letter.to for letter in told) == ["cora@example.org", "rosa@example.org"]
    assert all(f"/guardrails/{version.id}/acknowledge" in letter.body for letter in told)
    assert version.announced_at == NOW


def test_a_set_that_waits_for_its_day_is_told_of_on_that_day(stage: Stage) -> None:
    version = new_set(stage, day=date(2026, 12, 1))
    look_at_the_day()
    assert version.announced_at is None
    with clock.moved(datetime(2026, 12, 1, 0, 0, 20, tzinfo=UTC)):
        look_at_the_day()
        letters = [letter for letter in stage.work() if "New guardrails" in letter.subject]
        assert len(letters) == 2
    entry = db.session.scalars(
        sa.select(AuditEntry).where(
            AuditEntry.action == "guardrail_set.in_force",
            AuditEntry.subject_id == str(version.id),
        )
    ).one()
    assert entry.actor_id is None


def test_who_has_acknowledged_meanwhile_gets_no_letter(stage: Stage) -> None:
    new_set(stage)
    stage.acknowledge("rosa")
    told = [letter.to for letter in stage.work() if "New guardrails" in letter.subject]
    assert told == ["cora@example.org"]


# --- what is asked --------------------------------------------------------------------------------


def test_three_questions_are_asked_and_some_of_them_about_what_changed(stage: Stage) -> None:
    version, rosa = new_set(stage), stage.member("rosa")
    comparison = queries.changes_for(rosa, version)
    assert comparison is not None
    assert comparison.touched == {"other.umbrella"}
    asked = queries.scenarios_for(rosa, version, comparison)
    assert len(asked) == 3
    assert [each.outcome_of for each in asked].count("other.umbrella") == 2  # it has no more
    assert len({each.id for each in asked}) == 3
    assert [each.id for each in queries.scenarios_for(rosa, version, comparison)] == [
        each.id for each in asked
    ]


def test_a_wrong_answer_acknowledges_nothing(stage: Stage) -> None:
    version, rosa = new_set(stage), stage.member("rosa")
    right = answers(rosa, version)
    first = next(iter(right))
    for wrong in ({}, right | {first: right[first] + 1}, {first: right[first]}):
        with pytest.raises(Invalid):
            services.acknowledge(actor=rosa, version=version, answers=wrong)
    assert queries.find_due(rosa) is version


def test_an_acknowledgement_is_kept_with_its_moment_and_never_changes(stage: Stage) -> None:
    version, rosa = new_set(stage), stage.member("rosa")
    services.note_missed(actor=rosa, version=version, wrong=["other.umbrella:hit:0"])
    services.note_missed(actor=stage.member("cora"), version=version, wrong=["of another"])
    stage.commit()
    kept = services.acknowledge(actor=rosa, version=version, answers=answers(rosa, version))
    stage.commit()
    assert (kept.at, kept.answers["tries"]) == (NOW, 2)
    assert queries.find_due(rosa) is None
    with pytest.raises(Conflict):
        services.acknowledge(actor=rosa, version=version, answers=answers(rosa, version))
    for deed in (sa.update(Acknowledgement).values(member_id=1), sa.delete(Acknowledgement)):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(deed)
        db.session.rollback()


@pytest.mark.parametrize(("who", "refusal"), [("olga", Forbidden), ("amara", NotFound)])
def test_who_posts_nowhere_for_the_company_acknowledges_nothing(
    stage: Stage, who: str, refusal: type[Exception]
) -> None:
    version = new_set(stage)
    with pytest.raises(refusal):
        services.acknowledge(actor=stage.member(who), version=version, answers={})
    assert queries.find_due(stage.member(who)) is None


def test_only_the_set_in_force_is_acknowledged(stage: Stage) -> None:
    version, rosa = new_set(stage, day=date(2026, 12, 1)), stage.member("rosa")
    with pytest.raises(NotFound):
        queries.get_due(viewer=rosa, version_id=version.id)
    with clock.moved(datetime(2026, 12, 1, 0, 0, 20, tzinfo=UTC)):
        assert queries.get_due(viewer=rosa, version_id=version.id).version is version


# --- posting --------------------------------------------------------------------------------------


def test_staff_do_not_post_before_they_have_acknowledged(stage: Stage) -> None:
    thread = stage.start("amara")
    new_set(stage)
    with pytest.raises(Forbidden) as refused:
        stage.try_reply("rosa", thread, "The label names 25 mg.")
    assert refused.value.code == "not_acknowledged"
    db.session.rollback()
    with pytest.raises(Forbidden):
        threads.preview(
            actor=stage.member("rosa"),
            membership=stage.membership("rosa"),
            thread=thread,
            text="The label names 25 mg.",
        )
    assert stage.reply("amara", thread, "I go on as before.").number == 2
    stage.acknowledge("rosa")
    assert stage.reply("rosa", thread, "The label names 25 mg.").number == 3


def test_who_becomes_a_liaison_later_acknowledges_first(stage: Stage) -> None:
    thread = stage.start("amara")
    short_set(stage)
    olga = stage.member("olga")
    db.session.add(
        Membership(space=stage.space(), member=olga, role=Role.MSL, joined_at=clock.now())
    )
    stage.commit()
    assert queries.find_due(olga) is not None
    with pytest.raises(Forbidden):
        stage.try_reply("olga", thread, "Welcome.")
    db.session.rollback()
    due = queries.get_due(viewer=olga, version_id=queries.find_due(olga).id)  # type: ignore[union-attr]
    assert (due.before, due.comparison, len(due.scenarios)) == (None, None, 3)
    stage.acknowledge("olga")
    assert stage.reply("olga", thread, "Welcome.").number == 2


# --- a set that comes into force between typing and sending --------------------------------------


def test_the_difference_is_said_when_another_set_judges_than_the_author_saw(stage: Stage) -> None:
    short_set(stage)
    thread = stage.start("amara")
    seen = preview(stage, "Take my umbrella.", thread).set_label
    new_set_again(stage)
    judgement = judged(stage, "Take my umbrella.", thread, seen)
    change = judgement.set_change
    assert change is not None
    assert (change.seen, change.now) == ("short 2026-12", "short 2027-01")
    assert (change.outcome_seen, change.outcome) == ("allow", "advise")
    assert (change.new, change.gone) == (("No umbrellas.",), ())
    assert change.is_stricter
    assert judged(stage, "Take my coat.", thread, seen).set_change is not None
    assert not judged(stage, "Take my coat.", thread, seen).set_change.is_stricter  # type: ignore[union-attr]
    assert judged(stage, "Take my umbrella.", thread, "short 2027-01").set_change is None
    assert judged(stage, "Take my umbrella.", thread, "no such 1").set_change is None


def new_set_again(stage: Stage) -> None:
    draft = begin(stage)
    make_new(stage, draft, day=date(2026, 11, 22))
    version = services.offer_draft(actor=stage.member("cora"), draft=draft)
    stage.commit()
    sign(stage, version)


def preview(stage: Stage, text: str, thread: object) -> services.Judgement:
    return threads.preview(
        actor=stage.member("amara"),
        membership=stage.membership("amara"),
        thread=thread,  # type: ignore[arg-type]
        text=text,
    )


def judged(stage: Stage, text: str, thread: object, seen: str) -> services.Judgement:
    return services.judge(
        services.Writing(
            author=stage.member("amara"),
            membership=stage.membership("amara"),
            text=text,
            seen_set=seen,
        )
    )


def test_old_sets_stay_readable_and_comparable(stage: Stage) -> None:
    first = short_set(stage)
    version = add(stage, version="2027-03", effective="2026-11-21")
    sign(stage, version)
    assert queries.find_set_before(version) is first
    comparison = queries.what_changed(first, version)
    assert comparison is not None
    assert comparison.is_empty
