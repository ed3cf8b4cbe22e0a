"""What Medical Information does with an inquiry: open it, answer it, close it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from community.audit.services import record
from community.inquiries import access, queries
from community.inquiries.models import WITHIN_LABEL, Inquiry, InquiryMessage, InquiryState
from community.inquiries.services import letters
from community.inquiries.services.letters import Letter, Stopped
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.reasons import whole_reason
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.reviews.models import DecisionKind, Review, Settled
from community.reviews.services import steps
from community.spaces.models import Space

OUTCOMES = ("closed", WITHIN_LABEL)
FULL_ANSWER_HOURS = 24  # of office time: three working days, as the protocol has it

# The steps of the protocol `off-label-question` that a deed on this side takes.
BY_THE_POINTER = frozenset({"pointer"})
BY_A_FIRST_ANSWER = frozenset({"answer"})
BY_A_FULL_ANSWER = frozenset({"answer", "full-answer"})
MOST_REFERENCES, LONGEST_REFERENCE = 20, 500


def note_opened(*, actor: Member, inquiry: Inquiry) -> None:
    """Keep that somebody who answers looked at an inquiry."""
    require(access.may_answer_inquiry(actor, inquiry))
    _record(actor, inquiry, "inquiry.read")


def answer_inquiry(
    *,
    actor: Member,
    inquiry: Inquiry,
    text: str,
    references: str,
    delivery: str,
    is_full: bool,
    client_key: str,
    version: int,
) -> InquiryMessage | Stopped:
    """Answer this question, to this member only.

    A full answer closes the case at the desk, unless steps wait there that no letter can take.

    Args:
        actor: who answers.
        inquiry: which.
        text: Markdown.
        references: one a line.
        delivery: how the answer also reached the member, such as "full text by post".
        is_full: whether all that was asked is answered; a first answer says that this follows.
        client_key: names this request; sent again, it is the same answer.
        version: the one that the actor looked at.

    Raises:
        NotFound, Forbidden: it is not the actor's to answer.
        Invalid: nothing is written, too much, too many references, or one shows who a patient is.
        Conflict: it has changed since the actor looked, or is closed.
    """
    take_turn(inquiry)
    require(access.may_answer_inquiry(actor, inquiry))
    same = next((one for one in inquiry.messages if one.client_key == client_key), None)
    if same is not None:
        return same
    _require_same(inquiry, version)
    letter = Letter(
        author=actor,
        space=session().get_one(Space, inquiry.space_id),
        text=letters.whole_letter(text),
        client_key=client_key,
        about=inquiry.about,
        product=inquiry.product,
        thread_id=inquiry.thread_id,
    )
    cited = _whole_references(references)
    judgement, findings = letters.judge(letter)
    if letters.stops(findings):
        return Stopped(letter.text, findings)
    _require_nobody_shown(letter, cited, delivery)
    message = letters.keep(inquiry, letter, judgement)
    message.references = [{"text": line} for line in cited]
    message.delivery = " ".join(delivery.split())[:255]
    _keep_where_it_stands(inquiry, letter.space, is_full=is_full)
    letters.route(inquiry, letter, findings)
    _settle_by_letter(actor, inquiry, is_full=is_full)
    _record(actor, inquiry, "inquiry.answered" if is_full else "inquiry.answer_begun")
    _write_to_member(inquiry, message.id)
    return message


def close_inquiry(
    *, actor: Member, inquiry: Inquiry, outcome: str, reason: str, version: int
) -> None:
    """Close without an answer, or because the room may talk of it after all.

    Raises:
        NotFound, Forbidden: it is not the actor's to answer.
        Invalid: no such outcome, or no reason.
        Conflict: it has changed since the actor looked.
    """
    require(access.may_answer_inquiry(actor, inquiry))
    if outcome not in OUTCOMES:
        raise Invalid(N_("Say how it closes."), field="outcome")
    reason = whole_reason(reason)
    take_turn(inquiry)
    _require_same(inquiry, version)
    _close(actor, inquiry, outcome, reason)
    if inquiry.review is not None and inquiry.review.is_open:
        rest = steps.all_alike(inquiry.review, Settled.WAIVED)
        _close_case(actor, inquiry.review, reason, rest)


def note_pointed(*, actor: Member, inquiry: Inquiry) -> None:
    """Keep that the pointer stands under the question: the case need not wait for it any more."""
    if inquiry.review is not None and inquiry.review.is_open:
        steps.note_done(actor, inquiry.review, BY_THE_POINTER)


def hold_for_case(review_id: int) -> None:
    """Wait for who writes in the inquiry that a case stands for, and keep others waiting.

    Whoever decides the case calls it first: an inquiry is held before its case, never after it.
    """
    inquiry = queries.find_for_review(review_id)
    if inquiry is not None:
        take_turn(inquiry)


def close_with_case(*, actor: Member, review: Review) -> None:
    """Close the inquiry that a case stood for, when its owner has closed the case at the desk."""
    inquiry = queries.find_for_review(review.id)
    if inquiry is not None and inquiry.is_open:
        _close(actor, inquiry, "closed", review.decision_reason)


def _close(actor: Member, inquiry: Inquiry, outcome: str, reason: str) -> None:
    inquiry.state = InquiryState.CLOSED
    inquiry.closed_at = clock.now()
    inquiry.outcome, inquiry.closed_reason = outcome, reason
    inquiry.version += 1
    _record(actor, inquiry, "inquiry.closed", reason=reason)
    _write_to_member(inquiry, 0)
    if outcome == WITHIN_LABEL and inquiry.thread_id is not None:
        enqueue(
            "threads.lift_mark",
            {"thread": inquiry.thread_id, "actor": actor.id, "inquiry": inquiry.id},
            key=f"inquiry-{inquiry.id}-lift",
        )


def _require_same(inquiry: Inquiry, version: int) -> None:
    if inquiry.state is InquiryState.CLOSED:
        raise Conflict(N_("This inquiry is closed by now."))
    if inquiry.version != version:
        raise Conflict(N_("Somebody has written since you opened this. Open it again."))


def _keep_where_it_stands(inquiry: Inquiry, space: Space, *, is_full: bool) -> None:
    now = clock.now()
    if is_full:
        inquiry.state, inquiry.answered_at = InquiryState.ANSWERED, now
    elif inquiry.state is not InquiryState.BEGUN:
        inquiry.state = InquiryState.BEGUN
        asked_at = inquiry.review.clock_from if inquiry.review is not None else inquiry.opened_at
        inquiry.due_at = clock.add_business_hours(asked_at, FULL_ANSWER_HOURS, space.time_zone)
    inquiry.version += 1


def _settle_by_letter(actor: Member, inquiry: Inquiry, *, is_full: bool) -> None:
    """Tick off what the letter has done, and close the case where nothing else waits in it."""
    review = inquiry.review
    if review is None or not review.is_open:
        return
    steps.note_done(actor, review, BY_A_FULL_ANSWER if is_full else BY_A_FIRST_ANSWER)
    if is_full and not review.unsettled:
        _close_case(actor, review, f"Answered in private, as {inquiry.number}.", {})


def _close_case(actor: Member, review: Review, reason: str, said: Mapping[int, Settled]) -> None:
    reviews.close(
        actor=actor,
        review_id=review.id,
        version=review.version,
        decision=DecisionKind.CLOSE,
        reason=reason,
        said=said,
    )


def _require_nobody_shown(letter: Letter, cited: Sequence[str], delivery: str) -> None:
    """Demand that what goes with a letter shows as little of a patient as the letter may."""
    besides = "\n".join([*cited, delivery]).strip()
    if besides and letters.stops(letters.judge(replace(letter, text=besides))[1]):
        raise Invalid(
            N_("The references, or how it was sent, may show who a patient is. Take that out."),
            field="references",
        )


def _whole_references(references: str) -> list[str]:
    lines = [line.strip(" -\t") for line in references.splitlines()]
    cited = [line for line in lines if line]
    if len(cited) > MOST_REFERENCES or any(len(line) > LONGEST_REFERENCE for line in cited):
        raise Invalid(
            N_("Twenty references at most, one a line, each under 500 characters."),
            field="references",
        )
    return cited


def _write_to_member(inquiry: Inquiry, message_id: int) -> None:
    """Leave a letter that says that there is an answer, and where; never what it says."""
    enqueue(
        "inquiries.mail_member",
        {"inquiry": inquiry.id, "message": message_id},
        key=f"inquiry-{inquiry.id}-{message_id}",
    )


def _record(actor: Member, inquiry: Inquiry, action: str, *, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="inquiry",
        subject_id=inquiry.id,
        space_id=inquiry.space_id,
        reason=reason,
        new={"number": inquiry.number, "state": inquiry.state.value},
    )
