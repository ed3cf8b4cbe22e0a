"""The seating ring: a table seen from above, one mark a seat. It is data, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

MOST_MARKS = 60
SCALES = (1, 2, 5, 10)


@dataclass(frozen=True)
class Seat:
    """One mark: its kind, its middle (in units of the drawing) and its turn in degrees."""

    kind: str
    x: float
    y: float
    turn: float


@dataclass(frozen=True)
class Ring:
    """All marks of a table; each stands for `scale` people."""

    seats: tuple[Seat, ...]
    scale: int
    size: float


def seat_ring(peers: int, company: int, called: int = 0, *, size: float = 240) -> Ring:
    """Place people round a table, those of the company spread evenly among their peers.

    Args:
        peers: health professionals, round marks.
        company: company staff, square marks; always at least one mark where there is one.
        called: desks called in for a case, hollow marks.
        size: width and height of the drawing.
    """
    total = peers + company + called
    scale = next((s for s in SCALES if total <= MOST_MARKS * s), max(10, total // MOST_MARKS))
    kinds = _spread(_marks(peers, scale), _marks(company, scale), _marks(called, scale))
    radius, middle = size * 0.45, size / 2
    seats = []
    for place, kind in enumerate(kinds):
        angle = 2 * pi * place / len(kinds) - pi / 2
        x, y = middle + radius * cos(angle), middle + radius * sin(angle)
        seats.append(Seat(kind, round(x, 1), round(y, 1), round(360 * place / len(kinds), 1)))
    return Ring(tuple(seats), scale, size)


def _marks(people: int, scale: int) -> int:
    return -(-people // scale)


def _spread(peers: int, company: int, called: int) -> list[str]:
    total = peers + company + called
    others = ["company"] * company + ["called"] * called
    places = {round((i + 0.5) * total / len(others)) % total: kind for i, kind in enumerate(others)}
    kinds = [places.get(place, "peer") for place in range(total)]
    missing = len(others) - len(places)
    return kinds[: total - missing] + others[len(others) - missing :] if missing else kinds
