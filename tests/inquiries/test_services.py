"""A question on a use that is not approved is answered in person, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit.models import AuditEntry
from community.desk import services as desk
from community.inquiries import queries, services
from community.inquiries.models import Inquiry, InquiryState
from community.inquiries.services import Stopped
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.reviews.models import DecisionKind, Review, Settled
from community.reviews.services import steps
from community.stream.models import Event
from community.threads import services as threads
from community.threads.models import Post, Thread
from community.threads.services.routing import question_of
from tests import cast
from tests.stage import Stage, new_key
from tests.threads.said import BLOCKED, OFF_LABEL, ROUTED
from tests.threads.test_services_parallel import at_once


def the_inquiry() -> Inquiry:
    return db.session.scalars(sa.select(Inquiry)).one()


def answer(
    stage: Stage, inquiry: Inquiry, text: str = "Not in HFpEF.", *, is_full: bool = True
) -> None:
    who = "dora"
    services.note_opened(actor=stage.member(who), inquiry=inquiry)
    services.answer_inquiry(
        actor=stage.member(who), inquiry=inquiry, text=text, references="- ORT-01\n\nORT-02",
        delivery="Full text by post", is_full=is_full, client_key=new_key(),
        version=inquiry.version,
    )  # fmt: skip
    stage.commit()


def test_an_off_label_question_opens_an_inquiry_with_its_words(stage: Stage) -> None:
    thread = stage.start("mika")
    post = stage.reply("amara", thread, OFF_LABEL)

    inquiry = the_inquiry()

    assert post.number == 2
    assert thread.marks == ["off_label"]
    assert (inquiry.member.name, inquiry.post_id) == ("Dr Amara Okafor", post.id)
    assert [message.text for message in inquiry.messages] == [OFF_LABEL]
    assert inquiry.review is not None
    assert inquiry.review.owner == "medical_information"
    assert db.session.scalar(sa.select(sa.func.count(Review.id))) == 1


def test_the_company_writing_of_it_opens_none(stage: Stage) -> None:
    stage.try_reply("rosa", stage.start("mika"), OFF_LABEL)

    assert db.session.scalars(sa.select(Inquiry)).all() == []


def waiting(inquiry: Inquiry) -> set[str]:
    """The steps of its case that nobody has settled yet."""
    assert inquiry.review is not None
    return {step.step for step in inquiry.review.unsettled}


def test_the_answer_closes_the_case_and_a_letter_says_only_that_it_is_there(stage: Stage) -> None:
    point(stage, stage.reply("amara", stage.start("mika"), OFF_LABEL))
    inquiry = the_inquiry()

    answer(stage, inquiry)

    assert inquiry.state is InquiryState.ANSWERED
    assert inquiry.review is not None
    assert not inquiry.review.is_open
    assert [one["text"] for one in inquiry.messages[-1].references] == ["ORT-01", "ORT-02"]
    letter = next(one for one in stage.work() if one.to == "amara@example.org")
    assert f"/inquiries/{inquiry.id}" in letter.body
    assert "HFpEF" not in letter.body + letter.subject


def test_the_pointer_under_the_question_is_ticked_off_with_who_put_it_there(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("mika"), OFF_LABEL)
    assert waiting(the_inquiry()) == {"pointer", "answer", "full-answer"}

    point(stage, post)

    assert waiting(the_inquiry()) == {"answer", "full-answer"}
    case = the_inquiry().review
    assert case is not None
    settled = {one.step: one.met_by_id for one in case.deadlines}
    assert settled["pointer"] == stage.member("rosa").id


@pytest.mark.parametrize("field", ["references", "delivery"])
def test_nothing_beside_an_answer_shows_who_a_patient_is(stage: Stage, field: str) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    inquiry = the_inquiry()
    services.note_opened(actor=stage.member("dora"), inquiry=inquiry)
    given = {"references": "ORT-01", "delivery": "", field: "Patient John Miller, DOB 14/03/1961"}
    with pytest.raises(Invalid, match="who a patient is"):
        services.answer_inquiry(
            actor=stage.member("dora"), inquiry=inquiry, text="Not in HFpEF.", is_full=True,
            client_key=new_key(), version=inquiry.version, **given,
        )  # fmt: skip
    db.session.rollback()
    assert the_inquiry().messages[-1].author_id != stage.member("dora").id


def test_no_pointer_promises_an_answer_that_was_given(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("mika"), OFF_LABEL)
    answer(stage, the_inquiry())

    with pytest.raises(Conflict, match="dealt with this question"):
        point(stage, post)


def test_a_full_answer_ticks_off_no_pointer_that_nobody_has_put(stage: Stage) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    inquiry = the_inquiry()

    answer(stage, inquiry)

    assert inquiry.state is InquiryState.ANSWERED
    assert waiting(inquiry) == {"pointer"}
    assert inquiry.review is not None
    assert inquiry.review.is_open


def test_after_a_first_answer_the_full_one_is_owed_within_three_working_days(
    stage: Stage,
) -> None:
    point(stage, stage.reply("amara", stage.start("mika"), OFF_LABEL))
    inquiry = the_inquiry()
    assert inquiry.review is not None

    answer(stage, inquiry, "You will have our full answer on Friday.", is_full=False)

    assert inquiry.state is InquiryState.BEGUN
    assert waiting(inquiry) == {"full-answer"}
    due = {step.step: step.due_at for step in inquiry.review.deadlines}
    assert inquiry.due_at == due["full-answer"]
    assert queries.waiting_for(viewer=stage.member("dora")) == [inquiry]

    answer(stage, inquiry)

    assert the_inquiry().state is InquiryState.ANSWERED
    assert not inquiry.review.is_open


def test_who_asks_again_after_a_first_answer_is_heard_in_the_same_case(stage: Stage) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    inquiry = the_inquiry()
    answer(stage, inquiry, "The full answer follows.", is_full=False)
    stage.work()

    services.ask_again(
        actor=stage.member("amara"), inquiry=inquiry, text="And at night?", client_key=new_key()
    )
    stage.commit()

    assert inquiry.state is InquiryState.OPEN
    assert waiting(inquiry) == {"pointer", "full-answer"}
    letters = [letter.to for letter in stage.work()]
    assert letters.count(cast.address_of("dora")) == 2, "of the case, and of what is new in it"
    assert db.session.scalar(sa.select(sa.func.count(Review.id))) == 1


def test_nobody_but_the_two_sides_knows_of_it(stage: Stage) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    inquiry = the_inquiry()

    for who in ("bruno", "rosa", "mika", "cora", "ada", "paul", "olga"):
        with pytest.raises(NotFound):
            queries.get_inquiry(viewer=stage.member(who), inquiry_id=inquiry.id)
        assert queries.waiting_for(viewer=stage.member(who)) == []
    assert queries.waiting_for(viewer=stage.member("dora")) == [inquiry]
    assert queries.own_inquiries(viewer=stage.member("amara")) == [inquiry]


def test_who_writes_back_waits_for_an_answer_again(stage: Stage) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    inquiry = the_inquiry()
    answer(stage, inquiry)

    services.ask_again(
        actor=stage.member("amara"), inquiry=inquiry, text="And later?", client_key=new_key()
    )
    stage.commit()

    assert inquiry.is_open
    assert inquiry.review is not None
    assert inquiry.review.is_open
    assert [message.text for message in inquiry.messages][-1] == "And later?"


def test_an_answer_to_an_older_state_is_not_sent(stage: Stage) -> None:
    inquiry = stage.ask_in_private("amara", stage.reply("bruno", stage.start("mika")))
    seen = inquiry.version
    services.ask_again(
        actor=stage.member("amara"), inquiry=inquiry, text="I mean:", client_key=new_key()
    )

    with pytest.raises(Conflict):
        services.answer_inquiry(
            actor=stage.member("dora"), inquiry=inquiry, text="No.", references="", delivery="",
            is_full=True, client_key=new_key(), version=seen,
        )  # fmt: skip


def test_a_question_in_private_leaves_nothing_in_the_room(stage: Stage) -> None:
    post = stage.reply("bruno", stage.start("mika"))

    inquiry = stage.ask_in_private("amara", post, "What about a lower dose?")

    assert post.thread.last_number == 2
    assert post.thread.marks == []
    assert inquiry.review is not None
    assert inquiry.review.subject_kind == "inquiry"


def test_a_letter_with_a_patients_number_goes_to_nobody(stage: Stage) -> None:
    post, amara = stage.reply("bruno", stage.start("mika")), stage.member("amara")

    stopped = services.ask_in_private(
        actor=amara, question=question_of(post, BLOCKED, member=amara), client_key=new_key()
    )

    assert isinstance(stopped, Stopped)
    assert db.session.scalars(sa.select(Inquiry)).all() == []


def test_a_side_effect_in_a_letter_reaches_safety(stage: Stage) -> None:
    post = stage.reply("bruno", stage.start("mika"))

    stage.ask_in_private("amara", post, ROUTED)

    assert "safety" in {review.desk for review in db.session.scalars(sa.select(Review))}


def test_the_company_does_not_ask_itself(stage: Stage) -> None:
    post, rosa = stage.reply("bruno", stage.start("mika")), stage.member("rosa")
    with pytest.raises(Forbidden):
        services.ask_in_private(
            actor=rosa, question=question_of(post, "Well?", member=rosa), client_key=new_key()
        )


def test_a_use_within_the_label_lets_the_room_talk_again(stage: Stage) -> None:
    thread = stage.start("mika")
    stage.reply("amara", thread, OFF_LABEL)
    inquiry = the_inquiry()

    services.close_inquiry(
        actor=stage.member("dora"), inquiry=inquiry, outcome="within_label",
        reason="Section 4.1 has it.", version=inquiry.version,
    )  # fmt: skip
    stage.work()

    assert thread.marks == []
    assert inquiry.review is not None
    assert not inquiry.review.is_open


def test_a_case_closed_at_the_desk_closes_its_inquiry(stage: Stage) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    inquiry = the_inquiry()
    assert inquiry.review is not None

    desk.decide(
        actor=stage.member("dora"), review_id=inquiry.review.id, version=inquiry.review.version,
        decision=DecisionKind.CLOSE, reason="Answered on the telephone.",
        said=steps.all_alike(inquiry.review, Settled.DONE),
    )  # fmt: skip
    stage.commit()

    assert (inquiry.state, inquiry.closed_reason) == (
        InquiryState.CLOSED, "Answered on the telephone."
    )  # fmt: skip


def point(stage: Stage, post: Post, *, beyond_label: bool = False) -> object:
    result = threads.send_pointer(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
        client_key=new_key(), beyond_label=beyond_label,
    )  # fmt: skip
    stage.commit()
    return result


def test_a_question_that_nobody_takes_to_be_off_label_is_not_pointed_away(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("mika"), "From which pressure do you start?")

    with pytest.raises(Invalid, match="outside the label"):
        point(stage, post)

    assert post.thread.marks == []
    assert list(db.session.scalars(sa.select(Inquiry))) == []


def test_what_medical_information_found_within_the_label_is_answered_in_the_room(
    stage: Stage,
) -> None:
    post = stage.reply("amara", stage.start("mika"), OFF_LABEL)
    services.close_inquiry(
        actor=stage.member("dora"), inquiry=the_inquiry(), outcome="within_label", reason="It is.",
        version=the_inquiry().version,
    )  # fmt: skip
    stage.commit()

    with pytest.raises(Forbidden, match="within the label"):
        point(stage, post, beyond_label=True)


def test_the_pointer_asks_nobody_to_ask_what_has_been_asked(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("mika"), OFF_LABEL)
    number = the_inquiry().number

    result = point(stage, post)

    assert isinstance(result, threads.Published)
    assert "choose" not in result.post.text
    assert "They have your question" in result.post.text
    assert the_inquiry().number == number


def test_a_second_pointer_under_a_question_is_refused_until_the_first_is_taken_down(
    stage: Stage,
) -> None:
    post = stage.reply("amara", stage.start("mika"), OFF_LABEL)
    first = point(stage, post)
    assert isinstance(first, threads.Published)

    again = threads.send_pointer(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=post,
        client_key=first.post.client_key,
    )  # fmt: skip
    assert isinstance(again, threads.Published)
    assert again.post.id == first.post.id

    with pytest.raises(Conflict, match="under this question already"):
        point(stage, post)
    db.session.rollback()
    threads.remove_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=first.post,
        reason="Too soon.",
    )  # fmt: skip
    stage.commit()
    assert isinstance(point(stage, post), threads.Published)


def test_of_two_who_point_at_once_one_is_told_that_it_is_there(app: Flask, stage: Stage) -> None:
    asked = stage.reply("amara", stage.start("mika"), OFF_LABEL).id

    def pointing(who: str) -> Callable[[Stage], str]:
        def send(own: Stage) -> str:
            threads.send_pointer(
                actor=own.member(who), membership=own.membership(who),
                post=db.session.get_one(Post, asked), client_key=new_key(),
            )  # fmt: skip
            own.commit()
            return "sent"

        return send

    answers = at_once(app, pointing("rosa"), pointing("cora"))

    db.session.rollback()
    assert sorted(answers) == ["conflict", "sent"]
    pointers = db.session.scalars(sa.select(Post).where(Post.reply_type == "pointer")).all()
    assert len(pointers) == 1


def test_the_pointer_goes_out_and_the_inquiry_opens_for_its_author(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("mika"), "And if she were on dialysis?")

    result = point(stage, post, beyond_label=True)

    assert isinstance(result, threads.Published)
    assert result.post.number == 3
    assert result.post.text == threads.pointer_text()
    assert (the_inquiry().member_id, the_inquiry().origin) == (post.author_id, "company")
    assert post.thread.marks == ["off_label"]


def test_a_moderator_takes_the_mark_off_with_a_reason(stage: Stage) -> None:
    thread = stage.start("mika")
    stage.reply("amara", thread, OFF_LABEL)
    with pytest.raises(Forbidden):
        threads.lift_mark(
            actor=stage.member("rosa"), membership=stage.membership("rosa"), thread=thread,
            reason="No.",
        )  # fmt: skip

    threads.lift_mark(
        actor=stage.member("cora"), membership=stage.membership("cora"), thread=thread,
        reason="It is about the label.",
    )  # fmt: skip

    assert thread.marks == []


def test_a_private_question_sent_twice_at_once_is_one_inquiry(app: Flask, stage: Stage) -> None:
    post_id = stage.reply("bruno", stage.start("mika")).id
    both_look = Barrier(2)

    def ask(own: Stage) -> str:
        post = db.session.get_one(Post, post_id)
        question = replace(question_of(post, "And in dialysis?"), member=own.member("amara"))
        both_look.wait()
        asked = services.ask_in_private(
            actor=own.member("amara"), question=question, client_key=new_key()
        )
        assert isinstance(asked, Inquiry)
        own.commit()
        return str(asked.id)

    first, second = at_once(app, ask, ask)

    db.session.rollback()
    assert first == second
    assert the_inquiry().id == int(first)


def test_of_two_who_change_a_mark_at_once_the_second_sees_what_the_first_has_done(
    app: Flask, stage: Stage
) -> None:
    thread_id = stage.start("mika").id
    stage.commit()
    both_look = Barrier(2)

    def mark(own: Stage) -> str:
        thread = db.session.get_one(Thread, thread_id)
        assert thread.marks == []
        both_look.wait()
        threads.mark_off_label(actor=own.member("amara"), thread=thread)
        own.commit()
        return "marked"

    at_once(app, mark, mark)

    db.session.rollback()
    assert db.session.get_one(Thread, thread_id).marks == ["off_label"]
    marked = sa.select(AuditEntry).where(AuditEntry.action == "thread.marked_off_label")
    assert len(db.session.scalars(marked).all()) == 1


def test_the_room_is_told_when_a_mark_comes_and_goes(stage: Stage) -> None:
    thread = stage.start("mika")
    stage.reply("amara", thread, OFF_LABEL)
    marked = thread.version
    threads.lift_mark(
        actor=stage.member("cora"), membership=stage.membership("cora"), thread=thread,
        reason="It is about the label.",
    )  # fmt: skip
    stage.commit()
    told = sa.select(Event.version).where(Event.kind == "thread", Event.subject_id == thread.id)
    assert db.session.scalars(told.order_by(Event.seq)).all()[-2:] == [marked, marked + 1]
