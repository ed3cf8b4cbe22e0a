"""Posts as everyone in the room sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.kernel.db import session
from community.members.models import Affiliation, Member, initials_of
from community.responses.models import ResponseUse, ResponseVersion, StandardResponse
from community.spaces.models import Space
from community.threads.models import Post, PostState, Thread
from community.threads.queries.runs import Page

POSTS_A_PAGE = 50


@dataclass(frozen=True)
class PostView:
    """A post as everyone in the room sees it: nothing in it depends on who looks.

    `responses` are the approved responses that it carries word for word, by id and version.
    """

    id: int
    thread_id: int
    number: int
    version: int
    state: str
    html: str
    at: datetime
    edited_at: datetime | None
    author_id: int
    author_name: str
    author_initials: str
    author_is_company: bool
    author_line: str
    origin: str
    guardrail_set: str
    reply_to: int | None
    removed_at: datetime | None
    removed_role: str
    removed_reason: str
    responses: str
    removed_by: str
    space_slug: str
    editable_until: datetime

    def __hash__(self) -> int:
        """Fragments are looked up by posts: two that are equal have these in common."""
        return hash((self.id, self.version))


_Answered = aliased(Post)
_Remover = aliased(Member)

_VIEW = (
    sa.select(
        Post.id,
        Post.thread_id,
        Post.number,
        Post.version,
        Post.state,
        Post.html,
        Post.published_at,
        Post.edited_at,
        Post.origin,
        Post.guardrail_set,
        Post.removed_at,
        Post.removed_role,
        Post.removed_reason,
        _Remover.name.label("removed_by"),
        Space.slug.label("space_slug"),
        Space.edit_minutes,
        Post.author_id,
        Member.name,
        Member.affiliation,
        Member.job,
        Member.specialty,
        Member.institution,
        sa.select(_Answered.number)
        .where(_Answered.id == Post.reply_to_id)
        .scalar_subquery()
        .label("reply_to"),
        sa.select(
            sa.func.aggregate_strings(StandardResponse.code + " " + ResponseVersion.version, ", ")
        )
        .select_from(ResponseUse)
        .join(ResponseVersion, ResponseVersion.id == ResponseUse.version_id)
        .join(StandardResponse, StandardResponse.id == ResponseVersion.response_id)
        .where(ResponseUse.post_id == Post.id, ResponseUse.is_verbatim)
        .correlate(Post)
        .scalar_subquery()
        .label("responses"),
    )
    .join(Member, Member.id == Post.author_id)
    .join(Thread, Thread.id == Post.thread_id)
    .join(Space, Space.id == Thread.space_id)
    .outerjoin(_Remover, _Remover.id == Post.removed_by_id)
    .where(Post.number.is_not(None))
)

_THREAD = sa.bindparam("thread", type_=Post.thread_id.type)
_NUMBER = sa.bindparam("number", type_=Post.number.type)
_OF_THREAD = _VIEW.where(Post.thread_id == _THREAD)
_FROM = _OF_THREAD.where(Post.number >= _NUMBER).order_by(Post.number).limit(POSTS_A_PAGE)
_BEFORE = _OF_THREAD.where(Post.number < _NUMBER).order_by(Post.number.desc()).limit(POSTS_A_PAGE)
_BY_ID = _VIEW.where(Post.id.in_(sa.bindparam("ids", expanding=True))).order_by(Post.number)


def posts_page(
    *, thread: Thread, from_number: int | None = None, before_number: int | None = None
) -> Page[PostView]:
    """Return published and removed posts by number: a page that begins or ends at a number.

    Args:
        thread: which the viewer may see.
        from_number: the first number wanted; 1 where neither is given.
        before_number: the number before which the page ends.
    """
    if before_number is not None:
        found = _views(_BEFORE, {"thread": thread.id, "number": before_number})[::-1]
    else:
        found = _views(_FROM, {"thread": thread.id, "number": from_number or 1})
    first = found[0].number if found else 0
    last = found[-1].number if found else 0
    return Page(found, has_before=first > 1, has_after=0 < last < thread.last_number)


def post_views(ids: Sequence[int]) -> Sequence[PostView]:
    """Return posts as the room sees them, for the fragment that is pushed after a commit."""
    return _views(_BY_ID, {"ids": list(ids)})


def context_around(*, post: Post, count: int = 5) -> Sequence[PostView]:
    """Return up to `count` posts that stand before a text in its thread, for who decides on it."""
    if post.number is None:
        return posts_before(thread_id=post.thread_id, at=post.created_at, count=count)
    earlier = _VIEW.where(Post.thread_id == post.thread_id, Post.number < post.number)
    return _last_of(earlier, count)


def posts_before(*, thread_id: int, at: datetime, count: int = 5) -> Sequence[PostView]:
    """Return up to `count` posts that stood in a thread at a moment, the oldest first.

    With these before them, its author wrote a text that has no place there, held or stopped.
    """
    return _last_of(_VIEW.where(Post.thread_id == thread_id, Post.published_at <= at), count)


def _last_of(query: sa.Select[*tuple[Any, ...]], count: int) -> Sequence[PostView]:
    return _views(query.order_by(Post.number.desc()).limit(count), {})[::-1]


def _views(
    query: sa.Select[*tuple[Any, ...]], values: Mapping[str, object]
) -> tuple[PostView, ...]:
    return tuple(_view(row) for row in session().execute(query, values))


def _view(row: Any) -> PostView:
    is_company = row.affiliation is Affiliation.COMPANY
    return PostView(
        id=row.id,
        thread_id=row.thread_id,
        number=row.number,
        version=row.version,
        state=row.state.value,
        html=row.html if row.state is PostState.PUBLISHED else "",
        at=row.published_at,
        edited_at=row.edited_at,
        author_id=row.author_id,
        author_name=row.name,
        author_initials=initials_of(row.name),
        author_is_company=is_company,
        author_line=_line(row, is_company=is_company),
        origin=row.origin,
        guardrail_set=row.guardrail_set,
        reply_to=row.reply_to,
        removed_at=row.removed_at,
        removed_role=row.removed_role,
        removed_reason=row.removed_reason,
        responses=row.responses or "",
        removed_by=row.removed_by or "",
        space_slug=row.space_slug,
        editable_until=row.published_at + timedelta(minutes=row.edit_minutes),
    )


def _line(author: Any, *, is_company: bool) -> str:
    """Return what stands under an author's name: what they do, and where."""
    if is_company:
        return str(author.job)
    return " · ".join(part for part in (author.specialty, author.institution) if part)
