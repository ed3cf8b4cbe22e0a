"""What a member shows besides the password: asked, limited, added, removed, reset."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock, limits
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.realtime import after_commit_disconnect_member
from community.kernel.reasons import whole_reason
from community.kernel.turns import claim, take_turn
from community.kernel.words import N_
from community.members import access
from community.members.models import Authenticator, Member, MemberSession, Passkey, RecoveryCode
from community.members.services.administration import CHANGED
from community.members.services.notices import tell

_SOON, _LONG = "5 per 5 minutes", "30 per day"
_BY_ADDRESS = "60 per 5 minutes"


@dataclass(frozen=True)
class SecondFactors:
    """Everything that one member can show besides the password."""

    authenticator: Authenticator | None
    passkeys: list[Passkey] = field(default_factory=list)
    codes_left: int = 0

    @property
    def count(self) -> int:
        """How many there are; codes stand in for them and do not count."""
        return len(self.passkeys) + (self.authenticator is not None)


def of(member: Member) -> SecondFactors:
    """Return what a member can show."""
    app = sa.select(Authenticator).where(Authenticator.member_id == member.id)
    keys = sa.select(Passkey).where(Passkey.member_id == member.id).order_by(Passkey.id)
    codes = sa.select(sa.func.count(RecoveryCode.id)).where(
        RecoveryCode.member_id == member.id, RecoveryCode.used_at.is_(None)
    )
    return SecondFactors(
        authenticator=session().scalar(app),
        passkeys=list(session().scalars(keys)),
        codes_left=session().scalar(codes) or 0,
    )


def spend_try(member: Member, address: str) -> None:
    """Count one try at digits, a code or a passkey.

    Raises:
        TooMany: by this client, or for this member: 30 a day leave a guesser of six digits, three
            of which count at a time, one chance in 11,000.
    """
    limits.spend(_BY_ADDRESS, "second_factor", "address", address)
    limits.spend(_SOON, "second_factor", member.id)
    limits.spend(_LONG, "second_factor", "day", member.id)


def forget_tries(member: Member) -> None:
    """Forget the tries of one who was right."""
    limits.forget(_SOON, "second_factor", member.id)
    limits.forget(_LONG, "second_factor", "day", member.id)


def note_added(member: Member, what: str) -> None:
    """Note, prove and tell that there is one more; open sockets ask the gate again."""
    session().flush()
    take_turn(member)
    member.second_factor_since = member.second_factor_since or clock.now()
    _prove(member, member, "member.second_factor_added", what)
    tell(member, "second_factor_changed")
    after_commit_disconnect_member(member.id)


def note_removed(member: Member, what: str) -> None:
    """Note, prove and tell that there is one less; without any, codes stand in for nothing."""
    session().flush()
    if of(member).count == 0:
        _forget_all(member)
    _prove(member, member, "member.second_factor_removed", what)
    tell(member, "second_factor_changed")


def require_another(member: Member) -> None:
    """Refuse to remove the last second factor of one who needs one.

    Raises:
        Conflict: it is the last.
    """
    take_turn(member)
    if of(member).count <= 1 and access.needs_second_factor(member):
        raise Conflict(N_("Your work here needs a second factor. Add another one first."))


def reset_second_factor(*, actor: Member | None, member: Member, reason: str, version: int) -> None:
    """Take all second factors from a member who has lost them, and sign them out everywhere.

    Args:
        actor: the administrator; None for the command line.
        member: who has lost them.
        reason: how it was made sure that it is they who ask.
        version: of the member, as the page showed it.

    Raises:
        Invalid: no reason is given.
        Conflict: there is nothing to reset, or another administrator was quicker.
    """
    if actor is not None:
        require(access.may_reset_second_factor(actor, member))
    missing = N_("Write how you made sure that it is they who ask.")
    reason = whole_reason(reason, missing=missing, field="proof")
    if member.second_factor_since is None:
        raise Conflict(N_("There is no second factor to reset."))
    claim(member, version, CHANGED)
    _forget_all(member)
    session().execute(
        sa.update(MemberSession)
        .where(MemberSession.member_id == member.id, MemberSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    _prove(actor, member, "member.second_factor_reset", "all", reason)
    tell(member, "second_factor_reset")
    after_commit_disconnect_member(member.id)


def _forget_all(member: Member) -> None:
    for kind in (Authenticator, Passkey, RecoveryCode):
        session().execute(sa.delete(kind).where(kind.member_id == member.id))
    member.second_factor_since = None


def _prove(actor: Member | None, member: Member, action: str, what: str, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="member",
        subject_id=member.id,
        reason=reason,
        new={"what": what},
    )
