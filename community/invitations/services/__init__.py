"""What is written about invitations: other features call these."""

from community.invitations.services.answering import (
    NewMember,
    Profession,
    decline,
    open_invitation,
    redeem,
    redeem_as_new,
)
from community.invitations.services.issuing import (
    LONGEST_DAYS,
    USUAL_DAYS,
    address_of,
    issue,
    remind,
    resend,
    revoke,
)

__all__ = [
    "LONGEST_DAYS",
    "USUAL_DAYS",
    "NewMember",
    "Profession",
    "address_of",
    "decline",
    "issue",
    "open_invitation",
    "redeem",
    "redeem_as_new",
    "remind",
    "resend",
    "revoke",
]
