"""Adds news to a space's stream: numbered in the order of commits, without holes.

The number comes from the space's counter row, which stays locked until the commit. A plain
sequence or a timestamp would let a reader skip what was written first and committed last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from community.kernel import clock, housekeeping
from community.kernel.rows import table_of, write
from community.kernel.unit_of_work import collect, on_commit, transaction, write_before_commit
from community.stream.models import Event, Stream

RANK = 50
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class News:
    """What changed: a subject of a kind, in which version, and in which thread."""

    space_id: int
    thread_id: int | None
    kind: str
    subject_id: int
    version: int
    revokes: bool = False


@dataclass(frozen=True)
class Told:
    """News with its number, as it goes out after the commit."""

    news: News
    seq: int
    generation: int


Teller = Callable[[list[Told]], None]
_tellers: list[Teller] = []


def tell_after_commit(teller: Teller) -> None:
    """Register who tells the outside about committed news."""
    if teller not in _tellers:
        _tellers.append(teller)


def append(
    *,
    space_id: int,
    kind: str,
    subject_id: int,
    version: int,
    thread_id: int | None = None,
    revokes: bool = False,
) -> None:
    """Add news with this transaction.

    Args:
        space_id: whose stream.
        kind: `post`, `thread`, `space` or `members`.
        subject_id: key of the thing that changed.
        version: its version; a reader ignores versions that are not newer than its own.
        thread_id: in which thread, where there is one.
        revokes: somebody lost access, so the access generation rises.
    """
    collect(
        "stream",
        News(
            space_id=space_id,
            thread_id=thread_id,
            kind=kind,
            subject_id=subject_id,
            version=version,
            revokes=revokes,
        ),
    )


_STREAM = table_of(Stream).c
_COUNT = (
    sa.update(table_of(Stream))
    .where(_STREAM.space_id == sa.bindparam("space"))
    .values(
        seq=_STREAM.seq + sa.bindparam("more"),
        generation=_STREAM.generation + sa.bindparam("lost"),
    )
    .returning(_STREAM.seq, _STREAM.generation)
)
_ADD = sa.insert(table_of(Event))


def _write(_current: Session, items: list[object]) -> None:
    by_space: dict[int, list[News]] = defaultdict(list)
    for item in cast(list[News], items):
        by_space[item.space_id].append(item)
    told: list[Told] = []
    for space_id in sorted(by_space):
        told += _number(space_id, by_space[space_id])
    on_commit(lambda: _tell(told))


def _number(space_id: int, items: list[News]) -> list[Told]:
    lost = 1 if any(item.revokes for item in items) else 0
    (row,) = write(_COUNT, {"space": space_id, "more": len(items), "lost": lost})
    first = row.seq - len(items) + 1
    now = clock.now()
    write(
        _ADD,
        *(
            {
                "space_id": space_id,
                "seq": first + place,
                "thread_id": item.thread_id,
                "kind": item.kind,
                "subject_id": item.subject_id,
                "version": item.version,
                "at": now,
            }
            for place, item in enumerate(items)
        ),
    )
    return [Told(item, first + place, row.generation) for place, item in enumerate(items)]


write_before_commit("stream", rank=RANK, writer=_write)


def _tell(told: list[Told]) -> None:
    for teller in _tellers:
        teller(told)


def open_stream(current: Session, *, space_id: int) -> None:
    """Make the counter row of a new space."""
    current.add(Stream(space_id=space_id))


def drop_old(current: Session) -> int:
    """Forget events older than a month; a cursor before them gets a reset. Return how many."""
    before = clock.now() - KEPT
    oldest = sa.select(Event.space_id, sa.func.max(Event.seq).label("seq")).where(Event.at < before)
    dropped = 0
    for space_id, seq in current.execute(
        oldest.group_by(Event.space_id).order_by(Event.space_id)
    ).all():
        current.execute(
            sa.update(Stream).where(Stream.space_id == space_id).values(first_kept=seq + 1)
        )
        result = current.execute(
            sa.delete(Event).where(Event.space_id == space_id, Event.seq <= seq)
        )
        dropped += getattr(result, "rowcount", 0)
    return dropped


def _forget_daily() -> None:
    with transaction() as current:
        drop_old(current)


housekeeping.every(86_400, "forget old news", _forget_daily, per_site=True)
