"""Reads of a space's stream: where its head is, and what is new since a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.kernel.db import session
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


def get_head(*, space_id: int) -> Head:
    """Return the head of a space's stream."""
    row = session().execute(
        sa.select(Stream.seq, Stream.generation).where(Stream.space_id == space_id)
    ).one()
    return Head(row.seq, row.generation)


def heads() -> dict[int, Head]:
    """Return the heads of all spaces, for the heartbeat."""
    rows = session().execute(sa.select(Stream.space_id, Stream.seq, Stream.generation))
    return {row.space_id: Head(row.seq, row.generation) for row in rows}


def after(*, space_id: int, seq: int) -> CatchUp:
    """Return what came after a number, folded to the last event of each subject."""
    row = session().execute(
        sa.select(Stream.seq, Stream.generation, Stream.first_kept).where(
            Stream.space_id == space_id
        )
    ).one()
    head = Head(row.seq, row.generation)
    if seq > head.seq or seq + 1 < row.first_kept:
        return CatchUp((), head.seq, head, reset=True)
    rows = session().execute(
        sa.select(Event.seq, Event.thread_id, Event.kind, Event.subject_id, Event.version)
        .where(Event.space_id == space_id, Event.seq > seq)
        .order_by(Event.seq)
        .limit(PAGE)
    ).all()
    last = rows[-1].seq if rows else head.seq
    folded: dict[tuple[str, int], News] = {}
    for event in rows:
        key = (event.kind, event.subject_id)
        folded.pop(key, None)
        folded[key] = News(
            event.seq, event.thread_id, event.kind, event.subject_id, event.version
        )
    return CatchUp(tuple(folded.values()), last, head)
