"""Replies with agreed words of their own: the pointer to Medical Information, a correction."""

from __future__ import annotations

from collections.abc import Collection

from community.inquiries import queries as inquiry_queries
from community.inquiries import services as inquiries
from community.kernel import clock
from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.models import Member
from community.responses import queries as responses
from community.spaces.models import Membership
from community.threads import access, queries
from community.threads.models import Post, PostState
from community.threads.services import corrections
from community.threads.services.corrections import Correction
from community.threads.services.marking import is_marked, mark_off_label
from community.threads.services.routing import question_of
from community.threads.services.sending import Blocked, Published
from community.threads.services.writing import publish_post

POINTER = "off-label-pointer"
POINTER_ASKED = "off-label-pointer-asked"
REPLY_TYPE = "pointer"


def pointer_text() -> str:
    """Return the neutral words that point to Medical Information, which has the question already.

    The inquiry opens with the pointer, so the member need not ask again. Where those words are not
    approved, the others stand in, which say how one asks.

    Raises:
        Conflict: the approval of both has lapsed.
    """
    text = responses.usable_text(POINTER_ASKED) or responses.usable_text(POINTER)
    if text is None:
        raise Conflict(N_("The pointer is not approved at the moment. Medical Information knows."))
    return text


def is_known_off_label(post: Post) -> bool:
    """Whether the rules or a person have taken a question, or its thread, to be off-label."""
    return is_marked(post.thread) or (
        inquiry_queries.find_for_post(member_id=post.author_id, post_id=post.id) is not None
    )


def require_unpointed(post: Post, *, sent_as: str = "") -> None:
    """Demand that a pointer under a question would still be true: none is there, and it waits.

    Args:
        post: the question.
        sent_as: the key of a request, whose own pointer may be there.

    Raises:
        Conflict: one is, or Medical Information has dealt with the question.
    """
    earlier = queries.replies_of_type(post=post, reply_type=REPLY_TYPE)
    if any(pointer.client_key != sent_as for pointer in earlier):
        raise Conflict(
            N_("The pointer is under this question already. Medical Information has it.")
        )
    inquiry = inquiry_queries.find_for_post(member_id=post.author_id, post_id=post.id)
    if inquiry is not None and not inquiry.is_open and not earlier:
        raise Conflict(
            N_("Medical Information has dealt with this question, so the pointer would promise"
               " what is done. You can say so in a reply of your own.")
        )  # fmt: skip


def send_pointer(
    *,
    actor: Member,
    membership: Membership,
    post: Post,
    client_key: str,
    beyond_label: bool = False,
    confirmed: Collection[str] = (),
    advice_reason: str = "",
    seen_set: str = "",
) -> Published | Blocked:
    """Point to Medical Information under a member's question, and open the inquiry for them.

    Args:
        actor: who points.
        membership: the actor's place in the space.
        post: the question.
        client_key: names this request; sent again, it is the same pointer.
        beyond_label: the actor takes the question to be off-label where no rule did.
        confirmed: the rules whose advice the actor has read.
        advice_reason: why it goes out all the same.
        seen_set: the label of the set whose verdict the actor saw last.

    Raises:
        Forbidden: the actor may not reply here or does not work for the company, or Medical
            Information found the question within the label.
        Invalid: nobody takes the question to be off-label.
        Conflict: the pointer's approval has lapsed, one is under the question already, or the
            question is answered.
    """
    require(access.may_point(actor, membership, post))
    require_unpointed(post, sent_as=client_key)
    if not beyond_label and not is_known_off_label(post):
        raise Invalid(
            N_("No rule found a use outside the label in this question. Answer it in the room, or"
               " tick that it asks for one."),
            field="beyond_label",
        )  # fmt: skip
    result = publish_post(
        actor=actor,
        membership=membership,
        thread=post.thread,
        text=pointer_text(),
        client_key=client_key,
        reply_to=post,
        reply_type=REPLY_TYPE,
        confirmed=confirmed,
        advice_reason=advice_reason,
        seen_set=seen_set,
    )
    if isinstance(result, Published):
        if result.post.reply_to_id != post.id:  # the key of a pointer under another question
            raise Conflict(N_("This was sent before with other words. Load the page again."))
        require_unpointed(post, sent_as=client_key)  # the thread is ours only since it was written
        mark_off_label(actor=actor, thread=post.thread)
        inquiry = inquiries.open_inquiry(
            actor=actor,
            question=question_of(post, post.text),
            origin="company",
            client_key=client_key,
            at=clock.now(),
        )
        if result.post.state is PostState.PUBLISHED:
            inquiries.note_pointed(actor=actor, inquiry=inquiry)
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
