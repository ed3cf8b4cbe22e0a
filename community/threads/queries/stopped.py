"""What of the viewer's own is not in the room: held, sent back, or taken down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.kernel import clock
from community.kernel.db import read
from community.members.models import Member
from community.reviews.models import DecisionKind, Review
from community.threads import access
from community.threads.models import Post, PostState, Revision, RevisionState, Thread
from community.threads.queries.own import is_last_wording, waiting_edit

APPEAL_DAYS = 30  # the use policy, section 6


@dataclass(frozen=True)
class Stopped:
    """A text of the viewer's own that is not in the room: `held`, `returned` or `removed`."""

    thread_id: int
    title: str
    what: str
    post_id: int


_VIEWER = sa.bindparam("viewer", type_=Post.author_id.type)
_SINCE = sa.bindparam("since", type_=Post.created_at.type)
_Later = aliased(Post)


def _found(what: str, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    fields: list[sa.ColumnElement[Any]] = [
        Post.thread_id.label("thread_id"),
        Post.id.label("post_id"),
        sa.literal(what).label("what"),
    ]
    return sa.select(*fields).where(*where)


def _is_news(at: Any) -> sa.ColumnElement[bool]:
    """Whether it may still be appealed and the viewer has not written in the thread since then."""
    wrote = sa.select(_Later.id).where(
        _Later.thread_id == Post.thread_id, _Later.author_id == _VIEWER, _Later.created_at > at
    )
    return sa.and_(at > _SINCE, ~wrote.exists())


def _by_kind() -> Iterator[sa.Select[Any]]:
    """Yield one statement a kind; each begins with the few rows that stand apart.

    Somebody may have written for years: nothing here may walk through all of their posts, so
    posts in the room are come to from what was held or decided, by their id.
    """
    own, in_room = Post.author_id == _VIEWER, Post.state == PostState.PUBLISHED
    decided = sa.and_(
        Review.author_id == _VIEWER,
        Review.decision.in_((DecisionKind.RETURN, DecisionKind.REMOVE)),
        _is_news(Review.closed_at),
    )
    of_edit = sa.and_(Review.subject_kind == "revision", Review.subject_id == Revision.id)
    yield _found("held", own, Post.state == PostState.HELD)
    yield _found("held", in_room, *waiting_edit(_VIEWER, RevisionState.HELD))
    yield _found(
        "returned",
        Post.state == PostState.RETURNED,
        Review.subject_kind == "post",
        Review.subject_id == Post.id,
        decided,
    )
    of_post = Revision.post_id == Post.id
    yield _found("returned", in_room, of_post, of_edit, is_last_wording(), decided)
    yield _found(
        "removed",
        own,
        Post.state == PostState.REMOVED,
        Post.removed_by_id != _VIEWER,
        _is_news(Post.removed_at),
    )


_FOUND = sa.union_all(*_by_kind()).subquery()
_STOPPED = (
    sa.select(Thread.id, Thread.title, _FOUND.c.what, _FOUND.c.post_id)
    .join(_FOUND, _FOUND.c.thread_id == Thread.id)
    .where(access.is_thread_seen_by(_VIEWER))
    .order_by(_FOUND.c.post_id.desc())
)


def own_stopped(*, viewer: Member) -> Sequence[Stopped]:
    """Return what of the viewer's own is not in the room, the latest first.

    What waits stands here until somebody decides; what came back or was taken down until its
    author writes in the thread again, or can't appeal any more; of that its last day is whole.
    """
    if viewer.is_closed:
        return ()
    since = clock.day_began() - timedelta(days=APPEAL_DAYS)
    return [Stopped(*row) for row in read(_STOPPED, {"viewer": viewer.id, "since": since})]
