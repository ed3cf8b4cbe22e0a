"""Lists of people in a space, of spaces for administrators, and of places that have ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members import queries as members
from community.members.models import Affiliation, Member
from community.spaces import access
from community.spaces.models import (
    Membership,
    MembershipState,
    Pause,
    PauseState,
    Role,
    Space,
)
from community.spaces.queries.places import find_membership

SHOWN_AFTER_THE_END = timedelta(days=30)
ROSTER_PAGE = 50
_ORDER = {Role.MODERATOR: 0, Role.MSL: 1, Role.CONTRIBUTOR: 2, Role.MEMBER: 3}


@dataclass(frozen=True)
class Opened:
    """A space as the viewer may see it; administrators may have no place in it."""

    space: Space
    membership: Membership | None


@dataclass(frozen=True)
class Roster:
    """One page of those who have a place in a space; `next_after` continues it, 0 ends it."""

    places: list[Membership]
    next_after: int


@dataclass(frozen=True)
class Ended:
    """A place that has ended, with the name of who decided it, for its owner's eyes."""

    membership: Membership
    decided_by: str


@dataclass(frozen=True)
class ListedSpace:
    """One line of the administrators' list."""

    space: Space
    peers: int
    company: int
    moderators: int
    peer_moderators: int


def get_space(*, viewer: Member, slug: str) -> Opened:
    """Return a space whose charter and roster the viewer may see.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    space = session().scalar(sa.select(Space).where(Space.slug == slug))
    if space is None:
        raise NotFound
    membership = find_membership(viewer=viewer, space_id=space.id)
    require(access.may_see_space(viewer, membership, space))
    return Opened(space, membership)


def spaces(*, viewer: Member) -> list[ListedSpace]:
    """Return every space for an administrator, the open ones first, then by name.

    Raises:
        NotFound: the viewer does not look after spaces.
    """
    require(access.may_look_after_spaces(viewer))
    counts: dict[int, list[tuple[Affiliation, Role, int]]] = {}
    for space_id, affiliation, role, people in session().execute(_counts()).all():
        counts.setdefault(space_id, []).append((affiliation, role, people))
    order = (Space.archived_at.is_not(None), sa.func.lower(Space.name), Space.id)
    return [
        _listed(space, counts.get(space.id, []))
        for space in session().scalars(
            sa.select(Space).where(access.spaces_visible_to(viewer)).order_by(*order)
        )
    ]


def _counts() -> sa.Select[int, Affiliation, Role, int]:
    kind = (Membership.space_id, Member.affiliation, Membership.role)
    return (
        sa.select(*kind, sa.func.count())
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.state == MembershipState.ACTIVE,
            Member.closed_at.is_(None),
            Member.sign_in_allowed.is_(True),
        )
        .group_by(*kind)
    )


def _listed(space: Space, counts: list[tuple[Affiliation, Role, int]]) -> ListedSpace:
    peers = [(role, people) for kind, role, people in counts if kind is Affiliation.HCP]
    moderators = [(kind, people) for kind, role, people in counts if role is Role.MODERATOR]
    return ListedSpace(
        space=space,
        peers=sum(people for _, people in peers),
        company=sum(people for kind, _, people in counts if kind is Affiliation.COMPANY),
        moderators=sum(people for _, people in moderators),
        peer_moderators=sum(people for kind, people in moderators if kind is Affiliation.HCP),
    )


def roster(*, viewer: Member, opened: Opened, words: str = "", after: int = 0) -> Roster:
    """Return who has a place in a space, a page at a time: moderators first, by role and name.

    Args:
        viewer: who asks.
        opened: the space.
        words: part of a name, an institution or a specialty; empty for everybody.
        after: the place that the page before ended with.

    Raises:
        NotFound: the viewer may not see it.
    """
    require(access.may_see_roster(viewer, opened.membership))
    in_order = (
        sa.case(*((Membership.role == role, place) for role, place in _ORDER.items())),
        members.name_in_lists(),
        Membership.id,
    )
    query = (
        sa.select(Membership)
        .join(Membership.member)
        .options(contains_eager(Membership.member))
        .where(
            Membership.space_id == opened.space.id,
            Membership.state == MembershipState.ACTIVE,
            Member.closed_at.is_(None),
            Member.sign_in_allowed.is_(True),
        )
        .order_by(*in_order)
        .limit(ROSTER_PAGE + 1)
    )
    if words.strip():
        where = (Member.name, Member.institution, Member.specialty)
        query = query.where(sa.or_(*(c.icontains(words.strip(), autoescape=True) for c in where)))
    if after:
        last = sa.select(*in_order).join(Membership.member).where(Membership.id == after)
        place = session().execute(last).first()
        if place is None:
            raise NotFound
        query = query.where(sa.tuple_(*in_order) > sa.tuple_(*place))
    found = list(session().scalars(query))
    more = len(found) > ROSTER_PAGE
    return Roster(found[:ROSTER_PAGE], found[ROSTER_PAGE - 1].id if more else 0)


def get_place(*, viewer: Member, opened: Opened, membership_id: int) -> Membership:
    """Return somebody's active place in a space.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    require(access.may_see_roster(viewer, opened.membership))
    found = session().get(Membership, membership_id)
    if found is None or found.space_id != opened.space.id or not found.is_active:
        raise NotFound
    return found


def pauses(*, viewer: Member, opened: Opened) -> Sequence[Pause]:
    """Return proposals that wait and pauses that still run, for the space's moderators."""
    if not access.may_moderate(viewer, opened.membership):
        return []
    runs = sa.and_(Pause.state == PauseState.CONFIRMED, Membership.paused_until > clock.now())
    return (
        session()
        .scalars(
            sa.select(Pause)
            .join(Pause.membership)
            .where(
                Membership.space_id == opened.space.id,
                Membership.state == MembershipState.ACTIVE,
                Membership.member_id != viewer.id,
                sa.or_(Pause.state == PauseState.PROPOSED, runs),
            )
            .order_by(Pause.proposed_at, Pause.id)
        )
        .all()
    )


def proposer_names(*, viewer: Member, opened: Opened) -> dict[int, str]:
    """Return the names of those who proposed the pauses that the viewer sees, by id."""
    ids = {pause.proposed_by_id for pause in pauses(viewer=viewer, opened=opened)}
    rows = session().execute(sa.select(Member.id, Member.name).where(Member.id.in_(ids)))
    return {row.id: row.name for row in rows}


def get_pause(*, viewer: Member, opened: Opened, pause_id: int) -> Pause:
    """Return a pause in a space that the viewer moderates.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = session().get(Pause, pause_id)
    if found is None or found.membership.space_id != opened.space.id:
        raise NotFound
    require(access.may_moderate(viewer, opened.membership))
    return found


def ended_memberships(*, viewer: Member) -> list[Membership]:
    """Return the viewer's places that others have ended within a month of days, latest first."""
    return list(
        session().scalars(
            sa.select(Membership)
            .where(
                Membership.member_id == viewer.id,
                Membership.state == MembershipState.REMOVED,
                Membership.ended_at > clock.day_began() - SHOWN_AFTER_THE_END,
            )
            .order_by(Membership.ended_at.desc(), Membership.id.desc())
        )
    )


def places_of(*, viewer: Member, member: Member) -> Sequence[Membership]:
    """Return a member's places, those that run first, then by the space's name.

    Raises:
        NotFound: the viewer does not look after spaces.
    """
    require(access.may_look_after_spaces(viewer))
    query = (
        sa.select(Membership)
        .join(Space, Space.id == Membership.space_id)
        .where(Membership.member_id == member.id)
        .order_by(Membership.state != MembershipState.ACTIVE, Space.name, Membership.id)
    )
    return session().scalars(query).all()


def get_own_place(*, viewer: Member, membership_id: int) -> Ended:
    """Return one's own place, whether it still runs or has ended, with who ended it.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = session().get(Membership, membership_id)
    if found is None or found.member_id != viewer.id:
        raise NotFound
    by = session().get(Member, found.ended_by_id) if found.ended_by_id else None
    return Ended(found, by.name if by else "")


def moderators_of(space_id: int) -> Sequence[Member]:
    """Return who moderates a space and can be reached, by name."""
    return (
        session()
        .scalars(
            sa.select(Member)
            .join(Membership, Membership.member_id == Member.id)
            .where(
                Membership.space_id == space_id,
                Membership.state == MembershipState.ACTIVE,
                Membership.role == Role.MODERATOR,
                Member.closed_at.is_(None),
                Member.sign_in_allowed.is_(True),
            )
            .order_by(Member.name, Member.id)
        )
        .all()
    )
