"""A sentence as the trained model sees it: its words, and their order with the names taken out.

Names of medicines and of harms are replaced by their class, so that "X-induced Y" is one pattern
whatever X and Y are; between the nearest pair the words in between are told apart by their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from community.guardrails.detectors.adverse_event.words import (
    HARM,
    MEDICINE,
    NUMBER,
    REMEDY,
    class_of,
)

_LONGEST_DISTANCE = 8
_RUNS = frozenset({MEDICINE, HARM, NUMBER})
_SHORTEST_WITH_ENDS = 6


def features(norms: Sequence[str]) -> set[str]:
    """The features of one sentence, given its folded words and marks."""
    found: set[str] = set()
    line = ["^"]
    for norm in norms:
        kind = class_of(norm)
        if kind != NUMBER:
            found.add("u " + norm)
            if kind != REMEDY and len(norm) >= _SHORTEST_WITH_ENDS:
                found.add("s " + norm[-4:])
                found.add("p " + norm[:4])
        place = kind or norm
        if place not in _RUNS or place != line[-1]:
            line.append(place)
    line.append("$")
    found.update("b " + one + " " + two for one, two in pairwise(line))
    _pair(line, found)
    found.add(f"length {min(len(norms) // 6, 8)}")
    return found


def _pair(line: list[str], found: set[str]) -> None:
    """Medicine and harm: whether and how often, which first, how far, what between the nearest."""
    medicines = [at for at, place in enumerate(line) if place in (MEDICINE, REMEDY)]
    harms = [at for at, place in enumerate(line) if place == HARM]
    found.add(f"count {min(len(medicines), 3)} {min(len(harms), 3)}")
    if not medicines or not harms:
        return
    apart, medicine, harm = min(
        (abs(medicine - harm), medicine, harm) for medicine in medicines for harm in harms
    )
    order = "DH" if medicine < harm else "HD"
    between = line[min(medicine, harm) + 1 : max(medicine, harm)]
    found.add(f"o {order} {min(apart, _LONGEST_DISTANCE)}")
    found.add(f"first {harms[0] > medicines[0]}")
    found.add(f"f {order} " + " ".join(between[:4]))
    found.update(f"m {order} {place}" for place in between)
