"""The viewer's own places as the head of every page knows them: a few columns, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from community.kernel.db import read
from community.members.models import Member
from community.spaces.models import Membership, MembershipState, PostingPause, Role, Space


class Seat(NamedTuple):
    """A place in a space, and whether the company's posting is paused there."""

    space_id: int
    slug: str
    name: str
    role: Role
    is_archived: bool
    is_posting_paused: bool


_IS_PAUSED = (
    sa.exists()
    .where(
        PostingPause.place.is_not(None),
        sa.or_(PostingPause.space_id.is_(None), PostingPause.space_id == Space.id),
    )
    .correlate(Space)
)
_IS_ARCHIVED = Space.archived_at.is_not(None)
_SEATS = (
    sa.select(Space.id, Space.slug, Space.name, Membership.role, _IS_ARCHIVED, _IS_PAUSED)
    .join(Membership, Membership.space_id == Space.id)
    .where(
        Membership.member_id == sa.bindparam("viewer"), Membership.state == MembershipState.ACTIVE
    )
    .order_by(_IS_ARCHIVED, Space.name)
)


def seats_of(*, viewer: Member) -> Sequence[Seat]:
    """Return where the viewer has a place, by the names of the spaces."""
    return tuple(map(Seat._make, read(_SEATS, {"viewer": viewer.id})))
