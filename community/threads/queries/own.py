"""What is one's own in a thread: how far one has read, what was begun, what waits."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from community.kernel.db import session
from community.members.models import Member
from community.reviews.models import Review, ReviewKind
from community.threads.models import (
    Draft,
    Post,
    PostState,
    ReadPosition,
    Revision,
    RevisionState,
    Thread,
)

RECEIVE = ("safety", "quality")
"""The desks that may write to the author of what they get."""


def waiting_edit(
    editor: int | sa.BindParameter[int] | InstrumentedAttribute[int], *states: RevisionState
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for posts with an edit of one's own in one of these states.

    Only authors edit, so whose the post is need not be asked; that would lead the database to
    all that somebody ever wrote, where the few edits that wait have an index of their own.
    """
    return (
        Revision.editor_id == editor,
        Revision.state.in_(states),
        Post.id == Revision.post_id,
    )


def is_last_wording() -> sa.ColumnElement[bool]:
    """Return the condition that nothing was written to a post after this wording of it."""
    later = aliased(Revision)
    return ~sa.exists().where(
        later.post_id == Revision.post_id, later.number > Revision.number
    ).correlate(Revision)


def come_to_in(thread: int | InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a post, come to by its id, is in a thread; no index is asked."""
    return Post.thread_id + 0 == thread


def read_number(*, viewer: Member, thread: Thread) -> int:
    """Return the number of the last post that the viewer has seen, 0 for none."""
    row = session().get(ReadPosition, (viewer.id, thread.id))
    return row.number if row else 0


def find_draft(*, viewer: Member, place: str) -> Draft | None:
    """Return what the viewer has begun to write in a place."""
    return session().scalar(
        sa.select(Draft).where(Draft.member_id == viewer.id, Draft.place == place)
    )


def copies_of(
    author: int | sa.BindParameter[int] | InstrumentedAttribute[int],
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for cases by which Safety or Quality has a copy of what one wrote."""
    return (
        Review.author_id == author,
        Review.kind == ReviewKind.ROUTED,
        Review.subject_kind == "post",
        Review.desk.in_(RECEIVE),
    )


def own_copies_in(*, viewer: Member, thread_id: int) -> dict[int, list[Review]]:
    """Return by post who has a copy of what the viewer wrote in a thread: a receipt for them."""
    found = session().scalars(
        sa.select(Review)
        .where(*copies_of(viewer.id), Review.thread_id == thread_id)
        .order_by(Review.id)
    )
    copies: dict[int, list[Review]] = {}
    for review in found:
        copies.setdefault(review.subject_id, []).append(review)
    return copies


def own_waiting_posts(*, viewer: Member, thread: Thread) -> Sequence[Post]:
    """Return the viewer's own posts that wait for a person or came back, the oldest first."""
    return (
        session()
        .scalars(
            sa.select(Post)
            .where(
                Post.thread_id == thread.id,
                Post.author_id == viewer.id,
                Post.state.in_((PostState.HELD, PostState.RETURNED)),
                Post.number.is_(None),
            )
            .order_by(Post.id)
        )
        .all()
    )


def find_own_opening(*, viewer: Member, space_id: int, post_id: int) -> Post | None:
    """Return the viewer's own first post of a thread that came back before the thread was out."""
    return session().scalar(
        sa.select(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.id == post_id,
            Post.author_id == viewer.id,
            Post.state == PostState.RETURNED,
            Post.removed_at.is_(None),
            Thread.space_id == space_id,
            Thread.last_number == 0,
        )
    )


def find_held_edit(*, viewer: Member, post: Post) -> Revision | None:
    """Return the viewer's own change to a post that waits for a person."""
    return session().scalar(
        sa.select(Revision).where(
            Revision.post_id == post.id,
            Revision.editor_id == viewer.id,
            Revision.state == RevisionState.HELD,
        )
    )


def own_waiting_edits(*, viewer: Member, thread: Thread) -> Sequence[Revision]:
    """Return the viewer's own edits of posts in the room that wait for a person or came back.

    What came back is of no more concern once its author has written another wording.
    """
    return (
        session()
        .scalars(
            sa.select(Revision)
            .where(
                *waiting_edit(viewer.id, RevisionState.HELD, RevisionState.RETURNED),
                come_to_in(thread.id),
                Post.state == PostState.PUBLISHED,
                is_last_wording(),
            )
            .order_by(Revision.id)
        )
        .all()
    )
