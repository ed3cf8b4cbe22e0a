"""Reads of a space's stream: where its head is, and what is new since a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.kernel.db import read, session
from community.stream.models import Event, Stream

PAGE = 200


@dataclass(frozen=True)
class Head:
    """The last number of a space's stream, and its access generation."""

    seq: int
    generation: int


@dataclass(frozen=True)
class News:
    """The last event on one subject after a number: earlier ones say nothing that it does not."""

    seq: int
    thread_id: int | None
    kind: str
    subject_id: int
    version: int


@dataclass(frozen=True)
class CatchUp:
    """What a reader missed. `reset`: the number is too old or ahead; read the page anew.

    `next` is the number up to which `news` reaches; where it is below `head`, ask again.
    """

    news: Sequence[News]
    next: int
    head: Head
    reset: bool = False


_HEAD = sa.select(Stream.seq, Stream.generation).where(Stream.space_id == sa.bindparam("space"))


def get_head(*, space_id: int) -> Head:
    """Return the head of a space's stream."""
    found = find_head(space_id=space_id)
    assert found is not None, space_id
    return found


def find_head(*, space_id: int) -> Head | None:
    """Return the head of a space's stream, if there is such a space."""
    return next((Head(*row) for row in read(_HEAD, {"space": space_id})), None)


def heads(*, space_ids: Sequence[int]) -> dict[int, Head]:
    """Return the heads of some spaces, for the heartbeat."""
    if not space_ids:
        return {}
    rows = session().execute(
        sa.select(Stream.space_id, Stream.seq, Stream.generation).where(
            Stream.space_id.in_(space_ids)
        )
    )
    return {row.space_id: Head(row.seq, row.generation) for row in rows}


_HEAD_AND_TAIL = _HEAD.add_columns(Stream.first_kept)
_SINCE = (
    sa.select(Event.seq, Event.thread_id, Event.kind, Event.subject_id, Event.version)
    .where(
        Event.space_id == sa.bindparam("space"),
        Event.seq > sa.bindparam("seq", type_=Event.seq.type),
    )
    .order_by(Event.seq)
    .limit(PAGE)
)


def after(*, space_id: int, seq: int) -> CatchUp:
    """Return what came after a number, folded to the last event of each subject."""
    (row,) = read(_HEAD_AND_TAIL, {"space": space_id})
    head = Head(row.seq, row.generation)
    if seq > head.seq or seq + 1 < row.first_kept:
        return CatchUp((), head.seq, head, reset=True)
    if seq == head.seq:
        return CatchUp((), seq, head)
    rows = read(_SINCE, {"space": space_id, "seq": seq})
    if not rows or rows[0].seq != seq + 1:  # forgotten between the two reads
        return CatchUp((), head.seq, head, reset=True)
    folded: dict[tuple[str, int], News] = {}
    for event in rows:
        key = (event.kind, event.subject_id)
        folded.pop(key, None)
        folded[key] = News(event.seq, event.thread_id, event.kind, event.subject_id, event.version)
    return CatchUp(tuple(folded.values()), rows[-1].seq, head)


_LAST_OF = sa.select(sa.func.max(Event.seq).label("seq")).where(
    Event.space_id == sa.bindparam("space"),
    Event.kind == sa.bindparam("kind"),
    Event.subject_id == sa.bindparam("subject"),
)


def find_last_of(*, space_id: int, kind: str, subject_id: int) -> int | None:
    """Return the number of the last event on a subject, None where it was never told."""
    asked = {"space": space_id, "kind": kind, "subject": subject_id}
    found: int | None = read(_LAST_OF, asked)[0].seq
    return found
