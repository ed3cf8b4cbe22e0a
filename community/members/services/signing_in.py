"""Signing in: by password or link, with the same answer and work for known and unknown."""

from __future__ import annotations

import logging

from community.kernel import limits
from community.kernel.db import session
from community.kernel.errors import Refusal
from community.kernel.words import N_
from community.members.models import Member, Purpose
from community.members.services import links, passwords
from community.members.services.addresses import find_by_email, fold_email

log = logging.getLogger(__name__)

_BY_ADDRESS = "30 per 5 minutes"
_BY_PAIR = "5 per minute"
_BY_EMAIL = "20 per 15 minutes"
_BY_MEMBER = "20 per 15 minutes"


class NotRecognised(Refusal):
    """Address and password do not go together; which of the two is wrong stays unsaid."""

    status = 401
    code = "not_recognised"

    def __init__(self) -> None:
        super().__init__(
            N_("Address and password do not go together. Try again, or have a link sent to you.")
        )


def check_password(*, email: str, password: str, address: str) -> Member:
    """Return whose address and password these are.

    Tries are slowed down by client, by e-mail address, and by the two together; none is shut out
    for ever, and a link by mail stays open to whoever has the mailbox.

    Args:
        email: as typed.
        password: as typed.
        address: of the client.

    Raises:
        NotRecognised: they do not go together.
        TooMany: with the seconds to wait.
    """
    folded = fold_email(email)
    limits.spend(_BY_ADDRESS, "sign_in", "address", address)
    limits.spend(_BY_PAIR, "sign_in", "pair", address, folded)
    limits.spend(_BY_EMAIL, "sign_in", "email", folded)
    member = find_by_email(email)
    stored = member.password_hash if member and links.can_sign_in(member) else ""
    if not passwords.matches(stored, password) or member is None:
        whose = f"of member {member.id}" if member else "of nobody"
        log.warning("a sign-in by password was not recognised: %s", whose)
        raise NotRecognised
    limits.forget(_BY_PAIR, "sign_in", "pair", address, folded)
    limits.forget(_BY_EMAIL, "sign_in", "email", folded)
    if passwords.is_outdated(stored):
        member.password_hash = passwords.hash_password(password)
    return member


def spend_sign_in_link(*, token: str) -> Member:
    """Use a link up and return whom it lets in.

    Raises:
        Gone: it has been used or has run out.
    """
    link = links.spend_link(token=token, purpose=Purpose.SIGN_IN)
    return session().get_one(Member, link.member_id)


def confirm_password(*, actor: Member, password: str, address: str) -> None:
    """Make sure that it is still the member who sits there, before something weighty.

    Whoever has a cookie can bring it from many addresses, so tries are counted by member as well.

    Raises:
        NotRecognised: it is not the password, or there is none yet.
        TooMany: with the seconds to wait.
    """
    limits.spend(_BY_PAIR, "confirm", actor.id, address)
    limits.spend(_BY_MEMBER, "confirm", "member", actor.id)
    if not passwords.matches(actor.password_hash, password):
        log.warning("member %s did not show their password again", actor.id)
        raise NotRecognised
    limits.forget(_BY_MEMBER, "confirm", "member", actor.id)
