"""A case with all that its owner needs to decide it: the text, and five posts around it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from community.guardrails.engine import Note, notes_on_case
from community.kernel.db import session
from community.members.models import Member
from community.reviews import queries as reviews
from community.reviews.models import Review, ReviewKind
from community.reviews.protocols import Protocol, protocols_for
from community.spaces import queries as spaces
from community.spaces.models import Membership, Space
from community.threads import queries as threads
from community.threads.models import Post, PostState, Report, Revision, RevisionState, Thread
from community.threads.queries import PostView


@dataclass(frozen=True)
class Case:
    """A case as its owner reads it.

    `is_live`: the held text still waits; where its author was quicker, or the post of a held edit
    was taken down, there is nothing left to decide but to close the case. `is_down`: the post that
    stood was taken down.
    """

    review: Review
    membership: Membership | None
    space: Space
    thread: Thread | None
    author: Member
    text: str
    published_text: str
    context: Sequence[PostView]
    author_role: str
    is_live: bool
    is_down: bool
    written_at: datetime
    reports: Sequence[Report]
    names: Mapping[int, str]

    @property
    def may_decide_hold(self) -> bool:
        """Whether release, return and remove are the decisions to choose from."""
        return self.review.kind is ReviewKind.HOLD and self.is_live

    @property
    def is_followed_up(self) -> bool:
        """Whether whoever wrote it may be asked in private: Safety and Quality complete reports."""
        return self.review.kind is ReviewKind.ROUTED and self.review.desk in threads.RECEIVE

    @property
    def may_take_down(self) -> bool:
        """Whether to take the post down is a decision to choose: it was reported, and stands."""
        return self.review.kind is ReviewKind.REPORT and not self.is_down

    @property
    def protocols(self) -> Sequence[Protocol]:
        """How such a case is handled."""
        return protocols_for(self.review, self.review.desk)

    @property
    def notes(self) -> Sequence[Note]:
        """Each rule that led here once, with all its words, as the author was told of it."""
        title = self.thread.title if self.thread is not None else ""
        return notes_on_case(self.text, self.review.findings, title)


def get_case(*, viewer: Member, review_id: int) -> Case:
    """Return a case that the viewer owns.

    Raises:
        NotFound: there is none, or it is not the viewer's to see.
    """
    review, membership = reviews.get_review(viewer=viewer, review_id=review_id)
    author = session().get_one(Member, review.author_id)
    place = spaces.find_membership_of(member_id=author.id, space_id=review.space_id)
    thread = session().get(Thread, review.thread_id) if review.thread_id else None
    post, revision = subject_of(review)
    return Case(
        review=review,
        membership=membership,
        space=session().get_one(Space, review.space_id),
        thread=thread,
        author=author,
        text=review.text,
        published_text=_stands_meanwhile(review, post, revision),
        context=_context(review, thread, post),
        author_role=place.role.value if place is not None else "",
        is_live=_is_live(post, revision),
        is_down=post is not None and post.state is PostState.REMOVED,
        written_at=_written_at(review, post),
        reports=threads.reports_behind(review),
        names=names_in(review),
    )


def subject_of(review: Review) -> tuple[Post | None, Revision | None]:
    """Return the post a case is about, and the held edit where it is about one."""
    match review.subject_kind:
        case "post":
            return session().get(Post, review.subject_id), None
        case "revision":
            revision = session().get(Revision, review.subject_id)
            return (revision.post if revision else None), revision
        case _:
            return None, None


def _stands_meanwhile(review: Review, post: Post | None, revision: Revision | None) -> str:
    """Return the words in the room, where they are others than those of the case."""
    if post is None or post.state is not PostState.PUBLISHED:
        return ""
    is_changed = review.kind is ReviewKind.REPORT and post.text != review.text
    return post.text if revision is not None or is_changed else ""


def _written_at(review: Review, post: Post | None) -> datetime:
    """Return when the text was written: a report's clocks begin later."""
    if review.kind is ReviewKind.REPORT and post is not None and post.published_at is not None:
        return post.published_at
    return review.clock_from


def _is_live(post: Post | None, revision: Revision | None) -> bool:
    if revision is not None:  # of a post that was taken down no wording comes into the room
        is_up = revision.post.state is PostState.PUBLISHED
        return is_up and revision.state is RevisionState.HELD
    return post is not None and post.state is PostState.HELD


def _context(review: Review, thread: Thread | None, post: Post | None) -> Sequence[PostView]:
    if post is not None:
        return threads.context_around(post=post)
    if thread is not None:
        return threads.posts_before(thread_id=thread.id, at=review.clock_from)
    return ()


def case_titles(found: Sequence[Review]) -> dict[int, tuple[str, str]]:
    """Return for each case its space's name and its author's name, in two queries."""
    names = spaces.names_of({review.space_id for review in found})
    authors = _names({review.author_id for review in found})
    return {
        review.id: (names.get(review.space_id, ""), authors.get(review.author_id, ""))
        for review in found
    }


def names_in(review: Review) -> dict[int, str]:
    """Return the names of those who settled steps of a case or decided it, by their keys."""
    ids = {review.decided_by_id, *(step.met_by_id for step in review.deadlines)}
    return _names({each for each in ids if each is not None})


def _names(ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session().execute(sa.select(Member.id, Member.name).where(Member.id.in_(ids)))
    return {row.id: row.name for row in rows}
