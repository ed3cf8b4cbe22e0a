"""Places in a space: taken, given another role, left, taken away."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock, tokens
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import NotFound
from community.kernel.realtime import after_commit_disconnect_member
from community.kernel.reasons import whole_reason
from community.kernel.turns import change, take_turn
from community.kernel.words import N_
from community.members.models import Duty, Member
from community.spaces import access
from community.spaces.models import Letters, Membership, MembershipState, Role, Space
from community.spaces.queries import countries_of_readers
from community.stream.services import append

_CHANGED = N_("Somebody else has changed this meanwhile. Load the page again to see what.")


@dataclass(frozen=True)
class _Ending:
    state: MembershipState
    action: str
    reason: str


def take_place(*, actor: Member, space: Space, member: Member, role: Role) -> Membership:
    """Give a member a place in a space, or the one back that was left or taken away.

    Whoever has a place already keeps it as it is. A pause that still runs goes on.

    Args:
        actor: who does it: the member who redeems an invitation, or an administrator.
        space: where.
        member: who.
        role: as what.

    Raises:
        Forbidden: the role is not for somebody of this affiliation.
    """
    require(access.may_hold_role(member.affiliation, role))
    place = _find_locked(space, member)
    if place is not None and place.is_active:
        return place
    countries = countries_of_readers(space.id)
    if place is None:
        place = Membership(space=space, member=member, role=role, joined_at=clock.now())
        session().add(place)
    else:
        _take_again(place, role)
    session().flush()
    tell_members(place)
    _record(actor, "membership.joined", place, new={"role": role.value})
    if member.holds(Duty.ADMINISTRATOR):
        letter = {"membership_id": place.id, "letter": tokens.nonce()}
        enqueue("spaces.mail_administrator_joined", letter)
    if countries and countries_of_readers(space.id) - countries:
        letter = {"membership_id": place.id, "letter": tokens.nonce()}
        enqueue("spaces.mail_new_country", letter)
    return place


def _find_locked(space: Space, member: Member) -> Membership | None:
    """Return the member's place, taken or not; of two deeds at once the second waits here."""
    take_turn(member)  # the member's row, since there may be no place to wait at
    return session().scalar(
        sa.select(Membership)
        .where(Membership.space_id == space.id, Membership.member_id == member.id)
        .execution_options(populate_existing=True)
    )


def _take_again(place: Membership, role: Role) -> None:
    place.role, place.joined_at, place.state = role, clock.now(), MembershipState.ACTIVE
    place.ended_at = place.ended_by_id = None
    place.end_reason = ""
    place.version += 1


def change_role(*, actor: Member, place: Membership, role: Role, version: int) -> None:
    """Give a member another role in a space.

    Args:
        actor: an administrator.
        place: whose.
        role: the new one.
        version: of the place, as the page showed it.

    Raises:
        Conflict: somebody has changed it meanwhile.
    """
    require(access.may_give_role(actor, place, role))
    old, new = {"role": place.role.value}, {"role": role.value}
    change_place(place, version, {"role": role})
    if old == new:
        return
    tell_members(place)
    _record(actor, "membership.role_changed", place, old=old, new=new)


def change_place(place: Membership, version: int, values: dict[str, object]) -> None:
    """Change a place as it was in that version; of two who try at once, one succeeds.

    Raises:
        Conflict: it has another version by now.
    """
    change(place, version, _CHANGED, values)


def leave(*, actor: Member, place: Membership) -> None:
    """Give up one's own place. What one wrote stays.

    Raises:
        Conflict: it has ended already.
    """
    require(access.may_leave(actor, place if place.member_id == actor.id else None))
    _end(actor, place, _Ending(MembershipState.LEFT, "membership.left", ""))


def remove_member(*, actor: Member, own: Membership | None, place: Membership, reason: str) -> None:
    """Take a member's place away; the person reads the reason.

    Args:
        actor: a moderator of the space, or an administrator.
        own: the actor's place there, if there is one.
        place: whose place ends.
        reason: for the person concerned.

    Raises:
        Invalid: no reason is given.
        Conflict: it has ended already.
    """
    require(access.may_end_place(actor, own, place))
    reason = whole_reason(reason, missing=N_("Write why. The member reads it."))
    _end(actor, place, _Ending(MembershipState.REMOVED, "membership.removed", reason))
    letter = {"membership_id": place.id, "letter": tokens.nonce()}
    enqueue("spaces.mail_removed", letter)


def _end(actor: Member, place: Membership, ending: _Ending) -> None:
    values = {
        "state": ending.state,
        "ended_at": clock.now(),
        "ended_by_id": actor.id,
        "end_reason": ending.reason,
    }
    change_place(place, place.version, values)
    tell_members(place, revokes=True)
    after_commit_disconnect_member(place.member_id)
    _record(actor, ending.action, place, reason=ending.reason, old={"role": place.role.value})


def choose_letters(*, actor: Member, place: Membership, level: Letters) -> None:
    """Say which letters one gets about what is said in a space.

    Raises:
        NotFound: it is somebody else's place, or none any more.
    """
    if place.member_id != actor.id or not place.is_active:
        raise NotFound
    place.notification_level = level.value


def tell_members(place: Membership, *, revokes: bool = False) -> None:
    """Tell the space that one of its places changed."""
    append(
        space_id=place.space_id,
        kind="members",
        subject_id=place.id,
        version=place.version,
        revokes=revokes,
    )


def _record(
    actor: Member,
    action: str,
    place: Membership,
    *,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="membership",
        subject_id=place.id,
        space_id=place.space_id,
        reason=reason,
        old=old,
        new={"member_id": place.member_id, **(new or {})},
    )
