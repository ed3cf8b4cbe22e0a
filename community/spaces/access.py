"""Who may know of a space, read in it, write in it, look after it. Each check has its list twin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.access import register_neighbours
from community.members.models import Affiliation, Duty, Member
from community.spaces.models import (
    Membership,
    MembershipState,
    Pause,
    PauseState,
    PostingPause,
    Role,
    Space,
)

POSTING_DUTIES = (Duty.COMPLIANCE, Duty.MEDICAL, Duty.ADMINISTRATOR)


def may_see_space(viewer: Member, membership: Membership | None, space: Space) -> Decision:
    """Its members see a space; administrators see its name, charter and roster."""
    if viewer.is_closed:
        return UNSEEN
    if membership is not None and membership.space_id == space.id and membership.is_active:
        return YES
    return YES if viewer.holds(Duty.ADMINISTRATOR) else UNSEEN


def spaces_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """The list twin of `may_see_space`."""
    if viewer.is_closed:
        return sa.false()
    if viewer.holds(Duty.ADMINISTRATOR):
        return sa.true()
    return Space.id.in_(spaces_of(viewer))


def spaces_of(viewer: Member) -> sa.Select[int]:
    """Select the spaces in which a member has a place now."""
    return sa.select(Membership.space_id).where(
        Membership.member_id == viewer.id, Membership.state == MembershipState.ACTIVE
    )


def may_read(viewer: Member, membership: Membership | None) -> Decision:
    """Only who has a place reads what is said, administrators not excepted."""
    if viewer.is_closed or membership is None or not membership.is_active:
        return UNSEEN
    return YES


def may_change_here(membership: Membership | None) -> Decision:
    """Nobody changes anything in an archived space."""
    if membership is None:
        return UNSEEN
    if membership.space.archived_at is not None:
        return no("archived", N_("This space is archived: it can be read, and nothing is added."))
    return YES


def may_post_here(viewer: Member, membership: Membership | None) -> Decision:
    """Whoever reads a space writes in it, unless it is archived or they are paused."""
    seen = may_read(viewer, membership)
    here = may_change_here(membership)
    if membership is None or not seen or not here:
        return seen and here
    if membership.paused_until is not None and membership.is_paused:
        return no(
            "paused",
            N_("You are paused here until %(until)s and can read meanwhile. The reason: %(why)s"),
            until=_as_read_by(viewer, membership.paused_until),
            why=membership.pause_reason,
        )
    if viewer.is_company and not viewer.job:
        return no(
            "no_role",
            N_("Your role stands beside all you write, and is not set. Ask an administrator."),
        )
    return YES


def _as_read_by(viewer: Member, moment: datetime) -> str:
    """Say a moment by the reader's own clock: this sentence goes where no script turns it."""
    local = moment.astimezone(ZoneInfo(viewer.time_zone))
    return f"{local.day} {local:%b %Y, %H:%M} ({viewer.time_zone.replace('_', ' ')})"


def may_moderate(viewer: Member, membership: Membership | None) -> Decision:
    """The space's moderators."""
    seen = may_read(viewer, membership)
    if membership is None or not seen:
        return seen
    if membership.role is not Role.MODERATOR:
        return no("not_moderator", N_("The moderators of this space do that."))
    return YES


def may_look_after_spaces(viewer: Member) -> Decision:
    """Administrators list, make, change and archive spaces; for others that page is not there."""
    return YES if viewer.holds(Duty.ADMINISTRATOR) and not viewer.is_closed else UNSEEN


def may_see_roster(viewer: Member, membership: Membership | None) -> Decision:
    """Members see who else is here; administrators see the roster of every space."""
    return may_read(viewer, membership) or may_look_after_spaces(viewer)


def may_look_after(viewer: Member, membership: Membership | None) -> Decision:
    """A space's moderators and the administrators."""
    if may_look_after_spaces(viewer):
        return YES
    return may_moderate(viewer, membership)


def may_edit_charter(viewer: Member, membership: Membership | None, space: Space) -> Decision:
    """Moderators and administrators mend the charter while the space is open."""
    allowed = may_look_after(viewer, membership)
    return allowed and _is_open(space)


def may_leave(viewer: Member, membership: Membership | None) -> Decision:
    """Whoever has a place may give it up, at any time."""
    return may_read(viewer, membership)


def may_end_place(viewer: Member, own: Membership | None, place: Membership) -> Decision:
    """Moderators remove members; administrators also those who moderate. Nobody themselves."""
    allowed = may_look_after(viewer, own)
    if not allowed:
        return allowed
    if not place.is_active or (own is not None and own.space_id != place.space_id):
        return UNSEEN
    if place.member_id == viewer.id:
        return no("oneself", N_("You can't remove yourself. Leave the space instead."))
    if place.role is Role.MODERATOR and not may_look_after_spaces(viewer):
        return no("moderator", N_("An administrator decides about moderators."))
    return YES


def may_give_role(viewer: Member, place: Membership, role: Role) -> Decision:
    """Administrators give roles; a Medical Science Liaison works for the company."""
    if not may_look_after_spaces(viewer):
        return UNSEEN
    if not place.is_active:
        return UNSEEN
    return may_hold_role(place.member.affiliation, role)


def may_hold_role(affiliation: Affiliation, role: Role) -> Decision:
    """Only company staff are Medical Science Liaisons."""
    if role is Role.MSL and affiliation is not Affiliation.COMPANY:
        return no("not_company", N_("Only people who work for the company are liaisons."))
    return YES


def may_propose_pause(viewer: Member, own: Membership | None, place: Membership) -> Decision:
    """Moderators propose a pause for members of their own space who do not moderate."""
    allowed = may_moderate(viewer, own)
    if own is None or not allowed:
        return allowed
    if not place.is_active or own.space_id != place.space_id:
        return UNSEEN
    if place.member_id == viewer.id:
        return no("oneself", N_("You can't pause yourself."))
    if place.role is Role.MODERATOR:
        return no("moderator", N_("An administrator decides about moderators."))
    return _is_open(own.space)


def may_confirm_pause(viewer: Member, own: Membership | None, pause: Pause) -> Decision:
    """A pause takes two moderators: who proposed it can't confirm it."""
    allowed = _may_decide_pause(viewer, own, pause, PauseState.PROPOSED)
    if not allowed:
        return allowed
    if pause.proposed_by_id == viewer.id:
        return no("second_person", N_("A second moderator has to confirm the pause."))
    if pause.membership.role is Role.MODERATOR:  # made one since it was proposed
        return no("moderator", N_("An administrator decides about moderators."))
    return YES


def may_decline_pause(viewer: Member, own: Membership | None, pause: Pause) -> Decision:
    """Any moderator says no to a proposal; its author takes it back so."""
    return _may_decide_pause(viewer, own, pause, PauseState.PROPOSED)


def may_lift_pause(viewer: Member, own: Membership | None, pause: Pause) -> Decision:
    """Any moderator ends a pause early."""
    return _may_decide_pause(viewer, own, pause, PauseState.CONFIRMED)


def _may_decide_pause(
    viewer: Member, own: Membership | None, pause: Pause, state: PauseState
) -> Decision:
    allowed = may_moderate(viewer, own)
    if own is None or not allowed:
        return allowed
    if pause.membership.space_id != own.space_id or pause.membership.member_id == viewer.id:
        return UNSEEN
    if pause.state is not state:
        return no("decided", N_("Somebody has decided about this pause already."))
    return YES


def may_see_posting_switch(viewer: Member) -> Decision:
    """Compliance, medical and administrators stop the company's posting, in any space or all."""
    return YES if viewer.holds(*POSTING_DUTIES) and not viewer.is_closed else UNSEEN


def may_pause_posting(viewer: Member, own: Membership | None) -> Decision:
    """They, and the moderators of a space for their own.

    Args:
        viewer: who asks.
        own: the viewer's place in the space; None also for everywhere.
    """
    return may_see_posting_switch(viewer) or may_moderate(viewer, own)


def may_resume_posting(viewer: Member, own: Membership | None, pause: PostingPause) -> Decision:
    """They lift any pause; moderators one that a moderator of their space has started."""
    if may_see_posting_switch(viewer):
        return YES
    if pause.is_everywhere or own is None or own.space_id != pause.space_id:
        return UNSEEN
    allowed = may_moderate(viewer, own)
    if allowed and pause.started_as != Role.MODERATOR.value:
        return no("not_yours", N_("Compliance, Medical or an administrator lifts this pause."))
    return allowed


def may_read_posting_reason(viewer: Member, own: Membership | None) -> Decision:
    """The company's people and the moderators; to others a reason could be news of a medicine."""
    if viewer.is_company and not viewer.is_closed:
        return YES
    return may_moderate(viewer, own)


def _is_open(space: Space) -> Decision:
    if space.archived_at is not None:
        return no("archived", N_("This space is archived: it can be read, and nothing is added."))
    return YES


def neighbours_of(viewer: Member) -> sa.Select[int]:
    """Select the members who have a place in a space together with the viewer."""
    return sa.select(Membership.member_id).where(
        Membership.state == MembershipState.ACTIVE, Membership.space_id.in_(spaces_of(viewer))
    )


register_neighbours(neighbours_of)
