"""The lists of threads: of a space, of all of the viewer's spaces, and how much in them is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from community.kernel.db import read
from community.kernel.errors import NotFound
from community.members.models import Affiliation, Member
from community.spaces.models import Space
from community.threads import access
from community.threads.models import ReadPosition, Thread
from community.threads.queries.runs import Page
from community.threads.queries.stopped import own_stopped

THREADS_A_PAGE = 30
MOST_COUNTED = 200  # of a space's latest threads, when what is new is counted


@dataclass(frozen=True)
class ThreadRow:
    """A thread in a list, as one viewer sees it: `read` is the last number seen, 0 for none.

    `mark` says what became of a text of the viewer's own in it, as in `Stopped`; else empty.
    """

    id: int
    title: str
    space_slug: str
    kind: str
    tags: tuple[str, ...]
    last_number: int
    news_at: datetime
    pinned_at: datetime | None
    is_locked: bool
    author_name: str
    author_is_company: bool
    read: int
    mark: str = ""

    @property
    def unread(self) -> int:
        """How many posts are new to the viewer."""
        return max(0, self.last_number - self.read)


_VIEWER = sa.bindparam("viewer", type_=Thread.author_id.type)
_SPACE = sa.bindparam("space", type_=Thread.space_id.type)
_AT = sa.bindparam("at", type_=Thread.news_at.type)
_ID = sa.bindparam("id", type_=Thread.id.type)

_READ = sa.and_(ReadPosition.thread_id == Thread.id, ReadPosition.member_id == _VIEWER)

_ROWS = (
    sa.select(
        Thread.id,
        Thread.title,
        Space.slug,
        Thread.kind,
        Thread.tags,
        Thread.last_number,
        Thread.news_at,
        Thread.pinned_at,
        Thread.locked_at,
        Member.name,
        Member.affiliation,
        ReadPosition.number,
    )
    .join(Member, Member.id == Thread.author_id)
    .join(Space, Space.id == Thread.space_id)
    .outerjoin(ReadPosition, _READ)
    .where(access.is_thread_seen_by(_VIEWER))
)

_ONE = _ROWS.where(Thread.id == _ID)
_PINNED = (
    _ROWS.where(Thread.space_id == _SPACE, Thread.pinned_at.is_not(None))
    .order_by(Thread.pinned_at.desc(), Thread.id.desc())
    .limit(THREADS_A_PAGE)
)

_KEY, _BOUND = sa.tuple_(Thread.news_at, Thread.id), sa.tuple_(_AT, _ID)
_OF_SPACE = _ROWS.where(Thread.space_id == _SPACE, Thread.pinned_at.is_(None)).limit(
    THREADS_A_PAGE + 1
)
_NEWEST = _OF_SPACE.order_by(Thread.news_at.desc(), Thread.id.desc())
_OLDER = _NEWEST.where(_KEY < _BOUND)
_NEWER = _OF_SPACE.where(_KEY > _BOUND).order_by(Thread.news_at, Thread.id)


@cache
def _newest_in(spaces: int, each: int) -> sa.Select[int]:
    """Return a statement for the ids of the newest threads of each of so many spaces.

    Spaces are walked from their latest news on and no further, however many threads they have.
    """
    parts = [
        sa.select(
            sa.select(Thread.id)
            .where(Thread.space_id == sa.bindparam(f"space_{number}", type_=_SPACE.type))
            .order_by(Thread.news_at.desc(), Thread.id.desc())
            .limit(each)
            .subquery()
            .c.id
        )
        for number in range(spaces)
    ]
    return sa.select(sa.union_all(*parts).subquery().c.id)


@cache
def _latest(spaces: int, limit: int) -> sa.Select[*tuple[Any, ...]]:
    newest = Thread.id.in_(_newest_in(spaces, limit))
    return _ROWS.where(newest).order_by(Thread.news_at.desc(), Thread.id.desc()).limit(limit)


@cache
def _unread(spaces: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Thread.space_id, sa.func.count())
        .outerjoin(ReadPosition, _READ)
        .where(
            Thread.id.in_(_newest_in(spaces, MOST_COUNTED)),
            Thread.last_number > sa.func.coalesce(ReadPosition.number, 0),
            access.is_thread_seen_by(_VIEWER),
        )
        .group_by(Thread.space_id)
    )


def pinned_threads(*, viewer: Member, space: Space) -> Sequence[ThreadRow]:
    """Return the pinned threads of a space, the last pinned first."""
    return _rows(viewer, _PINNED, space=space.id)


def threads_page(
    *,
    viewer: Member,
    space: Space,
    before: tuple[datetime, int] | None = None,
    after: tuple[datetime, int] | None = None,
) -> Page[ThreadRow]:
    """Return threads that are not pinned, the latest news first.

    Args:
        viewer: who looks.
        space: where.
        before: the key (time of news, id) below which older ones are wanted.
        after: the key above which newer ones are wanted.
    """
    if after is not None:
        found = _rows(viewer, _NEWER, space=space.id, at=after[0], id=after[1])
    elif before is not None:
        found = _rows(viewer, _OLDER, space=space.id, at=before[0], id=before[1])
    else:
        found = _rows(viewer, _NEWEST, space=space.id)
    more, rows = len(found) > THREADS_A_PAGE, found[:THREADS_A_PAGE]
    if after is not None:
        return Page(rows[::-1], has_before=more, has_after=True)
    return Page(rows, has_before=before is not None, has_after=more)


def get_thread_row(*, viewer: Member, thread_id: int) -> ThreadRow:
    """Return one row of the list."""
    found = _rows(viewer, _ONE, id=thread_id)
    if not found:
        raise NotFound
    return found[0]


def latest_threads(
    *, viewer: Member, space_ids: Sequence[int], limit: int = 8
) -> Sequence[ThreadRow]:
    """Return the threads with the latest news in these of the viewer's spaces."""
    if not space_ids:
        return ()
    return _rows(viewer, _latest(len(space_ids), limit), **_numbered(space_ids))


def unread_counts(*, viewer: Member, space_ids: Sequence[int]) -> dict[int, int]:
    """Return in how many of each space's latest threads there is something new to the viewer."""
    if viewer.is_closed or not space_ids:
        return {}
    values = {"viewer": viewer.id, **_numbered(space_ids)}
    return {row[0]: row[1] for row in read(_unread(len(space_ids)), values)}


def _numbered(space_ids: Sequence[int]) -> dict[str, int]:
    return {f"space_{number}": space for number, space in enumerate(space_ids)}


def _rows(
    viewer: Member, statement: sa.Select[*tuple[Any, ...]], **values: object
) -> tuple[ThreadRow, ...]:
    if viewer.is_closed:
        return ()
    found = read(statement, {"viewer": viewer.id, **values})
    return tuple(_marked(viewer, found)) if found else ()


def _marked(viewer: Member, rows: Iterable[Any]) -> Iterable[ThreadRow]:
    marks = {each.thread_id: each.what for each in own_stopped(viewer=viewer)}
    for row in rows:
        yield ThreadRow(
            id=row.id,
            title=row.title,
            space_slug=row.slug,
            kind=row.kind,
            tags=tuple(row.tags),
            last_number=row.last_number,
            news_at=row.news_at,
            pinned_at=row.pinned_at,
            is_locked=row.locked_at is not None,
            author_name=row.name,
            author_is_company=row.affiliation is Affiliation.COMPANY,
            read=row.number or 0,
            mark=marks.get(row.id, ""),
        )
