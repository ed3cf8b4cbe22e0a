"""Opening a thread: the check through which all of it is fetched, and what is the reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from community.inquiries.models import Inquiry
from community.kernel import rows
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.reviews.models import Review
from community.spaces import queries as spaces
from community.spaces.models import Membership, MembershipState, Space
from community.stream.models import Stream
from community.stream.queries import Head
from community.threads import access
from community.threads.models import (
    Draft,
    Post,
    PostState,
    ReadPosition,
    Report,
    RevisionState,
    Thread,
)
from community.threads.queries.own import come_to_in, copies_of, waiting_edit


@dataclass(frozen=True)
class Opened:
    """A thread that the viewer may see, with the viewer's place in its space."""

    thread: Thread
    membership: Membership


@dataclass(frozen=True)
class Reading:
    """An opened thread with what its reader has in it.

    `head` is the stream's, `read` the number of the last post seen, 0 for none. `draft` is what was
    begun and in which save. The rest says whether there is anything to be asked for.
    """

    opened: Opened
    head: Head
    read: int
    draft: tuple[str, int] | None
    has_waiting: bool
    has_waiting_edits: bool
    has_inquiries: bool
    has_reports: bool
    has_copies: bool


_OPENED = (Thread, Membership, Space)
_OPEN = (
    sa.select(*rows.columns_of(*_OPENED))
    .select_from(Thread)
    .join(Membership, Membership.space_id == Thread.space_id)
    .join(Space, Space.id == Thread.space_id)
    .where(
        Thread.id == sa.bindparam("thread"),
        Membership.member_id == sa.bindparam("viewer"),
        Membership.state == MembershipState.ACTIVE,
    )
)

_IS_OWN = sa.and_(Post.thread_id == Thread.id, Post.author_id == Membership.member_id)

_READ = (
    _OPEN.join(Stream, Stream.space_id == Thread.space_id)
    .outerjoin(
        ReadPosition,
        sa.and_(
            ReadPosition.thread_id == Thread.id, ReadPosition.member_id == Membership.member_id
        ),
    )
    .outerjoin(
        Draft,
        sa.and_(Draft.member_id == Membership.member_id, Draft.place == sa.bindparam("place")),
    )
    .add_columns(
        Stream.seq,
        Stream.generation,
        ReadPosition.number.label("read"),
        Draft.text.label("draft"),
        Draft.seq.label("draft_seq"),
        sa.exists()
        .where(_IS_OWN, Post.number.is_(None), Post.state.in_((PostState.HELD, PostState.RETURNED)))
        .correlate(Thread, Membership)
        .label("has_waiting"),
        sa.exists()
        .where(
            *waiting_edit(Membership.member_id, RevisionState.HELD, RevisionState.RETURNED),
            come_to_in(Thread.id),
        )
        .correlate(Thread, Membership)
        .label("has_waiting_edits"),
        sa.exists()
        .where(Inquiry.thread_id == Thread.id, Inquiry.member_id == Membership.member_id)
        .correlate(Thread, Membership)
        .label("has_inquiries"),
        sa.exists()
        .where(Report.thread_id == Thread.id, Report.member_id == Membership.member_id)
        .correlate(Thread, Membership)
        .label("has_reports"),
        sa.exists()
        .where(*copies_of(Membership.member_id), Review.thread_id == Thread.id)
        .correlate(Thread, Membership)
        .label("has_copies"),
    )
)


def get_thread(*, viewer: Member, thread_id: int) -> Opened:
    """Return a thread with the viewer's place in its space.

    Raises:
        NotFound: there is none, or the viewer may not know of it.
    """
    opened, _ = _open(viewer, _OPEN, {"thread": thread_id})
    return opened


def get_reading(*, viewer: Member, thread_id: int) -> Reading:
    """Return a thread as `get_thread` does, with what the viewer has in it, in one statement.

    Raises:
        NotFound: there is none, or the viewer may not know of it.
    """
    asked = {"thread": thread_id, "place": f"thread:{thread_id}"}
    opened, own = _open(viewer, _READ, asked)
    seq, generation, read, draft, draft_seq, *there_is = own
    has_waiting, has_waiting_edits, has_inquiries, has_reports, has_copies = there_is
    return Reading(
        opened=opened,
        head=Head(seq, generation),
        read=read or 0,
        draft=(draft, draft_seq) if draft is not None else None,
        has_waiting=has_waiting,
        has_waiting_edits=has_waiting_edits,
        has_inquiries=has_inquiries,
        has_reports=has_reports,
        has_copies=has_copies,
    )


def _open(
    viewer: Member, statement: sa.Select[*tuple[Any, ...]], asked: dict[str, object]
) -> tuple[Opened, Sequence[Any]]:
    """Return a thread that the viewer may see, and what the statement asks besides."""
    for thread, membership, space, *own in rows.objects(
        statement, {**asked, "viewer": viewer.id}, *_OPENED
    ):
        rows.link(thread, "space", space)
        rows.link(membership, "space", space)
        require(access.may_see_thread(viewer, membership, thread))
        return Opened(thread, membership), own
    raise NotFound


def get_post(*, viewer: Member, post_id: int) -> tuple[Post, Membership]:
    """Return a post that the viewer may see, with the viewer's place in its space."""
    post = session().get(Post, post_id)
    if post is None:
        raise NotFound
    membership = spaces.find_membership(viewer=viewer, space_id=post.thread.space_id)
    require(access.may_see_post(viewer, membership, post))
    if membership is None:
        raise NotFound
    return post, membership


def find_thread_in(*, viewer: Member, thread_id: int, space_id: int) -> Thread | None:
    """Return a thread if it is in that space and the viewer may see it."""
    try:
        opened = get_thread(viewer=viewer, thread_id=thread_id)
    except NotFound:
        return None
    return opened.thread if opened.thread.space_id == space_id else None
