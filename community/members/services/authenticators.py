"""Apps that show six digits: set up by a shared secret, each run of digits good once (RFC 6238)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import pyotp
import sqlalchemy as sa

from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Gone, Invalid
from community.kernel.words import N_
from community.members.models import Authenticator, Member
from community.members.services import sealing, second_factors

STEP_SECONDS = 30
OFFER_SECONDS = 30 * 60
_ISSUER = "Roundtable"


@dataclass(frozen=True)
class Offer:
    """A secret that is not in use yet: to type, as an address for the app, and sealed to send."""

    secret: str
    address: str
    sealed: str


def offer(*, actor: Member) -> Offer:
    """Make a new secret for the page to show. Nothing is kept until its digits come back."""
    return _offer(actor, pyotp.random_base32())


def offer_again(*, actor: Member, sealed: str) -> Offer:
    """Return the secret that the page showed.

    Raises:
        Gone: it was shown too long ago, or to somebody else.
    """
    secret = sealing.unseal(sealed, purpose=_purpose("offer", actor), seconds=OFFER_SECONDS)
    if secret is None:
        raise Gone(N_("That code to scan is too old. Load the page again for a new one."))
    return Offer(secret, _address(actor, secret), sealed)


def _offer(actor: Member, secret: str) -> Offer:
    sealed = sealing.seal(secret, purpose=_purpose("offer", actor))
    return Offer(secret, _address(actor, secret), sealed)


def _address(actor: Member, secret: str) -> str:
    name = actor.email or str(actor.id)
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def _purpose(what: str, member: Member) -> str:
    return f"members.authenticator.{what}:{member.id}"


def set_up_authenticator(*, actor: Member, sealed: str, code: str, address: str) -> None:
    """Take a secret into use, once the app has shown that it holds it; an older one ends.

    Args:
        actor: whose app it is.
        sealed: the offer, as the page held it.
        code: six digits from the app.
        address: of the client, for the limits.

    Raises:
        Gone: the offer is too old.
        Invalid: the digits are not those of now.
        TooMany: too many tries.
    """
    secret = offer_again(actor=actor, sealed=sealed).secret
    second_factors.spend_try(actor, address)
    step = _step_of(secret, code)
    if step is None:
        sentence = N_("Those digits don't match. Check the clock of your phone; try again.")
        raise Invalid(sentence, field="code")
    second_factors.forget_tries(actor)
    session().execute(sa.delete(Authenticator).where(Authenticator.member_id == actor.id))
    session().add(
        Authenticator(
            member_id=actor.id,
            sealed=sealing.seal(secret, purpose=_purpose("kept", actor)),
            last_step=step,
            created_at=clock.now(),
        )
    )
    second_factors.note_added(actor, "authenticator")


def remove_authenticator(*, actor: Member) -> None:
    """Use the app no more.

    Raises:
        Conflict: it is the last second factor of one who needs one.
    """
    found = second_factors.of(actor)
    if found.authenticator is None:
        return
    second_factors.require_another(actor)
    session().delete(found.authenticator)
    second_factors.note_removed(actor, "authenticator")


def spend_digits(*, member: Member, code: str) -> bool:
    """Whether these are the app's digits of now and unused; of two who try at once, one is right.

    The 30 seconds before and after count too, for clocks that differ (RFC 6238, 5.2).
    """
    kept = session().scalar(sa.select(Authenticator).where(Authenticator.member_id == member.id))
    secret = sealing.unseal(kept.sealed, purpose=_purpose("kept", member)) if kept else None
    step = _step_of(secret, code) if secret else None
    if kept is None or step is None:
        return False
    spent = session().scalar(
        sa.update(Authenticator)
        .where(Authenticator.id == kept.id, Authenticator.last_step < step)
        .values(last_step=step)
        .returning(Authenticator.id)
    )
    return spent is not None


def _step_of(secret: str, code: str) -> int | None:
    """Return of which 30 seconds the digits are, if of the present ones or their neighbours."""
    digits, totp = "".join(code.split()), pyotp.TOTP(secret)
    now = int(clock.now().timestamp()) // STEP_SECONDS
    for step in (now, now - 1, now + 1):
        right = totp.at(step * STEP_SECONDS)
        if hmac.compare_digest(right.encode(), digits.encode()):
            return step
    return None
