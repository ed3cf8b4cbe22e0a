"""What words speak of (food, weather, statistics, praise), so that new ones say something too.

A model of words knows those it has learnt. Of "we walk the coast path with the dog" it may have
learnt none; that it speaks of nature and travel, and of no medicine, it knows by these fields.
"""

from __future__ import annotations

from functools import lru_cache
from sys import intern

from community.guardrails.detectors.adverse_event.words import LEXICONS

_SHORTEST_PLURAL = 5  # letters: "has" and "his" are none
_NO_PLURAL = ("ss", "us", "is")


@lru_cache(maxsize=50_000)
def fields_of(word: str) -> tuple[str, ...]:
    """The semantic fields of a word, as the file has them; none where it speaks of nothing."""
    known = _by_word()
    return known.get(word) or known.get(_singular(word), ())


def coarse(word: str) -> str:
    """A word as its first field, or as itself where it has none."""
    return next(iter(fields_of(word)), word)


def _singular(word: str) -> str:
    is_plural = len(word) >= _SHORTEST_PLURAL and not word.endswith(_NO_PLURAL)
    return word.removesuffix("s") if is_plural else word


@lru_cache(maxsize=1)
def _by_word() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    field = ""
    for line in (LEXICONS / "fields.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            field = intern(line.strip("[]"))
        elif not line.startswith("#"):
            known.update((word, (*known.get(word, ()), field)) for word in line.split())
    return known
