"""Letters to the invited. They say who asks and into which space, and nothing of what is said."""

from __future__ import annotations

from community.invitations import access, services
from community.invitations.models import Invitation
from community.jobs.services import register
from community.kernel import clock, letters
from community.kernel.db import Json, session
from community.kernel.locale import LANGUAGES
from community.members.services import find_by_email


def _mail_invitation(args: Json) -> None:
    invitation = session().get_one(Invitation, args["invitation_id"])
    if invitation.state not in access.WAITING or invitation.expires_at <= clock.now():
        return
    if _write("invitation", invitation, key=f"invitation-{invitation.id}-{args['letter']}"):
        invitation.sent_at = clock.now()


def _mail_reminder(args: Json) -> None:
    invitation = session().get_one(Invitation, args["invitation_id"])
    if services.remind(invitation=invitation):
        day = f"{invitation.expires_at:%Y%m%d}"
        _write("reminder", invitation, key=f"invitation-{invitation.id}-reminder-{day}")


def _write(what: str, invitation: Invitation, *, key: str) -> bool:
    """Write to the invited, unless their access is closed; return whether a letter went out."""
    member = find_by_email(invitation.email)
    if member is not None and member.is_closed:
        return False
    letters.write(
        f"invitations/mail_{what}.txt",
        to=invitation.email,
        language=member.language if member else _language(invitation),
        key=key,
        invitation=invitation,
        member=member,
        address=services.address_of(invitation),
    )
    return True


def _language(invitation: Invitation) -> str:
    """Return the first language of the space that pages speak too."""
    spoken = [code for place in invitation.places for code in place.space.languages]
    return next((code for code in spoken if code in LANGUAGES), LANGUAGES[0])


register("invitations.mail_invitation", _mail_invitation)
register("invitations.mail_reminder", _mail_reminder)
