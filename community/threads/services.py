"""Writes of threads and posts. Every text goes through `_judge`, whatever the door.

Order inside a deed: may they, is it whole, what do the guardrails say, change rows, then news,
work and proof. A blocked text leaves no post, but its cases and its proof stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from community.audit.services import record
from community.guardrails import services as guardrails
from community.guardrails.services import Judgement, Writing
from community.kernel import clock, markup
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.reviews.models import ReviewKind
from community.spaces import queries as spaces
from community.spaces.models import Membership, Space
from community.stream.services import append
from community.threads import access, queries
from community.threads.models import (
    Draft,
    Post,
    PostState,
    ReadPosition,
    Revision,
    RevisionState,
    Thread,
)

LONGEST_POST = 20_000
LONGEST_TITLE = 200
LONGEST_DRAFT = 60_000
LONGEST_REASON = 2_000
KINDS = ("discussion", "question", "case", "journal_club", "announcement")


@dataclass(frozen=True)
class Blocked:
    """The guardrails let no such text into the room. It stays the author's draft."""

    judgement: Judgement


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


# --- a new thread, a reply, an edit ------------------------------------------------------------


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

    Raises:
        Forbidden: the actor may not write here.
        Invalid: no title, no text, or too long.
        Conflict: the same key came with another text.
    """
    require(access.may_start_thread(actor, membership))
    title, text = _whole_title(title), _whole_text(text)
    if kind not in KINDS:
        raise Invalid(N_("There is no such kind of thread."), field="kind")
    repeated = _find_repeated(actor, client_key, text, thread=None)
    if repeated is not None:
        return repeated
    space, now = membership.space, at or clock.now()
    thread = Thread(
        space=space,
        author=actor,
        title=title,
        kind=kind,
        tags=[tag for tag in tags if tag in space.topics],
        products=[product for product in products if product in space.products],
        created_at=now,
        news_at=now,
        import_id=import_id,
    )
    judgement = _judge(
        actor, membership, thread, text, client_key, title=title, reply_type=reply_type, is_new=True
    )
    repeated = _settle(actor, client_key, text, None, judgement)
    if repeated is not None:
        return repeated
    if judgement.outcome == "block":
        return _block(judgement, actor, space, None, text, client_key, now, title=title)
    session().add(thread)
    session().flush()
    record(
        actor=actor,
        action="thread.started",
        subject_kind="thread",
        subject_id=thread.id,
        space_id=space.id,
        new={"kind": kind, "tags": thread.tags, "origin": origin},
    )
    return _put(
        actor, membership, thread, text, client_key, judgement,
        reply_to=None, origin=origin, reply_type=reply_type, at=now,
    )  # fmt: skip


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

    Raises:
        Forbidden: the actor may not reply here.
        Invalid: no text, or too long.
        Conflict: the same key came with another text or for another thread.
    """
    require(access.may_reply(actor, membership, thread))
    text = _whole_text(text)
    repeated = _find_repeated(actor, client_key, text, thread=thread)
    if repeated is not None:
        return repeated
    now = at or clock.now()
    judgement = _judge(
        actor, membership, thread, text, client_key, answered=reply_to, reply_type=reply_type
    )
    repeated = _settle(actor, client_key, text, thread, judgement)
    if repeated is not None:
        return repeated
    if judgement.outcome == "block":
        return _block(judgement, actor, thread.space, thread, text, client_key, now)
    return _put(
        actor, membership, thread, text, client_key, judgement,
        reply_to=reply_to, origin=origin, reply_type=reply_type, at=now,
    )  # fmt: skip


def edit_post(
    *, actor: Member, membership: Membership, post: Post, text: str, client_key: str
) -> Published | Blocked:
    """Give one's own post another wording; a held edit leaves the published one in place.

    Raises:
        Forbidden: it is not the actor's, or too late.
        Invalid: no text, or too long.
    """
    require(access.may_edit_post(actor, membership, post))
    text = _whole_text(text)
    if text == post.text:
        return Published(post, None, repeated=True)
    same = next((r for r in post.revisions if r.client_key == client_key), None)
    if same is not None and client_key:
        if same.text != text:
            raise Conflict(N_("This was sent before with other words."))
        return Published(post, None, repeated=True)
    thread, now = post.thread, clock.now()
    answered = session().get(Post, post.reply_to_id) if post.reply_to_id else None
    judgement = _judge(
        actor, membership, thread, text, client_key,
        answered=answered, reply_type=post.reply_type, kind="edit",
    )  # fmt: skip
    html = markup.render(text, key=_key_of(actor, post.client_key))
    _queue_up(actor)
    guardrails.keep(judgement)
    if judgement.outcome == "block":
        return _block(judgement, actor, thread.space, thread, text, client_key, now)
    revision = _revise(post, actor, text, html, client_key, judgement, now)
    if judgement.outcome == "hold":
        _hold(judgement, actor, thread, "revision", revision.id, text, client_key, now)
    else:
        show_revision(actor=actor, revision=revision)
    _route(judgement, actor, thread.space, thread, "post", post.id, text, client_key, now)
    return Published(post, judgement)


def _revise(
    post: Post,
    actor: Member,
    text: str,
    html: str,
    client_key: str,
    judgement: Judgement,
    now: datetime,
) -> Revision:
    for waiting in post.revisions:
        if waiting.state in {RevisionState.HELD, RevisionState.RETURNED}:
            waiting.state = RevisionState.RETURNED
    revision = Revision(
        post=post,
        number=max(r.number for r in post.revisions) + 1,
        editor_id=actor.id,
        text=text,
        html=html,
        created_at=now,
        state=RevisionState.HELD,
        verdict_id=judgement.row_id,
        client_key=client_key,
    )
    session().add(revision)
    session().flush()
    return revision


def _put(
    actor: Member,
    membership: Membership,
    thread: Thread,
    text: str,
    client_key: str,
    judgement: Judgement,
    *,
    reply_to: Post | None,
    origin: str,
    reply_type: str,
    at: datetime,
) -> Published:
    """Write a judged text as a post, published or held, with its first wording."""
    held = judgement.outcome == "hold"
    post = Post(
        thread=thread,
        author=actor,
        client_key=client_key,
        state=PostState.HELD,
        text=text,
        html=markup.render(text, key=_key_of(actor, client_key)),
        created_at=at,
        reply_to_id=reply_to.id if reply_to is not None else None,
        reply_type=reply_type,
        origin=origin,
        guardrail_set=judgement.set_label,
    )
    session().add(post)
    session().flush()
    revision = Revision(
        post=post,
        number=1,
        editor_id=actor.id,
        text=text,
        html=post.html,
        created_at=at,
        state=RevisionState.HELD if held else RevisionState.SHOWN,
        verdict_id=judgement.row_id,
        client_key=client_key,
    )
    session().add(revision)
    if held:
        _hold(judgement, actor, thread, "post", post.id, text, client_key, at)
        _record_post(actor, post, "post.held")
    else:
        _number(post, at)
        _record_post(actor, post, "post.published")
    _route(judgement, actor, thread.space, thread, "post", post.id, text, client_key, at)
    is_new = thread.last_number <= 1 and thread.author_id == actor.id
    _forget_draft(actor, f"space:{thread.space_id}" if is_new else f"thread:{thread.id}")
    if origin == "member" and not held:
        note_read(actor=actor, thread=thread, number=post.number or 0)
    return Published(post, judgement)


def _settle(
    actor: Member, client_key: str, text: str, thread: Thread | None, judgement: Judgement
) -> Published | None:
    """Begin to write: one deed of an author at a time, so that a key is used once."""
    _queue_up(actor)
    repeated = _find_repeated(actor, client_key, text, thread=thread)
    if repeated is None:
        guardrails.keep(judgement)
    return repeated


def _queue_up(actor: Member) -> None:
    """Make the deeds of one author wait for each other until the commit."""
    session().execute(
        sa.update(Member)
        .where(Member.id == actor.id)
        .values(version=Member.version)
        .execution_options(synchronize_session=False)
    )


def _key_of(actor: Member, client_key: str) -> str:
    """Return what makes the footnotes of a post its own on a page: known before it is written."""
    return _sha256(f"{actor.id}:{client_key}")[:8]


def _number(post: Post, at: datetime) -> None:
    """Give a post its place at the end of its thread and tell the room."""
    thread = post.thread
    is_first = thread.last_number == 0
    number = session().execute(
        sa.update(Thread)
        .where(Thread.id == thread.id)
        .values(last_number=Thread.last_number + 1)
        .returning(Thread.last_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session().refresh(thread, ["last_number", "version", "news_at"])
    thread.news_at = max(thread.news_at, at)
    thread.version += 1
    post.number = number
    post.state = PostState.PUBLISHED
    post.published_at = at
    session().flush()
    if is_first or number == 1:
        _tell_thread(thread)
    _tell_post(post)


# --- what a decision or a moderator does -------------------------------------------------------


def release_post(*, actor: Member, post: Post) -> None:
    """Let a held post into the room: at the end of its thread, now."""
    _number(post, clock.now())
    revision = post.revisions[-1]
    revision.state = RevisionState.SHOWN
    _record_post(actor, post, "post.released")


def return_post(*, actor: Member, post: Post, reason: str) -> None:
    """Give a held post back to its author, whose draft it becomes."""
    post.state = PostState.RETURNED
    post.revisions[-1].state = RevisionState.RETURNED
    _record_post(actor, post, "post.returned", reason=reason)


def refuse_post(*, actor: Member, post: Post, reason: str) -> None:
    """Take a held post away for good; its author still reads it, with the reason."""
    post.state = PostState.RETURNED
    post.revisions[-1].state = RevisionState.RETURNED
    post.removed_at = clock.now()
    post.removed_by_id = actor.id
    post.removed_reason = reason
    _record_post(actor, post, "post.refused", reason=reason)


def show_revision(*, actor: Member, revision: Revision) -> None:
    """Put a wording in the place of the one before."""
    post = revision.post
    for other in post.revisions:
        if other.state is RevisionState.SHOWN:
            other.state = RevisionState.OLD
    revision.state = RevisionState.SHOWN
    post.text, post.html = revision.text, revision.html
    post.edited_at = clock.now()
    post.version += 1
    session().flush()
    _tell_post(post)
    _record_post(actor, post, "post.edited")


def return_revision(*, actor: Member, revision: Revision, reason: str) -> None:
    """Give a held edit back; the wording in the room stays."""
    revision.state = RevisionState.RETURNED
    _record_post(actor, revision.post, "post.edit_returned", reason=reason)


def remove_post(*, actor: Member, membership: Membership, post: Post, reason: str) -> None:
    """Take a post down. A line in its place says who did it and why; it can be put back.

    Raises:
        Forbidden: the actor is neither its author nor a moderator.
        Invalid: a moderator gave no reason.
        Conflict: it is already down.
    """
    require(access.may_remove_post(actor, membership, post))
    own = post.author_id == actor.id
    reason = _whole_reason(reason, needed=not own)
    if post.state is PostState.REMOVED:
        raise Conflict(N_("This post has already been taken down."))
    post.state = PostState.REMOVED
    post.removed_at = clock.now()
    post.removed_by_id = actor.id
    post.removed_role = "author" if own else "moderator"
    post.removed_reason = reason
    post.version += 1
    session().flush()
    _tell_post(post)
    _record_post(actor, post, "post.removed", reason=reason)


def restore_post(*, actor: Member, membership: Membership, post: Post, reason: str = "") -> None:
    """Put a post back where it stood.

    Raises:
        Forbidden: the actor may not.
        Conflict: it stands in the room already.
    """
    require(access.may_restore_post(actor, membership, post))
    if post.state is not PostState.REMOVED:
        raise Conflict(N_("This post stands in the room."))
    post.state = PostState.PUBLISHED
    post.removed_at = post.removed_by_id = None
    post.removed_role = post.removed_reason = ""
    post.version += 1
    session().flush()
    _tell_post(post)
    _record_post(actor, post, "post.restored", reason=_whole_reason(reason, needed=False))


def pin_thread(*, actor: Member, membership: Membership, thread: Thread, pinned: bool) -> None:
    """Keep a thread at the top of its space, or let it go."""
    require(access.may_moderate_thread(actor, membership, thread))
    thread.pinned_at = clock.now() if pinned else None
    _changed_thread(actor, thread, "thread.pinned" if pinned else "thread.unpinned")


def lock_thread(
    *, actor: Member, membership: Membership, thread: Thread, locked: bool, reason: str
) -> None:
    """Close a thread to replies, with a reason that all read, or open it again."""
    require(access.may_moderate_thread(actor, membership, thread))
    reason = _whole_reason(reason, needed=locked)
    thread.locked_at = clock.now() if locked else None
    thread.locked_reason = reason if locked else ""
    _changed_thread(actor, thread, "thread.locked" if locked else "thread.unlocked", reason)


def _changed_thread(actor: Member, thread: Thread, action: str, reason: str = "") -> None:
    thread.version += 1
    session().flush()
    _tell_thread(thread)
    record(
        actor=actor,
        action=action,
        subject_kind="thread",
        subject_id=thread.id,
        space_id=thread.space_id,
        reason=reason,
    )


# --- what is one's own: drafts and reading -----------------------------------------------------


def save_draft(
    *, actor: Member, place: str, text: str, title: str = "", seq: int | None = None
) -> Draft:
    """Keep what the actor has begun to write in a place.

    Args:
        actor: who writes.
        place: `thread:<id>`, `space:<id>` or `post:<id>`, which the actor may see.
        text: Markdown, as far as it is.
        title: for a new thread.
        seq: the last number that this tab knows; None takes over whatever is there.

    Raises:
        Conflict: another tab has saved since; nothing was overwritten.
        Invalid: longer than what is kept.
    """
    if len(text) > LONGEST_DRAFT or len(title) > LONGEST_TITLE * 2:
        raise Invalid(N_("That is too long to be kept as a draft."), field="text")
    draft = queries.find_draft(viewer=actor, place=place)
    now = clock.now()
    if draft is None:
        draft = Draft(member_id=actor.id, place=place, text=text, title=title, saved_at=now)
        session().add(draft)
    elif seq is not None and seq < draft.seq:
        raise Conflict(
            N_("You have written more in another window. Nothing was overwritten."),
            code="newer_draft",
        )
    else:
        draft.text, draft.title, draft.saved_at = text, title, now
        draft.seq += 1
    session().flush()
    return draft


def _forget_draft(actor: Member, place: str) -> None:
    session().execute(
        sa.delete(Draft).where(Draft.member_id == actor.id, Draft.place == place)
    )


def note_read(*, actor: Member, thread: Thread, number: int) -> None:
    """Keep how far the actor has read; it never goes back."""
    number = min(number, thread.last_number)
    row = session().get(ReadPosition, (actor.id, thread.id))
    if row is None:
        if number > 0:
            session().add(
                ReadPosition(
                    member_id=actor.id, thread_id=thread.id, number=number, at=clock.now()
                )
            )
    elif row.number < number:
        row.number, row.at = number, clock.now()


# --- the parts ---------------------------------------------------------------------------------


def _judge(
    actor: Member,
    membership: Membership,
    thread: Thread,
    text: str,
    client_key: str,
    *,
    answered: Post | None = None,
    title: str = "",
    reply_type: str = "",
    kind: str = "post",
    is_new: bool = False,
) -> Judgement:
    """Ask the guardrails: the one place through which every text goes."""
    return guardrails.judge(
        Writing(
            author=actor,
            membership=membership,
            text=text,
            title=title,
            kind=kind,
            reply_type=reply_type,
            client_key=client_key,
            thread_id=None if is_new else thread.id,
            thread_kind=thread.kind,
            thread_title=thread.title,
            thread_tags=tuple(thread.tags),
            thread_products=tuple(thread.products),
            thread_texts=() if is_new else queries.thread_texts(thread=thread),
            answered=answered.text if answered is not None else "",
        )
    )


def preview(
    *,
    actor: Member,
    membership: Membership,
    thread: Thread | None,
    text: str,
    title: str = "",
    answered: Post | None = None,
) -> Judgement:
    """Say what the guardrails would say now; nothing is kept."""
    return guardrails.preview(
        Writing(
            author=actor,
            membership=membership,
            text=text,
            title=title,
            thread_id=thread.id if thread is not None else None,
            thread_kind=thread.kind if thread is not None else "",
            thread_title=thread.title if thread is not None else title,
            thread_tags=tuple(thread.tags) if thread is not None else (),
            thread_products=tuple(thread.products) if thread is not None else (),
            thread_texts=queries.thread_texts(thread=thread) if thread is not None else (),
            answered=answered.text if answered is not None else "",
        )
    )


def _block(
    judgement: Judgement,
    actor: Member,
    space: Space,
    thread: Thread | None,
    text: str,
    client_key: str,
    at: datetime,
    *,
    title: str = "",
) -> Blocked:
    _route(judgement, actor, space, thread, "draft", judgement.row_id or 0, text, client_key, at)
    record(
        actor=actor,
        action="post.blocked",
        subject_kind="verdict",
        subject_id=judgement.row_id,
        space_id=space.id,
        new={"rules": judgement.rules, "sha256": _sha256(text)},
    )
    place = f"thread:{thread.id}" if thread is not None else f"space:{space.id}"
    save_draft(actor=actor, place=place, text=text, title=title)
    return Blocked(judgement)


def _hold(
    judgement: Judgement,
    actor: Member,
    thread: Thread,
    subject_kind: str,
    subject_id: int,
    text: str,
    client_key: str,
    at: datetime,
) -> None:
    reviews.open_review(
        kind=ReviewKind.HOLD,
        desk=judgement.hold_desk,
        author=actor,
        space=thread.space,
        thread_id=thread.id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        text=text,
        client_key=client_key,
        findings=judgement.findings_of("hold"),
        clock_from=at,
        countries=spaces.countries_of_readers(thread.space_id),
    )


def _route(
    judgement: Judgement,
    actor: Member,
    space: Space,
    thread: Thread | None,
    subject_kind: str,
    subject_id: int,
    text: str,
    client_key: str,
    at: datetime,
) -> None:
    """Open one case for each desk that must know; the desk that decides a hold knows by that."""
    for desk in judgement.routes:
        if judgement.outcome == "hold" and desk == judgement.hold_desk:
            continue
        reviews.open_review(
            kind=ReviewKind.ROUTED,
            desk=desk,
            author=actor,
            space=space,
            thread_id=thread.id if thread is not None else None,
            subject_kind=subject_kind,
            subject_id=subject_id,
            text=text,
            client_key=client_key,
            findings=judgement.findings_for(desk),
            clock_from=at,
            countries=spaces.countries_of_readers(space.id),
        )


def _tell_post(post: Post) -> None:
    append(
        space_id=post.thread.space_id,
        thread_id=post.thread_id,
        kind="post",
        subject_id=post.id,
        version=post.version,
    )


def _tell_thread(thread: Thread) -> None:
    append(
        space_id=thread.space_id,
        thread_id=thread.id,
        kind="thread",
        subject_id=thread.id,
        version=thread.version,
    )


def _record_post(actor: Member, post: Post, action: str, *, reason: str = "") -> None:
    new: Json = {
        "thread": post.thread_id,
        "number": post.number,
        "version": post.version,
        "sha256": _sha256(post.text),
        "guardrails": post.guardrail_set,
    }
    record(
        actor=actor,
        action=action,
        subject_kind="post",
        subject_id=post.id,
        space_id=post.thread.space_id,
        reason=reason,
        new=new,
    )


def _find_repeated(
    actor: Member, client_key: str, text: str, *, thread: Thread | None
) -> Published | None:
    """Return the answer that the same request had before.

    Raises:
        Conflict: the key was used for another text or another place.
    """
    earlier = queries.find_by_client_key(author=actor, client_key=client_key)
    if earlier is None:
        return None
    first = earlier.revisions[0].text
    if first != text or (thread is not None and earlier.thread_id != thread.id):
        raise Conflict(N_("This was sent before with other words. Load the page again."))
    return Published(earlier, None, repeated=True)


def _whole_text(text: str) -> str:
    text = text.strip("\n").rstrip()
    if not text.strip():
        raise Invalid(N_("There is nothing written yet."), field="text")
    if len(text) > LONGEST_POST:
        raise Invalid(
            N_("That is %(length)s characters; 20,000 are the most. Your text is kept."),
            field="text",
            length=f"{len(text):,}",
        )
    return text


def _whole_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid(N_("A thread needs a title. A question is best."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(N_("Keep the title under 200 characters."), field="title")
    return title


def _whole_reason(reason: str, *, needed: bool) -> str:
    reason = reason.strip()
    if needed and not reason:
        raise Invalid(N_("Write a line why. The person concerned reads it."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            N_("That is too long for a reason. Keep it under 2,000 characters."), field="reason"
        )
    return reason


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
