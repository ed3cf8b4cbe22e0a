"""Values at the bedside and of the laboratory that are harm in themselves.

Limits are those at which most hospitals call the ward, rounded to the side of telling; a change
that is said in words ("doubled", "fell") counts at any value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_WITHIN = 5
_LOW = {
    "bp": 88, "pressure": 88, "systolic": 88, "sodium": 129, "na": 129, "hb": 90,
    "haemoglobin": 90, "hemoglobin": 90, "platelets": 80, "neutrophils": 1.5, "egfr": 15,
}  # fmt: skip
_HIGH = {
    "potassium": 5.6, "k": 5.6, "qtc": 500, "alt": 120, "ast": 120, "ck": 800, "inr": 5,
    "creatinine": 250, "lactate": 4,
}  # fmt: skip
_MEASURED = (
    frozenset(_LOW)
    | frozenset(_HIGH)
    | frozenset(
        "transaminases transaminase lfts enzymes values bilirubin tests kidney renal".split()
    )
)
_CHANGED = frozenset(
    "times x uln doubled doubling tripled tripling quadrupled fell dropped drops crashed rose rise"
    " raised elevated jumped climbed shot soared falling rising worsened worse higher".split()
)
_ONWARDS = frozenset("more above over higher greater less below under lower".split())
_BOUND = frozenset("least minimum maximum threshold floor limit".split())
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TIMES = re.compile(r"\d+(?:\.\d+)?x")


def is_measured(norm: str) -> bool:
    """Whether a folded word is something measured, such as "alt"."""
    return norm in _MEASURED


def telling_values(norms: Sequence[str]) -> list[int]:
    """Places of the words for what was measured, where the value or its change is harm."""
    if _MEASURED.isdisjoint(norms):
        return []
    return [
        at
        for at, norm in enumerate(norms)
        if norm in _MEASURED
        and _tells(norm, norms[at + 1 : at + 1 + _WITHIN], norms[max(0, at - 3) : at])
    ]


def _tells(measured: str, after: Sequence[str], before: Sequence[str]) -> bool:
    if any(word in _CHANGED or _TIMES.fullmatch(word) for word in (*after, *before)):
        return True
    at, value = next(
        ((at, float(word)) for at, word in enumerate(after) if _NUMBER.fullmatch(word)), (0, None)
    )
    if value is None or _is_limit(after[at + 1 :], before):
        return False
    return value <= _LOW.get(measured, -1) or value >= _HIGH.get(measured, float("inf"))


def _is_limit(after: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a value is a bound that somebody sets ("15 or more"), and not what was measured."""
    bounds = any(this == "or" and word in _ONWARDS for this, word in pairwise(after))
    return bounds or not _BOUND.isdisjoint(before)
