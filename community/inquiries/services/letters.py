"""One letter of an inquiry: made whole, judged for what must not wait, and kept.

It is between two people, so nobody holds it and rules for the room do not apply. A patient's
identity still stops it, and side effects and complaints still reach those who own them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.guardrails import services as guardrails
from community.guardrails.engine import Finding, Note, notes_on
from community.guardrails.services import Judgement, Writing
from community.inquiries import queries
from community.inquiries.models import Inquiry, InquiryMessage
from community.kernel import clock, markup
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.reviews.models import ReviewKind
from community.spaces import queries as spaces
from community.spaces.models import Space

KINDS = frozenset({"patient_identity", "adverse_event", "special_situation", "quality_complaint"})
DESKS = ("safety", "quality", "privacy")
LONGEST = 20_000


@dataclass(frozen=True)
class Stopped:
    """A letter that shows who a patient is. It goes to nobody; its author changes it."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def notes(self) -> Sequence[Note]:
        """Each rule once, with all the words that it hits."""
        return notes_on(self.text, self.findings)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter on its way: who writes, about which inquiry, in which space, under which key."""

    author: Member
    space: Space
    text: str
    client_key: str
    about: str = ""
    product: str = ""
    thread_id: int | None = None


def whole_letter(text: str) -> str:
    """Return a text fit to be sent, or raise Invalid."""
    text = text.strip("\n").rstrip()
    if not text.strip():
        raise Invalid(N_("There is nothing written yet."), field="text")
    if len(text) > LONGEST:
        raise Invalid(N_("Keep it under 20,000 characters."), field="text")
    return text


def judge(letter: Letter) -> tuple[Judgement | None, tuple[Finding, ...]]:
    """Judge a letter; return the findings that concern one between two people.

    Who no longer has a place in the space, or never had one, is judged as somebody of it.
    """
    place = spaces.find_membership_of(
        member_id=letter.author.id, space_id=letter.space.id
    ) or spaces.find_any_membership(space_id=letter.space.id)
    if place is None:
        return None, ()
    judgement = guardrails.judge(
        Writing(
            author=letter.author,
            membership=place,
            text=letter.text,
            kind="message",
            client_key=letter.client_key,
            thread_id=letter.thread_id,
            thread_title=letter.about,
            thread_products=(letter.product,) if letter.product else (),
        )
    )
    return judgement, tuple(f for f in judgement.findings if f.kind in KINDS)


def stops(findings: tuple[Finding, ...]) -> bool:
    """Whether a letter shows who a patient is."""
    return any(f.kind == "patient_identity" and f.outcome == "block" for f in findings)


def keep(inquiry: Inquiry, letter: Letter, judgement: Judgement | None) -> InquiryMessage:
    """Add a letter to its inquiry.

    Raises:
        Conflict: its author has sent another letter under this key.
    """
    if queries.is_key_used(author_id=letter.author.id, client_key=letter.client_key):
        raise Conflict(N_("This was sent before with other words. Load the page again."))
    if judgement is not None:
        guardrails.keep(judgement)
    message = InquiryMessage(
        inquiry=inquiry,
        author=letter.author,
        text=letter.text,
        html=markup.render(letter.text),
        sent_at=clock.now(),
        client_key=letter.client_key,
    )
    session().add(message)
    session().flush()
    return message


def route(inquiry: Inquiry, letter: Letter, findings: tuple[Finding, ...]) -> None:
    """Open a case at each desk that must know of what a letter says."""
    for desk in DESKS:
        said: list[Json] = [f.as_json() for f in findings if desk in f.routes]
        if said:
            reviews.open_review(
                kind=ReviewKind.ROUTED,
                desk=desk,
                author=letter.author,
                space=letter.space,
                thread_id=inquiry.thread_id,
                subject_kind="inquiry",
                subject_id=inquiry.id,
                text=letter.text,
                client_key=letter.client_key,
                findings=said,
                clock_from=clock.now(),
            )
