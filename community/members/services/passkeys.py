"""Passkeys (WebAuthn): a question, the device's signed answer, and the keys that members keep."""

from __future__ import annotations

import dataclasses
import logging
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from community.kernel import clock, limits, settings, tokens
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.words import N_
from community.members.models import Member, Passkey, PasskeyChallenge
from community.members.services import links, second_factors

log = logging.getLogger(__name__)

MOST = 20
CHALLENGE_BYTES = 64  # 16 at least: Web Authentication Level 2, section 13.4.3
LASTING = timedelta(minutes=5)
_NAME = N_("Give it a name by which you know it again, of 60 letters at most.")
_NOT_TAKEN = N_("That passkey was not recognised here. Try again, or use another way in.")


def ask_to_register(*, actor: Member, address: str) -> tuple[Json, str]:
    """Return what the browser needs to make a passkey, and the challenge that it answers."""
    from community.members.services import ceremonies  # noqa: PLC0415 - see there

    challenge = _ask("register", address)
    options = ceremonies.to_make(
        base_url=_base_url(),
        actor=actor,
        handle=_handle_of(actor),
        challenge=challenge,
        known=second_factors.of(actor).passkeys,
    )
    return options, _as_text(challenge)


def ask_to_show(*, actor: Member | None, address: str) -> tuple[Json, str]:
    """Return what the browser needs to show a passkey, and the challenge that it answers.

    Args:
        actor: whose passkeys may answer; None where the passkey is to say who it is.
        address: of the client, for the limits.
    """
    from community.members.services import ceremonies  # noqa: PLC0415 - see there

    challenge = _ask("show", address)
    known = second_factors.of(actor).passkeys if actor else None
    options = ceremonies.to_show(base_url=_base_url(), challenge=challenge, known=known)
    return options, _as_text(challenge)


def register_passkey(
    *, actor: Member, name: str, answer: Mapping[str, Any], challenge: str
) -> Passkey:
    """Keep the public half of a passkey that the browser has just made.

    Raises:
        Invalid: it does not answer our question, or has no name.
        Conflict: it is here already, or there are too many.
    """
    from community.members.services import ceremonies  # noqa: PLC0415 - see there

    asked = _take(challenge, "register")
    try:
        made = ceremonies.check_made(base_url=_base_url(), answer=answer, challenge=asked)
    except ceremonies.NotRight:
        raise Invalid(_NOT_TAKEN) from None
    passkeys = second_factors.of(actor).passkeys
    if find_passkey(made.credential_id) is not None or len(passkeys) >= MOST:
        raise Conflict(N_("This passkey is here already, or you have as many as there may be."))
    passkey = Passkey(
        member_id=actor.id, name=_named(name), created_at=clock.now(), **dataclasses.asdict(made)
    )
    session().add(passkey)
    second_factors.note_added(actor, "passkey")
    return passkey


def show_passkey(
    *, actor: Member | None, answer: Mapping[str, Any], challenge: str, address: str
) -> Member:
    """Take a passkey's answer, and return whose it is.

    Args:
        actor: whose it must be; None where the passkey says who it is, which then counts as both
            factors and so needs the finger, face or PIN as well.
        answer: what the browser sent.
        challenge: the one that its cookie names.
        address: of the client, for the limits.

    Raises:
        Invalid: it is not right; for which reason stays unsaid.
        TooMany: with the seconds to wait.
    """
    from community.members.services import ceremonies  # noqa: PLC0415 - see there

    limits.spend("60 per 5 minutes", "passkey", address)
    asked = _take(challenge, "show")
    passkey = find_passkey(str(answer.get("id", "")))
    member = session().get(Member, passkey.member_id) if passkey else None
    if passkey is None or member is None or (actor is not None and actor.id != member.id):
        raise _not_taken(actor)
    try:
        count = ceremonies.check_shown(
            base_url=_base_url(),
            answer=answer,
            challenge=asked,
            passkey=passkey,
            must_know_person=actor is None,
        )
    except ceremonies.NotRight:
        raise _not_taken(member) from None
    if not links.can_sign_in(member):
        raise _not_taken(member)
    passkey.sign_count, passkey.used_at = count, clock.now()
    return member


def _not_taken(member: Member | None) -> Invalid:
    log.warning("a passkey was not taken: %s", f"of member {member.id}" if member else "of nobody")
    return Invalid(_NOT_TAKEN)


def name_passkey(*, actor: Member, passkey_id: int, name: str) -> None:
    """Call one of one's own passkeys something else.

    Raises:
        NotFound: it is not one's own.
    """
    _own(actor, passkey_id).name = _named(name)


def remove_passkey(*, actor: Member, passkey_id: int) -> None:
    """Take one of one's own passkeys away.

    Raises:
        NotFound: it is not one's own.
        Conflict: it is the last second factor of one who needs one.
    """
    passkey = _own(actor, passkey_id)
    second_factors.require_another(actor)
    session().delete(passkey)
    second_factors.note_removed(actor, "passkey")


def find_passkey(credential_id: str) -> Passkey | None:
    """Return a passkey by its own name for itself."""
    return session().scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id))


def forget_old_challenges() -> None:
    """Remove questions that nobody has answered in time."""
    old = PasskeyChallenge.created_at < clock.now() - LASTING
    session().execute(sa.delete(PasskeyChallenge).where(old))


def _own(actor: Member, passkey_id: int) -> Passkey:
    passkey = session().get(Passkey, passkey_id)
    if passkey is None or passkey.member_id != actor.id:
        raise NotFound
    return passkey


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise Invalid(_NAME, field="name")
    return name


def _ask(purpose: str, address: str) -> bytes:
    limits.spend("60 per 5 minutes", "passkey_question", address)
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session().add(
        PasskeyChallenge(
            challenge_hash=tokens.digest(_as_text(challenge)),
            purpose=purpose,
            created_at=clock.now(),
        )
    )
    return challenge


def _take(challenge: str, purpose: str) -> bytes:
    """Use a question up; of two who answer it at once, one is heard."""
    taken = session().scalar(
        sa.delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge_hash == tokens.digest(challenge),
            PasskeyChallenge.purpose == purpose,
            PasskeyChallenge.created_at > clock.now() - LASTING,
        )
        .returning(PasskeyChallenge.id)
    )
    if taken is None:
        raise Invalid(N_("That took too long, or was answered already. Try again."))
    return urlsafe_b64decode(f"{challenge}==")


def _as_text(challenge: bytes) -> str:
    return urlsafe_b64encode(challenge).decode().rstrip("=")


def _handle_of(member: Member) -> bytes:
    """Return what a device keeps of whose passkey it is: the same for each, and no name."""
    key = settings.current().secret_key
    return tokens.make(key=key, purpose="members.passkey", nonce=str(member.id)).encode()


def _base_url() -> str:
    return settings.current().base_url
