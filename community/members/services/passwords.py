"""Passwords: what makes one good enough, and how it is kept and compared."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher, profiles
from argon2.exceptions import Argon2Error, InvalidHashError

from community.kernel import settings
from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members.services.heavy_work import beside_the_loop
from community.members.services.leaked import has_leaked

SHORTEST, LONGEST = 12, 200
_FEWEST_DIFFERENT = 6
_SAFE_SCORE = 3  # of zxcvbn's 0 to 4: more than 10**8 guesses
_WEIGHED = 64  # characters that are weighed: the work grows faster than the length


def require_good(password: str, *, email: str, field: str = "password") -> None:
    """Refuse what is guessed first. Length is what counts; no rules about kinds of characters.

    After NIST SP 800-63B, 3.1.1: length, no composition rules, nothing common, nothing made of the
    person's name or the site's. How soon a password is guessed is weighed by zxcvbn (Wheeler,
    USENIX Security 2016), which knows the 30,000 most common and what people make of them.

    Raises:
        Invalid: with what to do about it.
    """
    if len(password) < SHORTEST:
        sentence = N_("That is too short. Take %(count)d characters or more; four words will do.")
        raise Invalid(sentence, field=field, count=SHORTEST)
    if len(password) > LONGEST:
        sentence = N_("That is too long. It may have %(count)d characters.")
        raise Invalid(sentence, field=field, count=LONGEST)
    if len(set(password.lower())) < _FEWEST_DIFFERENT or _is_one_part_again(password.lower()):
        raise Invalid(N_("That repeats itself too much. Take words that differ."), field=field)
    if _is_made_of(password.lower(), email.lower()):
        raise Invalid(N_("That is made of your address, which is guessed first."), field=field)
    if _is_guessed_soon(password, email):
        sentence = N_("That is among the first that are guessed. Take four words that differ.")
        raise Invalid(sentence, field=field)
    if has_leaked(_folded(password)):
        sentence = N_("That is among those that were stolen somewhere. Take four other words.")
        raise Invalid(sentence, field=field)


def _is_one_part_again(password: str) -> bool:
    """Whether it is the same part over and over: found in its double before its own end."""
    return (password * 2).find(password, 1) < len(password)


def _is_made_of(password: str, email: str) -> bool:
    name = email.partition("@")[0]
    rest = password.replace(email, "").replace(name, "") if name else password
    return rest.strip("0123456789.@!?-_ ") == ""


def _is_guessed_soon(password: str, email: str) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists of words are read here alone

    named = [*re.split(r"[\W_]+", email), "roundtable", *settings.current().host_name.split()]
    weighed = zxcvbn(password[:_WEIGHED], user_inputs=[name.lower() for name in named if name])
    return int(weighed["score"]) < _SAFE_SCORE


def hash_password(password: str) -> str:
    """Return what is kept of a password: an argon2id hash with its salt and cost."""
    hasher, folded = _hasher(), _folded(password)
    return beside_the_loop(lambda: hasher.hash(folded))


def matches(stored: str, password: str) -> bool:
    """Whether this is the password. Where none is stored the work is the same and the answer no."""
    hasher, folded = _hasher(), _folded(password[: LONGEST + 1])
    compared = stored or _hash_of_nobody(hasher)
    return beside_the_loop(lambda: _verify(hasher, compared, folded)) and bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher().check_needs_rehash(stored)


def _verify(hasher: PasswordHasher, stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    return _cheap() if settings.current().fast_passwords else _owasp()


@cache
def _owasp() -> PasswordHasher:
    """19 MiB, two rounds, one lane: OWASP Password Storage Cheat Sheet, Argon2id."""
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _cheap() -> PasswordHasher:
    return PasswordHasher.from_parameters(profiles.CHEAPEST)


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    return beside_the_loop(lambda: hasher.hash("what nobody types"))


def _folded(password: str) -> str:
    """One way of writing a letter, whatever keyboard it came from (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
