"""Opening an inquiry: for a question in the room, or by the member who asks in private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from community.audit.services import record
from community.guardrails.services import Judgement
from community.inquiries import access, queries
from community.inquiries.models import Inquiry, InquiryState
from community.inquiries.services import letters
from community.inquiries.services.letters import Letter, Stopped
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.turns import take_turn, take_turn_at
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.reviews.models import Review, ReviewKind
from community.spaces.models import Space

ANSWER_HOURS = 8  # of office time: the use policy promises one working day


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, by whom and where it came from.

    `thread_id` and `post_id`: of the post it is about; `about` is the thread's title.
    """

    member: Member
    space: Space
    text: str
    about: str
    thread_id: int
    post_id: int
    product: str = ""


def open_inquiry(
    *,
    actor: Member,
    question: Question,
    origin: str,
    client_key: str,
    at: datetime,
    case: Review | None = None,
) -> Inquiry:
    """Open an inquiry with a question that stands in the room, or return the one there is.

    Args:
        actor: whose deed led here.
        question: word for word.
        origin: `question`, where the guardrails found it; `company`, where an author did.
        client_key: of the request.
        at: when the question was asked.
        case: the one that the guardrails opened at Medical Information; a new one where None.
    """
    earlier = _wait_for_earlier(actor, question)
    if earlier is not None:
        return earlier
    letter = _letter(question, client_key)
    return _open(actor, question, letter, origin=origin, at=at, case=case)


def ask_in_private(*, actor: Member, question: Question, client_key: str) -> Inquiry | Stopped:
    """Ask Medical Information about a post, unseen by the room.

    Raises:
        Forbidden: the actor works for the company.
        Invalid: nothing is asked, or too much.
    """
    require(access.may_ask(actor))
    earlier = _wait_for_earlier(actor, question)
    if earlier is not None:
        return earlier
    letter = _letter(question, client_key)
    judgement, findings = letters.judge(letter)
    if letters.stops(findings):
        return Stopped(letter.text, findings)
    inquiry = _open(actor, question, letter, origin="member", at=clock.now(), judgement=judgement)
    letters.route(inquiry, letter, findings)
    return inquiry


def ask_again(*, actor: Member, inquiry: Inquiry, text: str, client_key: str) -> Inquiry | Stopped:
    """Write back: the inquiry waits for an answer once more.

    Raises:
        NotFound: it is not the actor's own.
        Invalid: nothing is asked, or too much.
        Conflict: it is closed.
    """
    require(access.may_see_inquiry(actor, inquiry))
    require(access.may_ask(actor))
    take_turn(inquiry)
    if any(message.client_key == client_key for message in inquiry.messages):
        return inquiry
    if inquiry.state is InquiryState.CLOSED:
        raise Conflict(N_("This inquiry is closed. Ask a new one under a post."))
    space = session().get_one(Space, inquiry.space_id)
    letter = Letter(
        author=actor,
        space=space,
        text=letters.whole_letter(text),
        client_key=client_key,
        about=inquiry.about,
        product=inquiry.product,
        thread_id=inquiry.thread_id,
    )
    judgement, findings = letters.judge(letter)
    if letters.stops(findings):
        return Stopped(letter.text, findings)
    message = letters.keep(inquiry, letter, judgement)
    if inquiry.state is not InquiryState.OPEN:
        inquiry.state = InquiryState.OPEN
        inquiry.due_at = clock.add_business_hours(clock.now(), ANSWER_HOURS, space.time_zone)
        if inquiry.review is not None and inquiry.review.is_open:
            reviews.write_to_owners(inquiry.review, occasion=f"-letter-{message.id}")
        else:
            inquiry.review = _open_case(inquiry, letter)
    inquiry.version += 1
    letters.route(inquiry, letter, findings)
    _record(actor, inquiry, "inquiry.asked_again")
    return inquiry


def _wait_for_earlier(actor: Member, question: Question) -> Inquiry | None:
    """Return the inquiry there is; of two who ask the same at once, the second finds the first's.

    A member has one about a post, so it is the member and the post that are waited for. The actor's
    own row comes first: it is what SQLite waits at.
    """
    take_turn(actor)
    take_turn_at(f"inquiry-{question.member.id}-{question.post_id}")
    return queries.find_for_post(member_id=question.member.id, post_id=question.post_id)


def _letter(question: Question, client_key: str) -> Letter:
    return Letter(
        author=question.member,
        space=question.space,
        text=letters.whole_letter(question.text),
        client_key=client_key,
        about=question.about,
        product=question.product,
        thread_id=question.thread_id,
    )


def _open(
    actor: Member,
    question: Question,
    letter: Letter,
    *,
    origin: str,
    at: datetime,
    case: Review | None = None,
    judgement: Judgement | None = None,
) -> Inquiry:
    inquiry = Inquiry(
        member=question.member,
        space_id=question.space.id,
        about=question.about,
        origin=origin,
        opened_at=at,
        due_at=clock.add_business_hours(at, ANSWER_HOURS, question.space.time_zone),
        opened_by_id=actor.id,
        thread_id=question.thread_id,
        post_id=question.post_id,
        product=question.product,
    )
    session().add(inquiry)
    session().flush()
    letters.keep(inquiry, letter, judgement).sent_at = at
    inquiry.review = case or _open_case(inquiry, letter)
    session().flush()
    _record(actor, inquiry, "inquiry.opened")
    return inquiry


def _open_case(inquiry: Inquiry, letter: Letter) -> Review:
    return reviews.open_review(
        kind=ReviewKind.ROUTED,
        desk=access.MEDICAL_INFORMATION,
        author=letter.author,
        space=letter.space,
        thread_id=inquiry.thread_id,
        subject_kind="inquiry",
        subject_id=inquiry.id,
        text=letter.text,
        client_key=letter.client_key,
        findings=[],
        clock_from=clock.now(),
    )


def _record(actor: Member, inquiry: Inquiry, action: str) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="inquiry",
        subject_id=inquiry.id,
        space_id=inquiry.space_id,
        new={"number": inquiry.number, "origin": inquiry.origin, "thread": inquiry.thread_id},
    )
