"""The company's own sign-in: whom its word means here, and which duties its groups bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from community.audit.services import record
from community.config import CompanySignIn
from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Conflict, Forbidden
from community.kernel.realtime import after_commit_disconnect_member
from community.kernel.turns import claim, take_turn
from community.kernel.words import N_
from community.members.models import CompanyIdentity, Duty, Member
from community.members.services import links
from community.members.services.addresses import find_by_email
from community.members.services.administration import CHANGED, require_another_administrator
from community.members.services.notices import tell, tell_of_duties

_UNKNOWN = N_(
    "The company knows you, but nobody who works for it has your address here. "
    "An administrator has to make you a member first."
)


def sign_in_by_company(*, provider: CompanySignIn, claims: Mapping[str, Any]) -> Member:
    """Return whom the company's word means, with the duties that their groups bring today.

    Who comes for the first time is found by the e-mail address that the company has verified;
    from then on by the company's own number for them, whatever becomes of the address.

    Args:
        provider: whose word it is.
        claims: of the identity token, already checked.

    Raises:
        Forbidden: they are no member here who works for the company.
    """
    if not (isinstance(claims.get("sub"), str) and claims["sub"]):  # OpenID Connect Core 1.0, 2
        raise Forbidden(_UNKNOWN, code="no_member")
    member = _known(provider, claims) or _met_first(provider, claims)
    if not member.is_company or not links.can_sign_in(member):
        raise Forbidden(_UNKNOWN, code="no_member")
    if provider.duties and not member.is_closed:
        _bring_duties(provider, member, claims.get(provider.groups_claim))
    return member


def vouches_for_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the company says that it has asked for several factors (RFC 8176, `mfa`)."""
    methods = claims.get("amr")
    return isinstance(methods, list) and "mfa" in methods


def _known(provider: CompanySignIn, claims: Mapping[str, Any]) -> Member | None:
    return session().scalar(
        sa.select(Member)
        .join(CompanyIdentity, CompanyIdentity.member_id == Member.id)
        .where(
            CompanyIdentity.issuer == provider.issuer,
            CompanyIdentity.subject == claims["sub"],
        )
    )


def _met_first(provider: CompanySignIn, claims: Mapping[str, Any]) -> Member:
    email, is_verified = claims.get("email"), claims.get("email_verified") is True
    member = find_by_email(email) if isinstance(email, str) and is_verified else None
    if member is None or not member.is_company or _is_taken(provider, member):
        raise Forbidden(_UNKNOWN, code="no_member")
    session().add(
        CompanyIdentity(
            member_id=member.id,
            issuer=provider.issuer,
            subject=claims["sub"],
            created_at=clock.now(),
        )
    )
    record(
        actor=member,
        action="member.company_sign_in_linked",
        subject_kind="member",
        subject_id=member.id,
    )
    return member


def _is_taken(provider: CompanySignIn, member: Member) -> bool:
    """Whether another of the company's people is this member already: addresses are given anew."""
    taken = sa.select(CompanyIdentity.id).where(
        CompanyIdentity.member_id == member.id, CompanyIdentity.issuer == provider.issuer
    )
    return session().scalar(taken) is not None


def _bring_duties(provider: CompanySignIn, member: Member, groups: object) -> None:
    """Give and take the duties that groups decide on; those given by hand alone stay."""
    said = _names(groups)
    decided = {duty for _, duty in provider.duties}
    brought = {duty for group, duty in provider.duties if group in said}
    take_turn(member)
    old = sorted(member.duties)
    new = sorted((set(old) - decided) | brought)
    if Duty.ADMINISTRATOR.value in set(old) - set(new) and _is_last_administrator(member):
        new = sorted({*new, Duty.ADMINISTRATOR.value})
    if new == old:
        return
    claim(member, member.version, CHANGED)
    member.duties = new
    record(
        actor=None,
        action="member.duties_changed",
        subject_kind="member",
        subject_id=member.id,
        reason="Groups of the company's sign-in",
        old={"duties": old},
        new={"duties": new},
    )
    tell(member, "duties_changed")
    tell_of_duties(member=member, actor=None, how="company", old=old, new=new)
    after_commit_disconnect_member(member.id)


def _names(groups: object) -> set[str]:
    """Read a provider's groups: a list, or a lone name; what is no name is none of ours."""
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return {name for name in listed if isinstance(name, str)}


def _is_last_administrator(member: Member) -> bool:
    try:
        require_another_administrator(member)
    except Conflict:
        return True
    return False
