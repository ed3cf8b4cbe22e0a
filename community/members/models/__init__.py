"""People with an account, their sessions, proof of profession, and what proves who they are."""

from community.members.models.people import (
    IDLE,
    LONGEST,
    STAFF_IDLE,
    STAFF_LONGEST,
    Affiliation,
    Credential,
    CredentialState,
    Duty,
    MailLink,
    Member,
    MemberSession,
    Photo,
    Purpose,
    initials_of,
    lasting,
)
from community.members.models.proofs import (
    Authenticator,
    CompanyIdentity,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
)

__all__ = [
    "IDLE",
    "LONGEST",
    "STAFF_IDLE",
    "STAFF_LONGEST",
    "Affiliation",
    "Authenticator",
    "CompanyIdentity",
    "Credential",
    "CredentialState",
    "Duty",
    "MailLink",
    "Member",
    "MemberSession",
    "Passkey",
    "PasskeyChallenge",
    "Photo",
    "Purpose",
    "RecoveryCode",
    "initials_of",
    "lasting",
]
