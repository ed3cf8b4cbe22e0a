"""What a sentence weighs in a model: its words, neighbours of words, and neighbours of fields."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import starmap

from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word.words import coarse_of, neighbours, words_of
from community.guardrails.phrases import Passage

NEAR, NEAR_FIELDS = "b %s %s", "g %s %s"

Weighed = tuple[float, int]
"""The sum of the weights of some features, and how many they are."""


def weigher(model: str, of_word: Callable[[str], list[str]]) -> Callable[[Passage], Weighed]:
    """Return what weighs the words of a sentence, each sentence, word and pair but once.

    Args:
        model: the name of its weights.
        of_word: the features of a word by itself.
    """

    @lru_cache(maxsize=20_000)
    def of_one(word: str) -> Weighed:
        return weighed(model, of_word(word))

    @lru_cache(maxsize=50_000)
    def of_pair(left: str, right: str) -> float:
        return load(model).weight(NEAR % (left, right))

    @lru_cache(maxsize=50_000)
    def of_fields(left: str, right: str) -> float:
        return load(model).weight(NEAR_FIELDS % (left, right))

    def weigh(passage: Passage) -> Weighed:
        words = words_of(passage)
        total = sum(starmap(of_pair, neighbours(words)))
        total += sum(starmap(of_fields, neighbours(coarse_of(passage))))
        count = 2 * (len(words) + 1)
        for weight, features in map(of_one, words):
            total, count = total + weight, count + features
        return total, count

    def weigh_once(passage: Passage) -> Weighed:
        known = passage.memo.get(weigh)
        if not isinstance(known, tuple):
            known = passage.memo[weigh] = weigh(passage)
        return known

    return weigh_once


def weighed(model: str, features: list[str]) -> Weighed:
    """Sum the weights of features, and count them."""
    return sum(map(load(model).weight, features)), len(features)
