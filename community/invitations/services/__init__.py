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
    Terms,
    address_of,
    issue,
    remind,
    resend,
    revoke,
    terms_for,
)
from community.invitations.services.several import (
    MOST_AT_ONCE,
    Line,
    issue_several,
    look_over,
)

__all__ = [
    "LONGEST_DAYS",
    "MOST_AT_ONCE",
    "USUAL_DAYS",
    "Line",
    "NewMember",
    "Profession",
    "Terms",
    "address_of",
    "decline",
    "issue",
    "issue_several",
    "look_over",
    "open_invitation",
    "redeem",
    "redeem_as_new",
    "remind",
    "resend",
    "revoke",
    "terms_for",
]
