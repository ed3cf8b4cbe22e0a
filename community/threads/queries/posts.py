"""Posts as everyone in the room sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.kernel.db import read
from community.members.models import Affiliation, Member, initials_of
from community.responses.models import ResponseUse, ResponseVersion, StandardResponse
from community.spaces.models import Space
from community.threads.models import Post, PostState, Thread
from community.threads.queries.runs import Page

POSTS_A_PAGE = 50


class Stamp(NamedTuple):
    """What a post's fragment depends on: two that are equal are drawn alike.

    `version` rises with whatever is done to the post. What its author is called, and whoever took
    it down, changes without it.
    """

    id: int
    number: int
    version: int
    author_id: int
    at: datetime
    author_name: str
    affiliation: Affiliation
    job: str
    specialty: str
    institution: str
    removed_by: str | None


@dataclass(frozen=True)
class PostView:
    """A post as everyone in the room sees it: nothing in it depends on who looks.

    `responses` are the approved responses that it carries word for word, by id and version.
    """

    stamp: Stamp
    thread_id: int
    state: str
    html: str
    edited_at: datetime | None
    origin: str
    guardrail_set: str
    reply_to: int | None
    removed_at: datetime | None
    removed_role: str
    removed_reason: str
    responses: str
    space_slug: str

    @property
    def id(self) -> int:
        """The post's key."""
        return self.stamp.id

    @property
    def number(self) -> int:
        """Its place in the thread."""
        return self.stamp.number

    @property
    def version(self) -> int:
        """How often it was changed, and once for its beginning."""
        return self.stamp.version

    @property
    def at(self) -> datetime:
        """When it came into the room."""
        return self.stamp.at

    @property
    def author_id(self) -> int:
        """Who wrote it."""
        return self.stamp.author_id

    @property
    def author_name(self) -> str:
        """What its author is called now."""
        return self.stamp.author_name

    @property
    def author_initials(self) -> str:
        """Two letters for the author's face."""
        return initials_of(self.stamp.author_name)

    @property
    def author_is_company(self) -> bool:
        """Whether its author works for the host."""
        return self.stamp.affiliation is Affiliation.COMPANY

    @property
    def author_line(self) -> str:
        """What stands under the author's name: what they do, and where."""
        if self.author_is_company:
            return self.stamp.job
        return " · ".join(part for part in (self.stamp.specialty, self.stamp.institution) if part)

    @property
    def removed_by(self) -> str:
        """What the one is called who took it down; empty where nobody did."""
        return self.stamp.removed_by or ""


_Answered = aliased(Post)
_Remover = aliased(Member)

_STAMP = (
    sa.select(
        Post.id,
        Post.number,
        Post.version,
        Post.author_id,
        Post.published_at,
        Member.name,
        Member.affiliation,
        Member.job,
        Member.specialty,
        Member.institution,
        _Remover.name,
    )
    .join(Member, Member.id == Post.author_id)
    .outerjoin(_Remover, _Remover.id == Post.removed_by_id)
    .where(Post.number.is_not(None))
)
_STAMPED = len(Stamp._fields)

# Words that are written into the statement as they are: drawn up once, and not for each question.
_COMMA = cast(str, sa.literal_column("', '"))

_VIEW = (
    _STAMP.add_columns(
        Post.thread_id,
        sa.type_coerce(Post.state, sa.String),  # by its value, as templates name it
        sa.case((Post.state == PostState.PUBLISHED, Post.html), else_=""),
        Post.edited_at,
        Post.origin,
        Post.guardrail_set,
        sa.select(_Answered.number).where(_Answered.id == Post.reply_to_id).scalar_subquery(),
        Post.removed_at,
        Post.removed_role,
        Post.removed_reason,
        sa.select(
            sa.func.coalesce(
                sa.func.aggregate_strings(
                    StandardResponse.code + " " + ResponseVersion.version, _COMMA
                ),
                "",
            )
        )
        .select_from(ResponseUse)
        .join(ResponseVersion, ResponseVersion.id == ResponseUse.version_id)
        .join(StandardResponse, StandardResponse.id == ResponseVersion.response_id)
        .where(ResponseUse.post_id == Post.id, ResponseUse.is_verbatim)
        .correlate(Post)
        .scalar_subquery(),
        Space.slug,
    )
    .join(Thread, Thread.id == Post.thread_id)
    .join(Space, Space.id == Thread.space_id)
)

_THREAD = sa.bindparam("thread", type_=Post.thread_id.type)
_NUMBER = sa.bindparam("number", type_=Post.number.type)
_OF_THREAD = _STAMP.where(Post.thread_id == _THREAD)
_FROM = _OF_THREAD.where(Post.number >= _NUMBER).order_by(Post.number).limit(POSTS_A_PAGE)
_BEFORE = _OF_THREAD.where(Post.number < _NUMBER).order_by(Post.number.desc()).limit(POSTS_A_PAGE)
_LAST = _VIEW.order_by(Post.number.desc()).limit(sa.bindparam("count", type_=sa.Integer))
_EARLIER = _LAST.where(Post.thread_id == _THREAD, Post.number < _NUMBER)
_BY_THEN = _LAST.where(
    Post.thread_id == _THREAD,
    Post.published_at <= sa.bindparam("at", type_=Post.published_at.type),
)
_ONE = _VIEW.where(Post.id == sa.bindparam("id", type_=Post.id.type))
_BY_ID = _VIEW.where(Post.id.in_(sa.bindparam("ids", expanding=True))).order_by(Post.number)


def posts_page(
    *, thread: Thread, from_number: int | None = None, before_number: int | None = None
) -> Page[Stamp]:
    """Return published and removed posts by number: a page that begins or ends at a number.

    Args:
        thread: which the viewer may see.
        from_number: the first number wanted; 1 where neither is given.
        before_number: the number before which the page ends.
    """
    if before_number is not None:
        rows = read(_BEFORE, {"thread": thread.id, "number": before_number})[::-1]
    else:
        rows = read(_FROM, {"thread": thread.id, "number": from_number or 1})
    found = tuple(map(Stamp._make, rows))
    first = found[0].number if found else 0
    last = found[-1].number if found else 0
    return Page(found, has_before=first > 1, has_after=0 < last < thread.last_number)


def post_views(ids: Sequence[int]) -> Sequence[PostView]:
    """Return posts as the room sees them, for the fragment that is pushed after a commit."""
    if len(ids) == 1:  # as nearly always: one statement for all of them is drawn up each time
        return _views(_ONE, {"id": ids[0]})
    return _views(_BY_ID, {"ids": list(ids)})


def context_around(*, post: Post, count: int = 5) -> Sequence[PostView]:
    """Return up to `count` posts that stand before a text in its thread, for who decides on it."""
    if post.number is None:
        return posts_before(thread_id=post.thread_id, at=post.created_at, count=count)
    at = {"thread": post.thread_id, "number": post.number}
    return _views(_EARLIER, {**at, "count": count})[::-1]


def posts_before(*, thread_id: int, at: datetime, count: int = 5) -> Sequence[PostView]:
    """Return up to `count` posts that stood in a thread at a moment, the oldest first.

    With these before them, its author wrote a text that has no place there, held or stopped.
    """
    return _views(_BY_THEN, {"thread": thread_id, "at": at, "count": count})[::-1]


def _views(query: sa.Select[*tuple[Any, ...]], values: dict[str, object]) -> tuple[PostView, ...]:
    return tuple(
        PostView(Stamp._make(row[:_STAMPED]), *row[_STAMPED:]) for row in read(query, values)
    )
