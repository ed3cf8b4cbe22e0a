"""The seating ring: a table seen from above, one mark a seat. It is data, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

MOST_MARKS = 60
SCALES = (1, 2, 5, 10)

REACH = 0.45
"""How far out the seats stand, as a part of the drawing's size."""

LARGEST_MARK = 7.0
"""Radius of a mark where there is room, in units of the drawing: a larger table has larger gaps."""

FILL = 0.29
"""Radius of a mark as a part of the way from one seat to the next, where there is none."""


@dataclass(frozen=True)
class Seat:
    """One mark: its kind, its middle (in units of the drawing) and its turn in degrees.

    The kind is "peer" (round), "company" (square), "called" (hollow) or "free" (dashed).
    """

    kind: str
    x: float
    y: float
    turn: float


@dataclass(frozen=True)
class Ring:
    """All marks of a table; each stands for `scale` people.

    `mark` is the radius of a mark and `table` that of the table, in units of the drawing.
    """

    seats: tuple[Seat, ...]
    scale: int
    size: float
    mark: float
    table: float


def seat_ring(
    peers: int, company: int, called: int = 0, free: int = 0, *, size: float = 240
) -> Ring:
    """Place people round a table, those of the company spread evenly among their peers.

    Args:
        peers: health professionals, round marks.
        company: company staff, square marks; always at least one mark where there is one.
        called: desks called in for a case, hollow marks.
        free: seats that nobody has taken, dashed marks; the first of them at the top.
        size: width and height of the drawing.
    """
    people = peers + company + called + free
    scale = next((s for s in SCALES if people <= MOST_MARKS * s), -(-people // MOST_MARKS))
    counts = [-(-number // scale) for number in (peers, company, called, free)]
    kinds = _spread(*counts)
    mark = min(LARGEST_MARK, FILL * 2 * pi * REACH * size / max(1, len(kinds)))
    seats = tuple(_seat(kind, place, len(kinds), size) for place, kind in enumerate(kinds))
    return Ring(seats, scale, size, round(mark, 2), round(REACH * size - 3.6 * mark, 1))


def _seat(kind: str, place: int, places: int, size: float) -> Seat:
    turn = 360 * place / places
    angle = 2 * pi * place / places - pi / 2
    x, y = (size / 2 + REACH * size * part for part in (cos(angle), sin(angle)))
    return Seat(kind, round(x, 1), round(y, 1), round(turn, 1))


def _spread(peers: int, company: int, called: int, free: int) -> list[str]:
    """Give the kinds clockwise from the top: free seats first, and all evenly among each other."""
    others = ["company"] * company + ["called"] * called
    taken = _mix(["peer"] * peers, others, 0.5)
    return _mix(taken, ["free"] * free, 0)


def _mix(many: list[str], few: list[str], start: float) -> list[str]:
    """Spread some among others; `start` is the first one's place, in parts of their distance."""
    places = len(many) + len(few)
    # Their distance is one place at least, so none is given twice.
    at = {int((i + start) * places / len(few)): kind for i, kind in enumerate(few)}
    rest = iter(many)
    return [at[place] if place in at else next(rest) for place in range(places)]
