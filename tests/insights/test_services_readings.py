"""Second readings: what is drawn, who reads it, what the author and the rules' authors get."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.insights import queries, services
from community.insights.models import Opinion, RuleProposal, SecondReading
from community.insights.services import Judging
from community.kernel import clock, unit_of_work
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.reviews.models import Review, ReviewKind
from community.threads import services as threads
from community.threads.models import PostState
from tests.insights.drawn import draw, draw_reply, drawn
from tests.stage import Stage
from tests.threads.said import STAFF_BLOCKED, STAFF_HELD

OUTSIDE = Judging(opinion=Opinion.OUTSIDE, note="Name the source, and take it down till then.")


def take(stage: Stage, reading: SecondReading, who: str = "olga") -> SecondReading:
    taken = services.take_reading(actor=stage.member(who), reading_id=reading.id)
    stage.commit()
    return taken


def judge(
    stage: Stage, reading: SecondReading, judging: Judging = OUTSIDE, who: str = "olga"
) -> SecondReading:
    taken = take(stage, reading, who)
    services.judge_reading(
        actor=stage.member(who), reading_id=reading.id, version=taken.version, judging=judging
    )
    stage.commit()
    return taken


# --- what is drawn ----------------------------------------------------------------------------


def test_what_the_company_publishes_at_once_is_drawn_and_nothing_else(stage: Stage) -> None:
    draw(stage)
    thread = stage.start("rosa", "What would you like to hear about?", title="A question")
    stage.reply("amara", thread, "A health professional is not checked.")
    stage.reply("rosa", thread, STAFF_HELD)
    stage.try_reply("rosa", thread, STAFF_BLOCKED)
    stage.reply("cora", thread, "I shall ask the safety team.")
    assert [one.post.author.name for one in drawn()] == ["Dr Rosa Bianchi", "Cora Whitfield"]


def test_what_a_desk_releases_was_approved_and_is_not_drawn(stage: Stage) -> None:
    draw(stage)
    post = stage.reply("rosa", stage.start("amara"), STAFF_HELD)
    threads.release_post(actor=stage.member("olga"), post=post)
    stage.commit()
    assert post.state is PostState.PUBLISHED
    assert drawn() == []


def test_an_edit_that_is_shown_at_once_is_drawn_with_its_own_words(stage: Stage) -> None:
    post = stage.reply("rosa", stage.start("amara"), "Thank you, I will look that up.")
    draw(stage)
    threads.edit_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
        text="Thank you, I will look that up and ask.", client_key="an-edit",
    )  # fmt: skip
    stage.commit()
    assert [one.revision.text for one in drawn()] == ["Thank you, I will look that up and ask."]


def test_a_post_and_its_draw_stand_or_fall_together(stage: Stage) -> None:
    draw(stage)
    thread = stage.start("amara")
    threads.publish_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), thread=thread,
        text="Thank you, I will look that up.", client_key="one",
    )  # fmt: skip
    assert len(drawn()) == 1
    unit_of_work.rollback()
    assert drawn() == []


def test_the_draw_is_the_same_each_time_foreseen_by_nobody_and_as_often_as_it_says() -> None:
    def sample(key: str) -> set[int]:
        numbers = range(1, 20_001)
        return {n for n in numbers if services.is_drawn(revision_id=n, percent=5, key=key)}

    ours = sample("our key")
    assert ours == sample("our key")
    assert 850 <= len(ours) <= 1150  # 1,000 expected; five standard deviations are 154
    assert len(ours & sample("another key")) < 120  # 50 by chance
    assert not any(services.is_drawn(revision_id=n, percent=0, key="k") for n in range(2000))
    assert all(services.is_drawn(revision_id=n, percent=100, key="k") for n in range(2000))


def test_a_draw_has_three_working_days_and_is_proven(stage: Stage) -> None:
    reading = draw_reply(stage)
    assert reading.due_at == clock.add_business_hours(reading.drawn_at, 3 * 8, "UTC")
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "second_reading.drawn")
    ).one()
    assert (entry.actor_name, entry.new["percent"]) == ("Roundtable", 100)


# --- how many are drawn -----------------------------------------------------------------------


def test_a_rate_is_set_by_compliance_or_an_administrator_and_proven(stage: Stage) -> None:
    assert queries.percent_of(stage.space().id) == queries.DEFAULT_PERCENT
    draw(stage, 20)
    services.set_rate(actor=stage.member("ada"), space=stage.space(), percent=30, version=1)
    stage.commit()
    assert queries.percent_of(stage.space().id) == 30
    assert queries.percent_of(stage.space("neurology").id) == queries.DEFAULT_PERCENT
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.action, entry.old, entry.new) == (
        "sample_rate.changed", {"percent": 20}, {"percent": 30},
    )  # fmt: skip


def test_an_old_page_sets_no_rate_and_none_is_over_a_hundred(stage: Stage) -> None:
    draw(stage, 20)
    for version in (0, 7):
        with pytest.raises(Conflict):
            services.set_rate(
                actor=stage.member("ada"), space=stage.space(), percent=30, version=version
            )
        unit_of_work.rollback()
    for percent in (-1, 101):
        with pytest.raises(Invalid):
            services.set_rate(
                actor=stage.member("ada"), space=stage.space(), percent=percent, version=1
            )
    for who in ("olga", "rosa", "amara", "cora"):
        with pytest.raises(NotFound):
            services.set_rate(actor=stage.member(who), space=stage.space(), percent=1, version=1)


# --- who reads --------------------------------------------------------------------------------


def test_a_reading_is_taken_by_one_reader_at_a_time(stage: Stage) -> None:
    reading = draw_reply(stage)
    take(stage, reading)
    with pytest.raises(Forbidden) as refusal:
        take(stage, reading, "paul")
    assert refusal.value.code == "taken"
    unit_of_work.rollback()
    services.give_back(actor=stage.member("olga"), reading_id=reading.id)
    stage.commit()
    assert take(stage, reading, "paul").reader_id == stage.member("paul").id


def test_what_is_late_is_taken_over_and_who_had_it_is_told(stage: Stage) -> None:
    reading = draw_reply(stage)
    version = take(stage, reading).version
    with clock.moved(timedelta(days=8)):
        take(stage, reading, "paul")
        with pytest.raises(Forbidden):
            services.judge_reading(
                actor=stage.member("olga"), reading_id=reading.id, version=version, judging=OUTSIDE
            )


def test_nobody_reads_their_own_post_and_only_readers_read(stage: Stage) -> None:
    stage.member("rosa").duties = ["medical"]
    reading = draw_reply(stage)
    for who in ("rosa", "cora", "mika", "ada", "safi", "amara"):
        with pytest.raises(NotFound):
            take(stage, reading, who)
        unit_of_work.rollback()
    assert queries.waiting_readings(viewer=stage.member("rosa")) == []
    assert queries.count_waiting(viewer=stage.member("olga")) == 1
    assert queries.count_waiting(viewer=stage.member("amara")) == 0
    assert [one.name for one in queries.readers_of(reading)] == ["Paul Maddern", "Dr Olga Petrov"]


def test_each_look_at_the_text_is_proven(stage: Stage) -> None:
    reading = draw_reply(stage)
    judge(stage, reading)
    take(stage, reading, "paul")
    looks = db.session.scalars(
        sa.select(AuditEntry.actor_name).where(AuditEntry.action == "second_reading.read")
    )
    assert list(looks) == ["Dr Olga Petrov", "Paul Maddern"]


def test_a_reader_sees_the_question_and_five_posts_before_it(stage: Stage) -> None:
    thread = stage.start("amara", "What do you take away first?", title="Which first?")
    for number in range(7):
        stage.reply("bruno", thread, f"Reply {number}.")
    draw(stage)
    stage.reply("rosa", thread, "The label says to wait.")
    sheet = queries.sheet_of(drawn()[0])
    assert sheet.question is not None
    assert (sheet.question.number, sheet.question.author_name) == (1, "Dr Amara Okafor")
    assert [post.number for post in sheet.context] == [4, 5, 6, 7, 8]


# --- what is said -----------------------------------------------------------------------------


def test_a_reading_is_judged_once_by_who_has_taken_it(stage: Stage) -> None:
    reading = draw_reply(stage)
    with pytest.raises(Forbidden) as refusal:
        services.judge_reading(
            actor=stage.member("olga"), reading_id=reading.id, version=1, judging=OUTSIDE
        )
    assert refusal.value.code == "not_taken"
    unit_of_work.rollback()
    judge(stage, reading)
    with pytest.raises(Forbidden):
        judge(stage, reading)
    unit_of_work.rollback()
    assert [one.id for one in queries.read_readings(viewer=stage.member("paul"))] == [reading.id]


def test_a_page_of_before_judges_nothing(stage: Stage) -> None:
    reading = draw_reply(stage)
    version = take(stage, reading).version
    services.give_back(actor=stage.member("olga"), reading_id=reading.id)
    take(stage, reading)
    with pytest.raises(Conflict):
        services.judge_reading(
            actor=stage.member("olga"), reading_id=reading.id, version=version, judging=OUTSIDE
        )


@pytest.mark.parametrize(
    ("judging", "field"),
    [
        (Judging(opinion=Opinion.OUTSIDE), "note"),
        (Judging(opinion=Opinion.IMPROVABLE, note="  "), "note"),
        (Judging(opinion=Opinion.WITHIN, note="n" * 2001), "note"),
        (Judging(opinion=Opinion.WITHIN, proposal="n" * 2001), "proposal"),
        (Judging(opinion=Opinion.WITHIN, case_for="compliance"), "case_for"),
        (Judging(opinion=Opinion.OUTSIDE, note="So.", case_for="safety"), "case_for"),
        (Judging(opinion=Opinion.WITHIN, needless=["no.such-rule"]), "advice"),
    ],
)
def test_what_does_not_hold_together_is_not_kept(
    stage: Stage, judging: Judging, field: str
) -> None:
    reading = draw_reply(stage)
    with pytest.raises(Invalid) as refusal:
        judge(stage, reading, judging)
    assert refusal.value.field == field
    unit_of_work.rollback()
    assert not drawn()[0].is_read


def test_the_author_is_told_without_a_word_of_it_and_reads_it_on_a_page(stage: Stage) -> None:
    reading = draw_reply(stage)
    judge(stage, reading)
    rosa = stage.member("rosa")
    letter = next(one for one in stage.work() if one.to == "rosa@example.org")
    assert OUTSIDE.note not in letter.body
    assert reading.post.text not in letter.body
    assert queries.count_notes(viewer=rosa) == 1
    assert [one.note for one in queries.notes(viewer=rosa)] == [OUTSIDE.note]
    for who in ("cora", "olga", "amara"):
        with pytest.raises(NotFound):
            services.note_noticed(actor=stage.member(who), reading_id=reading.id)
    services.note_noticed(actor=rosa, reading_id=reading.id)
    services.note_noticed(actor=rosa, reading_id=reading.id)
    stage.commit()
    assert queries.count_notes(viewer=rosa) == 0


def test_praise_without_a_note_makes_no_letter(stage: Stage) -> None:
    judge(stage, draw_reply(stage), Judging(opinion=Opinion.WITHIN))
    assert "rosa@example.org" not in {letter.to for letter in stage.work()}
    assert queries.count_notes(viewer=stage.member("rosa")) == 1


def test_readers_get_one_letter_on_a_day_however_much_is_drawn(stage: Stage) -> None:
    reading = draw_reply(stage)
    stage.reply("rosa", reading.post.thread, "And one thing more.")
    stage.work()
    letters = [one for one in stage.work() if "second reader" in one.subject]
    assert sorted(one.to for one in letters) == ["olga@example.org", "paul@example.org"]
    assert not any(reading.post.text in letter.body for letter in letters)


@pytest.mark.parametrize("desk", ["compliance", "moderators"])
def test_a_text_outside_the_rules_becomes_a_case_of_the_desk_that_is_chosen(
    stage: Stage, desk: str
) -> None:
    reading = draw_reply(stage)
    judging = Judging(opinion=Opinion.OUTSIDE, note="No source is named.", case_for=desk)
    judge(stage, reading, judging)
    case = db.session.scalars(sa.select(Review)).one()
    assert (case.kind, case.owner, case.subject_id) == (ReviewKind.ROUTED, desk, reading.post_id)
    assert case.text == reading.revision.text
    assert "Dr Olga Petrov: No source is named." in case.findings[0]["why"]
    assert reading.review_id == case.id
    assert case.deadlines


# --- proposals --------------------------------------------------------------------------------


def proposal(stage: Stage) -> RuleProposal:
    judge(
        stage,
        draw_reply(stage),
        Judging(
            opinion=Opinion.WITHIN,
            proposal="It should know 'as a rule'.",
            proposal_rule="claims.absolute",
        ),
    )
    return db.session.scalars(sa.select(RuleProposal)).one()


def test_a_proposal_is_seen_by_those_who_write_the_rules_together(stage: Stage) -> None:
    made = proposal(stage)
    for who in ("paul", "olga", "dora", "safi", "cora", "mika"):
        assert queries.proposals(viewer=stage.member(who)) == [made]
    for who in ("rosa", "amara", "ada", "vera"):
        with pytest.raises(NotFound):
            queries.proposals(viewer=stage.member(who))


def test_a_proposal_is_answered_once_by_who_drafts_sets(stage: Stage) -> None:
    made = proposal(stage)
    for who in ("cora", "safi"):
        with pytest.raises(Forbidden):
            services.answer_proposal(actor=stage.member(who), proposal_id=made.id, answer="Yes.")
    with pytest.raises(Invalid):
        services.answer_proposal(actor=stage.member("paul"), proposal_id=made.id, answer=" ")
    services.answer_proposal(actor=stage.member("paul"), proposal_id=made.id, answer="In draft 4.")
    stage.commit()
    assert (made.answer, made.closed_by) == ("In draft 4.", stage.member("paul"))
    with pytest.raises(Conflict):
        services.answer_proposal(actor=stage.member("olga"), proposal_id=made.id, answer="No.")
