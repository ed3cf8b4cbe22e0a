"""What follows from a change: a post's number, news for the room, and proof."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.db import Json, session
from community.members.models import Member
from community.stream.services import append
from community.threads.models import Post, PostState, Thread


def number(post: Post, at: datetime) -> None:
    """Give a post its place at the end of its thread and tell the room."""
    thread = post.thread
    is_first = thread.last_number == 0
    post.number = (
        session()
        .execute(
            sa.update(Thread)
            .where(Thread.id == thread.id)
            .values(last_number=Thread.last_number + 1, version=Thread.version + 1)
            .returning(Thread.last_number)
            .execution_options(synchronize_session=False)
        )
        .scalar_one()
    )
    session().refresh(thread, ["last_number", "version", "news_at"])
    thread.news_at = max(thread.news_at, at)
    post.state = PostState.PUBLISHED
    post.published_at = at
    session().flush()
    if is_first:
        tell_thread(thread)
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
