"""Credentials: handed in by a member, looked at by a person, looked at again after a time."""

from __future__ import annotations

from datetime import date, timedelta

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Invalid
from community.kernel.realtime import after_commit_disconnect_member
from community.kernel.reasons import whole_reason
from community.kernel.turns import claim
from community.kernel.words import N_
from community.members import access
from community.members.models import Credential, CredentialState, Member
from community.members.services.notices import tell

RECHECK_AFTER = timedelta(days=365)
DECIDED = N_("Somebody else has decided meanwhile. Load the page again to see what.")


def submit_credential(
    *,
    actor: Member,
    profession: str,
    licence_number: str,
    issuing_body: str,
    country: str,
) -> Credential:
    """Hand in proof of one's profession, or a new one; it waits until a person has looked.

    Args:
        actor: whose it is.
        profession: in a word, such as `physician`.
        licence_number: as it stands on the licence.
        issuing_body: who gave it.
        country: of the licence; two letters, ISO 3166.

    Raises:
        Invalid: for company members, who need none, or where something is missing.
    """
    _require_complete(actor, licence_number, issuing_body)
    credential = actor.credential
    old = {"state": credential.state.value} if credential else {}
    if credential is None:
        credential = Credential(
            member=actor,
            profession=profession,
            licence_number=licence_number.strip(),
            issuing_body=issuing_body.strip(),
            country=country,
            submitted_at=clock.now(),
        )
        session().add(credential)
    else:
        _replace(credential, profession, licence_number.strip(), issuing_body.strip(), country)
    actor.profession, actor.country = profession, country
    session().flush()
    _record(actor, "credential.submitted", credential, old=old)
    key = f"credential-waiting-{credential.id}-{credential.version}"
    enqueue("members.mail_credential_waiting", {"credential_id": credential.id}, key=key)
    after_commit_disconnect_member(actor.id)
    return credential


def _require_complete(actor: Member, licence_number: str, issuing_body: str) -> None:
    if actor.is_company:
        raise Invalid(N_("Members who work for the company need no credential."))
    if not licence_number.strip():
        raise Invalid(N_("Write the number of your licence."), field="licence_number")
    if not issuing_body.strip():
        raise Invalid(N_("Write who gave you the licence."), field="issuing_body")


def _replace(
    credential: Credential, profession: str, licence_number: str, issuing_body: str, country: str
) -> None:
    claim(credential, credential.version, DECIDED)
    credential.profession = profession
    credential.licence_number = licence_number
    credential.issuing_body = issuing_body
    credential.country = country
    credential.state = CredentialState.PENDING
    credential.submitted_at = clock.now()
    credential.decision_reason = credential.note = ""
    credential.decided_at = credential.decided_by_id = credential.recheck_on = None


def check_credential(
    *, actor: Member, credential: Credential, note: str, recheck_on: date, version: int
) -> None:
    """Say that a person is who they say; they may go in.

    Args:
        actor: who has looked.
        credential: what was looked at.
        note: what was looked up and where; for those who check, not for the member.
        recheck_on: when somebody looks again.
        version: of the credential, as the page showed it.

    Raises:
        Conflict: somebody was quicker, or the member has changed it.
        Invalid: the day is not in the future.
    """
    require(access.may_check_credential(actor, credential))
    if recheck_on <= clock.today():
        raise Invalid(N_("Take a day that is still to come."), field="recheck_on")
    claim(credential, version, DECIDED)
    old = {"state": credential.state.value}
    _decide(actor, credential, CredentialState.CHECKED)
    credential.note, credential.recheck_on = note.strip(), recheck_on
    credential.decision_reason = ""
    new = {"state": "checked", "recheck_on": recheck_on.isoformat()}
    _record(actor, "credential.checked", credential, reason=credential.note, old=old, new=new)
    tell(credential.member, "credential_checked")


def refuse_credential(*, actor: Member, credential: Credential, reason: str, version: int) -> None:
    """Say what is missing; the person reads the reason and can hand in another.

    Raises:
        Conflict: somebody was quicker, or the member has changed it.
        Invalid: no reason is given.
    """
    require(access.may_check_credential(actor, credential))
    reason = whole_reason(reason, missing=N_("Write what is missing. The member reads it."))
    claim(credential, version, DECIDED)
    old = {"state": credential.state.value}
    _decide(actor, credential, CredentialState.REFUSED)
    credential.decision_reason, credential.recheck_on = reason, None
    new = {"state": "refused"}
    _record(actor, "credential.refused", credential, reason=reason, old=old, new=new)
    tell(credential.member, "credential_refused")
    after_commit_disconnect_member(credential.member_id)


def _decide(actor: Member, credential: Credential, state: CredentialState) -> None:
    credential.state = state
    credential.decided_at = clock.now()
    credential.decided_by_id = actor.id


def _record(
    actor: Member,
    action: str,
    credential: Credential,
    *,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="credential",
        subject_id=credential.id,
        reason=reason,
        old=old,
        new=new,
    )
