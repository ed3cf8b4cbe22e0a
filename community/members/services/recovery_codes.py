"""Codes on paper for the day when the device is gone: shown once, each good once."""

from __future__ import annotations

import hmac
import secrets

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock, limits, settings, tokens
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member, RecoveryCode
from community.members.services import passwords
from community.members.services.notices import tell

COUNT = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
_HALF = 6  # 12 of 31 letters: 59 bits
_SLOW = "$argon2id$"


def make_recovery_codes(*, actor: Member) -> list[str]:
    """Make new codes and return them; they can't be shown again, and older ones end.

    Raises:
        Conflict: there is no second factor that they could stand in for.
        TooMany: too often within an hour.
    """
    _require_second_factor(actor)
    limits.spend("5 per hour", "recovery_codes", actor.id)
    key = settings.current().secret_key
    codes = [_new_code() for _ in range(COUNT)]
    hashes = [passwords.hash_password(_keyed(actor, code, key)) for code in codes]
    take_turn(actor)  # once the slow work is done: from here on others who write may wait
    _require_second_factor(actor)
    now = clock.now()
    session().execute(sa.delete(RecoveryCode).where(RecoveryCode.member_id == actor.id))
    session().add_all(
        RecoveryCode(member_id=actor.id, code_hash=each, created_at=now) for each in hashes
    )
    record(
        actor=actor, action="member.recovery_codes_made", subject_kind="member", subject_id=actor.id
    )
    tell(actor, "second_factor_changed")
    return codes


def _require_second_factor(member: Member) -> None:
    if member.second_factor_since is None:
        raise Conflict(N_("Set up an app or a passkey first. Codes stand in for one."))


def _new_code() -> str:
    halves = ("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _ in range(2))
    return "-".join(halves)


def spend_recovery_code(*, member: Member, code: str) -> bool:
    """Whether this is an unused code of the member's; it is used up by asking."""
    found = _find(member, code)
    if found is None or not _use_up(found):
        return False
    record(
        actor=member,
        action="member.recovery_code_used",
        subject_kind="member",
        subject_id=member.id,
    )
    tell(member, "recovery_code_used")
    return True


def _find(member: Member, code: str) -> RecoveryCode | None:
    """Return the unused code that was typed; those of the version before cost next to nothing."""
    unused = session().scalars(
        sa.select(RecoveryCode).where(
            RecoveryCode.member_id == member.id, RecoveryCode.used_at.is_(None)
        )
    )
    typed = [_keyed(member, code, key) for key in settings.current().secret_keys]
    for each in sorted(unused, key=_is_slow):
        same = passwords.matches if _is_slow(each) else hmac.compare_digest
        if any(same(each.code_hash, one) for one in typed):
            return each
    return None


def _is_slow(code: RecoveryCode) -> bool:
    """Whether it is kept by argon2id. Until the next version those by a keyed hash alone open too.

    They stay as they are: the version before reads nothing else, and may run beside this one.
    """
    return code.code_hash.startswith(_SLOW)


def _use_up(code: RecoveryCode) -> bool:
    """Whether it was there to be used; of two who try at once, one succeeds."""
    spent = (
        sa.update(RecoveryCode)
        .where(RecoveryCode.id == code.id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return session().scalar(spent) is not None


def _keyed(member: Member, code: str, key: str) -> str:
    """Return what is hashed of a code, however it was typed: worth nothing without the key."""
    plain = "".join(letter for letter in code.lower() if letter in _LETTERS)
    return tokens.digest(tokens.make(key=key, purpose=f"members.recovery:{member.id}", nonce=plain))
