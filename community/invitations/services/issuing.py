"""Invitations issued, sent again, taken back and called to mind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from community.audit.services import record
from community.invitations import access
from community.invitations.models import Invitation, InvitationState, InvitedPlace
from community.jobs.services import enqueue
from community.kernel import clock, limits, settings, tokens
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Invalid
from community.kernel.reasons import whole_reason
from community.kernel.sayable import require_sayable
from community.kernel.turns import change
from community.kernel.words import N_
from community.members.models import Affiliation, Member
from community.members.services import find_by_email, normalise_email
from community.spaces import queries as spaces
from community.spaces.access import may_hold_role, may_look_after_spaces
from community.spaces.models import Role, Space

USUAL_DAYS, LONGEST_DAYS = 14, 60
A_DAY, A_DAY_FOR_ADMINISTRATORS = "60 per day", "500 per day"
REMIND_BEFORE = timedelta(days=3)
_LONGEST_NOTE = 2000
_PURPOSE = "invitation"

Places = Sequence[tuple[Space, Role]]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What somebody is invited to: spaces with a role in each, a word, for how many days."""

    places: Places
    note: str
    days: int
    affiliation: Affiliation


def issue(
    *,
    actor: Member,
    email: str,
    places: Sequence[tuple[str, Role]],
    note: str = "",
    expires_days: int = USUAL_DAYS,
    affiliation: Affiliation = Affiliation.HCP,
) -> Invitation:
    """Invite somebody into spaces, by an address to which the invitation is bound.

    Args:
        actor: a moderator of all these spaces, or an administrator.
        email: of the person invited, whether or not a member already.
        places: slug of each space, and the role in it.
        note: a personal word, shown on the invitation's page and nowhere else.
        expires_days: how long it can be used, 1 to 60.
        affiliation: for whom the person works, where they are no member yet.

    Raises:
        NotFound: a space is not there for the actor.
        Forbidden: the actor may not invite there, or not into that role.
        Invalid: the address is none, is in the space already or has an invitation under way.
        TooMany: by this member, today.
    """
    terms = terms_for(
        actor=actor,
        places=places,
        note=note,
        expires_days=expires_days,
        affiliation=affiliation,
    )
    return issue_on(actor, email, terms)


def terms_for(
    *,
    actor: Member,
    places: Sequence[tuple[str, Role]],
    note: str = "",
    expires_days: int = USUAL_DAYS,
    affiliation: Affiliation = Affiliation.HCP,
) -> Terms:
    """Return what somebody may invite to, whoever it will be; arguments and refusals as `issue`."""
    note = note.strip()
    if len(note) > _LONGEST_NOTE:
        raise Invalid(N_("That is too long for a note. Some lines are enough."), field="note")
    if not 1 <= expires_days <= LONGEST_DAYS:
        sentence = N_("An invitation can be used for 1 to %(most)d days.")
        raise Invalid(sentence, field="expires_days", most=LONGEST_DAYS)
    wanted = _wanted(actor, places)
    for space, role in wanted:
        require(access.may_offer(actor, affiliation, role))
        require_sayable(author=actor, space=space, words=note, field="note")
    return Terms(places=wanted, note=note, days=expires_days, affiliation=affiliation)


def issue_on(actor: Member, email: str, terms: Terms) -> Invitation:
    """Invite somebody to what was found to be the actor's to offer; refusals as `issue`."""
    address, known = require_issuable(actor, email, terms)
    may_more = may_look_after_spaces(actor)
    limits.spend(A_DAY_FOR_ADMINISTRATORS if may_more else A_DAY, "invitation", actor.id)
    affiliation = known.affiliation if known else terms.affiliation
    invitation = _add(actor, address, affiliation, terms)
    _send(invitation)
    _record(actor, "invitation.issued", invitation, new=_facts(invitation))
    return invitation


def require_issuable(actor: Member, email: str, terms: Terms) -> tuple[str, Member | None]:
    """Demand that this person can be invited; return the address, and the member who has it.

    Raises:
        Forbidden, Invalid: as `issue` does.
    """
    address = normalise_email(email)
    known = find_by_email(address)
    require(access.may_invite_address(actor, address))
    for _space, role in terms.places:
        require(may_hold_role(known.affiliation if known else terms.affiliation, role))
    _require_new_here(address, known, terms.places)
    return address, known


def _wanted(actor: Member, places: Sequence[tuple[str, Role]]) -> Places:
    if not places:
        raise Invalid(N_("Choose a space at least."), field="places")
    wanted = []
    for slug, role in dict(places).items():
        opened = spaces.get_space(viewer=actor, slug=slug)
        require(access.may_invite(actor, opened.membership))
        if opened.space.archived_at is not None:
            raise Invalid(N_("An archived space takes nobody in."), field="places")
        wanted.append((opened.space, role))
    return wanted


def _require_new_here(
    address: str, known: Member | None, wanted: Places, *, leaving_out: int = 0
) -> None:
    for space, _role in wanted:
        if known is not None and spaces.find_membership_of(member_id=known.id, space_id=space.id):
            sentence = N_("This person is in %(space)s already.")
            raise Invalid(sentence, field="email", space=space.name)
        under_way = session().scalar(
            sa.select(Invitation.id).where(
                Invitation.email == address,
                Invitation.id != leaving_out,
                access.is_open(),
                access.invitations_visible_in(space.id),
            )
        )
        if under_way is not None:
            sentence = N_(
                "An invitation into %(space)s is under way to this address. "
                "Send that one again, or take it back first."
            )
            raise Invalid(sentence, field="email", space=space.name)


def _add(actor: Member, address: str, affiliation: Affiliation, terms: Terms) -> Invitation:
    nonce = tokens.nonce()
    invitation = Invitation(
        email=address,
        affiliation=affiliation,
        invited_by=actor,
        note=terms.note,
        nonce=nonce,
        token_hash=tokens.digest(_token(nonce)),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=terms.days),
    )
    for space, role in terms.places:
        InvitedPlace(invitation=invitation, space=space, role=role)
    session().add(invitation)
    session().flush()
    return invitation


def _token(nonce: str) -> str:
    return tokens.make(key=settings.current().secret_key, purpose=_PURPOSE, nonce=nonce)


def address_of(invitation: Invitation) -> str:
    """Return the link that opens an invitation; it is made anew and lies nowhere."""
    found = settings.current()
    token = tokens.make_again(
        keys=found.secret_keys,
        purpose=_PURPOSE,
        nonce=invitation.nonce,
        kept=invitation.token_hash,
    )
    return f"{found.base_url}/invitations/{token}"


def _send(invitation: Invitation) -> None:
    """Leave the letter to be written, and the reminder for three days before the end."""
    letter = {"invitation_id": invitation.id, "letter": tokens.nonce()}
    enqueue("invitations.mail_invitation", letter)
    remind_at = invitation.expires_at - REMIND_BEFORE
    if remind_at > clock.now() + timedelta(days=1):
        enqueue(
            "invitations.mail_reminder",
            {"invitation_id": invitation.id},
            run_at=remind_at,
            key=f"invitation-{invitation.id}-reminder-{remind_at:%Y%m%d}",
        )


def resend(*, actor: Member, invitation: Invitation, version: int) -> None:
    """Send an invitation once more, and give it its usual time again.

    Args:
        actor: a moderator of all its spaces, or an administrator.
        invitation: one that was not answered; one that has expired lives again.
        version: of it, as the page showed it.

    Raises:
        Forbidden: an administrator alone gives what it offers.
        Invalid: the person is in the space by now, or has a newer invitation.
        Conflict: somebody was quicker, or the person has answered.
        TooMany: three times a day are enough for anybody.
    """
    _require_may_change(actor, invitation)
    _require_may_offer_again(actor, invitation)
    limits.spend("3 per day", "invitation_again", invitation.id)
    later = max(invitation.expires_at, clock.now() + timedelta(days=USUAL_DAYS))
    _change(invitation, version, {"expires_at": later, "reminded_at": None})
    _send(invitation)
    _record(actor, "invitation.resent", invitation, new={"expires_at": _iso(later)})


def _require_may_offer_again(actor: Member, invitation: Invitation) -> None:
    """Ask of an invitation that may live again what is asked of a new one."""
    known = find_by_email(invitation.email)
    require(access.may_send_again(actor, invitation, to_member=known is not None))
    wanted = [(place.space, place.role) for place in invitation.places]
    _require_new_here(invitation.email, known, wanted, leaving_out=invitation.id)


def revoke(*, actor: Member, invitation: Invitation, reason: str, version: int) -> None:
    """Take an invitation back; its link opens nothing any more.

    Args:
        actor: a moderator of all its spaces, or an administrator.
        invitation: one that was not answered.
        reason: for the list and the record; may be empty.
        version: of it, as the page showed it.

    Raises:
        Invalid: the reason is too long.
        Conflict: somebody was quicker, or the person has answered.
    """
    _require_may_change(actor, invitation)
    reason = whole_reason(reason, needed=False)
    values = {
        "state": InvitationState.REVOKED,
        "ended_at": clock.now(),
        "revoke_reason": reason,
    }
    _change(invitation, version, values)
    _record(actor, "invitation.revoked", invitation, reason=reason)


def _require_may_change(actor: Member, invitation: Invitation) -> None:
    own = spaces.viewer_memberships(viewer=actor)
    require(access.may_look_after_invitation(actor, own, invitation))


def _change(invitation: Invitation, version: int, values: dict[str, object]) -> None:
    moved_on = N_("This invitation has moved on meanwhile. Load the page again.")
    change(invitation, version, moved_on, values, Invitation.state.in_(access.WAITING))


def remind(*, invitation: Invitation) -> bool:
    """Note that the reminder goes out now; return whether it should.

    Only where nothing has come of it, once, and not before its time: after a resending the
    later reminder is the one that counts.
    """
    now = clock.now()
    waits = invitation.state in access.WAITING and invitation.expires_at > now
    if not waits or invitation.reminded_at or invitation.expires_at - REMIND_BEFORE > now:
        return False
    invitation.reminded_at = now
    return True


def _facts(invitation: Invitation) -> Json:
    return {
        "to": masked(invitation.email),
        "affiliation": invitation.affiliation.value,
        "places": [[place.space.slug, place.role.value] for place in invitation.places],
        "expires_at": _iso(invitation.expires_at),
    }


def masked(email: str) -> str:
    """Return an address of which one sees whether it is one's own, and no more."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host[:1]}…"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _record(
    actor: Member, action: str, invitation: Invitation, *, reason: str = "", new: Json | None = None
) -> None:
    spaces_opened = [place.space_id for place in invitation.places]
    record(
        actor=actor,
        action=action,
        subject_kind="invitation",
        subject_id=invitation.id,
        space_id=spaces_opened[0] if len(spaces_opened) == 1 else None,
        reason=reason,
        new=new,
    )
