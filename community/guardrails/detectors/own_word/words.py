"""A sentence of a draft as both models read it: its words, their fields, and kinds of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from community.guardrails.detectors.fields import coarse, fields_of
from community.guardrails.detectors.own_word.kinds import kinds_of
from community.guardrails.phrases import Passage, Reading
from community.guardrails.phrases.text import DOI, NUMBER, URL

_NAMED = (
    ("{other_medicine}", "<other>"),
    ("{product}", "<ours>"),
    ("{trial}", "<trial>"),
    ("{reference}", "<ref>"),
)
SIGNS = frozenset(sign for _, sign in _NAMED)
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


def coarse_of(passage: Passage) -> list[str]:
    """Those words, each as its first field, or as itself where it has none."""
    known = passage.memo.get("own_words_coarse")
    if not isinstance(known, list):
        known = passage.memo["own_words_coarse"] = list(map(coarse, words_of(passage)))
    return known


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


def kinds_in(passage: Passage, asked: tuple[str, ...], post: frozenset[str]) -> frozenset[str]:
    """The kinds of a sentence's words; worked out once for what was asked and what the post is."""
    remembered = "own_word_kinds", asked, post
    known = passage.memo.get(remembered)
    if not isinstance(known, frozenset):
        known = passage.memo[remembered] = kinds_among(words_of(passage), asked, post)
    return known


def kinds_among(words: list[str], asked: tuple[str, ...], post: frozenset[str]) -> frozenset[str]:
    """What kinds of words a sentence holds, how long it is, and what had been asked."""
    kinds = set(kinds_of(words))
    kinds.update("P" + kind for kind in post - kinds - {"ref"})
    kinds.update(sign[1:-1] for sign in SIGNS.intersection(words))
    kinds.add(next((name for most, name in _LENGTHS if len(words) <= most), "n3"))
    kinds.add("ref" if "<ref>" in words else "refpost" if "ref" in post else "noref")
    figures = words.count("#")
    if figures:
        kinds.add("figs" if figures > 1 else "fig")
    if "?" in words:
        kinds.add("asks")
    return frozenset(kinds.union(asked))
