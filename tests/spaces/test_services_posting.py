"""The incident switch: who turns it, what it holds, who is told, and what stays afterwards."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.guardrails.models import GuardrailSetVersion, JudgedText
from community.kernel import unit_of_work
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.reviews.models import Review, ReviewKind
from community.spaces import access, queries, services
from community.spaces.models import PostingPause
from community.stream.models import Event
from community.threads import services as threads
from community.threads.models import PostState, RevisionState
from tests.stage import Stage
from tests.threads.said import PLAIN, STAFF_BLOCKED, STAFF_PLAIN

WHY = "A batch is being recalled."


def pause(stage: Stage, who: str = "paul", slug: str | None = "cardiology") -> PostingPause:
    """Have somebody pause the company's posting in a space, or everywhere, and commit."""
    own = queries.find_membership(
        viewer=stage.member(who), space_id=stage.space(slug or "cardiology").id
    )
    made = services.pause_posting(
        actor=stage.member(who), own=own, space=stage.space(slug) if slug else None, reason=WHY
    )
    stage.commit()
    return made


def resume(stage: Stage, made: PostingPause, who: str = "paul") -> None:
    """Have somebody lift a pause, and commit."""
    own = queries.find_membership(viewer=stage.member(who), space_id=stage.space().id)
    services.resume_posting(actor=stage.member(who), own=own, pause=made, reason="All is clear.")
    stage.commit()


def test_while_posting_is_paused_the_company_is_held_and_a_health_professional_is_not(
    stage: Stage,
) -> None:
    thread = stage.start("amara")
    assert stage.reply("rosa", thread, STAFF_PLAIN).state is PostState.PUBLISHED
    pause(stage)
    held = stage.reply("rosa", thread, "That is another thing.")
    assert held.state is PostState.HELD
    assert stage.reply("cora", thread, "So say I, the moderator.").state is PostState.HELD
    assert stage.reply("amara", thread, PLAIN).state is PostState.PUBLISHED
    case = db.session.scalars(sa.select(Review).where(Review.subject_id == held.id)).one()
    assert (case.kind, case.owner) == (ReviewKind.HOLD, "medical")
    assert "paused" in case.reason


def test_an_edit_of_the_company_is_held_too_and_a_block_stays_a_block(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("rosa", thread, STAFF_PLAIN)
    pause(stage)
    threads.edit_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
        text="I start high and wait for a week.", client_key="an-edit",
    )  # fmt: skip
    stage.commit()
    assert post.text == STAFF_PLAIN
    assert post.revisions[-1].state is RevisionState.HELD
    assert isinstance(stage.try_reply("rosa", thread, STAFF_BLOCKED), threads.Blocked)


def test_a_pause_of_one_space_leaves_the_others_alone_and_one_everywhere_does_not(
    stage: Stage,
) -> None:
    elsewhere = stage.start("ines", slug="neurology")
    made = pause(stage)
    assert stage.reply("cora", elsewhere, STAFF_PLAIN).state is PostState.PUBLISHED
    everywhere = pause(stage, slug=None)
    resume(stage, made)
    for slug in ("cardiology", "neurology"):
        assert queries.is_posting_paused(stage.space(slug).id)
    assert stage.reply("cora", elsewhere, "And one more.").state is PostState.HELD
    resume(stage, everywhere)
    assert not queries.is_posting_paused(stage.space().id)
    assert stage.reply("cora", elsewhere, "Thank you for waiting.").state is PostState.PUBLISHED


def test_a_set_without_a_rule_for_it_is_held_all_the_same(stage: Stage) -> None:
    version = db.session.scalars(sa.select(GuardrailSetVersion)).one()
    cut = version.source.index('[[rule]]\nid = "crisis.posting-paused"')
    end = version.source.index("# ══", cut)
    db.session.execute(
        sa.update(GuardrailSetVersion).values(
            source=version.source[:cut] + version.source[end:], sha256="of a set without the rule"
        )
    )
    stage.commit()
    thread = stage.start("amara")
    pause(stage)
    assert stage.reply("rosa", thread, STAFF_PLAIN).state is PostState.HELD
    kept = db.session.scalars(sa.select(JudgedText).order_by(JudgedText.id.desc())).first()
    assert kept is not None
    assert [finding["rule"] for finding in kept.findings] == ["posting-paused"]
    assert db.session.scalars(sa.select(Review)).one().owner == "medical"


def test_what_was_held_stays_at_its_desk_when_the_pause_is_lifted(stage: Stage) -> None:
    thread = stage.start("amara")
    made = pause(stage)
    held = stage.reply("rosa", thread, STAFF_PLAIN)
    resume(stage, made)
    assert held.state is PostState.HELD
    assert db.session.scalars(sa.select(Review)).one().is_open


@pytest.mark.parametrize("who", ["paul", "olga", "ada"])
def test_compliance_medical_and_administrators_pause_any_space_and_all(
    stage: Stage, who: str
) -> None:
    assert pause(stage, who).started_by.name == stage.member(who).name
    assert pause(stage, who, slug=None).is_everywhere


@pytest.mark.parametrize("who", ["mika", "cora"])
def test_moderators_pause_their_own_space_and_no_other(stage: Stage, who: str) -> None:
    assert pause(stage, who).started_as == "moderator"
    for space in (None, stage.space("neurology")):
        if who == "cora" and space is not None:
            continue  # she moderates it, too
        with pytest.raises(NotFound):
            services.pause_posting(actor=stage.member(who), own=None, space=space, reason=WHY)


@pytest.mark.parametrize(
    ("who", "refusal"), [("rosa", Forbidden), ("amara", Forbidden), ("safi", NotFound)]
)
def test_nobody_else_turns_the_switch(stage: Stage, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        pause(stage, who)
    unit_of_work.rollback()


def test_a_moderator_lifts_a_moderators_pause_and_not_that_of_compliance(stage: Stage) -> None:
    resume(stage, pause(stage, "cora"), "mika")
    with pytest.raises(Forbidden):
        resume(stage, pause(stage, "paul"), "mika")
    unit_of_work.rollback()
    running = queries.find_posting_pause(stage.space())
    assert running is not None
    resume(stage, running, "olga")


def test_a_pause_is_started_once_lifted_once_and_always_for_a_reason(stage: Stage) -> None:
    made = pause(stage)
    with pytest.raises(Conflict):
        pause(stage, "olga")
    unit_of_work.rollback()
    with pytest.raises(Invalid):
        services.resume_posting(actor=stage.member("olga"), own=None, pause=made, reason=" ")
    resume(stage, made)
    with pytest.raises(Conflict):
        resume(stage, made, "olga")
    unit_of_work.rollback()
    with pytest.raises(Invalid):
        services.pause_posting(actor=stage.member("paul"), own=None, space=None, reason="")
    assert pause(stage).id != made.id


def test_both_deeds_are_proven_with_their_reasons_and_told_to_the_room(stage: Stage) -> None:
    before = {slug: _space_news(stage, slug) for slug in ("cardiology", "neurology")}
    resume(stage, pause(stage, slug=None))
    for slug, count in before.items():
        assert _space_news(stage, slug) == count + 2
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(2))
    assert [(one.action, one.reason) for one in entries] == [
        ("posting.resumed", "All is clear."),
        ("posting.paused", WHY),
    ]


def _space_news(stage: Stage, slug: str) -> int:
    query = sa.select(sa.func.count()).select_from(Event).where(Event.kind == "space")
    return db.session.scalar(query.where(Event.space_id == stage.space(slug).id)) or 0


def test_letters_go_to_the_company_and_the_moderators_and_do_not_say_why(stage: Stage) -> None:
    pause(stage)
    letters = stage.work()
    assert {letter.to.split("@")[0] for letter in letters} == {"cora", "rosa", "mika"}
    assert not any(WHY in letter.body for letter in letters)


def test_the_reason_is_for_the_company_and_the_moderators(stage: Stage) -> None:
    def reads(who: str) -> bool:
        own = stage.membership(who) if who in {"amara", "mika", "rosa"} else None
        return bool(access.may_read_posting_reason(stage.member(who), own))

    assert [who for who in ("amara", "mika", "rosa", "paul", "ines") if reads(who)] == [
        "mika", "rosa", "paul",
    ]  # fmt: skip
