"""The search itself: which posts, in which order, a page at a time.

The newest thousand that fit are found and put in order, the best first and of equals the newest, so
that a word which half of all posts have costs no more than another. Who may read a post is what
`threads.access` says of lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.kernel.db import session
from community.kernel.markup.words import words_of
from community.members import queries as members
from community.members.models import Affiliation, Member
from community.search.queries import snippets
from community.search.queries.engine import Matching, holds_name, matching
from community.search.queries.snippets import Piece
from community.search.words import Words, folded, words_in
from community.spaces.models import Space
from community.threads import access
from community.threads.models import Post, PostState, Thread

MOST_FOUND = 1_000
RESULTS_A_PAGE = 20
_TITLES = {"dr", "prof"}  # which names in lists do without

# The first post of a thread that still stands: it bears the title.
_Standing = aliased(Post)
_IS_FIRST = Post.number == (
    sa.select(_Standing.number)
    .where(_Standing.thread_id == Thread.id, _Standing.state == PostState.PUBLISHED)
    .order_by(_Standing.number)
    .limit(1)
    .correlate(Thread)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Wanted:
    """What is searched for and where; what is empty asks nothing.

    `spaces` are of the viewer's. Without words, threads are listed by their first post.
    `until` is the newest post that was found when the first page was drawn.
    """

    words: Words
    spaces: Sequence[Space]
    topic: str = ""
    product: str = ""
    since: datetime | None = None
    author: str = ""
    page: int = 1
    until: int | None = None

    @property
    def space_ids(self) -> tuple[int, ...]:
        """Where it is searched."""
        return tuple(space.id for space in self.spaces)

    @property
    def is_enough(self) -> bool:
        """Whether there is something to look for."""
        if self.words.parts:
            return self.words.are_enough
        return bool(self.topic or self.product or self.since or words_in(self.author))


@dataclass(frozen=True)
class Result:
    """One post that was found, or the first one of a thread."""

    post_id: int
    at: datetime
    title: Sequence[Piece]
    text: Sequence[Piece]
    space_name: str
    author_name: str
    author_is_company: bool


@dataclass(frozen=True)
class Results:
    """One page of what was found; `is_cut` where older ones that fit were left out."""

    rows: Sequence[Result]
    count: int
    page: int
    until: int | None

    @property
    def is_cut(self) -> bool:
        """Whether there may be more, older ones."""
        return self.count == MOST_FOUND

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.count // RESULTS_A_PAGE)


def search(*, viewer: Member, wanted: Wanted) -> Results:
    """Return a page of the posts that fit, of those that the viewer may read now."""
    if not wanted.is_enough or not wanted.spaces:
        return Results((), 0, 1, None)
    match = matching(wanted.words, wanted.space_ids) if wanted.words.parts else None
    found = _found(viewer, wanted, match)
    page = min(wanted.page, max(1, -(-len(found) // RESULTS_A_PAGE)))
    shown = found[(page - 1) * RESULTS_A_PAGE : page * RESULTS_A_PAGE]
    until = wanted.until or max(found, default=None)
    return Results(_rows(viewer, shown, match), len(found), page, until)


def _found(viewer: Member, wanted: Wanted, match: Matching | None) -> Sequence[int]:
    """Return the ids of all that fits, in order."""
    rank = match.rank if match is not None else sa.literal(0)
    fitting = (
        sa.select(Post.id, Post.published_at, rank.label("rank"))
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(*_is_open_to(viewer), *_conditions(wanted))
        .limit(MOST_FOUND)
    )
    if match is not None:
        fitting = (
            fitting.join(match.index, match.post_id == Post.id)
            .where(match.is_hit, sa.or_(match.in_text, _IS_FIRST))
            .order_by(match.post_id.desc())
        )
    else:
        fitting = fitting.where(_IS_FIRST).order_by(Thread.id.desc())
    inner = fitting.subquery()
    order = (inner.c.rank.desc(), inner.c.published_at.desc(), inner.c.id.desc())
    return session().scalars(sa.select(inner.c.id).order_by(*order)).all()


def _is_open_to(viewer: Member) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for what stands in the room, where a post taken down keeps a place."""
    return access.posts_visible_to(viewer), Post.state == PostState.PUBLISHED


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [Thread.space_id.in_(wanted.space_ids)]
    if wanted.topic:
        conditions.append(holds_name(Thread.tags, wanted.topic))
    if wanted.product:
        conditions.append(_is_about(wanted))
    if wanted.since is not None:
        conditions.append(Post.published_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Post.id <= wanted.until)
    if names := [name for name in map(folded, words_in(wanted.author)) if name not in _TITLES]:
        has_name = [members.name_in_lists().contains(name, autoescape=True) for name in names]
        conditions.append(Post.author_id.in_(sa.select(Member.id).where(*has_name)))
    return conditions


def _is_about(wanted: Wanted) -> sa.ColumnElement[bool]:
    """Whether a thread is about a medicine: a thread that names none is about its space's."""
    about = [space.id for space in wanted.spaces if wanted.product in space.products]
    names_none = sa.func.json_array_length(Thread.products) == 0
    return sa.or_(
        holds_name(Thread.products, wanted.product),
        sa.and_(names_none, Thread.space_id.in_(about)),
    )


def _rows(viewer: Member, ids: Sequence[int], match: Matching | None) -> tuple[Result, ...]:
    if not ids:
        return ()
    marked = match.marked if match is not None else sa.literal("")
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Post.id,
            Post.html,
            Post.published_at,
            Thread.title,
            Space.name.label("space_name"),
            Member.name,
            Member.affiliation,
            marked.label("marked"),
        )
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Space, Space.id == Thread.space_id)
        .join(Member, Member.id == Post.author_id)
        .where(Post.id.in_(ids), *_is_open_to(viewer))
    )
    if match is not None:
        # SQLite walks through the index from one id to another, and not through all of it.
        query = query.join(match.index, match.post_id == Post.id).where(
            match.is_hit, match.post_id.between(min(ids), max(ids))
        )
    places = {post_id: place for place, post_id in enumerate(ids)}
    rows = sorted(session().execute(query), key=lambda row: places[row.id])
    return tuple(map(_result, rows))


def _result(row: Any) -> Result:
    hits = snippets.hits_in(row.marked)
    return Result(
        post_id=row.id,
        at=row.published_at,
        title=snippets.marked(row.title, hits),
        text=snippets.snippet(words_of(row.html), hits),
        space_name=row.space_name,
        author_name=row.name,
        author_is_company=row.affiliation is Affiliation.COMPANY,
    )
