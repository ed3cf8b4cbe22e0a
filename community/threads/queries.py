"""Reads of threads and posts, each through the viewer's own membership."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.responses.models import ResponseUse, ResponseVersion, StandardResponse
from community.reviews.models import DecisionKind, Review
from community.spaces import queries as spaces
from community.spaces.models import Membership, Space
from community.threads import access
from community.threads.models import (
    Draft,
    Post,
    PostState,
    ReadPosition,
    Revision,
    RevisionState,
    Thread,
)

Row = TypeVar("Row")

POSTS_A_PAGE = 50
THREADS_A_PAGE = 30
APPEAL_DAYS = 30  # the use policy, section 6


@dataclass(frozen=True)
class Opened:
    """A thread that the viewer may see, with the viewer's place in its space."""

    thread: Thread
    membership: Membership


@dataclass(frozen=True)
class ThreadRow:
    """A thread in a list, as one viewer sees it: `read` is the last number seen, 0 for none.

    `mark` says what became of a text of the viewer's own in it, as in `Stopped`; else empty.
    """

    thread: Thread
    read: int
    mark: str = ""

    @property
    def unread(self) -> int:
        """How many posts are new to the viewer."""
        return max(0, self.thread.last_number - self.read)


@dataclass(frozen=True)
class Stopped:
    """A text of the viewer's own that is not in the room: `held`, `returned` or `removed`."""

    thread_id: int
    title: str
    what: str
    post_id: int


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A run of rows, and whether there are more before and after it."""

    rows: Sequence[Row]
    has_before: bool = False
    has_after: bool = False


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


def get_thread(*, viewer: Member, thread_id: int) -> Opened:
    """Return a thread with the viewer's place in its space.

    Raises:
        NotFound: there is none, or the viewer may not know of it.
    """
    thread = session().get(Thread, thread_id)
    if thread is None:
        raise NotFound
    membership = spaces.find_membership(viewer=viewer, space_id=thread.space_id)
    require(access.may_see_thread(viewer, membership, thread))
    if membership is None:
        raise NotFound
    return Opened(thread, membership)


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


# --- the list of threads -----------------------------------------------------------------------


def _rows(viewer: Member) -> sa.Select[Thread, int]:
    return (
        sa.select(Thread, sa.func.coalesce(ReadPosition.number, 0))
        .outerjoin(
            ReadPosition,
            sa.and_(ReadPosition.thread_id == Thread.id, ReadPosition.member_id == viewer.id),
        )
        .where(access.threads_visible_to(viewer))
    )


def pinned_threads(*, viewer: Member, space: Space) -> Sequence[ThreadRow]:
    """Return the pinned threads of a space, the last pinned first."""
    rows = session().execute(
        _rows(viewer)
        .where(Thread.space_id == space.id, Thread.pinned_at.is_not(None))
        .order_by(Thread.pinned_at.desc(), Thread.id.desc())
        .limit(THREADS_A_PAGE)
    )
    return _marked(viewer, rows)


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
    key = sa.tuple_(Thread.news_at, Thread.id)
    query = _rows(viewer).where(Thread.space_id == space.id, Thread.pinned_at.is_(None))
    if after is not None:
        query = query.where(key > sa.tuple_(*_bound(after)))
        query = query.order_by(Thread.news_at, Thread.id)
    else:
        if before is not None:
            query = query.where(key < sa.tuple_(*_bound(before)))
        query = query.order_by(Thread.news_at.desc(), Thread.id.desc())
    found = _marked(viewer, session().execute(query.limit(THREADS_A_PAGE + 1)))
    more, rows = len(found) > THREADS_A_PAGE, found[:THREADS_A_PAGE]
    if after is not None:
        return Page(rows[::-1], has_before=more, has_after=True)
    return Page(rows, has_before=before is not None, has_after=more)


def _bound(key: tuple[datetime, int]) -> tuple[sa.ColumnElement[datetime], sa.ColumnElement[int]]:
    return sa.literal(key[0], Thread.news_at.type), sa.literal(key[1], Thread.id.type)


def get_thread_row(*, viewer: Member, thread_id: int) -> ThreadRow:
    """Return one row of the list."""
    row = session().execute(_rows(viewer).where(Thread.id == thread_id)).one_or_none()
    if row is None:
        raise NotFound
    return _marked(viewer, [row])[0]


def _marked(viewer: Member, rows: Iterable[Any]) -> list[ThreadRow]:
    marks = {each.thread_id: each.what for each in own_stopped(viewer=viewer)}
    return [ThreadRow(thread, read, marks.get(thread.id, "")) for thread, read in rows]


def own_stopped(*, viewer: Member) -> Sequence[Stopped]:
    """Return what of the viewer's own is not in the room, the latest first.

    What waits stands here until somebody decides; what came back or was taken down until its
    author writes in the thread again, or can't appeal any more.
    """
    found = sa.union_all(*_stopped_by_kind(viewer)).subquery()
    rows = session().execute(
        sa.select(Thread.id, Thread.title, found.c.what, found.c.post_id)
        .join(found, found.c.thread_id == Thread.id)
        .where(access.threads_visible_to(viewer))
        .order_by(found.c.post_id.desc())
    )
    return [Stopped(*row) for row in rows]


def _stopped_by_kind(viewer: Member) -> Iterator[sa.Select[Any]]:
    def posts(what: str, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
        fields: list[sa.ColumnElement[Any]] = [
            Post.thread_id.label("thread_id"),
            Post.id.label("post_id"),
            sa.literal(what).label("what"),
        ]
        return sa.select(*fields).where(Post.author_id == viewer.id, *where)

    in_room = Post.state == PostState.PUBLISHED
    held_edit = sa.and_(Revision.post_id == Post.id, Revision.state == RevisionState.HELD)
    yield posts("held", Post.state == PostState.HELD)
    yield posts("held", in_room, sa.select(Revision.id).where(held_edit).exists())
    yield (
        posts("returned", Post.state == PostState.RETURNED)
        .join(Review, sa.and_(Review.subject_kind == "post", Review.subject_id == Post.id))
        .where(_is_news(viewer, Review.closed_at), _came_back())
    )
    yield (
        posts("returned", in_room)
        .join(Revision, Revision.post_id == Post.id)
        .join(Review, sa.and_(Review.subject_kind == "revision", Review.subject_id == Revision.id))
        .where(_is_news(viewer, Review.closed_at), _came_back())
    )
    by_another = Post.removed_by_id != viewer.id
    yield posts("removed", Post.state == PostState.REMOVED, by_another).where(
        _is_news(viewer, Post.removed_at)
    )


def _came_back() -> sa.ColumnElement[bool]:
    return Review.decision.in_((DecisionKind.RETURN, DecisionKind.REMOVE))


def _is_news(viewer: Member, at: Any) -> sa.ColumnElement[bool]:
    """Whether it may still be appealed and the viewer has not written in the thread since then."""
    later = aliased(Post)
    wrote = sa.select(later.id).where(
        later.thread_id == Post.thread_id, later.author_id == viewer.id, later.created_at > at
    )
    return sa.and_(at > clock.now() - timedelta(days=APPEAL_DAYS), ~wrote.exists())


def unread_counts(*, viewer: Member, space_ids: Sequence[int]) -> dict[int, int]:
    """Return in how many threads of each space there is something new to the viewer."""
    rows = session().execute(
        sa.select(Thread.space_id, sa.func.count())
        .outerjoin(
            ReadPosition,
            sa.and_(ReadPosition.thread_id == Thread.id, ReadPosition.member_id == viewer.id),
        )
        .where(
            Thread.space_id.in_(space_ids),
            Thread.last_number > sa.func.coalesce(ReadPosition.number, 0),
            access.threads_visible_to(viewer),
        )
        .group_by(Thread.space_id)
    )
    return {row[0]: row[1] for row in rows}


# --- the posts of a thread ---------------------------------------------------------------------

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
        Member,
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


def _view(row: Any) -> PostView:
    author: Member = row.Member
    return PostView(
        id=row.id,
        thread_id=row.thread_id,
        number=row.number,
        version=row.version,
        state=row.state.value,
        html=row.html if row.state is PostState.PUBLISHED else "",
        at=row.published_at,
        edited_at=row.edited_at,
        author_id=author.id,
        author_name=author.name,
        author_initials=author.initials,
        author_is_company=author.is_company,
        author_line=line_of(author),
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


def line_of(author: Member) -> str:
    """Return what stands under an author's name: what they do, and where."""
    if author.is_company:
        return author.job
    return " · ".join(part for part in (author.specialty, author.institution) if part)


def posts_page(
    *, thread: Thread, from_number: int | None = None, before_number: int | None = None
) -> Page[PostView]:
    """Return published and removed posts by number: a page that begins or ends at a number.

    Args:
        thread: which the viewer may see.
        from_number: the first number wanted; 1 where neither is given.
        before_number: the number before which the page ends.
    """
    query = _VIEW.where(Post.thread_id == thread.id)
    if before_number is not None:
        rows = session().execute(
            query.where(Post.number < before_number)
            .order_by(Post.number.desc())
            .limit(POSTS_A_PAGE)
        )
        found = [_view(row) for row in rows][::-1]
    else:
        rows = session().execute(
            query.where(Post.number >= (from_number or 1)).order_by(Post.number).limit(POSTS_A_PAGE)
        )
        found = [_view(row) for row in rows]
    first = found[0].number if found else 0
    last = found[-1].number if found else 0
    return Page(found, has_before=first > 1, has_after=0 < last < thread.last_number)


def post_views(ids: Sequence[int]) -> Sequence[PostView]:
    """Return posts as the room sees them, for the fragment that is pushed after a commit."""
    rows = session().execute(_VIEW.where(Post.id.in_(ids)).order_by(Post.number))
    return [_view(row) for row in rows]


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


def own_waiting_edits(*, viewer: Member, thread: Thread) -> Sequence[Revision]:
    """Return the viewer's own edits of posts in the room that wait for a person or came back."""
    return (
        session()
        .scalars(
            sa.select(Revision)
            .join(Post, Post.id == Revision.post_id)
            .where(
                Post.thread_id == thread.id,
                Post.author_id == viewer.id,
                Post.state == PostState.PUBLISHED,
                Revision.state.in_((RevisionState.HELD, RevisionState.RETURNED)),
            )
            .order_by(Revision.id)
        )
        .all()
    )


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


def find_by_client_key(*, author: Member, client_key: str) -> Post | None:
    """Return the post that this author has already sent under a key."""
    return session().scalar(
        sa.select(Post).where(Post.author_id == author.id, Post.client_key == client_key)
    )


def find_number_in(*, thread: Thread, number: int) -> int | None:
    """Return the id of the post with a number in a thread."""
    return session().scalar(
        sa.select(Post.id).where(Post.thread_id == thread.id, Post.number == number)
    )


# --- what is one's own: reading and drafts -----------------------------------------------------


def read_number(*, viewer: Member, thread: Thread) -> int:
    """Return the number of the last post that the viewer has seen, 0 for none."""
    row = session().get(ReadPosition, (viewer.id, thread.id))
    return row.number if row else 0


def find_draft(*, viewer: Member, place: str) -> Draft | None:
    """Return what the viewer has begun to write in a place."""
    return session().scalar(
        sa.select(Draft).where(Draft.member_id == viewer.id, Draft.place == place)
    )


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
    rows = session().execute(query.order_by(Post.number.desc()).limit(count))
    return [_view(row) for row in rows][::-1]


def latest_threads(*, viewer: Member, limit: int = 8) -> Sequence[ThreadRow]:
    """Return the threads with the latest news in all of the viewer's spaces."""
    rows = session().execute(
        _rows(viewer).order_by(Thread.news_at.desc(), Thread.id.desc()).limit(limit)
    )
    return _marked(viewer, rows)
