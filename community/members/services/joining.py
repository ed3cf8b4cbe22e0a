"""How members come to be: made by an administrator, by an invitation, by an import."""

from __future__ import annotations

from collections.abc import Collection

from community.audit.services import record
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members import access
from community.members.models import Affiliation, Duty, Member
from community.members.services import addresses, passwords
from community.members.services.links import send_welcome
from community.members.services.notices import tell_of_duties
from community.members.services.profiles import clean_job, clean_name


def create_member(
    *,
    actor: Member | None,
    email: str,
    name: str,
    affiliation: Affiliation,
    duties: Collection[Duty] = (),
    password: str = "",
    job: str = "",
    country: str = "",
) -> Member:
    """Make a member by hand. Company members are verified by this very act.

    Args:
        actor: the administrator; None at the console of the machine.
        email: where they sign in.
        name: as it stands beside what they write.
        affiliation: for whom they work.
        duties: company members only.
        password: none where a link by mail will let them in.
        job: what they do; company members can't be without.
        country: two letters, ISO 3166.

    Raises:
        Invalid: the address is none or taken, the password weak, a duty for an outsider,
            no role for one who works for the company.
    """
    if actor is not None:
        require(access.may_look_after_members(actor))
    if duties and affiliation is not Affiliation.COMPANY:
        raise Invalid(N_("Only members who work for the company can hold a duty."), field="duties")
    is_company = affiliation is Affiliation.COMPANY
    address = addresses.normalise_email(email)
    addresses.require_free(address)
    member = _add(
        Member(
            email=address,
            name=clean_name(name),
            affiliation=affiliation,
            created_at=clock.now(),
            password_hash=_hash(password, address) if password else "",
            duties=sorted(duty.value for duty in duties),
            job=clean_job(job) if is_company else "",
            country=country.upper(),
        )
    )
    _record(
        actor,
        "member.created",
        member,
        {"affiliation": affiliation.value, "duties": member.duties},
    )
    how = "" if actor else "console"
    tell_of_duties(member=member, actor=actor, how=how, old=[], new=member.duties)
    if actor is not None:
        send_welcome(member)
    return member


def create_from_invitation(
    *,
    email: str,
    name: str,
    password: str,
    affiliation: Affiliation = Affiliation.HCP,
    title: str = "",
    institution: str = "",
    language: str = "en",
    time_zone: str = "UTC",
) -> Member:
    """Make the member who redeems an invitation; the invitation itself is the caller's to spend.

    Raises:
        Invalid: the address is none or taken, the password weak, the name empty.
    """
    address = addresses.normalise_email(email)
    addresses.require_free(address)
    member = _add(
        Member(
            email=address,
            name=clean_name(name),
            affiliation=affiliation,
            created_at=clock.now(),
            password_hash=_hash(password, address),
            title=title.strip(),
            institution=institution.strip(),
            language=language,
            time_zone=time_zone,
        )
    )
    _record(member, "member.joined", member, {"affiliation": affiliation.value})
    return member


def create_imported(*, actor: Member | None, name: str) -> Member:
    """Make the author of imported posts: somebody who never signs in."""
    member = _add(
        Member(
            email=None,
            name=clean_name(name),
            affiliation=Affiliation.HCP,
            created_at=clock.now(),
            sign_in_allowed=False,
        )
    )
    _record(actor, "member.imported", member, {"affiliation": member.affiliation.value})
    return member


def _add(member: Member) -> Member:
    session().add(member)
    session().flush()
    return member


def _hash(password: str, email: str) -> str:
    passwords.require_good(password, email=email)
    return passwords.hash_password(password)


def _record(actor: Member | None, action: str, member: Member, new: Json) -> None:
    record(actor=actor, action=action, subject_kind="member", subject_id=member.id, new=new)
