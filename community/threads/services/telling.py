"""What follows from a change: a post's number, news for the room, and proof."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.db import Json, session
from community.kernel.rows import table_of, write
from community.members.models import Member
from community.stream.services import append
from community.threads.models import Post, PostState, Thread


def number(post: Post, at: datetime) -> None:
    """Give a post that waited its place at the end of its thread, and tell the room."""
    post.number = take_number(post.thread, at)
    post.state = PostState.PUBLISHED
    post.published_at = at
    session().flush()
    tell_new(post)


_THREAD = table_of(Thread).c
_NOW = sa.bindparam("now", type_=_THREAD.news_at.type)
_COUNT = (
    sa.update(table_of(Thread))
    .where(_THREAD.id == sa.bindparam("thread"))
    .values(
        last_number=_THREAD.last_number + 1,
        version=_THREAD.version + 1,
        news_at=sa.case((_THREAD.news_at < _NOW, _NOW), else_=_THREAD.news_at),
    )
    .returning(_THREAD.last_number, _THREAD.version, _THREAD.news_at)
)


def take_number(thread: Thread, at: datetime) -> int:
    """Count one more post in a thread, with news of that time, in one statement."""
    (counted,) = write(_COUNT, {"thread": thread.id, "now": at})
    set_committed_value(thread, "last_number", counted.last_number)
    set_committed_value(thread, "version", counted.version)
    set_committed_value(thread, "news_at", counted.news_at)
    return thread.last_number


def tell_new(post: Post) -> None:
    """Tell the room of a post that has just come, and of its thread where it is the first."""
    if post.number == 1:
        tell_thread(post.thread)
    tell_post(post)


def tell_post(post: Post) -> None:
    """Tell the room that a post is new or different."""
    append(
        space_id=post.thread.space_id,
        thread_id=post.thread_id,
        kind="post",
        subject_id=post.id,
        version=post.version,
    )


def tell_thread(thread: Thread) -> None:
    """Tell the room that a thread is new or different."""
    append(
        space_id=thread.space_id,
        thread_id=thread.id,
        kind="thread",
        subject_id=thread.id,
        version=thread.version,
    )


def tell_author(post: Post, what: str, *, actor: Member) -> None:
    """Write to a post's author what somebody else has decided on it; never its words.

    Args:
        post: which.
        what: `returned`, `refused`, `edit_returned`, `released`, `removed` or `restored`.
        actor: who decided.
    """
    args: Json = {"post": post.id, "what": what, "actor": actor.id}
    key = f"post-{post.id}-{what}-{clock.now().isoformat()}"
    enqueue("threads.mail_author", {**args, "key": key}, key=key)


def record_post(actor: Member, post: Post, action: str, *, reason: str = "") -> None:
    """Keep what was done to a post: its hash, never its words."""
    new: Json = {
        "thread": post.thread_id,
        "number": post.number,
        "version": post.version,
        "sha256": sha256(post.text),
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


def sha256(text: str) -> str:
    """Return the hash under which a text is proven."""
    return hashlib.sha256(text.encode()).hexdigest()
