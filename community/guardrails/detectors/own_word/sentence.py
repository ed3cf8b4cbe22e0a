"""One sentence of a draft as the models read it: its words, their fields and kinds, and weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations, pairwise, starmap
from math import inf

from community.guardrails.detectors.fields import coarse, fields_of
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word.kinds import kinds_of
from community.guardrails.phrases import Passage, Reading
from community.guardrails.phrases.text import DOI, NUMBER, URL

_NAMED = (
    ("{other_medicine}", "<other>"),
    ("{product}", "<ours>"),
    ("{trial}", "<trial>"),
    ("{reference}", "<ref>"),
)
_SIGNS = frozenset(sign for _, sign in _NAMED)
_WORD, _NEAR, _PART = "w %s", "b %s %s", 4
_FIELD, _NEAR_FIELDS = "f %s", "g %s %s"
_NOWHERE: dict[int, tuple[int, ...]] = {}
_PRONOUNS = frozenset({"it", "mine"})
_BETWEEN = frozenset(",:;/&@")
_POST_KINDS = frozenset("social pointer admin lack source eval contact money".split())
_LENGTHS = ((4, "n0"), (9, "n1"), (18, "n2"))

Sentence = tuple[int, int, list[str], frozenset[str]]
"""First token, the one after the last, the words, and their kinds."""


def sentences(reading: Reading, asked: tuple[str, ...]) -> Iterator[Sentence]:
    """Each sentence of the author's, read; `asked` is what `asked_about` gave."""
    post = of_post(reading)
    for row in reading.rows:
        words = words_of(row.passage)
        if words and row.number not in reading.text.quoted:
            yield row.first, row.after, words, kinds_among(words, asked, post)


def odds(passage: Passage, asked: tuple[str, ...], post: frozenset[str]) -> float:
    """What the model makes of a sentence; worked out once where it comes again."""
    remembered = "own_word", asked, post
    known = passage.memo.get(remembered)
    if not isinstance(known, float):
        words, known = words_of(passage), -inf
        if words:
            total, count = _weighed(kinds_among(words, asked, post))
            for weight, parts in map(_weight_of_word, words):
                total, count = total + weight, count + parts
            fields = fields_among(words)
            total += 2 * sum(map(_weight_of_field, fields))
            total = sum(starmap(_weight_of_pair, neighbours(words)), total)
            total = sum(starmap(_weight_of_fields, neighbours(map(coarse, words))), total)
            known = load("own_word").odds(total, count + 2 * (len(fields) + len(words) + 1))
        passage.memo[remembered] = known
    return known


def words_of(passage: Passage) -> list[str]:
    """The words of a sentence, with a sign for numbers, sources and medicines."""
    known = passage.memo.get("own_words")
    if isinstance(known, list):
        return known
    tokens = [
        "#" if kind == NUMBER else "<ref>" if kind in (URL, DOI) else norm
        for norm, kind in zip(passage.norms, passage.kinds, strict=True)
    ]
    for name, sign in _NAMED:
        for start, ends in passage.lists.get(name, _NOWHERE).items():
            if passage.norms[start] not in _PRONOUNS:
                after = max(ends)
                tokens[start:after] = [sign, *[""] * (after - start - 1)]
    passage.memo["own_words"] = words = [word for word in tokens if word and word not in _BETWEEN]
    return words


def fields_among(words: list[str]) -> frozenset[str]:
    """The semantic fields of which a sentence speaks."""
    return frozenset(chain.from_iterable(map(fields_of, words)))


def neighbours(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each word of a sentence with the next, and its first and last with the edges."""
    return pairwise(["^", *words, "$"])


def of_post(reading: Reading) -> frozenset[str]:
    """What the whole post holds: kinds that colour its sentences, and "ref" for a source."""
    return frozenset[str]().union(*(_colours(row.passage) for row in reading.rows))


def _colours(passage: Passage) -> frozenset[str]:
    """What a sentence adds to that; worked out once."""
    known = passage.memo.get("own_word_colours")
    if not isinstance(known, frozenset):
        words = words_of(passage)
        known = kinds_of(words) & _POST_KINDS
        known = passage.memo["own_word_colours"] = known | {"ref"} if "<ref>" in words else known
    return known


def kinds_among(words: list[str], asked: tuple[str, ...], post: frozenset[str]) -> frozenset[str]:
    """What kinds of words a sentence holds, how long it is, and what had been asked."""
    kinds = set(kinds_of(words))
    kinds.update("P" + kind for kind in post - kinds - {"ref"})
    kinds.update(sign[1:-1] for sign in _SIGNS.intersection(words))
    kinds.add(next((name for most, name in _LENGTHS if len(words) <= most), "n3"))
    kinds.add("ref" if "<ref>" in words else "refpost" if "ref" in post else "noref")
    figures = words.count("#")
    if figures:
        kinds.add("figs" if figures > 1 else "fig")
    if "?" in words:
        kinds.add("asks")
    return frozenset(kinds.union(asked))


def features(words: list[str], kinds: frozenset[str]) -> list[str]:
    """A sentence as the model learns it: words with their parts, fields, neighbours and kinds."""
    return [
        *chain.from_iterable(map(_features_of_word, words)),
        *map(_NEAR.__mod__, neighbours(words)),
        *map(_NEAR_FIELDS.__mod__, neighbours(map(coarse, words))),
        *[_FIELD % field for field in sorted(fields_among(words))] * 2,
        *_features_of_kinds(kinds),
    ]


def _features_of_word(word: str) -> list[str]:
    """A word, and each four letters of it with its edges, for what is spelt or bent otherwise."""
    edged = f" {word} "
    return [_WORD % word, *(edged[at : at + _PART] for at in range(max(1, len(edged) - _PART + 1)))]


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


@lru_cache(maxsize=20_000)
def _weight_of_word(word: str) -> tuple[float, int]:
    """The sum of the weights of a word and its parts, and how many they are."""
    parts = _features_of_word(word)
    return sum(map(load("own_word").weight, parts)), len(parts)


@lru_cache(maxsize=50_000)
def _weight_of_pair(left: str, right: str) -> float:
    return load("own_word").weight(_NEAR % (left, right))


@lru_cache(maxsize=256)
def _weight_of_field(field: str) -> float:
    return load("own_word").weight(_FIELD % field)


@lru_cache(maxsize=50_000)
def _weight_of_fields(left: str, right: str) -> float:
    return load("own_word").weight(_NEAR_FIELDS % (left, right))


@lru_cache(maxsize=4096)
def _weighed(kinds: frozenset[str]) -> tuple[float, int]:
    """The sum of the weights of these kinds, and how many features they are."""
    weights = list(map(load("own_word").weight, _features_of_kinds(kinds)))
    return sum(weights), len(weights)
