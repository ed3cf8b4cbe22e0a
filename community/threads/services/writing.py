"""Starting a thread, replying, editing, and asking what the guardrails would say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from community.audit.services import record
from community.guardrails import services as guardrails
from community.guardrails.services import Judgement
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.spaces.models import Membership, Space
from community.threads import access, queries
from community.threads.models import Post, RevisionState, Thread
from community.threads.services.deciding import show_revision
from community.threads.services.following import tell_unapproved
from community.threads.services.own import forget_draft, place_of_edit
from community.threads.services.routing import (
    Subject,
    ask_medical_information,
    hold,
    note_responses,
    route,
)
from community.threads.services.sending import (
    Blocked,
    Published,
    Sending,
    Unconfirmed,
    add_revision,
    block,
    find_repeated,
    is_unconfirmed,
    judge,
    put,
    queue_up,
    settle,
    wait_for_author,
    whole_confirmation,
    writing_of,
)
from community.threads.services.whole import whole_text, whole_title

KINDS = ("discussion", "question", "case", "journal_club", "announcement")


def start_thread(
    *,
    actor: Member,
    membership: Membership,
    title: str,
    text: str,
    client_key: str,
    kind: str = "discussion",
    tags: Sequence[str] = (),
    products: Sequence[str] = (),
    origin: str = "member",
    reply_type: str = "",
    at: datetime | None = None,
    import_id: str | None = None,
    confirmed: Collection[str] = (),
    advice_reason: str = "",
    seen_set: str = "",
) -> Published | Blocked:
    """Open a thread with its first post.

    Args:
        actor: who writes.
        membership: the actor's place in the space.
        title: one line.
        text: Markdown.
        client_key: names this request; sent again, it is the same thread.
        kind: one of `KINDS`.
        tags: of the space's topics.
        products: which of our medicines it is about.
        origin: `member`, `import` or `demo`.
        reply_type: as for a reply.
        at: when it was written, for an import; now where None.
        import_id: its name where it came from.
        confirmed: the rules whose advice the actor has read.
        advice_reason: why it goes out all the same.
        seen_set: the label of the set whose verdict the actor saw last.

    Raises:
        Forbidden: the actor may not write here.
        Invalid: no title, no text, or too long.
        Conflict: the same key came with another text.
    """
    require(access.may_start_thread(actor, membership))
    if kind not in KINDS:
        raise Invalid(N_("There is no such kind of thread."), field="kind")
    title, text, now = whole_title(title), whole_text(text), at or clock.now()
    confirmed, advice_reason = whole_confirmation(confirmed, advice_reason)
    thread = _new_thread(actor, membership.space, title, now)
    thread.kind, thread.import_id = kind, import_id
    thread.tags = [tag for tag in tags if tag in membership.space.topics]
    thread.products = [item for item in products if item in membership.space.products]
    sending = Sending(
        actor=actor,
        membership=membership,
        thread=thread,
        title=title,
        text=text,
        client_key=client_key,
        at=now,
        origin=origin,
        reply_type=reply_type,
        confirmed=confirmed,
        advice_reason=advice_reason,
        seen_set=seen_set,
    )
    return _send(sending)


def _new_thread(actor: Member, space: Space, title: str, at: datetime) -> Thread:
    return Thread(space=space, author=actor, title=title, created_at=at, news_at=at)


def _add_thread(sending: Sending) -> None:
    thread = sending.thread
    session().add(thread)
    session().flush()
    record(
        actor=sending.actor,
        action="thread.started",
        subject_kind="thread",
        subject_id=thread.id,
        space_id=thread.space_id,
        new={"kind": thread.kind, "tags": thread.tags, "origin": sending.origin},
    )


def publish_post(
    *,
    actor: Member,
    membership: Membership,
    thread: Thread,
    text: str,
    client_key: str,
    reply_to: Post | None = None,
    origin: str = "member",
    reply_type: str = "",
    at: datetime | None = None,
    confirmed: Collection[str] = (),
    advice_reason: str = "",
    seen_set: str = "",
) -> Published | Blocked:
    """Reply in a thread: at once where the guardrails let it, held or not at all where they don't.

    Args:
        actor: who writes.
        membership: the actor's place in the space.
        thread: where.
        text: Markdown.
        client_key: names this request; sent again, it is the same post.
        reply_to: the post it answers, where there is one.
        origin: `member`, `import` or `demo`.
        reply_type: `pointer`, `correction` or `fixed_text` where it is one of these.
        at: when it was written, for an import; now where None.
        confirmed: the rules whose advice the actor has read.
        advice_reason: why it goes out all the same.
        seen_set: the label of the set whose verdict the actor saw last.

    Raises:
        Forbidden: the actor may not reply here.
        Invalid: no text, or too long.
        Conflict: the same key came with another text or for another thread.
    """
    require(access.may_reply(actor, membership, thread))
    confirmed, advice_reason = whole_confirmation(confirmed, advice_reason)
    sending = Sending(
        actor=actor,
        membership=membership,
        thread=thread,
        text=whole_text(text),
        client_key=client_key,
        at=at or clock.now(),
        answered=reply_to,
        origin=origin,
        reply_type=reply_type,
        confirmed=confirmed,
        advice_reason=advice_reason,
        seen_set=seen_set,
    )
    return _send(sending)


def _send(sending: Sending) -> Published | Blocked:
    """Do with a text what the guardrails say; what was sent before has its answer already."""
    repeated = find_repeated(sending)
    if repeated is not None:
        return repeated
    judgement = judge(sending)
    repeated = settle(sending, judgement)
    if repeated is not None:
        return repeated
    if judgement.outcome == "block":
        return block(sending, judgement)
    if is_unconfirmed(sending, judgement):
        return wait_for_author(sending, judgement)
    if sending.is_new_thread:
        _add_thread(sending)
    return put(sending, judgement)


def edit_post(
    *,
    actor: Member,
    membership: Membership,
    post: Post,
    text: str,
    client_key: str,
    confirmed: Collection[str] = (),
    advice_reason: str = "",
    seen_set: str = "",
) -> Published | Blocked:
    """Give one's own post another wording; a held edit leaves the published one in place.

    Args:
        actor: who edits.
        membership: the actor's place in the space.
        post: which.
        text: Markdown.
        client_key: names this request; sent again, it is the same edit.
        confirmed: the rules whose advice the actor has read.
        advice_reason: why it goes out all the same.
        seen_set: the label of the set whose verdict the actor saw last.

    Raises:
        Forbidden: it is not the actor's, or too late.
        Invalid: no text, or too long.
        Conflict: the same key came with another text.
    """
    require(access.may_edit_post(actor, membership, post))
    text = whole_text(text)
    confirmed, advice_reason = whole_confirmation(confirmed, advice_reason)
    if text == post.text or _is_repeated_edit(post, client_key, text):
        forget_draft(actor=actor, place=place_of_edit(post.id))
        return Published(post, None, repeated=True)
    sending = Sending(
        actor=actor,
        membership=membership,
        thread=post.thread,
        text=text,
        client_key=client_key,
        at=clock.now(),
        answered=session().get(Post, post.reply_to_id) if post.reply_to_id else None,
        kind="edit",  # in words of one's own, so no correction's form bears them any more
        confirmed=confirmed,
        advice_reason=advice_reason,
        seen_set=seen_set,
    )
    judgement = judge(sending)
    queue_up(actor)
    if judgement.outcome != "block" and not is_unconfirmed(sending, judgement):
        _withdraw_replaced(actor, post, client_key)
    take_turn(post)
    if _is_repeated_edit(post, client_key, text):
        return Published(post, None, repeated=True)
    require(access.may_edit_post(actor, membership, post))  # it may be down by now
    guardrails.keep(judgement)
    if judgement.outcome == "block":
        return block(sending, judgement)
    if is_unconfirmed(sending, judgement):
        route(sending, judgement, Subject("post", post.id))
        return Unconfirmed(judgement)  # the page of the edit holds the words
    _revise(sending, judgement, post)
    return Published(post, judgement)


def _withdraw_replaced(actor: Member, post: Post, client_key: str) -> None:
    """End the case of the held edit that this one replaces.

    The case is claimed before the post, as whoever decides does: else one could wait for the other.
    """
    waiting = queries.find_held_edit(viewer=actor, post=post)
    if waiting is not None and waiting.client_key != client_key:
        reviews.withdraw(actor=actor, subject_kind="revision", subject_id=waiting.id)


def _revise(sending: Sending, judgement: Judgement, post: Post) -> None:
    """Keep the new wording, and show it unless a person has to look first."""
    for waiting in post.revisions:
        if waiting.state is RevisionState.HELD:
            waiting.state = RevisionState.RETURNED
    revision = add_revision(sending, judgement, post, RevisionState.HELD)
    if judgement.outcome == "hold":
        hold(sending, judgement, Subject("revision", revision.id))
    else:
        post.guardrail_set = judgement.set_label
        show_revision(actor=sending.actor, revision=revision)
        tell_unapproved(revision)
        note_responses(sending, post)
    route(sending, judgement, Subject("post", post.id))
    ask_medical_information(sending, judgement, post)
    forget_draft(actor=sending.actor, place=place_of_edit(post.id))


def _is_repeated_edit(post: Post, client_key: str, text: str) -> bool:
    same = next((r for r in post.revisions if client_key and r.client_key == client_key), None)
    if same is None:
        return False
    if same.text != text:
        raise Conflict(N_("This was sent before with other words. Load the page again."))
    return True


def preview(
    *,
    actor: Member,
    membership: Membership,
    thread: Thread | None,
    text: str,
    title: str = "",
    answered: Post | None = None,
) -> Judgement:
    """Say what the guardrails would say now; nothing is kept.

    Args:
        actor: who types.
        membership: the actor's place in the space.
        thread: where it would go; None for a new one.
        text: Markdown as it stands.
        title: of a new thread.
        answered: the post it would answer.
    """
    now = clock.now()
    sending = Sending(
        actor=actor,
        membership=membership,
        thread=thread or _new_thread(actor, membership.space, title, now),
        title=title if thread is None else "",
        text=text,
        client_key="",
        at=now,
        answered=answered,
    )
    writing = writing_of(sending)
    if thread is None:
        writing = replace(writing, thread_id=None, thread_texts=())
    return guardrails.preview(writing)
