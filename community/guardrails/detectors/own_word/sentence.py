"""A sentence as the first model weighs it: words, their parts and fields, neighbours, and kinds."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, combinations
from math import inf

from community.guardrails.detectors.fields import coarse
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word.weighing import (
    NEAR,
    NEAR_FIELDS,
    Weighed,
    weighed,
    weigher,
)
from community.guardrails.detectors.own_word.words import (
    fields_among,
    kinds_in,
    neighbours,
    words_of,
)
from community.guardrails.phrases import Passage

_MODEL = "own_word"
_WORD, _FIELD, _PART = "w %s", "f %s", 4


def odds(passage: Passage, asked: tuple[str, ...], post: frozenset[str]) -> float:
    """What the model makes of a sentence; worked out once where it comes again."""
    remembered = "own_word", asked, post
    known = passage.memo.get(remembered)
    if not isinstance(known, float):
        known = -inf
        if words_of(passage):
            parts = (
                _weigh_words(passage),
                _weigh_fields(fields_among(words_of(passage))),
                _weigh_kinds(kinds_in(passage, asked, post)),
            )
            known = load(_MODEL).odds(sum(w for w, _ in parts), sum(n for _, n in parts))
        passage.memo[remembered] = known
    return known


def features(words: list[str], kinds: frozenset[str]) -> list[str]:
    """A sentence as the model learns it: words with their parts, fields, neighbours and kinds."""
    return [
        *chain.from_iterable(map(_features_of_word, words)),
        *map(NEAR.__mod__, neighbours(words)),
        *map(NEAR_FIELDS.__mod__, neighbours(map(coarse, words))),
        *_features_of_fields(fields_among(words)),
        *_features_of_kinds(kinds),
    ]


def _features_of_word(word: str) -> list[str]:
    """A word, and each four letters of it with its edges, for what is spelt or bent otherwise."""
    edged = f" {word} "
    return [_WORD % word, *(edged[at : at + _PART] for at in range(max(1, len(edged) - _PART + 1)))]


def _features_of_fields(fields: frozenset[str]) -> list[str]:
    """Each field twice, for it says more than a word."""
    return [_FIELD % field for field in sorted(fields)] * 2


def _features_of_kinds(kinds: frozenset[str]) -> list[str]:
    """Each kind twice, for it says more than a word, and each pair of kinds."""
    names = sorted(kinds)
    single = ["c " + name for name in names]
    pairs = (
        f"cc {left} {right}"
        for left, right in combinations(names, 2)
        if not (left[0] in "PQ" and right[0] in "PQ")
    )
    return [*single, *single, *pairs]


_weigh_words = weigher(_MODEL, _features_of_word)


@lru_cache(maxsize=4096)
def _weigh_fields(fields: frozenset[str]) -> Weighed:
    return weighed(_MODEL, _features_of_fields(fields))


@lru_cache(maxsize=4096)
def _weigh_kinds(kinds: frozenset[str]) -> Weighed:
    return weighed(_MODEL, _features_of_kinds(kinds))
