"""A text on its way: judged, then put into the room, held, or blocked; cases open with it.

Guardrails and markup are worked out before the first write. The first write makes the deeds of
one author wait for each other, so that a request's key is used once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa

from community.audit.services import record
from community.guardrails import services as guardrails
from community.guardrails.services import Judgement, Writing
from community.kernel import clock, markup, rows
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.reasons import whole_reason
from community.kernel.rows import table_of, write
from community.kernel.words import N_
from community.members.models import Member
from community.responses import queries as responses
from community.spaces import queries as spaces
from community.spaces.models import Membership, Space
from community.threads import queries
from community.threads.models import Post, PostState, Revision, RevisionState, Thread
from community.threads.services.following import tell_unapproved
from community.threads.services.own import forget_draft, note_read, save_draft
from community.threads.services.routing import (
    Subject,
    ask_medical_information,
    hold,
    note_responses,
    route,
)
from community.threads.services.telling import record_post, sha256, take_number, tell_new

QUOTE_MARK = ">"


@dataclass(frozen=True)
class Blocked:
    """The guardrails let no such text into the room. It stays the author's draft."""

    judgement: Judgement


@dataclass(frozen=True)
class Unconfirmed(Blocked):
    """The guardrails advise against it, and its author has not said yet that it goes out so.

    It stays the author's draft until the same text comes again with the advice confirmed.
    """


@dataclass(frozen=True)
class Published:
    """What became of a text: the post as it is now, and what the guardrails said.

    `repeated`: the same request was answered before, and this is that answer again.
    """

    post: Post
    judgement: Judgement | None
    repeated: bool = False

    @property
    def is_held(self) -> bool:
        """Whether a person has to look at it first."""
        return self.post.state is PostState.HELD


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One text that a member sends: what, where, when, and under which key.

    `thread` is new, and not in the database yet, where the text opens one; `title` is then its
    title. `origin` is `member`, `import` or `demo`. `confirmed` are the rules whose advice the
    author has read, `advice_reason` why it goes out all the same. `seen_set` is the set whose
    verdict the author saw last.
    """

    actor: Member
    membership: Membership
    thread: Thread
    text: str
    client_key: str
    at: datetime
    title: str = ""
    answered: Post | None = None
    reply_type: str = ""
    origin: str = "member"
    kind: str = "post"
    confirmed: frozenset[str] = frozenset()
    advice_reason: str = ""
    seen_set: str = ""

    @property
    def space(self) -> Space:
        """Where it goes."""
        return self.membership.space

    @property
    def is_imported(self) -> bool:
        """Whether it was written in an earlier community."""
        return self.origin == "import"

    @property
    def clock_from(self) -> datetime:
        """When the clocks of its cases begin: what an import brings is only now known to us."""
        return clock.now() if self.is_imported else self.at

    @property
    def is_new_thread(self) -> bool:
        """Whether the text opens a thread."""
        return bool(self.title)

    @cached_property
    def html(self) -> str:
        """The text rendered, once for each wording."""
        return markup.render(self.text)


def judge(sending: Sending) -> Judgement:
    """Ask the guardrails: the one place through which every text goes."""
    return guardrails.judge(writing_of(sending))


def writing_of(sending: Sending) -> Writing:
    """Return a text with all that the rules may ask about it."""
    thread = sending.thread
    return Writing(
        author=sending.actor,
        membership=sending.membership,
        text=sending.text,
        title=sending.title,
        kind=sending.kind,
        reply_type=sending.reply_type,
        client_key=sending.client_key,
        thread_id=None if sending.is_new_thread else thread.id,
        thread_kind=thread.kind,
        thread_title=thread.title,
        thread_tags=tuple(thread.tags),
        thread_products=tuple(thread.products),
        thread_texts=_quotable(sending),
        thread_marks=tuple(thread.marks or ()),
        approved_texts=_approved_texts(sending),
        answered=sending.answered.text if sending.answered is not None else "",
        confirmed=sending.confirmed,
        advice_reason=sending.advice_reason,
        seen_set=sending.seen_set,
    )


def _quotable(sending: Sending) -> tuple[str, ...]:
    """Return what may be quoted word for word; a text without a quote need not know."""
    if sending.is_new_thread or QUOTE_MARK not in sending.text:
        return ()
    return queries.thread_texts(thread=sending.thread)


def _approved_texts(sending: Sending) -> tuple[str, ...]:
    if not sending.actor.is_company:
        return ()
    countries = spaces.countries_of_readers(sending.space.id)
    return responses.approved_texts(countries, text=sending.text)


def find_repeated(sending: Sending) -> Published | None:
    """Return the answer that the same request had before.

    Raises:
        Conflict: the key was used for another text or another place.
    """
    earlier = queries.find_by_client_key(author=sending.actor, client_key=sending.client_key)
    if earlier is None:
        return None
    elsewhere = (
        earlier.thread.space_id != sending.space.id
        if sending.is_new_thread
        else earlier.thread_id != sending.thread.id
    )
    is_same = earlier.revisions[0].text == sending.text and (
        not sending.is_new_thread or earlier.thread.title == sending.title
    )
    if elsewhere or not is_same:
        raise Conflict(N_("This was sent before with other words. Load the page again."))
    return Published(earlier, None, repeated=True)


def settle(sending: Sending, judgement: Judgement) -> Published | None:
    """Begin to write; return the answer of a parallel request that was quicker, if one was."""
    queue_up(sending.actor)
    repeated = find_repeated(sending)
    if repeated is None:
        guardrails.keep(judgement)
    return repeated


_MEMBER = table_of(Member).c
_QUEUE_UP = (
    sa.update(table_of(Member))
    .where(_MEMBER.id == sa.bindparam("member"))
    .values(version=_MEMBER.version)
)


def queue_up(actor: Member) -> None:
    """Make the deeds of one author wait for each other until the commit."""
    write(_QUEUE_UP, {"member": actor.id})


def put(sending: Sending, judgement: Judgement) -> Published:
    """Write a judged text as a post, published or held, with its first wording."""
    held = judgement.outcome == "hold"
    post, revision = _add_post(sending, judgement)
    subject = Subject("post", post.id)
    if held:
        hold(sending, judgement, subject)
        record_post(sending.actor, post, "post.held")
    else:
        tell_new(post)
        record_post(sending.actor, post, "post.published")
        tell_unapproved(revision)
    route(sending, judgement, subject)
    ask_medical_information(sending, judgement, post)
    note_responses(sending, post)
    if _is_from_draft(sending):
        forget_draft(actor=sending.actor, place=place_of(sending))
    if sending.origin == "member" and not held:
        note_read(actor=sending.actor, thread=sending.thread, number=post.number or 0)
    return Published(post, judgement)


def _add_post(sending: Sending, judgement: Judgement) -> tuple[Post, Revision]:
    held = judgement.outcome == "hold"
    post = Post(
        thread=sending.thread,
        author=sending.actor,
        client_key=sending.client_key,
        state=PostState.HELD if held else PostState.PUBLISHED,
        number=None if held else take_number(sending.thread, sending.at),
        published_at=None if held else sending.at,
        text=sending.text,
        html=sending.html,
        created_at=sending.at,
        reply_to_id=sending.answered.id if sending.answered is not None else None,
        reply_type=sending.reply_type,
        origin=sending.origin,
        guardrail_set=judgement.set_label,
    )
    state = RevisionState.HELD if held else RevisionState.SHOWN
    revision = _wording(sending, judgement, post, state)
    rows.insert(post, revision)
    return post, revision


def add_revision(
    sending: Sending, judgement: Judgement, post: Post, state: RevisionState
) -> Revision:
    """Keep a wording of a post."""
    revision = _wording(sending, judgement, post, state)
    session().add(revision)
    session().flush()
    return revision


def _wording(sending: Sending, judgement: Judgement, post: Post, state: RevisionState) -> Revision:
    return Revision(
        post=post,
        number=max((earlier.number for earlier in post.revisions), default=0) + 1,
        editor_id=sending.actor.id,
        text=sending.text,
        html=sending.html,
        created_at=sending.at,
        state=state,
        verdict_id=judgement.row_id,
        client_key=sending.client_key,
    )


def block(sending: Sending, judgement: Judgement) -> Blocked:
    """Let no such text in: it stays the author's draft, its cases and its proof stand."""
    route(sending, judgement, Subject("draft", judgement.row_id or 0))
    record(
        actor=sending.actor,
        action="post.blocked",
        subject_kind="verdict",
        subject_id=judgement.row_id,
        space_id=sending.space.id,
        new={"rules": judgement.rules, "sha256": sha256(sending.text)},
    )
    _keep_draft(sending)
    return Blocked(judgement)


def wait_for_author(sending: Sending, judgement: Judgement) -> Unconfirmed:
    """Let the author read the advice first: nothing goes out and nothing is lost.

    What somebody must know is routed now. Who writes of danger and then thinks better of it is
    not left alone; where the text goes out after all, its cases are about the post.
    """
    route(sending, judgement, Subject("draft", judgement.row_id or 0))
    _keep_draft(sending)
    return Unconfirmed(judgement)


def _keep_draft(sending: Sending) -> None:
    if _is_from_draft(sending):
        save_draft(
            actor=sending.actor, place=place_of(sending), text=sending.text, title=sending.title
        )


def _is_from_draft(sending: Sending) -> bool:
    """Whether a text was written where drafts are kept.

    An edit, a pointer and a correction have pages of their own, which hold their words: what has
    been begun as a reply beside them stays. An import's author never comes back for anything.
    """
    return sending.kind == "post" and not sending.reply_type and not sending.is_imported


def is_unconfirmed(sending: Sending, judgement: Judgement) -> bool:
    """Whether the author has still to confirm advice; nobody can for what an import brings."""
    return bool(judgement.unconfirmed) and not sending.is_imported


def whole_confirmation(confirmed: Collection[str], reason: str) -> tuple[frozenset[str], str]:
    """Return what an author confirms, and why; raise Invalid where the reason is too long."""
    return frozenset(confirmed), whole_reason(reason, needed=False, field="advice_reason")


def place_of(sending: Sending) -> str:
    """Return where the draft of a text is kept."""
    if sending.is_new_thread:
        return f"space:{sending.space.id}"
    return f"thread:{sending.thread.id}"
