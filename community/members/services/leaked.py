"""Passwords that have leaked somewhere: looked up in a list of all of them, if the site has one.

The list is that of Have I Been Pwned as its downloader writes it into one file: on each line first
the 40 hexadecimal digits of a password's SHA-1, the lines in their order. It has tens of gigabytes,
so it is not read but searched. Where it can't be, as on a disk that has gone, passwords go on being
chosen: the most common of them are known without it.
"""

from __future__ import annotations

import hashlib
import logging
from bisect import bisect_left
from pathlib import Path

from community.kernel import settings
from community.members.services.heavy_work import beside_the_loop

log = logging.getLogger(__name__)

_DIGITS = 40
_missed: set[Path] = set()  # lists that could not be read the last time


def has_leaked(password: str) -> bool:
    """Whether the password stands in the site's list; False where there is none to be read."""
    found = settings.current().leaked_passwords
    if found is None:
        return False
    name = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        is_there = beside_the_loop(lambda: _holds(found, name))
    except OSError as fault:
        _tell_once(found, fault)
        return False
    _missed.discard(found)
    return is_there


def _tell_once(path: Path, fault: OSError) -> None:
    if path not in _missed:
        _missed.add(path)
        log.error(
            "the list of leaked passwords can't be read: until it can, only the most common ones "
            "are refused",
            exc_info=fault,
        )


def _holds(path: Path, name: bytes) -> bool:
    with path.open("rb") as lines:

        def first_from(place: int) -> bytes:
            """Return the name on the first line that begins there or after; none at the end."""
            lines.seek(max(0, place - 1))
            if place:
                lines.readline()
            return lines.readline()[:_DIGITS].upper()

        def is_not_before(place: int) -> bool:
            found = first_from(place)
            return not found or found >= name

        places = range(path.stat().st_size)
        return first_from(bisect_left(places, True, key=is_not_before)) == name
