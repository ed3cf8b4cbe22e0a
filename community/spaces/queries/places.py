"""Who has a place where: the check through which everything in a space is fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from community.kernel import rows
from community.kernel.access import require
from community.kernel.db import read, session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.spaces import access
from community.spaces.models import Membership, MembershipState, Space

_ACTIVE_PLACE = sa.select(Membership).where(
    Membership.member_id == sa.bindparam("member"),
    Membership.space_id == sa.bindparam("space"),
    Membership.state == MembershipState.ACTIVE,
)
_HAS_PLACE = _ACTIVE_PLACE.with_only_columns(Membership.id)

_OWN_PLACES = (
    sa.select(*rows.columns_of(Membership, Space))
    .join(Space, Space.id == Membership.space_id)
    .where(Membership.member_id == sa.bindparam("viewer"))
)
_PLACE_BY_SLUG = _OWN_PLACES.where(Space.slug == sa.bindparam("slug"))
_SPACE_ID_BY_SLUG = (
    sa.select(Membership.space_id)
    .join(Membership.space)
    .where(
        Membership.member_id == sa.bindparam("viewer"),
        Membership.state == MembershipState.ACTIVE,
        Space.slug == sa.bindparam("slug"),
    )
)
_PLACES = _OWN_PLACES.where(Membership.state == MembershipState.ACTIVE).order_by(
    Space.archived_at.is_not(None), Space.name
)


def get_membership(*, viewer: Member, slug: str) -> Membership:
    """Return the viewer's place in a space: the check through which everything is fetched.

    Raises:
        NotFound: there is no such space, or the viewer has no place in it.
    """
    for found in _own_places(_PLACE_BY_SLUG, {"viewer": viewer.id, "slug": slug}):
        require(access.may_read(viewer, found))
        return found
    raise NotFound


def get_space_id(*, viewer: Member, slug: str) -> int:
    """Return the key of a space in which the viewer has an active place, where no more is wanted.

    Raises:
        NotFound: there is no such space, or the viewer has no place in it.
    """
    found = () if viewer.is_closed else read(_SPACE_ID_BY_SLUG, {"viewer": viewer.id, "slug": slug})
    if not found:
        raise NotFound
    space_id: int = found[0].space_id
    return space_id


def require_place(*, viewer: Member, space_id: int) -> None:
    """Let pass who has an active place in a space now.

    Raises:
        NotFound: there is no such space, or the viewer has no place in it.
    """
    if viewer.is_closed or not read(_HAS_PLACE, {"member": viewer.id, "space": space_id}):
        raise NotFound


def find_membership(*, viewer: Member, space_id: int) -> Membership | None:
    """Return the viewer's active place in a space, if there is one."""
    if viewer.is_closed:
        return None
    return find_membership_of(member_id=viewer.id, space_id=space_id)


def find_membership_of(*, member_id: int, space_id: int) -> Membership | None:
    """Return a member's active place in a space, if there is one."""
    return session().scalar(_ACTIVE_PLACE, {"member": member_id, "space": space_id})


def find_any_membership(*, space_id: int) -> Membership | None:
    """Return the first active place in a space, where the space itself is what matters."""
    return session().scalar(
        sa.select(Membership)
        .where(Membership.space_id == space_id, Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.id)
        .limit(1)
    )


def viewer_memberships(*, viewer: Member) -> Sequence[Membership]:
    """Return the viewer's places, by the names of the spaces."""
    return tuple(_own_places(_PLACES, {"viewer": viewer.id}))


def _own_places(
    statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any]
) -> Iterator[Membership]:
    for membership, space in rows.objects(statement, values, Membership, Space):
        rows.link(membership, "space", space)
        yield membership


def countries_of_readers(space_id: int) -> frozenset[str]:
    """Return the countries from which a space is read: rules ask for all of them."""
    rows = read(_COUNTRIES, {"space": space_id})
    return frozenset(row.country for row in rows if row.country)


def member_names(space_id: int) -> tuple[str, ...]:
    """Return the names of a space's members: a colleague's name is no patient's.

    Also of those who came with an import or whose access is closed: their posts are still there.
    """
    (row,) = read(_NAMES, {"space": space_id})
    return _apart(row.names or "")


@lru_cache(maxsize=64)  # what is kept by the names of a room holds one copy of them, not many
def _apart(names: str) -> tuple[str, ...]:
    return tuple(names.split(_BETWEEN_NAMES))


def reader_ids(space_id: int) -> frozenset[int]:
    """Return everybody who may read a space now."""
    return frozenset(session().scalars(_readers(space_id).with_only_columns(Member.id)))


def _readers(space_id: int | sa.BindParameter[int]) -> sa.Select[Member]:
    """Select who may read a space; authors who came with an import never do."""
    return (
        sa.select(Member)
        .join(Membership, Membership.member_id == Member.id)
        .where(
            Membership.space_id == space_id,
            Membership.state == MembershipState.ACTIVE,
            Member.closed_at.is_(None),
            Member.sign_in_allowed.is_(True),
        )
    )


_COUNTRIES = _readers(sa.bindparam("space")).with_only_columns(Member.country).distinct()
# In one row, since every draft that is judged asks for them, in rooms of thousands, too.
_BETWEEN_NAMES = "\n"
_NAMES = (
    sa.select(sa.func.aggregate_strings(Member.name, _BETWEEN_NAMES).label("names"))
    .select_from(Member)
    .join(Membership, Membership.member_id == Member.id)
    .where(Membership.space_id == sa.bindparam("space"), Membership.state == MembershipState.ACTIVE)
)


def names_of(space_ids: Collection[int]) -> dict[int, str]:
    """Return the names of spaces by id."""
    rows = session().execute(sa.select(Space.id, Space.name).where(Space.id.in_(space_ids)))
    return {row.id: row.name for row in rows}
