"""The wordings of posts, and posts found by what they carry."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from community.kernel.db import read, session
from community.members.models import Member
from community.threads.models import Post, PostState, Revision, RevisionState, Thread


def revisions(*, post: Post) -> Sequence[Revision]:
    """Return the wordings of a post that were in the room, the oldest first."""
    return (
        session()
        .scalars(
            sa.select(Revision)
            .where(
                Revision.post_id == post.id,
                Revision.state.in_((RevisionState.SHOWN, RevisionState.OLD)),
            )
            .order_by(Revision.number)
        )
        .all()
    )


def count_covered(*, post: Post) -> int:
    """Return how many earlier wordings of a post are covered."""
    return sum(each.state is RevisionState.COVERED for each in post.revisions)


def thread_texts(*, thread: Thread, limit: int = 200) -> tuple[str, ...]:
    """Return the published texts of a thread, by which word-for-word quotes are known."""
    return tuple(
        session().scalars(
            sa.select(Post.text)
            .where(Post.thread_id == thread.id, Post.state == PostState.PUBLISHED)
            .order_by(Post.number.desc())
            .limit(limit)
        )
    )


_SENT_UNDER_KEY = sa.select(Post.id).where(
    Post.author_id == sa.bindparam("author"), Post.client_key == sa.bindparam("key")
)


def replies_of_type(*, post: Post, reply_type: str) -> Sequence[Post]:
    """Return the replies of a kind that stand or wait under a post."""
    return (
        session()
        .scalars(
            sa.select(Post).where(
                Post.thread_id == post.thread_id,
                Post.reply_to_id == post.id,
                Post.reply_type == reply_type,
                Post.state.in_((PostState.PUBLISHED, PostState.HELD)),
            )
        )
        .all()
    )


def find_by_client_key(*, author: Member, client_key: str) -> Post | None:
    """Return the post that this author has already sent under a key."""
    found = read(_SENT_UNDER_KEY, {"author": author.id, "key": client_key})
    return session().get_one(Post, found[0].id) if found else None


def find_number_in(*, thread: Thread, number: int) -> int | None:
    """Return the id of the post with a number in a thread."""
    return session().scalar(
        sa.select(Post.id).where(Post.thread_id == thread.id, Post.number == number)
    )
