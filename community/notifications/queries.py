"""Reads of news for letters: what came since, whom it concerns, and what they have not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.kernel.db import session
from community.members.models import Member
from community.notifications.models import LookedThrough, Summary
from community.spaces.models import Letters, Membership, MembershipState, Space
from community.stream.models import Event, Stream
from community.threads.access import threads_visible_to
from community.threads.models import Post, PostState, ReadPosition, Thread

WANT_ANSWERS = frozenset(Letters) - {Letters.NONE}


def spaces_with_news() -> list[tuple[int, int]]:
    """Return the spaces with news that nobody has looked through, and after which number."""
    looked = sa.func.coalesce(LookedThrough.seq, 0)
    query = (
        sa.select(Stream.space_id, looked)
        .outerjoin(LookedThrough, LookedThrough.space_id == Stream.space_id)
        .where(Stream.seq > looked)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def last_number(*, space_id: int, after: int, until: datetime) -> int:
    """Return up to which number a space's news is no younger than a moment; `after` where none is.

    News is numbered in the order of commits, and clocks of machines differ: the first that is
    younger ends it, whatever the ones behind it say.
    """
    here = sa.and_(Event.space_id == space_id, Event.seq > after)
    younger = session().scalar(sa.select(sa.func.min(Event.seq)).where(here, Event.at > until))
    if younger is not None:
        return younger - 1
    return session().scalar(sa.select(sa.func.max(Event.seq)).where(here)) or after


def posts_between(*, space_id: int, after: int, last: int, since: datetime) -> Sequence[Post]:
    """Return the posts that came into a space's room between two numbers, and still stand.

    Args:
        space_id: which space.
        after: the number before the first.
        last: the last number.
        since: what is older is no news, though it was changed just now.
    """
    before = aliased(Event)
    is_first = ~sa.exists().where(
        before.space_id == Event.space_id,
        before.kind == Event.kind,
        before.subject_id == Event.subject_id,
        before.seq < Event.seq,
    ).correlate(Event)
    query = (
        sa.select(Post)
        .join(Event, Event.subject_id == Post.id)
        .where(
            Event.space_id == space_id,
            Event.kind == "post",
            Event.seq > after,
            Event.seq <= last,
            is_first,
            Post.state == PostState.PUBLISHED,
            Post.published_at > since,
        )
        .order_by(Event.seq)
    )
    return session().scalars(query).all()


def concerned_by(post: Post) -> list[tuple[Membership, int]]:
    """Return the places of those who want to hear at once of a post, with how far each has read.

    It answers whoever began the thread, and whoever wrote the post it replies to; where it opens
    the thread, it is for those who hear of every thread. Nobody hears of what they wrote, or read.
    """
    thread = post.thread
    if post.number == 1:
        wanted = Membership.notification_level == Letters.THREADS
    else:
        asked = {thread.author_id, _author_of(post.reply_to_id)} - {None}
        wanted = sa.and_(
            Membership.member_id.in_(asked), Membership.notification_level.in_(WANT_ANSWERS)
        )
    read = sa.func.coalesce(ReadPosition.number, 0)
    query = (
        sa.select(Membership, read)
        .outerjoin(
            ReadPosition,
            sa.and_(
                ReadPosition.member_id == Membership.member_id,
                ReadPosition.thread_id == thread.id,
            ),
        )
        .where(
            wanted,
            Membership.space_id == thread.space_id,
            Membership.state == MembershipState.ACTIVE,
            Membership.member_id != post.author_id,
            read < (post.number or 0),
        )
        .order_by(Membership.id)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def find_concerned(*, member_id: int, post: Post) -> Membership | None:
    """Return the place of a member who still wants to hear of a post and has not read it."""
    places = (place for place, _ in concerned_by(post))
    return next((place for place in places if place.member_id == member_id), None)


def _author_of(post_id: int | None) -> int | None:
    if post_id is None:
        return None
    return session().scalar(sa.select(Post.author_id).where(Post.id == post_id))


def with_summaries() -> list[tuple[Membership, datetime | None]]:
    """Return the places whose members want summaries, and when the last of each was due."""
    query = (
        sa.select(Membership, Summary.due_at)
        .outerjoin(Summary, Summary.membership_id == Membership.id)
        .where(
            Membership.state == MembershipState.ACTIVE,
            Membership.notification_level.in_((Letters.DAILY, Letters.WEEKLY)),
        )
        .order_by(Membership.member_id, Membership.id)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


@dataclass(frozen=True)
class SpaceNews:
    """In how many threads of a space there is something that a member has not read."""

    slug: str
    name: str
    threads: int


def news_since(*, member: Member, since: Mapping[int, datetime]) -> list[SpaceNews]:
    """Return what came into a member's spaces since a moment in each, and is still unread.

    Args:
        member: who reads.
        since: by the key of the space.
    """
    read = sa.and_(ReadPosition.thread_id == Thread.id, ReadPosition.member_id == member.id)
    newer = (sa.and_(Thread.space_id == key, Thread.news_at > at) for key, at in since.items())
    query = (
        sa.select(Space.slug, Space.name, sa.func.count(Thread.id))
        .join(Space, Space.id == Thread.space_id)
        .outerjoin(ReadPosition, read)
        .where(
            sa.or_(sa.false(), *newer),
            threads_visible_to(member),
            Thread.last_number > sa.func.coalesce(ReadPosition.number, 0),
        )
        .group_by(Space.id, Space.slug, Space.name)
        .order_by(Space.name)
    )
    return [SpaceNews(*row) for row in session().execute(query)]
