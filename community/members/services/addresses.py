"""E-mail addresses: one way to write them, and whose they are."""

from __future__ import annotations

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from community.kernel.db import session
from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members.models import Member

UNREADABLE = N_("There is a character in it that can't be read. Type it once more.")
_ENCODED = "=?"  # RFC 2047: a mail program would read another address out of it
_LONGEST = 254  # RFC 5321, 4.5.3.1.3


def normalise_email(text: str, *, field: str = "email") -> str:
    """Return an address as it is stored: checked, folded to lower case.

    Raises:
        Invalid: it is no address.
    """
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise Invalid(UNREADABLE, field=field)
    shortened = text.strip()[: _LONGEST + 1]  # too long to be one stays too long
    try:
        found = validate_email(shortened, check_deliverability=False, allow_smtputf8=False)
        address = found.normalized.lower()
    except EmailNotValidError:
        address = ""
    if not address or _ENCODED in address:
        sentence = N_("That is no complete e-mail address. It looks like name@hospital.example.")
        raise Invalid(sentence, field=field)
    return address


def fold_email(text: str) -> str:
    """Return an address as it would be stored; of what is none, something nobody has."""
    try:
        return normalise_email(text)
    except Invalid:
        return text.strip().lower()[:_LONGEST]


def find_by_email(text: str) -> Member | None:
    """Return whose address this is, however it is written."""
    folded = fold_email(text)
    return session().scalar(sa.select(Member).where(Member.email == folded)) if folded else None


def require_free(email: str, *, field: str = "email") -> None:
    """Refuse an address that another member has. Only for those who may know all members.

    Raises:
        Invalid: it is taken.
    """
    if find_by_email(email) is not None:
        raise Invalid(N_("There is already a member with this address."), field=field)
