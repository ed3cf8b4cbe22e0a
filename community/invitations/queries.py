"""Reads of invitations: by their token, for the invited, and for those who look after a space."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from community.invitations import access
from community.invitations.models import Invitation, InvitationState
from community.jobs import queries as jobs
from community.kernel import clock, tokens
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.members.services import find_by_email
from community.spaces import access as spaces_access
from community.spaces import queries as spaces
from community.spaces.models import Role
from community.spaces.queries import Opened, ReadersPanel

LETTER = "invitations.mail_invitation"
PAGE = 50


class Standing(enum.Enum):
    """Where an invitation stands, as its list says it."""

    SENT = "sent"
    UNDELIVERED = "undelivered"
    OPENED = "opened"
    JOINED = "joined"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"


_STANDINGS = {
    InvitationState.ISSUED: Standing.SENT,
    InvitationState.OPENED: Standing.OPENED,
    InvitationState.REDEEMED: Standing.JOINED,
    InvitationState.DECLINED: Standing.DECLINED,
    InvitationState.REVOKED: Standing.REVOKED,
}


@dataclass(frozen=True)
class Listed:
    """One line of a space's list of invitations.

    `role` is the one in that space; `others` names further spaces, for those who may know.
    """

    invitation: Invitation
    standing: Standing
    role: Role
    others: tuple[str, ...]
    joined_as: str
    may_change: bool
    may_send_again: bool

    @property
    def at(self) -> datetime:
        """Since when it stands as it does."""
        row = self.invitation
        if self.standing is Standing.EXPIRED:
            return row.expires_at
        if self.standing is Standing.OPENED and row.opened_at is not None:
            return row.opened_at
        return row.ended_at or row.sent_at or row.created_at


@dataclass(frozen=True)
class ListPage:
    """One page of that list; `next_before` continues it, 0 ends it."""

    listed: list[Listed]
    next_before: int


@dataclass(frozen=True)
class Landing:
    """What a person sees before any account exists: the invitation, and who reads each space."""

    invitation: Invitation
    panels: tuple[ReadersPanel, ...]
    is_known: bool


def standing_of(invitation: Invitation) -> Standing:
    """Return where an invitation stands now."""
    if invitation.state in access.WAITING and invitation.expires_at <= clock.now():
        return Standing.EXPIRED
    return _STANDINGS[invitation.state]


def _standing_in_list(invitation: Invitation, stuck: Collection[int]) -> Standing:
    """Return where it stands; one whose last letter was given up is not on its way."""
    standing = standing_of(invitation)
    if standing is Standing.SENT and invitation.id in stuck:
        return Standing.UNDELIVERED
    return standing


def find_open(*, token: str) -> Invitation | None:
    """Return the invitation of a link, while it can be used."""
    return session().scalar(
        sa.select(Invitation).where(Invitation.token_hash == tokens.digest(token), access.is_open())
    )


def find_redeemed(*, token: str, viewer: Member) -> Invitation | None:
    """Return the invitation of a link that this viewer has used: a second tab, a second click."""
    return session().scalar(
        sa.select(Invitation).where(
            Invitation.token_hash == tokens.digest(token),
            Invitation.state == InvitationState.REDEEMED,
            Invitation.redeemed_by_id == viewer.id,
        )
    )


def landing(*, invitation: Invitation) -> Landing:
    """Return what stands on the page of an invitation."""
    return Landing(
        invitation=invitation,
        panels=tuple(spaces.readers_panel(place.space) for place in invitation.places),
        is_known=find_by_email(invitation.email) is not None,
    )


def open_for(*, viewer: Member) -> Sequence[Invitation]:
    """Return the invitations that wait for the viewer, the oldest first."""
    if viewer.email is None or viewer.is_closed:
        return []
    waiting = session().scalars(
        sa.select(Invitation)
        .where(Invitation.email == viewer.email, access.waits())
        .order_by(Invitation.created_at, Invitation.id)
    )
    return [each for each in waiting if not clock.has_come(each.expires_at)]


def get_own(*, viewer: Member, invitation_id: int) -> Invitation:
    """Return an invitation that waits for the viewer.

    Raises:
        NotFound: there is none.
    """
    found = next((row for row in open_for(viewer=viewer) if row.id == invitation_id), None)
    if found is None:
        raise NotFound
    return found


def invitations(*, viewer: Member, opened: Opened, before: int = 0) -> ListPage:
    """Return who was asked into a space, the latest first, a page at a time.

    Args:
        viewer: who asks.
        opened: the space.
        before: the invitation that the page before ended with; 0 for the first page.

    Raises:
        NotFound, Forbidden: the viewer does not look after the space.
    """
    require(access.may_see_invitations(viewer, opened.membership))
    query = (
        sa.select(Invitation)
        .where(access.invitations_visible_in(opened.space.id))
        .order_by(Invitation.id.desc())
        .limit(PAGE + 1)
    )
    found = list(session().scalars(query.where(Invitation.id < before) if before else query))
    more = len(found) > PAGE
    listed = _listed(viewer, opened, found[:PAGE])
    return ListPage(listed, found[PAGE - 1].id if more else 0)


def _listed(viewer: Member, opened: Opened, found: list[Invitation]) -> list[Listed]:
    own = spaces.viewer_memberships(viewer=viewer)
    names = _names([row.redeemed_by_id for row in found if row.redeemed_by_id])
    members = _addresses_of_members([row.email for row in found])
    stuck = jobs.given_up_for(LETTER, "invitation_id", [row.id for row in found])
    listed = []
    for row in found:
        may_change = bool(access.may_look_after_invitation(viewer, own, row))
        place = next(each for each in row.places if each.space_id == opened.space.id)
        others = [each.space.name for each in row.places if each is not place]
        listed.append(
            Listed(
                invitation=row,
                standing=_standing_in_list(row, stuck),
                role=place.role,
                others=tuple(others) if may_change else (),
                joined_as=names.get(row.redeemed_by_id or 0, ""),
                may_change=may_change,
                may_send_again=may_change
                and bool(access.may_send_again(viewer, row, to_member=row.email in members)),
            )
        )
    return listed


def _names(member_ids: list[int]) -> dict[int, str]:
    rows = session().execute(sa.select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return {row.id: row.name for row in rows}


def _addresses_of_members(emails: list[str]) -> frozenset[str | None]:
    return frozenset(session().scalars(sa.select(Member.email).where(Member.email.in_(emails))))


def get_invitation(*, viewer: Member, opened: Opened, invitation_id: int) -> Invitation:
    """Return an invitation into a space that the viewer looks after.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = session().get(Invitation, invitation_id)
    if found is None or opened.space.id not in {place.space_id for place in found.places}:
        raise NotFound
    require(
        access.may_look_after_invitation(viewer, spaces.viewer_memberships(viewer=viewer), found)
    )
    return found


def places_to_offer(*, viewer: Member) -> list[Opened]:
    """Return the open spaces into which the viewer may invite, by name."""
    if spaces_access.may_look_after_spaces(viewer):
        own = {place.space_id: place for place in spaces.viewer_memberships(viewer=viewer)}
        every = [listed.space for listed in spaces.spaces(viewer=viewer)]
        return [Opened(one, own.get(one.id)) for one in every if one.archived_at is None]
    return [
        Opened(place.space, place)
        for place in spaces.viewer_memberships(viewer=viewer)
        if access.may_invite(viewer, place)
    ]
