"""Pauses: one moderator proposes, a second confirms; meanwhile the member reads and waits."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock, tokens
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid
from community.kernel.reasons import whole_reason
from community.kernel.turns import change, take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.spaces import access
from community.spaces.models import Membership, Pause, PauseState
from community.spaces.services.places import change_place, tell_members

LONGEST_PAUSE = 14  # days; the use policy's promise

_DECIDED = N_("Somebody else has decided meanwhile. Load the page again to see what.")


def propose_pause(
    *, actor: Member, own: Membership | None, place: Membership, days: int, reason: str
) -> Pause:
    """Propose that a member may only read for some days. Nothing happens until it is confirmed.

    Args:
        actor: a moderator.
        own: the actor's place in the space.
        place: whose.
        days: 1 to 14.
        reason: for the person concerned.

    Raises:
        Invalid: no reason, or too many days.
        Conflict: there is a proposal already, or a pause that runs.
    """
    require(access.may_propose_pause(actor, own, place))
    if not 1 <= days <= LONGEST_PAUSE:
        raise Invalid(
            N_("A pause lasts from 1 to %(most)d days."), field="days", most=LONGEST_PAUSE
        )
    reason = whole_reason(reason, missing=N_("Write why. The member reads it."))
    _require_none_under_way(place)
    pause = Pause(
        membership=place,
        proposed_by_id=actor.id,
        proposed_at=clock.now(),
        days=days,
        reason=reason,
    )
    session().add(pause)
    session().flush()
    _record(actor, "pause.proposed", pause, reason=reason, new={"days": days})
    enqueue("spaces.mail_pause_proposed", {"pause_id": pause.id}, key=f"pause-{pause.id}-proposed")
    return pause


def _require_none_under_way(place: Membership) -> None:
    take_turn(place)  # of two moderators who propose at once the second sees the first's
    proposed = session().scalar(
        sa.select(Pause.id).where(
            Pause.membership_id == place.id, Pause.state == PauseState.PROPOSED
        )
    )
    if proposed is not None:
        raise Conflict(N_("A pause is proposed for this member already. Decide about that one."))
    if place.is_paused:
        raise Conflict(N_("This member is paused already."))


def confirm_pause(*, actor: Member, own: Membership | None, pause: Pause, version: int) -> None:
    """Let a proposed pause begin, as the second moderator; the person reads the reason.

    Raises:
        Conflict: somebody was quicker.
    """
    require(access.may_confirm_pause(actor, own, pause))
    _decide(actor, pause, PauseState.CONFIRMED, version)
    place = pause.membership
    if not place.is_active:
        raise Conflict(N_("This member is not in the space any more."))
    until = clock.now() + timedelta(days=pause.days)
    change_place(place, place.version, {"paused_until": until, "pause_reason": pause.reason})
    tell_members(place)
    proposer = session().get(Member, pause.proposed_by_id)
    new = {"days": pause.days, "proposed_by": proposer.name if proposer else ""}
    _record(actor, "pause.confirmed", pause, reason=pause.reason, new=new)
    enqueue("spaces.mail_paused", {"pause_id": pause.id, "letter": tokens.nonce()})


def decline_pause(*, actor: Member, own: Membership | None, pause: Pause, version: int) -> None:
    """Say no to a proposed pause, or take one's own proposal back.

    Raises:
        Conflict: somebody was quicker.
    """
    require(access.may_decline_pause(actor, own, pause))
    _decide(actor, pause, PauseState.DECLINED, version)
    _record(actor, "pause.declined", pause, new={"days": pause.days})


def lift_pause(*, actor: Member, own: Membership | None, pause: Pause, version: int) -> None:
    """End a pause before its time.

    Raises:
        Conflict: somebody was quicker.
    """
    require(access.may_lift_pause(actor, own, pause))
    _decide(actor, pause, PauseState.LIFTED, version)
    place = pause.membership
    old = {"paused_until": place.paused_until.isoformat() if place.paused_until else ""}
    change_place(place, place.version, {"paused_until": None, "pause_reason": ""})
    tell_members(place)
    _record(actor, "pause.lifted", pause, old=old)


def _decide(actor: Member, pause: Pause, state: PauseState, version: int) -> None:
    """Take the right to decide; of two who hold the same version, one succeeds."""
    values = {"state": state, "decided_by_id": actor.id, "decided_at": clock.now()}
    change(pause, version, _DECIDED, values, Pause.state == pause.state)


def _record(
    actor: Member,
    action: str,
    pause: Pause,
    *,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="pause",
        subject_id=pause.id,
        space_id=pause.membership.space_id,
        reason=reason,
        old=old,
        new={"member_id": pause.membership.member_id, **(new or {})},
    )
