"""A reason that somebody gives for a deed: there where it is needed, and of a length to be read."""

from __future__ import annotations

from community.kernel.errors import Invalid
from community.kernel.words import N_

LONGEST_REASON = 2_000
SOMEBODY_READS_IT = N_("Write a line why. The person concerned reads it.")


def whole_reason(
    reason: str, *, missing: str = SOMEBODY_READS_IT, needed: bool = True, field: str = "reason"
) -> str:
    """Return a reason without blanks around it.

    Args:
        reason: as it was typed.
        missing: what is said where a needed one is empty, such as who reads it.
        needed: whether there must be one.
        field: of the form, beside which the sentence stands.

    Raises:
        Invalid: none where one is needed, or more than 2,000 characters.
    """
    reason = reason.strip()
    if needed and not reason:
        raise Invalid(missing, field=field)
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            N_("That is too long for a reason. Keep it under 2,000 characters."), field=field
        )
    return reason
