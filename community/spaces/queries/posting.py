"""Reads of the incident switch: where the company's posting is paused, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.kernel.access import require
from community.kernel.db import read, session
from community.kernel.errors import NotFound
from community.members.models import Affiliation, Member
from community.spaces import access
from community.spaces.models import Membership, MembershipState, PostingPause, Role, Space
from community.spaces.queries.places import find_membership, names_of
from community.spaces.queries.rosters import Opened

EVERYWHERE = "everywhere"
SHOWN = 20


@dataclass(frozen=True)
class PostingBoard:
    """Where the company's posting is paused now, and what was paused before.

    `names` are those of the spaces of past pauses, by id.
    """

    everywhere: PostingPause | None
    spaces: Sequence[tuple[Space, PostingPause | None]]
    past: Sequence[PostingPause]
    names: Mapping[int, str]


def place_of(space: Space | None) -> str:
    """Return the name under which a space, or all of them, is paused."""
    return EVERYWHERE if space is None else f"space:{space.id}"


_IS_PAUSED_HERE = PostingPause.place.in_((EVERYWHERE, sa.bindparam("space")))
_PAUSED_PLACES = sa.select(PostingPause.place).where(_IS_PAUSED_HERE)
_PAUSES = sa.select(PostingPause).where(_IS_PAUSED_HERE).order_by(PostingPause.place)


def posting_pauses(space_id: int) -> Sequence[PostingPause]:
    """Return the pauses that stop the company in a space now: of it, of all, or both."""
    here = {"space": f"space:{space_id}"}
    # Every page of a space asks, and seldom there is one.
    return session().scalars(_PAUSES, here).all() if read(_PAUSED_PLACES, here) else ()


def is_posting_paused(space_id: int) -> bool:
    """Whether what the company writes in a space waits for a person."""
    return bool(posting_pauses(space_id))


def find_posting_pause(space: Space | None) -> PostingPause | None:
    """Return the pause of just this space, or of everywhere, that runs."""
    return session().scalar(sa.select(PostingPause).where(PostingPause.place == place_of(space)))


def posting_board(*, viewer: Member) -> PostingBoard:
    """Return the switches of every open space, for those who may turn all of them.

    Raises:
        NotFound: the viewer may not.
    """
    require(access.may_see_posting_switch(viewer))
    running = session().scalars(sa.select(PostingPause).where(PostingPause.place.is_not(None)))
    by_place = {pause.place: pause for pause in running}
    open_spaces = session().scalars(
        sa.select(Space)
        .where(Space.archived_at.is_(None))
        .order_by(sa.func.lower(Space.name), Space.id)
    )
    past = _past(sa.true())
    return PostingBoard(
        everywhere=by_place.get(EVERYWHERE),
        spaces=[(space, by_place.get(place_of(space))) for space in open_spaces],
        past=past,
        names=names_of({pause.space_id for pause in past if pause.space_id is not None}),
    )


def past_posting_pauses(space: Space) -> Sequence[PostingPause]:
    """Return the pauses of a space that are over, its own and those of everywhere."""
    return _past(sa.or_(PostingPause.space_id == space.id, PostingPause.space_id.is_(None)))


def _past(which: sa.ColumnElement[bool]) -> Sequence[PostingPause]:
    return (
        session()
        .scalars(
            sa.select(PostingPause)
            .where(PostingPause.lifted_at.is_not(None), which)
            .order_by(PostingPause.lifted_at.desc(), PostingPause.id.desc())
            .limit(SHOWN)
        )
        .all()
    )


def people_of_posting(*, space_id: int | None) -> Sequence[Member]:
    """Return the company's people and the moderators of a space, or of all, who can be told."""
    where = sa.true() if space_id is None else Membership.space_id == space_id
    seated = sa.select(Membership.member_id).where(
        where,
        Membership.state == MembershipState.ACTIVE,
        sa.or_(
            Membership.role == Role.MODERATOR,
            Membership.member_id.in_(
                sa.select(Member.id).where(Member.affiliation == Affiliation.COMPANY)
            ),
        ),
    )
    return (
        session()
        .scalars(
            sa.select(Member)
            .where(
                Member.id.in_(seated), Member.closed_at.is_(None), Member.sign_in_allowed.is_(True)
            )
            .order_by(Member.id)
        )
        .all()
    )


def get_posting_place(*, viewer: Member, slug: str) -> Opened:
    """Return a space whose switch the viewer may turn; the duties need no place in it.

    Raises:
        NotFound: there is none, or not for this viewer.
        Forbidden: the viewer is a member who does not moderate.
    """
    space = session().scalar(sa.select(Space).where(Space.slug == slug))
    if space is None:
        raise NotFound
    own = find_membership(viewer=viewer, space_id=space.id)
    require(access.may_pause_posting(viewer, own))
    return Opened(space, own)
