"""Who may invite whom into which spaces, and who sees what became of it."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from community.invitations.models import Invitation, InvitationState, InvitedPlace
from community.kernel import clock
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Affiliation, Member
from community.spaces import access as spaces
from community.spaces.models import Membership, Role

BY_MODERATORS = (Role.MEMBER, Role.CONTRIBUTOR)
WAITING = (InvitationState.ISSUED, InvitationState.OPENED)


def may_see_invitations(viewer: Member, membership: Membership | None) -> Decision:
    """A space's moderators and the administrators see who was asked in."""
    return spaces.may_look_after(viewer, membership)


def may_invite(viewer: Member, membership: Membership | None) -> Decision:
    """They also invite, while the space is open."""
    allowed = may_see_invitations(viewer, membership)
    if membership is None or not allowed:
        return allowed
    return spaces.may_change_here(membership)


def may_invite_address(viewer: Member, email: str) -> Decision:
    """Nobody invites themself: an administrator would read any space by that."""
    if viewer.email == email:
        return no("oneself", N_("You can't invite your own address. Somebody else has to."))
    return YES


def may_offer(viewer: Member, affiliation: Affiliation, role: Role) -> Decision:
    """Moderators ask health professionals in; company staff and roles of care are the office's.

    Whoever works for the company needs no credential: that the administrator invites them is
    what verifies them. Asked is the affiliation that the inviter names, not that of a member who
    may have the address, so that nobody learns whose it is.
    """
    if spaces.may_look_after_spaces(viewer):
        return YES
    if _is_for_staff(affiliation, role):
        return no("administrator", N_("An administrator gives this role and invites staff."))
    return YES


def _is_for_staff(affiliation: Affiliation, role: Role) -> bool:
    return affiliation is Affiliation.COMPANY or role not in BY_MODERATORS


def must_show_again(viewer: Member, affiliation: Affiliation, roles: Collection[Role]) -> bool:
    """Whether an inviter first shows that it is they: for staff, and for roles of care.

    Moderators may offer neither and are never asked: what an address is asked for would tell them
    for whom the member behind it works.
    """
    if not spaces.may_look_after_spaces(viewer):
        return False
    return any(_is_for_staff(affiliation, role) for role in roles)


def may_look_after_invitation(
    viewer: Member, own: Collection[Membership], invitation: Invitation
) -> Decision:
    """Administrators, and moderators of every space that it opens.

    Args:
        viewer: who asks.
        own: all places of the viewer.
        invitation: which.
    """
    if spaces.may_look_after_spaces(viewer):
        return YES
    moderated = {place.space_id for place in own if spaces.may_moderate(viewer, place)}
    wanted = {place.space_id for place in invitation.places}
    if not wanted & moderated:
        return UNSEEN
    if not wanted <= moderated:
        return no(
            "other_spaces",
            N_("This invitation opens other spaces too. Whoever issued it can change it."),
        )
    return YES


def may_send_again(viewer: Member, invitation: Invitation, *, to_member: bool) -> Decision:
    """Whoever may offer now what it offers: an expired one lives again by that.

    Args:
        viewer: who asks, and looks after the invitation.
        invitation: which.
        to_member: whether the address is a member's; whose employer is then nobody's to find out.
    """
    affiliation = Affiliation.HCP if to_member else invitation.affiliation
    for place in invitation.places:
        allowed = may_offer(viewer, affiliation, place.role)
        if not allowed:
            return allowed
    return YES


def may_be_used(invitation: Invitation) -> Decision:
    """One of its spaces at least still takes somebody in."""
    if all(place.space.archived_at is not None for place in invitation.places):
        return no("archived", N_("The space is archived by now and takes nobody in."))
    return YES


def invitations_visible_in(space_id: int) -> sa.ColumnElement[bool]:
    """Return the condition under which an invitation is in a space's list."""
    return Invitation.id.in_(
        sa.select(InvitedPlace.invitation_id).where(InvitedPlace.space_id == space_id)
    )


def waits() -> sa.ColumnElement[bool]:
    """Return the condition that nobody has answered an invitation or taken it back."""
    return Invitation.state.in_(WAITING)


def is_open() -> sa.ColumnElement[bool]:
    """Return the condition that an invitation can still be used."""
    return sa.and_(waits(), Invitation.expires_at > clock.now())


def may_redeem(actor: Member, invitation: Invitation) -> Decision:
    """Only the member whose address was invited, and only while not closed."""
    if actor.is_closed:
        return no("closed", N_("Your access has been closed."))
    if actor.email != invitation.email:
        return no("other_address", N_("This invitation is for another address."))
    if actor.id == invitation.invited_by_id:  # who issued it has taken its address since
        return no("oneself", N_("You can't accept an invitation that you issued yourself."))
    return YES
