"""What was posted of late, each text as it would be judged if it were sent today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from community.guardrails.services import Writing
from community.kernel.db import session
from community.spaces.models import Membership
from community.threads.models import Post, PostState, Revision, RevisionState
from community.threads.services.sending import Sending, writing_of

QUOTABLE = 200


def _since(since: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Post.created_at >= since, Post.state != PostState.REMOVED)


def count_posts_since(since: datetime) -> int:
    """Return how many posts were sent since then, those that wait or came back included."""
    return session().scalar(sa.select(sa.func.count(Post.id)).where(_since(since))) or 0


def posts_since(since: datetime, *, below: int | None, limit: int) -> Sequence[Post]:
    """Return posts sent since then, the newest first, with ids below one that is known."""
    query = sa.select(Post).where(_since(since)).order_by(Post.id.desc()).limit(limit)
    if below is not None:
        query = query.where(Post.id < below)
    return session().scalars(query).all()


def writing_of_post(post: Post) -> Writing | None:
    """Return a post as a text on its way; None where its author never had a place there.

    An edited post is judged as the edit was: in its author's own words, which no agreed form of
    the first wording bears any more.
    """
    place = session().scalar(
        sa.select(Membership).where(
            Membership.member_id == post.author_id,
            Membership.space_id == post.thread.space_id,
        )
    )
    if place is None:
        return None
    earlier = _earlier_texts(post)
    sending = Sending(
        actor=post.author,
        membership=place,
        thread=post.thread,
        text=post.text,
        title=post.thread.title if _opens(post) else "",
        client_key="",
        at=post.created_at,
        answered=session().get(Post, post.reply_to_id) if post.reply_to_id else None,
        reply_type=post.reply_type if post.edited_at is None else "",
        origin=post.origin,
    )
    return replace(writing_of(sending), thread_texts=earlier)


def _opens(post: Post) -> bool:
    first = sa.select(sa.func.min(Post.id)).where(Post.thread_id == post.thread_id)
    return session().scalar(first) == post.id


def _earlier_texts(post: Post) -> tuple[str, ...]:
    """What the post could quote, in each wording that stood in the room when it was written."""
    if ">" not in post.text:
        return ()
    return tuple(
        session().scalars(
            sa.select(Revision.text)
            .join(Post, Post.id == Revision.post_id)
            .where(
                Post.thread_id == post.thread_id,
                Post.id < post.id,
                Post.state == PostState.PUBLISHED,
                Revision.state.in_({RevisionState.SHOWN, RevisionState.OLD}),
                Revision.created_at <= (post.edited_at or post.created_at),
            )
            .order_by(Revision.id.desc())
            .limit(QUOTABLE)
        )
    )
