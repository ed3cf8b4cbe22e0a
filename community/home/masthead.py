"""What the head of every page shows of who looks, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.home.ways import Way, work_of
from community.insights import access as insights_access
from community.insights import queries as insights
from community.members import access as members_access
from community.members.models import Member
from community.reviews import queries as reviews
from community.spaces import access as spaces_access
from community.spaces.models import Role
from community.spaces.queries import Seat


@dataclass(frozen=True)
class Room:
    """A space in which the member has a place."""

    id: int
    slug: str
    name: str
    is_archived: bool
    is_moderated: bool


@dataclass(frozen=True)
class Masthead:
    """All that the head of a page depends on: who have equal ones see the same there."""

    name: str
    initials: str
    email: str
    is_company: bool
    duties: frozenset[str] = frozenset()
    rooms: tuple[Room, ...] = ()
    can_review: bool = False
    open_reviews: int = 0
    may_check_credentials: bool = False
    may_see_figures: bool = False
    may_pause_posting: bool = False
    waiting_readings: int = 0
    unread_notes: int = 0

    @property
    def work(self) -> tuple[Way, ...]:
        """The pages that their duties and places open."""
        return tuple(work_of(self))


def masthead_before_the_gate(viewer: Member) -> Masthead:
    """Return that of a member who is signed in and for whom a door is still shut."""
    return Masthead(
        name=viewer.name,
        initials=viewer.initials,
        email=viewer.email or "",
        is_company=viewer.is_company,
    )


def masthead_of(viewer: Member, seats: Sequence[Seat]) -> Masthead:
    """Return that of a member who has come in.

    Args:
        viewer: who looks.
        seats: the viewer's own, by the names of the spaces.
    """
    can_review = reviews.has_desk(viewer=viewer, places=seats)
    return Masthead(
        name=viewer.name,
        initials=viewer.initials,
        email=viewer.email or "",
        is_company=viewer.is_company,
        duties=frozenset(viewer.duties),
        rooms=tuple(map(_room, seats)),
        can_review=can_review,
        open_reviews=reviews.count_open(viewer=viewer) if can_review else 0,
        may_check_credentials=bool(members_access.may_check_credentials(viewer)),
        may_see_figures=bool(insights_access.may_see_figures(viewer)),
        may_pause_posting=bool(spaces_access.may_see_posting_switch(viewer)),
        waiting_readings=insights.count_waiting(viewer=viewer),
        unread_notes=insights.count_notes(viewer=viewer),
    )


def _room(seat: Seat) -> Room:
    return Room(
        id=seat.space_id,
        slug=seat.slug,
        name=seat.name,
        is_archived=seat.is_archived,
        is_moderated=seat.role is Role.MODERATOR,
    )
