"""One request, one transaction: nobody else commits.

What follows from a write is collected while it is made and written just before the commit, in
one lock order: the rows of the subject first (the session's own), then the registered kinds by
rank (stream counters, jobs, the audit head last). What must be told to the outside waits until
the commit has succeeded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from community.kernel.db import db

log = logging.getLogger(__name__)

Writer = Callable[[Session, list[object]], None]


@dataclass
class _Pending:
    items: dict[str, list[object]] = field(default_factory=dict)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_writers: list[tuple[int, str, Writer]] = []


def write_before_commit(kind: str, *, rank: int, writer: Writer) -> None:
    """Register what writes collected items of a kind; lower ranks take their locks first."""
    _writers[:] = [entry for entry in _writers if entry[1] != kind]
    _writers.append((rank, kind, writer))
    _writers.sort(key=lambda entry: entry[0])


def _pending() -> _Pending:
    found = db.session().info.get("pending")
    if not isinstance(found, _Pending):
        found = _Pending()
        db.session().info["pending"] = found
    return found


def collect(kind: str, item: object) -> None:
    """Keep an item until just before the commit."""
    _pending().items.setdefault(kind, []).append(item)


def collected(kind: str) -> list[object]:
    """Return what has been collected of a kind in this transaction."""
    return list(_pending().items.get(kind, []))


def on_commit(act: Callable[[], None]) -> None:
    """Do something once the transaction stands; never if it falls."""
    _pending().after_commit.append(act)


def commit() -> None:
    """Write what was collected, commit, and then tell the outside.

    A failure to tell is logged and stops no other telling: the database is the truth, and
    whoever missed the news asks for it.
    """
    current = db.session()
    pending = _pending()
    current.flush()
    for _rank, kind, writer in _writers:
        items = pending.items.pop(kind, [])
        if items:
            writer(current, items)
            current.flush()
    current.commit()
    current.info.pop("pending", None)
    for act in pending.after_commit:
        try:
            act()
        except Exception:
            log.exception("could not tell about a committed write")


def rollback() -> None:
    """Forget everything since the transaction began."""
    current = db.session()
    current.rollback()
    current.info.pop("pending", None)


@contextmanager
def transaction() -> Iterator[Session]:
    """Keep all of the block or nothing of it: for commands, jobs and sockets."""
    try:
        yield db.session()
        commit()
    except BaseException:
        rollback()
        raise
