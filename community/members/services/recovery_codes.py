"""Codes on paper for the day when the device is gone: shown once, each good once."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock, settings, tokens
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.unit_of_work import transaction
from community.kernel.words import N_
from community.members.models import Member, RecoveryCode
from community.members.services import passwords
from community.members.services.notices import tell

COUNT = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
_HALF = 6  # 12 of 31 letters: 59 bits
_SLOW, _A_FEW = "$argon2id$", 20


def make_recovery_codes(*, actor: Member) -> list[str]:
    """Make new codes and return them; they can't be shown again, and older ones end.

    Raises:
        Conflict: there is no second factor that they could stand in for.
    """
    if actor.second_factor_since is None:
        raise Conflict(N_("Set up an app or a passkey first. Codes stand in for one."))
    codes = [_new_code() for _ in range(COUNT)]
    session().execute(sa.delete(RecoveryCode).where(RecoveryCode.member_id == actor.id))
    now, key = clock.now(), settings.current().secret_key
    session().add_all(
        RecoveryCode(
            member_id=actor.id,
            code_hash=passwords.hash_password(_keyed(actor, code, key)),
            created_at=now,
        )
        for code in codes
    )
    record(
        actor=actor, action="member.recovery_codes_made", subject_kind="member", subject_id=actor.id
    )
    tell(actor, "second_factor_changed")
    return codes


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
    unused = session().scalars(
        sa.select(RecoveryCode).where(
            RecoveryCode.member_id == member.id, RecoveryCode.used_at.is_(None)
        )
    )
    typed = [_keyed(member, code, key) for key in settings.current().secret_keys]
    for each in unused.all():
        _harden(each)
        if any(passwords.matches(each.code_hash, one) for one in typed):
            return each
    return None


def _use_up(code: RecoveryCode) -> bool:
    """Whether it was there to be used; of two who try at once, one succeeds."""
    spent = (
        sa.update(RecoveryCode)
        .where(RecoveryCode.id == code.id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return session().scalar(spent) is not None


def harden_codes() -> None:
    """Hash slowly, a few at a time, what the version before this one kept by a keyed hash alone."""
    quick = RecoveryCode.code_hash.not_like(f"{_SLOW}%")
    with transaction():
        for each in session().scalars(sa.select(RecoveryCode).where(quick).limit(_A_FEW)):
            _harden(each)


def _harden(code: RecoveryCode) -> None:
    if not code.code_hash.startswith(_SLOW):
        code.code_hash = passwords.hash_password(code.code_hash)


def _keyed(member: Member, code: str, key: str) -> str:
    """Return what is hashed of a code, however it was typed: worth nothing without the key."""
    plain = "".join(letter for letter in code.lower() if letter in _LETTERS)
    return tokens.digest(tokens.make(key=key, purpose=f"members.recovery:{member.id}", nonce=plain))
