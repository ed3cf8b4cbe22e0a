"""Tells failures of what the program stands on from faults of its own, and what to say of them."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from community.kernel.words import N_

# Extended codes carry the plain one in their last byte: https://www.sqlite.org/rescode.html
_SQLITE_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# "Can't reconnect until invalid transaction is rolled back": the connection broke a statement ago,
# where whoever met it went on, such as news of a committed write. https://sqlalche.me/e/20/8s2b
_CONNECTION_LOST = "8s2b"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Outage:
    """What is told to whoever asks: an HTTP status, a code and a sentence."""

    status: int
    code: str
    sentence: str
    retry_after: int


# Whether a commit was kept whose answer never came, nobody can say; so it is not said.
AWAY = Outage(
    503,
    "away",
    N_(
        "Our database does not answer just now. Try again in a moment. If you were sending "
        "something, look first whether it is there."
    ),
    retry_after=2,
)
FULL = Outage(
    507,
    "full",
    N_(
        "Nothing new can be kept on our side just now: the disk is full, or refuses to be written "
        "to. What is there can be read. Nothing was changed."
    ),
    retry_after=30,
)


def find_outage(error: BaseException) -> Outage | None:
    """Return which outage an error comes from; None where it is a fault of the program."""
    for cause in _causes(error):
        if _is_full(cause):
            return FULL
        if _is_away(cause):
            return AWAY
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.orig if isinstance(found, DBAPIError) else found.__cause__


def _is_full(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _code(cause) in _SQLITE_NO_ROOM
    if isinstance(cause, OSError) and not isinstance(cause, ConnectionError):
        return cause.errno in _NO_ROOM
    return _is_of_postgresql(cause, "DiskFull")


def _is_away(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _code(cause) in _SQLITE_BUSY
    if isinstance(cause, DBAPIError) and cause.connection_invalidated:
        return True
    if isinstance(cause, PendingRollbackError) and cause.code == _CONNECTION_LOST:
        return True
    return isinstance(cause, NoConnectionLeft) or _is_of_postgresql(cause, "OperationalError")


def _is_of_postgresql(cause: BaseException, name: str) -> bool:
    driver = sys.modules.get("psycopg.errors")  # a site on SQLite never loads it
    return driver is not None and isinstance(cause, getattr(driver, name))


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
