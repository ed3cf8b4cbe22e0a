"""Pages about members: the door, one's own, other people's, credentials."""

from community.members.views import (
    authenticator,
    company,
    confirming,
    credentials,
    door,
    mailed,
    own,
    passkeys,
    people,
    second_factor,
    second_step,
    security,
    security_text,
    words,
)
from community.members.views.blueprint import blueprint

__all__ = [
    "authenticator",
    "blueprint",
    "company",
    "confirming",
    "credentials",
    "door",
    "mailed",
    "own",
    "passkeys",
    "people",
    "second_factor",
    "second_step",
    "security",
    "security_text",
    "words",
]
