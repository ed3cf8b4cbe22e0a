"""Ranks approved responses by the question asked: the words they share, the rarer the heavier.

Enough for a library of some hundreds of texts: no index, nothing kept, the same order every time.
A word of the title or of a question that a response answers says more than one of its text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from community.responses.models import ResponseVersion

WEIGHTS = {"answers": 4.0, "title": 3.0, "product": 2.0, "text": 1.0}
SHORTEST = 3
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    """a about after all also am an and any are as at be been before but by can could did do does
    for from had has have he her him his how i if in into is it its just me my no not of on one or
    our out she should so than that the their them then there these they this those to too us was
    we were what when where which who whom why will with would you your start started patient
    patients anyone somebody someone thank thanks please""".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y")


def ranked(versions: Sequence[ResponseVersion], question: str) -> list[ResponseVersion]:
    """Return the responses that share words with a question, the closest first.

    With no words to search for, all of them stand by product and title.
    """
    wanted = set(_stems(question))
    if not wanted:
        return sorted(versions, key=lambda one: (one.response.product, one.title, one.id))
    words = {version.id: _weighted(version) for version in versions}
    known = Counter(stem for found in words.values() for stem in found)
    scores = {
        version.id: sum(
            words[version.id].get(stem, 0.0) * math.log(1 + len(versions) / known[stem])
            for stem in wanted
            if stem in known
        )
        for version in versions
    }
    found = [version for version in versions if scores[version.id] > 0]
    return sorted(found, key=lambda one: (-scores[one.id], one.title, one.id))


def _weighted(version: ResponseVersion) -> dict[str, float]:
    parts = {
        "answers": " ".join(version.answers),
        "title": version.title,
        "product": version.response.product,
        "text": version.text,
    }
    found: dict[str, float] = {}
    for part, text in parts.items():
        for stem in set(_stems(text)):
            found[stem] = found.get(stem, 0.0) + WEIGHTS[part]
    return found


def _stems(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [
        _stem(word)
        for word in _WORD.findall(plain)
        if word not in _SMALL and (len(word) >= SHORTEST or word.isdigit())
    ]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word[: -len(ending)]
    return word
