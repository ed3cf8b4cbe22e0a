"""Replies with agreed words of their own: the pointer to Medical Information, a correction."""

from __future__ import annotations

from collections.abc import Collection

from community.inquiries import services as inquiries
from community.kernel import clock
from community.kernel.access import require
from community.kernel.errors import Conflict
from community.kernel.words import N_
from community.members.models import Member
from community.responses import queries as responses
from community.spaces.models import Membership
from community.threads import access
from community.threads.models import Post
from community.threads.services import corrections
from community.threads.services.corrections import Correction
from community.threads.services.marking import mark_off_label
from community.threads.services.routing import question_of
from community.threads.services.sending import Blocked, Published
from community.threads.services.writing import publish_post

POINTER = "off-label-pointer"


def pointer_text() -> str:
    """Return the neutral words that point to Medical Information.

    Raises:
        Conflict: their approval has lapsed.
    """
    text = responses.usable_text(POINTER)
    if text is None:
        raise Conflict(N_("The pointer is not approved at the moment. Medical Information knows."))
    return text


def send_pointer(
    *,
    actor: Member,
    membership: Membership,
    post: Post,
    client_key: str,
    confirmed: Collection[str] = (),
    advice_reason: str = "",
    seen_set: str = "",
) -> Published | Blocked:
    """Point to Medical Information under a member's question, and open the inquiry for them.

    Raises:
        Forbidden: the actor may not reply here or does not work for the company.
        Conflict: the pointer's approval has lapsed.
    """
    require(access.may_point(actor, membership, post))
    result = publish_post(
        actor=actor,
        membership=membership,
        thread=post.thread,
        text=pointer_text(),
        client_key=client_key,
        reply_to=post,
        reply_type="pointer",
        confirmed=confirmed,
        advice_reason=advice_reason,
        seen_set=seen_set,
    )
    if isinstance(result, Published):
        if result.post.reply_to_id != post.id:  # the key of a pointer under another question
            raise Conflict(N_("This was sent before with other words. Load the page again."))
        mark_off_label(actor=actor, thread=post.thread)
        inquiries.open_inquiry(
            actor=actor,
            question=question_of(post, post.text),
            origin="company",
            client_key=client_key,
            at=clock.now(),
        )
    return result


def send_correction(
    *,
    actor: Member,
    membership: Membership,
    post: Post,
    correction: Correction,
    client_key: str,
    confirmed: Collection[str] = (),
    advice_reason: str = "",
    seen_set: str = "",
) -> Published | Blocked:
    """Put one false statement of a post right.

    Raises:
        Forbidden: the actor neither works for the company nor moderates.
        Invalid: the words don't stand in the post, or there is no source.
        Conflict: the form's approval has lapsed.
    """
    require(access.may_correct(actor, membership, post))
    return publish_post(
        actor=actor,
        membership=membership,
        thread=post.thread,
        text=corrections.written(correction, post),
        client_key=client_key,
        reply_to=post,
        reply_type="correction",
        confirmed=confirmed,
        advice_reason=advice_reason,
        seen_set=seen_set,
    )
