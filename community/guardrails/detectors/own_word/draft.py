"""A draft as a whole, as the second model reads it: how it speaks, and to what question.

A sentence is told from its like by what stands around it: after "I can't say" another one means
something else than after a wink. The sums of a sentence are kept with it, so that what is typed
behind it costs nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, starmap

from community.guardrails.detectors.fields import coarse, fields_of
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word.sentence import kinds_among, neighbours, words_of
from community.guardrails.phrases import Passage

_WORD, _NEAR, _KIND, _COUNT, _MOST = "w %s", "b %s %s", "c %s", "n%d", 8
_FIELD, _NEAR_FIELDS = "f %s", "g %s %s"
_ASKED, _ASKED_FIELD = "q %s", "k %s"

Weighed = tuple[float, int]
"""The sum of the weights of some features, and how many they are."""


def odds(
    passages: Iterable[Passage],
    asked: tuple[str, ...],
    post: frozenset[str],
    question: tuple[str, ...],
) -> float:
    """What the model makes of a draft.

    `passages` are its author's sentences, `asked`, `post` and `question` are what `asked_about`,
    `of_post` and `words_asked` gave.
    """
    total, count = _weight_of_question(question)
    number = 0
    for passage in passages:
        if words_of(passage):
            weight, features = _weight_of_sentence(passage, asked, post)
            total, count, number = total + weight, count + features, number + 1
    model = load("own_word_draft")
    return model.odds(total + model.weight(_of_count(number)), count + 1)


def features(
    sentences: Iterable[tuple[list[str], frozenset[str]]], question: tuple[str, ...]
) -> list[str]:
    """A draft as the model learns it; each sentence as its words and its kinds."""
    told, number = _of_question(question), 0
    for words, kinds in sentences:
        told += [*_of_words(words), *_of_kinds(kinds)]
        number += 1
    return [*told, _of_count(number)]


def _of_count(number: int) -> str:
    return _COUNT % min(number, _MOST)


def _of_words(words: list[str]) -> list[str]:
    return [
        *map(_WORD.__mod__, words),
        *map(_FIELD.__mod__, chain.from_iterable(map(fields_of, words))),
        *map(_NEAR.__mod__, neighbours(words)),
        *map(_NEAR_FIELDS.__mod__, neighbours(map(coarse, words))),
    ]


def _of_question(words: Iterable[str]) -> list[str]:
    fields = chain.from_iterable(map(fields_of, words))
    return [*map(_ASKED.__mod__, words), *map(_ASKED_FIELD.__mod__, fields)]


def _of_kinds(kinds: Iterable[str]) -> list[str]:
    """Each kind twice, for it says more than a word."""
    return [_KIND % kind for kind in kinds] * 2


def _weight_of_sentence(passage: Passage, asked: tuple[str, ...], post: frozenset[str]) -> Weighed:
    remembered = "own_word_draft", asked, post
    known = passage.memo.get(remembered)
    if not isinstance(known, tuple):
        words = words_of(passage)
        total, count = _weight_of_kinds(kinds_among(words, asked, post))
        for weight, features in map(_weight_of_word, words):
            total, count = total + weight, count + features
        total += sum(starmap(_weight_of_pair, neighbours(words)))
        total += sum(starmap(_weight_of_fields, neighbours(map(coarse, words))))
        known = passage.memo[remembered] = total, count + 2 * (len(words) + 1)
    return known


@lru_cache(maxsize=20_000)
def _weight_of_word(word: str) -> Weighed:
    """What a word and its fields weigh."""
    return _weighed([_WORD % word, *map(_FIELD.__mod__, fields_of(word))])


@lru_cache(maxsize=50_000)
def _weight_of_pair(left: str, right: str) -> float:
    return load("own_word_draft").weight(_NEAR % (left, right))


@lru_cache(maxsize=50_000)
def _weight_of_fields(left: str, right: str) -> float:
    return load("own_word_draft").weight(_NEAR_FIELDS % (left, right))


@lru_cache(maxsize=4096)
def _weight_of_kinds(kinds: frozenset[str]) -> Weighed:
    return _weighed(_of_kinds(kinds))


@lru_cache(maxsize=256)
def _weight_of_question(question: tuple[str, ...]) -> Weighed:
    return _weighed(_of_question(question))


def _weighed(features: list[str]) -> Weighed:
    return sum(map(load("own_word_draft").weight, features)), len(features)
