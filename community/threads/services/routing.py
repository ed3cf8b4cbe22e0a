"""What a judged text sets off: cases at the desks, an inquiry, a note of responses it carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from community.guardrails.services import Judgement
from community.inquiries import services as inquiries
from community.inquiries.services.asking import Question
from community.kernel.db import Json
from community.members.models import Member
from community.responses import services as responses
from community.reviews import queries as review_queries
from community.reviews import services as reviews
from community.reviews.models import COVER, ReviewKind
from community.spaces import queries as spaces
from community.threads.models import Post
from community.threads.services.marking import mark_off_label

if TYPE_CHECKING:
    from community.threads.services.sending import Sending

OFF_LABEL, MEDICAL_INFORMATION = "off_label", "medical_information"
READ_IDENTIFIERS = frozenset({"privacy", "safety"})
"""Desks that need to know by what a patient could be found: to judge the breach, to report."""


@dataclass(frozen=True)
class Subject:
    """What a case is about: a post, a held edit, or a draft by its Verdict."""

    kind: str
    id: int


def hold(sending: Sending, judgement: Judgement, subject: Subject) -> None:
    """Open the case on which a held text waits."""
    _open(sending, ReviewKind.HOLD, judgement.hold_desk, subject, judgement.findings_of("hold"),
          text=sending.text)  # fmt: skip


def route(sending: Sending, judgement: Judgement, subject: Subject) -> None:
    """Open one case for each desk that must know; who decides a hold knows by that."""
    for desk in judgement.routes:
        if judgement.outcome != "hold" or desk != judgement.hold_desk:
            findings = judgement.findings_for(desk)
            is_seen = judgement.outcome not in {"hold", "block"} and subject.kind != "draft"
            text = sending.text
            if not is_seen and desk not in READ_IDENTIFIERS:
                text = covered(text, judgement)
            if is_seen and _follows_up(sending, desk, subject, findings):
                continue
            _open(sending, ReviewKind.ROUTED, desk, subject, findings, text=text)


def _follows_up(sending: Sending, desk: str, subject: Subject, findings: list[Json]) -> bool:
    """Whether an open case at a desk now follows the new wording of its post.

    A side effect told more closely by an edit is the same side effect.
    """
    if sending.kind != "edit" or subject.kind != "post":
        return False
    case = review_queries.find_open_routed(desk=desk, post_id=subject.id)
    return case is not None and reviews.follow_up(
        actor=sending.actor,
        review=case,
        text=sending.text,
        findings=findings,
        space=sending.space,
    )


def covered(text: str, judgement: Judgement) -> str:
    """Return a text with what may show who a patient is under cover, letter for letter."""
    letters = list(text)
    for finding in judgement.verdict.findings:
        if finding.kind == "patient_identity" and not finding.whole:
            for at in range(finding.start, finding.end):
                letters[at] = letters[at] if letters[at].isspace() else COVER
    return "".join(letters)


def _open(
    sending: Sending,
    kind: ReviewKind,
    desk: str,
    subject: Subject,
    findings: list[Json],
    *,
    text: str,
) -> None:
    reviews.open_review(
        kind=kind,
        desk=desk,
        author=sending.actor,
        space=sending.space,
        thread_id=sending.thread.id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        text=text,
        client_key=sending.client_key,
        findings=findings,
        clock_from=sending.clock_from,
        letters=not sending.is_imported,
    )


def ask_medical_information(sending: Sending, judgement: Judgement, post: Post) -> None:
    """Open an inquiry for a member's question on a use that is not approved, and mark the thread.

    From then on the company answers it in private; in the room it only points there.
    """
    if sending.actor.is_company or sending.is_imported:
        return
    found = judgement.findings_for(MEDICAL_INFORMATION)
    if not any(finding["kind"] == OFF_LABEL for finding in found):
        return
    mark_off_label(actor=sending.actor, thread=post.thread)
    inquiries.open_inquiry(
        actor=sending.actor,
        question=question_of(post, sending.text),
        origin="question",
        client_key=sending.client_key,
        at=sending.at,
        case=review_queries.find_case(
            desk=MEDICAL_INFORMATION,
            post_id=post.id,
            revision_ids=[wording.id for wording in post.revisions],
        ),
    )


def question_of(post: Post, text: str, *, member: Member | None = None) -> Question:
    """Return what a member asks in or about a post, as an inquiry wants it.

    Args:
        post: which it is, or is about.
        text: the question, word for word.
        member: who asks; the post's author where None.
    """
    thread = post.thread
    products = thread.products or thread.space.products
    return Question(
        member=member or post.author,
        space=thread.space,
        text=text,
        about=thread.title,
        thread_id=thread.id,
        post_id=post.id,
        product=products[0] if len(products) == 1 else "",
    )


def note_responses(sending: Sending, post: Post) -> None:
    """Keep which approved responses a company post carries."""
    if sending.actor.is_company:
        responses.note_uses(
            post_id=post.id,
            thread_id=post.thread_id,
            text=sending.text,
            countries=spaces.countries_of_readers(sending.space.id),
        )
