"""The promise kept: how many replies went out at once, and how long a question waited for one.

Counts and times over spaces, never what was said. A *reply* is a post by a Medical Science Liaison
of the space in a thread that somebody has begun before. A *question* is a thread that a health
professional opened as a question or a case, or that asks something in its title or first post.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.guardrails.models import JudgedText
from community.insights import access
from community.insights.figures import Share, Waits, month_of, months, waits
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Affiliation, Member
from community.spaces.models import Membership, Role, Space
from community.threads.models import Post, PostState, Revision, Thread

PERIODS = (30, 90, 365)
MOST_ROWS = 20_000
_ASKING = ("%?", "%? %", "%?\n%", "%?\r%")  # the mark ends a word: one in an address does not


@dataclass(frozen=True)
class Reply:
    """One reply of a liaison: when it was sent, and whether a person had to look first."""

    space_id: int
    at: datetime
    was_held: bool


@dataclass(frozen=True)
class Question:
    """A question in the room: when it was asked, first answered by a liaison, and by a peer."""

    space_id: int
    at: datetime
    liaison_at: datetime | None
    peer_at: datetime | None


@dataclass(frozen=True)
class Answering:
    """Figures of one place or stretch of time.

    `straight` is of all replies that were sent; `stopped` are texts that the rules did not let in;
    `waits` is calendar time from a question to a liaison's first reply.
    """

    straight: Share
    stopped: int
    questions: int
    by_liaison: int
    by_peers_alone: int
    unanswered: int
    waits: Waits
    lengths: tuple[timedelta, ...]


@dataclass(frozen=True)
class ReplyReport:
    """The figures of a stretch of days: in all, by month, and by space."""

    days: int
    since: datetime
    space: Space | None
    whole: Answering
    months: Sequence[tuple[date, Answering]]
    spaces: Sequence[tuple[Space, Answering]]
    all_spaces: Sequence[Space]
    is_cut: bool


def reply_report(*, viewer: Member, days: int, slug: str = "") -> ReplyReport:
    """Return the figures of the last days.

    Args:
        viewer: the head of Medical Affairs, or compliance.
        days: one of `PERIODS`.
        slug: of one space; of all where empty.

    Raises:
        NotFound: the figures are not for this viewer, or there is no such space.
    """
    require(access.may_see_figures(viewer))
    if days not in PERIODS:
        raise NotFound
    now = clock.now()
    since = now - timedelta(days=days)
    all_spaces = session().scalars(sa.select(Space).order_by(sa.func.lower(Space.name))).all()
    space = next((each for each in all_spaces if each.slug == slug), None)
    if slug and space is None:
        raise NotFound
    facts = _Facts(_replies(since), _stopped(since), _questions(since))
    facts = facts.of_space(space.id) if space is not None else facts
    return ReplyReport(
        days=days,
        since=since,
        space=space,
        whole=facts.figures(),
        months=[(month, facts.of_month(month).figures()) for month in months(since, now)],
        spaces=[
            (each, facts.of_space(each.id).figures())
            for each in all_spaces
            if facts.touches(each.id)
        ],
        all_spaces=all_spaces,
        is_cut=facts.is_cut,
    )


@dataclass(frozen=True)
class _Facts:
    replies: Sequence[Reply]
    stopped: Sequence[tuple[int, datetime]]
    questions: Sequence[Question]

    @property
    def is_cut(self) -> bool:
        return max(len(self.replies), len(self.stopped), len(self.questions)) >= MOST_ROWS

    def of_space(self, space_id: int) -> _Facts:
        return _Facts(
            [one for one in self.replies if one.space_id == space_id],
            [one for one in self.stopped if one[0] == space_id],
            [one for one in self.questions if one.space_id == space_id],
        )

    def of_month(self, month: date) -> _Facts:
        return _Facts(
            [one for one in self.replies if month_of(one.at) == month],
            [one for one in self.stopped if month_of(one[1]) == month],
            [one for one in self.questions if month_of(one.at) == month],
        )

    def touches(self, space_id: int) -> bool:
        found = self.of_space(space_id)
        return bool(found.replies or found.stopped or found.questions)

    def figures(self) -> Answering:
        answered = [one.liaison_at - one.at for one in self.questions if one.liaison_at is not None]
        others = [one for one in self.questions if one.liaison_at is None]
        by_peers = sum(one.peer_at is not None for one in others)
        straight = sum(not one.was_held for one in self.replies)
        return Answering(
            straight=Share(straight, len(self.replies)),
            stopped=len(self.stopped),
            questions=len(self.questions),
            by_liaison=len(answered),
            by_peers_alone=by_peers,
            unanswered=len(others) - by_peers,
            waits=waits(answered),
            lengths=tuple(answered),
        )


def _by_liaison() -> sa.ColumnElement[bool]:
    """Whether a text was judged as a liaison's.

    Who becomes a moderator keeps what they wrote as a liaison. Verdicts from before this was kept
    go by the author's place in the space today.
    """
    place = sa.exists().where(
        Membership.member_id == JudgedText.member_id,
        Membership.space_id == JudgedText.space_id,
        Membership.role == Role.MSL,
    )
    return sa.or_(
        JudgedText.judged_as == Role.MSL.value, sa.and_(JudgedText.judged_as == "", place)
    )


def _replies(since: datetime) -> list[Reply]:
    """Return the replies of liaisons that went out or waited for a person.

    Whether one had to wait is what the guardrails said to its first wording.
    """
    earlier = aliased(Post)
    rows = session().execute(
        sa.select(Thread.space_id, Post.created_at, JudgedText.outcome)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Revision, sa.and_(Revision.post_id == Post.id, Revision.number == 1))
        .join(JudgedText, JudgedText.id == Revision.verdict_id)
        .where(
            Post.created_at >= since,
            Post.origin != "import",
            _by_liaison(),
            sa.exists().where(earlier.thread_id == Post.thread_id, earlier.id < Post.id),
        )
        .order_by(Post.created_at.desc())
        .limit(MOST_ROWS)
    )
    return [Reply(row.space_id, row.created_at, row.outcome == "hold") for row in rows]


def _stopped(since: datetime) -> list[tuple[int, datetime]]:
    """Return where and when the rules let a liaison's reply not in at all."""
    rows = session().execute(
        sa.select(JudgedText.space_id, JudgedText.at)
        .where(
            JudgedText.at >= since,
            JudgedText.outcome == "block",
            JudgedText.kind == "post",
            JudgedText.thread_id.is_not(None),
            _by_liaison(),
        )
        .order_by(JudgedText.at.desc())
        .limit(MOST_ROWS)
    )
    return [(row.space_id, row.at) for row in rows]


def _questions(since: datetime) -> list[Question]:
    opening = aliased(Post)
    rows = (
        session()
        .execute(
            sa.select(Thread.id, Thread.space_id, Thread.author_id, opening.published_at)
            .join(opening, sa.and_(opening.thread_id == Thread.id, opening.number == 1))
            .join(Member, Member.id == Thread.author_id)
            .where(
                opening.published_at >= since,
                opening.origin != "import",
                opening.state == PostState.PUBLISHED,
                Member.affiliation == Affiliation.HCP,
                sa.or_(
                    Thread.kind.in_(("question", "case")),
                    Thread.title.like("%?"),
                    *(opening.text.like(ending) for ending in _ASKING),
                ),
            )
            .order_by(opening.published_at.desc())
            .limit(MOST_ROWS)
        )
        .all()
    )
    first = _first_answers(since)
    return [
        Question(
            row.space_id,
            row.published_at,
            liaison_at=first[row.id].get("liaison"),
            peer_at=first[row.id].get("peer"),
        )
        for row in rows
    ]


def _first_answers(since: datetime) -> dict[int, dict[str, datetime]]:
    """Return for each thread when a liaison, and when a peer of its author, first answered."""
    liaison = _by_liaison()
    rows = session().execute(
        sa.select(
            Post.thread_id,
            sa.case((liaison, "liaison"), else_="peer").label("who"),
            sa.func.min(Post.published_at).label("at"),
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(Member, Member.id == Post.author_id)
        .join(Revision, sa.and_(Revision.post_id == Post.id, Revision.number == 1))
        .outerjoin(JudgedText, JudgedText.id == Revision.verdict_id)
        .where(
            Post.published_at >= since,
            Post.number > 1,
            Post.author_id != Thread.author_id,
            sa.or_(liaison, Member.affiliation == Affiliation.HCP),
        )
        .group_by(Post.thread_id, sa.text("who"))
    )
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for row in rows:
        found[row.thread_id][row.who] = row.at
    return found
