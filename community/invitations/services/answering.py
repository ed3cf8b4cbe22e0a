"""What the invited do: open, decline, redeem. Only redeeming and declining use a link up."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from community.audit.services import record
from community.invitations import access
from community.invitations.models import Invitation, InvitationState
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Gone, Invalid
from community.kernel.words import N_
from community.members import services as members
from community.members.models import Affiliation, Member
from community.spaces import services as spaces
from community.spaces.models import Membership

_GONE = N_(
    "This invitation can't be used. It may have been used already, taken back, or its time is over."
)
_LONGEST_REASON = 1000


@dataclass(frozen=True)
class NewMember:
    """What somebody says of themselves when they join; the address is the invited one."""

    name: str
    password: str
    title: str = ""
    institution: str = ""
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Profession:
    """The proof of profession that health professionals hand in when they join."""

    profession: str
    licence_number: str
    issuing_body: str
    country: str


def open_invitation(*, invitation: Invitation) -> None:
    """Note that a person, not a scanner, has the page before them."""
    opened = session().scalar(
        sa.update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.state == InvitationState.ISSUED,
            access.is_open(),
        )
        .values(state=InvitationState.OPENED, opened_at=clock.now(), version=Invitation.version + 1)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    if opened is None:
        return
    session().refresh(invitation)
    _record(None, "invitation.opened", invitation)


def decline(*, invitation: Invitation, reason: str = "") -> None:
    """Say no, once and for all; the reason is for those who invited.

    Raises:
        Gone: it has been used, taken back, or its time is over.
    """
    _use_up(
        invitation, InvitationState.DECLINED, {"decline_reason": reason.strip()[:_LONGEST_REASON]}
    )
    _record(None, "invitation.declined", invitation)


def redeem(*, actor: Member, invitation: Invitation) -> list[Membership]:
    """Take the places that an invitation offers, as a member.

    Args:
        actor: the member whose address was invited.
        invitation: found by its link, or in the member's own list.

    Raises:
        Forbidden: it is for another address, the actor is closed, or all its spaces archived.
        Gone: it has been used, taken back, or its time is over.
    """
    require(access.may_redeem(actor, invitation))
    require(access.may_be_used(invitation))
    _use_up(invitation, InvitationState.REDEEMED, {"redeemed_by_id": actor.id})
    return _take_places(actor, invitation)


def redeem_as_new(
    *, invitation: Invitation, person: NewMember, profession: Profession | None
) -> Member:
    """Become a member and take the places; all of it or nothing.

    Args:
        invitation: found by its link.
        person: who joins.
        profession: needed of health professionals; None for company staff.

    Raises:
        Gone: it has been used, taken back, or its time is over.
        Invalid: name, password or proof of profession are not complete; nothing is used up.
        Forbidden: all its spaces are archived.
    """
    require(access.may_be_used(invitation))
    _require_complete(invitation, person, profession)
    _use_up(invitation, InvitationState.REDEEMED, {})
    member = members.create_from_invitation(
        email=invitation.email,
        name=person.name,
        password=person.password,
        affiliation=invitation.affiliation,
        title=person.title,
        institution=person.institution,
        language=person.language,
        time_zone=person.time_zone,
    )
    if invitation.affiliation is Affiliation.HCP and profession is not None:
        members.submit_credential(
            actor=member,
            profession=profession.profession,
            licence_number=profession.licence_number,
            issuing_body=profession.issuing_body,
            country=profession.country,
        )
    invitation.redeemed_by_id = member.id
    session().flush()
    _take_places(member, invitation)
    return member


def _require_complete(
    invitation: Invitation, person: NewMember, profession: Profession | None
) -> None:
    """Refuse what is not complete before anything is written, so that nothing is used up."""
    if not person.name.strip():
        raise Invalid(N_("Write the name that colleagues know."), field="name")
    members.require_good(person.password, email=invitation.email)
    if members.find_by_email(invitation.email) is not None:
        raise Conflict(N_("You are a member already. Sign in, and the invitation waits for you."))
    if invitation.affiliation is Affiliation.COMPANY:
        return
    if profession is None or not profession.profession or not profession.country:
        raise Invalid(N_("Say what your profession is, and where."), field="profession")
    if not profession.licence_number.strip():
        raise Invalid(N_("Write the number of your licence."), field="licence_number")
    if not profession.issuing_body.strip():
        raise Invalid(N_("Write who gave you the licence."), field="issuing_body")


def _use_up(invitation: Invitation, state: InvitationState, values: dict[str, object]) -> None:
    """Use an invitation up; of two who try at once, one succeeds."""
    used = session().scalar(
        sa.update(Invitation)
        .where(Invitation.id == invitation.id, access.is_open())
        .values(state=state, ended_at=clock.now(), version=Invitation.version + 1, **values)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise Gone(_GONE)
    session().refresh(invitation)


def _take_places(actor: Member, invitation: Invitation) -> list[Membership]:
    taken = [
        spaces.take_place(actor=actor, space=place.space, member=actor, role=place.role)
        for place in invitation.places
        if place.space.archived_at is None
    ]
    new = {"places": [[each.space.slug, each.role.value] for each in taken]}
    _record(actor, "invitation.redeemed", invitation, new=new)
    return taken


def _record(
    actor: Member | None, action: str, invitation: Invitation, *, new: Json | None = None
) -> None:
    opened = [place.space_id for place in invitation.places]
    record(
        actor=actor,
        action=action,
        subject_kind="invitation",
        subject_id=invitation.id,
        space_id=opened[0] if len(opened) == 1 else None,
        new=new,
    )
