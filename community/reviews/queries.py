"""Reads of cases, each under the viewer's own duties and moderated spaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members import queries as members
from community.members.models import Duty, Member
from community.reviews import access
from community.reviews.models import Deadline, Review, ReviewKind
from community.spaces import queries as spaces
from community.spaces.models import Membership, MembershipState, Role
from community.spaces.queries import Seat

CLOSED_A_PAGE = 50


def get_review(*, viewer: Member, review_id: int) -> tuple[Review, Membership | None]:
    """Return a case with the viewer's place in its space.

    Raises:
        NotFound: there is none, or it is not the viewer's to see.
    """
    review = session().get(Review, review_id)
    if review is None:
        raise NotFound
    membership = spaces.find_membership(viewer=viewer, space_id=review.space_id)
    require(access.may_see_review(viewer, membership, review))
    return review, membership


def open_reviews(*, viewer: Member) -> Sequence[Review]:
    """Return the open cases that the viewer may decide, the least time left first."""
    return session().scalars(_open().where(access.reviews_visible_to(viewer))).all()


def holds_elsewhere(*, viewer: Member) -> Sequence[Review]:
    """Return what waits at other desks in the spaces that the viewer moderates."""
    return session().scalars(_open().where(access.holds_known_to(viewer))).all()


def _open() -> sa.Select[Review]:
    first_due = (
        sa.select(sa.func.min(Deadline.due_at))
        .where(Deadline.review_id == Review.id, Deadline.met_at.is_(None))
        .scalar_subquery()
    )
    by_time_left = (first_due.is_(None), first_due, Review.id)  # what has no step left comes last
    return sa.select(Review).where(Review.closed_at.is_(None)).order_by(*by_time_left)


@dataclass(frozen=True)
class ClosedPage:
    """Decided cases, the last first; `next_before` continues the list, 0 ends it."""

    reviews: Sequence[Review]
    next_before: int


def closed_reviews(*, viewer: Member, before: int = 0) -> ClosedPage:
    """Return the cases decided last, a page at a time.

    Args:
        viewer: whose desks they are.
        before: the case that the page before ended with; 0 for the first page.

    Raises:
        NotFound: that is no decided case of the viewer's.
    """
    decided = sa.select(Review).where(
        access.reviews_visible_to(viewer), Review.closed_at.is_not(None)
    )
    place = sa.tuple_(Review.closed_at, Review.id)
    query = decided.order_by(Review.closed_at.desc(), Review.id.desc()).limit(CLOSED_A_PAGE + 1)
    if before:
        last = session().scalar(decided.where(Review.id == before))
        if last is None:
            raise NotFound
        query = query.where(place < sa.tuple_(last.closed_at, last.id))
    found = session().scalars(query).all()
    more = len(found) > CLOSED_A_PAGE
    return ClosedPage(found[:CLOSED_A_PAGE], found[CLOSED_A_PAGE - 1].id if more else 0)


def count_open(*, viewer: Member) -> int:
    """Return how many open cases wait for the viewer."""
    query = sa.select(sa.func.count(Review.id)).where(
        access.reviews_visible_to(viewer), Review.closed_at.is_(None)
    )
    return session().scalar(query) or 0


def has_desk(*, viewer: Member, places: Iterable[Membership | Seat]) -> bool:
    """Whether the viewer has cases to look after, now or later: by a duty or as moderator."""
    if viewer.all_duties - {Duty.VERIFICATION}:
        return True
    return any(place.role is Role.MODERATOR for place in places)


def find_open_for(*, subject_kind: str, subject_id: int) -> Review | None:
    """Return an open case on a subject."""
    return session().scalar(
        sa.select(Review).where(
            Review.subject_kind == subject_kind,
            Review.subject_id == subject_id,
            Review.closed_at.is_(None),
        )
    )


def find_open_routed(*, desk: str, post_id: int) -> Review | None:
    """Return the open case by which a desk has a copy of a post."""
    return session().scalar(
        sa.select(Review)
        .where(
            Review.kind == ReviewKind.ROUTED,
            Review.desk == desk,
            Review.subject_kind == "post",
            Review.subject_id == post_id,
            Review.closed_at.is_(None),
        )
        .order_by(Review.id)
        .limit(1)
    )


def find_open_hold(*, subject_kind: str, subject_id: int) -> Review | None:
    """Return the open case on which a subject waits; cases of other desks about it aside."""
    return session().scalar(
        sa.select(Review).where(
            Review.kind == ReviewKind.HOLD,
            Review.subject_kind == subject_kind,
            Review.subject_id == subject_id,
            Review.closed_at.is_(None),
        )
    )


def find_open_report(*, post_id: int) -> Review | None:
    """Return the open case to which reports of a post lead; the newest, where one was taken up."""
    return session().scalar(
        sa.select(Review)
        .where(
            Review.kind == ReviewKind.REPORT,
            Review.subject_kind == "post",
            Review.subject_id == post_id,
            Review.closed_at.is_(None),
        )
        .order_by(Review.id.desc())
        .limit(1)
    )


def last_decision_for(*, subject_kind: str, subject_id: int) -> Review | None:
    """Return the hold on a subject that was decided last, with the reason its author reads."""
    return session().scalar(
        sa.select(Review)
        .where(
            Review.kind == ReviewKind.HOLD,
            Review.subject_kind == subject_kind,
            Review.subject_id == subject_id,
            Review.closed_at.is_not(None),
        )
        .order_by(Review.closed_at.desc())
        .limit(1)
    )


def owners_of(review: Review) -> Sequence[Member]:
    """Return the members who may decide a case."""
    return _owners(review.owner, review.space_id, review.author_id)


def _owners(owner: str, space_id: int, author_id: int) -> Sequence[Member]:
    if owner == access.MODERATORS:
        query = (
            sa.select(Member)
            .join(Membership, Membership.member_id == Member.id)
            .where(
                Membership.space_id == space_id,
                Membership.role == Role.MODERATOR,
                Membership.state == MembershipState.ACTIVE,
            )
        )
        found = session().scalars(query).all()
    else:
        found = members.holders(Duty(owner))
    return [member for member in found if member.id != author_id and not member.is_closed]


def open_without_owner() -> Sequence[Review]:
    """Return the open cases that nobody may decide: their desk has lost its last holder."""
    alike = sa.tuple_(Review.owner, Review.space_id, Review.author_id)
    is_open = Review.closed_at.is_(None)
    # Many cases have the same owners: they are asked for once, and no text is read for it.
    kinds = session().execute(
        sa.select(Review.owner, Review.space_id, Review.author_id).where(is_open).distinct()
    )
    orphaned = [tuple(kind) for kind in kinds if not _owners(*kind)]
    if not orphaned:
        return ()
    return session().scalars(sa.select(Review).where(is_open, alike.in_(orphaned))).all()


def find_case(*, desk: str, post_id: int, revision_ids: Sequence[int]) -> Review | None:
    """Return the newest case of a desk about a post or a wording of it, whatever its kind."""
    about = sa.or_(
        sa.and_(Review.subject_kind == "post", Review.subject_id == post_id),
        sa.and_(Review.subject_kind == "revision", Review.subject_id.in_(revision_ids)),
    )
    return session().scalar(
        sa.select(Review).where(Review.desk == desk, about).order_by(Review.id.desc()).limit(1)
    )
