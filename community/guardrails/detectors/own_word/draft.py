"""A draft as a whole, as the second model reads it: how it speaks, and to what question.

A sentence is told from its like by what stands around it: after "I can't say" another one means
something else than after a wink. The sums of a sentence are kept with it, so that what is typed
behind it costs nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from community.guardrails.detectors.fields import coarse, fields_of
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word.weighing import (
    NEAR,
    NEAR_FIELDS,
    Weighed,
    weighed,
    weigher,
)
from community.guardrails.detectors.own_word.words import kinds_in, neighbours, words_of
from community.guardrails.phrases import Passage

_MODEL = "own_word_draft"
_WORD, _FIELD, _KIND, _COUNT, _MOST = "w %s", "f %s", "c %s", "n%d", 8
_ASKED, _ASKED_FIELD = "q %s", "k %s"


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
    total, count = _weigh_question(question)
    number = 0
    for passage in passages:
        if words_of(passage):
            for weight, features in (
                _weigh_words(passage),
                _weigh_kinds(kinds_in(passage, asked, post)),
            ):
                total, count = total + weight, count + features
            number += 1
    model = load(_MODEL)
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
        *chain.from_iterable(map(_of_word, words)),
        *map(NEAR.__mod__, neighbours(words)),
        *map(NEAR_FIELDS.__mod__, neighbours(map(coarse, words))),
    ]


def _of_word(word: str) -> list[str]:
    return [_WORD % word, *map(_FIELD.__mod__, fields_of(word))]


def _of_question(words: Iterable[str]) -> list[str]:
    fields = chain.from_iterable(map(fields_of, words))
    return [*map(_ASKED.__mod__, words), *map(_ASKED_FIELD.__mod__, fields)]


def _of_kinds(kinds: Iterable[str]) -> list[str]:
    """Each kind twice, for it says more than a word."""
    return [_KIND % kind for kind in kinds] * 2


_weigh_words = weigher(_MODEL, _of_word)


@lru_cache(maxsize=4096)
def _weigh_kinds(kinds: frozenset[str]) -> Weighed:
    return weighed(_MODEL, _of_kinds(kinds))


@lru_cache(maxsize=256)
def _weigh_question(question: tuple[str, ...]) -> Weighed:
    return weighed(_MODEL, _of_question(question))
