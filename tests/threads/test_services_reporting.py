"""A post is reported: one case a post, one report a member, and an answer to each who asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit import services as audit
from community.audit.models import AuditEntry
from community.desk import queries as cases
from community.desk import services as desk
from community.desk.titles import title_of
from community.kernel import clock, migrations
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.members.models import Member
from community.reviews import queries as reviews
from community.reviews import services as review_services
from community.reviews.models import DecisionKind, Review, ReviewKind, Settled
from community.reviews.services import steps
from community.spaces.models import Role
from community.threads import services
from community.threads.models import Post, PostState, Report, ReportReason
from tests.cast import START
from tests.stage import Stage, new_key
from tests.threads.said import PLAIN, STAFF_PLAIN
from tests.threads.test_services_parallel import at_once

WORDS = "The third line is the trouble."
Reason = ReportReason


@pytest.fixture
def post(stage: Stage) -> Post:
    """A post of Bruno's, with one before it."""
    return stage.reply("bruno", stage.start("amara"), PLAIN)


def report(
    stage: Stage, who: str, post: Post, reason: Reason = Reason.WRONG, words: str = WORDS,
    **more: Any,
) -> Report:  # fmt: skip
    """Have a member report a post, and commit."""
    made = services.report_post(
        actor=stage.member(who), membership=stage.membership(who), post=post, reason=reason,
        words=words, **{"client_key": new_key(), **more},
    )  # fmt: skip
    stage.commit()
    return made


def decide(
    stage: Stage, case: Review, decision: DecisionKind, *, who: str = "mika",
    reason: str = "We have read it twice.",
) -> None:  # fmt: skip
    """Have a moderator decide a case, and commit."""
    desk.decide(
        actor=stage.member(who), review_id=case.id, version=case.version, decision=decision,
        reason=reason,
    )  # fmt: skip
    stage.commit()


def all_cases() -> list[Review]:
    return list(db.session.scalars(sa.select(Review).order_by(Review.id)))


def deadlines(case: Review) -> dict[str, datetime]:
    return {step.name: step.due_at for step in case.deadlines}


def entries(action: str) -> list[AuditEntry]:
    wanted = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)
    return list(db.session.scalars(wanted))


def letters_about(stage: Stage, subject: str) -> list[tuple[str, str]]:
    return [(each.to, each.body) for each in stage.work() if each.subject == subject]


def test_a_report_opens_a_case_of_the_moderators_about_a_post_that_stands(
    stage: Stage, post: Post
) -> None:
    made = report(stage, "amara", post)
    (case,) = all_cases()
    assert made.review is case
    assert (case.kind, case.owner, case.subject_kind, case.subject_id, case.text) == (
        ReviewKind.REPORT, "moderators", "post", post.id, PLAIN
    )  # fmt: skip
    assert case.author_id == post.author_id
    assert post.state is PostState.PUBLISHED
    assert {member.name for member in reviews.owners_of(case)} == {
        "Dr Mika Lindqvist", "Cora Whitfield"
    }  # fmt: skip


def test_a_report_is_read_within_four_office_hours_and_decided_within_a_day(
    stage: Stage, post: Post
) -> None:
    with clock.moved(START):
        report(stage, "amara", post)
    (case,) = all_cases()
    assert deadlines(case) == {
        "Read the report": START + timedelta(hours=4),
        "Decide, and tell those who reported": START + timedelta(hours=8),
    }
    assert case.unsettled == []


def test_opening_the_case_stops_the_first_clock_and_deciding_it_the_second(
    stage: Stage, post: Post
) -> None:
    report(stage, "amara", post)
    (case,) = all_cases()
    review_services.note_opened(actor=stage.member("cora"), review=case)
    assert [step.met_at is not None for step in case.deadlines] == [True, False]
    decide(stage, case, DecisionKind.CLOSE)
    assert [(step.met_by_id, step.settled_as) for step in case.deadlines] == [
        (stage.member("cora").id, Settled.DONE), (stage.member("mika").id, Settled.DONE)
    ]  # fmt: skip


def test_what_may_show_a_patient_is_read_within_the_hour_and_privacy_knows(
    stage: Stage, post: Post
) -> None:
    with clock.moved(START):
        report(stage, "amara", post, Reason.PATIENT)
    case, of_privacy = all_cases()
    assert min(deadlines(case).values()) == START + timedelta(hours=1)
    assert (of_privacy.owner, of_privacy.kind, of_privacy.text) == (
        "privacy", ReviewKind.ROUTED, PLAIN
    )  # fmt: skip
    assert deadlines(of_privacy)["Hide the post from everyone but those on the case"] == (
        START + timedelta(minutes=15)
    )
    seen = cases.get_case(viewer=stage.member("paul"), review_id=of_privacy.id)
    assert [each.words for each in seen.reports] == [WORDS]


def test_the_same_press_twice_is_one_report(stage: Stage, post: Post) -> None:
    key = new_key()
    first = report(stage, "amara", post, client_key=key)
    assert report(stage, "amara", post, client_key=key) is first
    assert len(all_cases()) == len(db.session.scalars(sa.select(Report)).all()) == 1
    with pytest.raises(Conflict, match="other words"):
        report(stage, "amara", post, words="Other words.", client_key=key)


def test_who_reports_again_while_the_case_is_open_has_said_it_already(
    stage: Stage, post: Post
) -> None:
    first = report(stage, "amara", post)
    assert report(stage, "amara", post, Reason.UNKIND, "And rude.") is first
    assert (first.reason, first.words) == (Reason.WRONG, WORDS)
    assert len(entries("post.reported")) == 1


def test_who_reports_again_after_the_decision_is_heard_anew(stage: Stage, post: Post) -> None:
    first = report(stage, "amara", post)
    decide(stage, first.review, DecisionKind.CLOSE)
    second = report(stage, "amara", post, words="It was edited since.")
    assert second.review is not first.review
    assert second.review.is_open


def test_a_second_member_joins_the_case_that_is_open(stage: Stage, post: Post) -> None:
    report(stage, "amara", post)
    report(stage, "rosa", post, Reason.UNKIND, "")
    report(stage, "sven", post, Reason.UNKIND, "He means Amara.")
    (case,) = all_cases()
    seen = cases.get_case(viewer=stage.member("mika"), review_id=case.id)
    assert [(each.member.name, each.reason, each.words) for each in seen.reports] == [
        ("Dr Amara Okafor", Reason.WRONG, WORDS),
        ("Dr Rosa Bianchi", Reason.UNKIND, ""),
        ("Dr Sven Aalto", Reason.UNKIND, "He means Amara."),
    ]
    assert case.rules == {"report.wrong", "report.unkind"}
    assert len(case.deadlines) == 2


def test_a_second_report_that_names_a_patient_makes_the_case_urgent(
    stage: Stage, post: Post
) -> None:
    with clock.moved(START):
        report(stage, "amara", post)
    case = all_cases()[0]
    with clock.moved(START + timedelta(hours=1)):
        review_services.note_opened(actor=stage.member("mika"), review=case)
        stage.work()
        report(stage, "rosa", post, Reason.PATIENT, "A name, in the second line.")
    case, of_privacy = all_cases()
    waiting = [step for step in case.deadlines if step.met_at is None]
    assert (waiting[0].name, waiting[0].due_at) == (
        "Read the report: a patient may be known", START + timedelta(hours=2)
    )  # fmt: skip
    assert of_privacy.owner == "privacy"
    stage.work()
    report(stage, "sven", post, Reason.PATIENT, "I saw it, too.")
    assert len(all_cases()) == 2
    assert len(cases.get_case(viewer=stage.member("paul"), review_id=of_privacy.id).reports) == 2


def test_of_two_who_report_a_post_at_once_the_second_joins(app: Flask, stage: Stage) -> None:
    post_id = stage.reply("bruno", stage.start("amara"), PLAIN).id

    def reporting(who: str) -> Any:
        def deed(own: Stage) -> str:
            report(own, who, db.session.get_one(Post, post_id))
            return "reported"

        return deed

    assert at_once(app, reporting("amara"), reporting("rosa")) == ["reported", "reported"]

    db.session.rollback()
    (case,) = all_cases()
    assert len(db.session.scalars(sa.select(Report).where(Report.review == case)).all()) == 2


def test_a_pause_keeps_nobody_from_reporting(stage: Stage, post: Post) -> None:
    assert report(stage, "sven", post).review.is_open


def test_ones_own_post_and_one_that_does_not_stand_are_not_reported(
    stage: Stage, post: Post
) -> None:
    with pytest.raises(Forbidden, match="your own post"):
        report(stage, "bruno", post)
    services.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=post,
        reason="It names a patient.",
    )  # fmt: skip
    stage.commit()
    with pytest.raises(NotFound):
        report(stage, "amara", post)
    assert all_cases() == []


def test_words_are_needed_for_something_else_and_are_never_too_many(
    stage: Stage, post: Post
) -> None:
    for words in (" ", "\u200b"):
        with pytest.raises(Invalid) as refused:
            report(stage, "amara", post, Reason.OTHER, words)
        assert refused.value.field == "words"
    with pytest.raises(Invalid, match="1,000"):
        report(stage, "amara", post, words="x" * 1_001)
    assert report(stage, "amara", post, words="é\r\n" * 499 + "x").words.endswith("é\nx")
    assert len(all_cases()) == 1


def test_a_post_that_is_left_as_it_is_stands_and_whoever_reported_it_reads_why(
    stage: Stage, post: Post
) -> None:
    report(stage, "amara", post)
    report(stage, "rosa", post, Reason.UNKIND, "")
    (case,) = all_cases()
    stage.work()
    decide(stage, case, DecisionKind.CLOSE, reason="A harsh view is no attack.")
    assert post.state is PostState.PUBLISHED
    found = letters_about(stage, "Moderators have looked at what you reported")
    assert {to for to, _ in found} == {"amara@example.org", "rosa@example.org"}
    for _, body in found:
        assert "it stays as it is" in body
        assert f"/posts/{post.id}/report" in body
        for words in (PLAIN, WORDS, "harsh view", "Lefèvre"):
            assert words not in body
    assert not any(each.to == "bruno@example.org" for each in stage.letters())


def test_a_post_that_is_taken_down_leaves_its_line_and_its_author_reads_why(
    stage: Stage, post: Post
) -> None:
    report(stage, "amara", post, Reason.UNKIND)
    (case,) = all_cases()
    stage.work()
    decide(stage, case, DecisionKind.REMOVE, reason="The words on her age.")
    assert (post.state, post.removed_role, post.removed_reason) == (
        PostState.REMOVED, "moderator", "The words on her age."
    )  # fmt: skip
    (entry,) = entries("post.removed")
    assert entry.actor_id == stage.member("mika").id
    ((to, _),) = letters_about(stage, "A post of yours was taken down")
    assert to == "bruno@example.org"
    ((to, body),) = letters_about(stage, "Moderators have looked at what you reported")
    assert to == "amara@example.org"
    assert "not in the room any more" in body
    assert not any("Okafor" in each.body for each in stage.letters() if "bruno" in each.to)


def test_a_moderator_puts_back_what_a_report_had_taken_down(stage: Stage, post: Post) -> None:
    case = report(stage, "amara", post).review
    decide(stage, case, DecisionKind.REMOVE)
    services.restore_post(
        actor=stage.member("cora"), membership=stage.membership("cora"), post=post,
        reason="On second thoughts.",
    )  # fmt: skip
    stage.commit()
    assert post.state is PostState.PUBLISHED


def test_a_post_that_went_meanwhile_leaves_nothing_to_take_down(stage: Stage, post: Post) -> None:
    case = report(stage, "amara", post).review
    services.remove_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post, reason=""
    )  # fmt: skip
    stage.commit()
    with pytest.raises(Conflict, match="taken down meanwhile"):
        decide(stage, case, DecisionKind.REMOVE)
    db.session.rollback()
    decide(stage, case, DecisionKind.CLOSE)
    ((_, body),) = letters_about(stage, "Moderators have looked at what you reported")
    assert "not in the room any more" in body


def test_a_decision_on_a_report_needs_its_reason_and_is_one_of_two(
    stage: Stage, post: Post
) -> None:
    case = report(stage, "amara", post).review
    with pytest.raises(Invalid):
        decide(stage, case, DecisionKind.REMOVE, reason=" ")
    db.session.rollback()
    for decision in (DecisionKind.RELEASE, DecisionKind.RETURN):
        with pytest.raises(Invalid):
            decide(stage, case, decision)
        db.session.rollback()
    assert case.is_open
    assert post.state is PostState.PUBLISHED


def test_a_moderator_does_not_know_of_the_case_on_their_own_post(stage: Stage) -> None:
    own = stage.reply("cora", stage.start("amara"), STAFF_PLAIN)
    case = report(stage, "amara", own).review
    assert [member.name for member in reviews.owners_of(case)] == ["Dr Mika Lindqvist"]
    assert case not in reviews.open_reviews(viewer=stage.member("cora"))
    with pytest.raises(NotFound):
        decide(stage, case, DecisionKind.CLOSE, who="cora")
    assert all("cora" not in to for to, _ in letters_about(stage, "A case is waiting for you"))


def test_a_post_of_the_only_moderator_falls_to_compliance_which_may_take_it_down(
    stage: Stage,
) -> None:
    own = stage.reply("cora", stage.start("amara"), STAFF_PLAIN)
    stage.membership("mika").role = Role.MEMBER
    stage.commit()
    case = report(stage, "amara", own).review
    assert (case.desk, case.owner) == ("moderators", "compliance")
    decide(stage, case, DecisionKind.REMOVE, who="paul")
    assert (own.state, own.removed_role) == (PostState.REMOVED, "compliance")
    ((to, body),) = letters_about(stage, "A post of yours was taken down")
    assert to == "cora@example.org"
    assert "Paul Maddern of Alderwick has taken down" in body


def test_the_moderators_get_a_letter_without_a_word_of_the_room(stage: Stage, post: Post) -> None:
    stage.work()
    report(stage, "amara", post)
    found = letters_about(stage, "A case is waiting for you")
    assert {to for to, _ in found} == {"mika@example.org", "cora@example.org"}
    for _, body in found:
        assert "a member asks you to look at a post" in body
        for words in (PLAIN, WORDS, "Okafor", "Lefèvre"):
            assert words not in body


def test_the_record_keeps_who_reported_and_why_and_never_their_words(
    stage: Stage, post: Post
) -> None:
    made = report(stage, "amara", post)
    (entry,) = entries("post.reported")
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (
        stage.member("amara").id, "post", str(post.id)
    )  # fmt: skip
    assert entry.new == {"reason": "wrong", "case": made.review.id}
    (opened,) = entries("review.opened")
    assert opened.actor_id == stage.member("amara").id
    decide(stage, made.review, DecisionKind.CLOSE)
    assert entries("review.closed")[0].reason == "We have read it twice."
    for kept in db.session.scalars(sa.select(AuditEntry)):
        assert WORDS not in f"{kept.reason} {kept.new} {kept.old}"


def test_a_case_opened_again_is_answered_again(stage: Stage, post: Post) -> None:
    case = report(stage, "amara", post).review
    decide(stage, case, DecisionKind.CLOSE)
    stage.work()
    review_services.take_up_again(
        actor=stage.member("cora"), review_id=case.id, version=case.version, reason="Look again."
    )  # fmt: skip
    stage.commit()
    assert case.is_open
    decide(stage, case, DecisionKind.REMOVE, who="cora")
    assert len(letters_about(stage, "Moderators have looked at what you reported")) == 2


def test_who_has_left_the_room_gets_no_letter_from_it(stage: Stage, post: Post) -> None:
    case = report(stage, "amara", post).review
    gone: Member = stage.member("amara")
    gone.closed_at = clock.now()
    stage.commit()
    decide(stage, case, DecisionKind.CLOSE)
    assert letters_about(stage, "Moderators have looked at what you reported") == []


def test_no_step_of_a_report_is_ticked_off_by_hand(stage: Stage, post: Post) -> None:
    case = report(stage, "amara", post).review
    for step in case.deadlines:
        with pytest.raises(NotFound):
            steps.settle(
                actor=stage.member("mika"), review_id=case.id, step_id=step.id, how=Settled.DONE
            )  # fmt: skip


def test_a_version_back_and_forth_keeps_the_cases_that_reports_have_opened(
    app: Flask, stage: Stage, post: Post
) -> None:
    case = report(stage, "amara", post, Reason.PATIENT).review
    closed = report(stage, "rosa", stage.reply("amara", post.thread, "I agree.")).review
    decide(stage, closed, DecisionKind.CLOSE)
    key, due = case.id, deadlines(case)
    db.session.remove()

    migrations.downgrade("0011")
    assert not sa.inspect(db.engine).has_table("report")
    migrations.upgrade()

    again = db.session.get_one(Review, key)
    assert (again.kind, deadlines(again)) == (ReviewKind.ROUTED, due)
    with app.test_request_context():
        assert title_of(again) == "Something may show who a patient is"
    assert audit.verify().holds
    made = report(stage, "sven", db.session.get_one(Post, again.subject_id))
    assert made.review.kind is ReviewKind.REPORT
