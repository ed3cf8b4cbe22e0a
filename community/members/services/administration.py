"""What the administrator does to members: gives duties, closes and opens."""

from __future__ import annotations

from collections.abc import Collection

from community.audit.services import record
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json
from community.kernel.errors import Conflict
from community.kernel.realtime import after_commit_disconnect_member
from community.kernel.reasons import whole_reason
from community.kernel.turns import claim, take_turn
from community.kernel.words import N_
from community.members import access, queries
from community.members.models import Duty, Member
from community.members.services import links
from community.members.services.notices import tell, tell_of_duties

CHANGED = N_("Somebody else has changed this member meanwhile. Load the page again.")


def set_duties(*, actor: Member, member: Member, duties: Collection[Duty], version: int) -> bool:
    """Say which site-wide jobs a member holds; return whether that is news.

    Args:
        actor: the administrator.
        member: who is to hold them; of the company.
        duties: all of them.
        version: of the member, as the page showed it.

    Raises:
        Conflict: another administrator was quicker, or nobody would look after members any more.
    """
    require(access.may_give_duties(actor, member))
    old, new = list(member.duties), sorted(duty.value for duty in duties)
    if sorted(old) == new:
        return False
    if member.holds(Duty.ADMINISTRATOR) and Duty.ADMINISTRATOR not in duties:
        require_another_administrator(member)
    claim(member, version, CHANGED)
    member.duties = new
    _record(actor, "member.duties_changed", member, old={"duties": old}, new={"duties": new})
    tell(member, "duties_changed")
    tell_of_duties(member=member, actor=actor, how="", old=old, new=new)
    after_commit_disconnect_member(member.id)
    return True


def require_another_administrator(member: Member) -> None:
    """Hold all administrators, so that two who take the duty from each other can't both succeed.

    Raises:
        Conflict: there is no other.
    """
    for holder in queries.holders(Duty.ADMINISTRATOR):
        take_turn(holder)
    if not any(each.id != member.id for each in queries.holders(Duty.ADMINISTRATOR)):
        raise Conflict(
            N_("Nobody would look after the community any more. Give the duty to another first.")
        )


def close_member(*, actor: Member, member: Member, reason: str, version: int) -> None:
    """Close a member's access everywhere. They can sign in to read the reason, and no more.

    Raises:
        Invalid: no reason is given.
        Conflict: another administrator was quicker, or nobody would look after members any more.
    """
    require(access.may_close_member(actor, member))
    reason = whole_reason(reason, missing=N_("Write the reason. The member reads it."))
    if member.is_closed:
        raise Conflict(N_("This access has been closed already."))
    if member.holds(Duty.ADMINISTRATOR):
        require_another_administrator(member)
    claim(member, version, CHANGED)
    member.closed_at, member.closed_reason = clock.now(), reason
    links.void_links(member)
    _record(actor, "member.closed", member, reason=reason)
    tell(member, "closed")
    after_commit_disconnect_member(member.id)


def reopen_member(*, actor: Member, member: Member, version: int) -> None:
    """Open a closed member's access again, as it was.

    Raises:
        Conflict: it is open, or another administrator was quicker.
    """
    require(access.may_look_after_members(actor))
    if not member.is_closed:
        raise Conflict(N_("This access is open."))
    claim(member, version, CHANGED)
    reason, member.closed_at, member.closed_reason = member.closed_reason, None, ""
    _record(actor, "member.reopened", member, old={"reason": reason})
    tell(member, "reopened")


def _record(
    actor: Member,
    action: str,
    member: Member,
    *,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="member",
        subject_id=member.id,
        reason=reason,
        old=old,
        new=new,
    )
