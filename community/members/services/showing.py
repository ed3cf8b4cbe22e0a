"""Showing the second factor by what can be typed: the app's digits, or a code on paper."""

from __future__ import annotations

import logging

from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members.models import Member
from community.members.services.authenticators import spend_digits
from community.members.services.recovery_codes import spend_recovery_code
from community.members.services.second_factors import forget_tries, spend_try

_WRONG = N_("That code is not right, or it has been used. Wait for the next one, or try another.")

log = logging.getLogger(__name__)


def show_code(*, actor: Member, code: str, address: str) -> None:
    """Take the app's digits or a recovery code as the second factor.

    Args:
        actor: who has shown the password or the link.
        code: as typed.
        address: of the client, for the limits.

    Raises:
        Invalid: it is neither, or has been used.
        TooMany: with the seconds to wait.
    """
    spend_try(actor, address)
    spend = spend_digits if "".join(code.split()).isdecimal() else spend_recovery_code
    if not spend(member=actor, code=code):
        log.warning("member %s showed a wrong code", actor.id)
        raise Invalid(_WRONG, field="code")
    forget_tries(actor)
