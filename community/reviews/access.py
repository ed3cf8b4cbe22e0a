"""Who may see and decide a case: whoever holds its desk, and never its author."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Member
from community.reviews.models import Review, ReviewKind
from community.spaces.models import Membership, MembershipState, Role

MODERATORS = "moderators"


def may_see_review(viewer: Member, membership: Membership | None, review: Review) -> Decision:
    """Holders of the owning duty; for `moderators`, those of the case's space.

    Args:
        viewer: who asks.
        membership: the viewer's place in the case's space, if any.
        review: the case.
    """
    if viewer.is_closed or review.author_id == viewer.id:
        return UNSEEN
    if review.owner == MODERATORS:
        return YES if _moderates(membership, review) else UNSEEN
    return YES if review.owner in viewer.duties else UNSEEN


def reviews_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """The list twin of `may_see_review`."""
    if viewer.is_closed:
        return sa.false()
    return sa.and_(
        Review.author_id != viewer.id,
        sa.or_(
            Review.owner.in_(viewer.duties),
            sa.and_(Review.owner == MODERATORS, Review.space_id.in_(_moderated_by(viewer))),
        ),
    )


def holds_known_to(viewer: Member) -> sa.ColumnElement[bool]:
    """Holds that another desk decides, in spaces that the viewer moderates.

    Moderators know that a text waits there, and at which desk; not whose, nor what it says.
    """
    if viewer.is_closed:
        return sa.false()
    return sa.and_(
        Review.kind == ReviewKind.HOLD,
        Review.author_id != viewer.id,
        Review.owner != MODERATORS,
        Review.owner.not_in(viewer.duties),
        Review.space_id.in_(_moderated_by(viewer)),
    )


def _moderated_by(viewer: Member) -> sa.Select[int]:
    return sa.select(Membership.space_id).where(
        Membership.member_id == viewer.id,
        Membership.role == Role.MODERATOR,
        Membership.state == MembershipState.ACTIVE,
    )


def may_decide_review(viewer: Member, membership: Membership | None, review: Review) -> Decision:
    """Whoever may see an open case may decide it."""
    seen = may_see_review(viewer, membership, review)
    if not seen:
        return seen
    if not review.is_open:
        return no("decided", N_("Somebody has already decided this case."))
    return YES


def may_take_up_again(viewer: Member, membership: Membership | None, review: Review) -> Decision:
    """Whoever may see a case opens it again; on a held text a decision has had effect."""
    seen = may_see_review(viewer, membership, review)
    if not seen:
        return seen
    if review.is_open:
        return no("open", N_("This case is open already."))
    if review.kind is ReviewKind.HOLD:
        return no("decided", N_("What was decided on a held text can't be taken back."))
    return YES


def _moderates(membership: Membership | None, review: Review) -> bool:
    return (
        membership is not None
        and membership.space_id == review.space_id
        and membership.is_active
        and membership.role is Role.MODERATOR
    )
