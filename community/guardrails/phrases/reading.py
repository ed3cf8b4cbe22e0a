"""Where in one text which phrases stand, found in time linear in the text.

A text is read sentence by sentence. A phrase is looked for only in sentences that hold a word of
each part it cannot do without, and what was found in a sentence is kept with the lexicon for a
while: whoever goes on typing sends most sentences again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from community.guardrails.phrases.language import Phrase
from community.guardrails.phrases.lexicon import Lexicon
from community.guardrails.phrases.passage import Match, Passage
from community.guardrails.phrases.pronouns import pronouns
from community.guardrails.phrases.sieve import places
from community.guardrails.phrases.text import Text

_PRODUCT = "{product}"
_OPENS_PRODUCT = frozenset({_PRODUCT})
_NO_KEYS: frozenset[str] = frozenset()
_NOWHERE: dict[int, tuple[int, ...]] = {}


class Row(NamedTuple):
    """A sentence of a text: its number, its first token and the one behind it, and its words."""

    number: int
    first: int
    after: int
    passage: Passage


class Reading:
    """One text read with one lexicon: where which words stand, and which phrases match."""

    def __init__(self, text: Text, lexicon: Lexicon, *, thread_is_ours: bool = False) -> None:
        """Read `text`; in a thread about one of ours 'the tablets' are a product too."""
        self.text = text
        self.lexicon = lexicon
        self.rows = list(_rows(text, lexicon, thread_is_ours=thread_is_ours))
        self.lists = frozenset[str]().union(*(row.passage.lists for row in self.rows))
        self._by_bit = {1 << row.number: row.passage for row in self.rows}
        self._numbered = sum(self._by_bit)
        self._held: dict[tuple[int, int], bool] = {}
        self._spans: dict[str, dict[int, tuple[int, ...]]] = {}

    @cached_property
    def keys(self) -> AbstractSet[str]:
        """The keys and lists that the sentences hold."""
        return set[str]().union(*(row.passage.held for row in self.rows))

    @property
    def steps(self) -> int:
        """Words that the search looked at: what the work is measured by."""
        return sum(passage.steps for passage in {row.passage for row in self.rows})

    def spans(self, ref: str) -> dict[int, tuple[int, ...]]:
        """Matches of a named list, such as `{product}`: first token to the ends found there."""
        if ref not in self.lists:
            return _NOWHERE
        known = self._spans.get(ref)
        if known is None:
            self._spans[ref] = known = {}
            for row in self.rows:
                first = row.first
                for start, ends in row.passage.lists.get(ref, _NOWHERE).items():
                    known[first + start] = tuple([first + end for end in ends])
        return known

    def holds(self, phrases: Sequence[Phrase], sentences: int) -> bool:
        """Whether one of some phrases of a rule stands in one of these sentences, given as bits."""
        asked = id(phrases), sentences
        known = self._held.get(asked)
        if known is None:
            anchors = self.lexicon.anchors(phrases)
            known = not anchors.isdisjoint(self.keys) and any(
                p.holds(phrases, anchors) for p in self._among(sentences)
            )
            self._held[asked] = known
        return known

    def _among(self, sentences: int) -> Iterator[Passage]:
        """What stands in the sentences of that set."""
        left = sentences & self._numbered
        while left:
            lowest = left & -left
            left ^= lowest
            yield self._by_bit[lowest]

    def find(self, phrase: Phrase) -> list[Match]:
        """All matches of a phrase, in tokens, left to right, none over another."""
        rows = (row for row in self.rows if row.passage.may_hold(phrase))
        return [(r.first + a, r.first + b) for r in rows for a, b in r.passage.find(phrase)]


def _rows(text: Text, lexicon: Lexicon, *, thread_is_ours: bool) -> Iterator[Row]:
    """The sentences of a text; one that was read before in the same way is not read again."""
    known, clean, starts, ends = lexicon.passages, text.clean, text.starts, text.ends
    its = list(pronouns(text)) if thread_is_ours else []
    for number, (first, after) in enumerate(text.spans_of_sentences()):
        mine = tuple([at - first for at in its if first <= at < after]) if its else ()
        typed = clean[starts[first] : ends[after - 1]]
        asked = typed, after - first, thread_is_ours, mine
        passage = known.get(asked)
        if passage is None:
            passage = _read(text, typed, first, after, lexicon)
            _find_lists(passage, lexicon, mine, thread_is_ours=thread_is_ours)
            lexicon.remember(asked, passage)
        yield Row(number, first, after, passage)


def _read(text: Text, typed: str, first: int, after: int, lexicon: Lexicon) -> Passage:
    """One sentence with the keys that each of its words carries."""
    norms, kinds = text.norms[first:after], text.kinds[first:after]
    known, keys = lexicon.known.get, lexicon.keys
    found = [known(norm) or keys(norm, kind) for norm, kind in zip(norms, kinds, strict=True)]
    if not lexicon.exact.keys().isdisjoint(norms):
        for at, norm in enumerate(norms):
            word = text.clean[text.starts[first + at] : text.ends[first + at]]
            found[at] |= lexicon.exact.get(norm, _NO_KEYS) & {"=" + word}
    return Passage(typed, norms, kinds, found)


def _find_lists(
    passage: Passage, lexicon: Lexicon, its: tuple[int, ...], *, thread_is_ours: bool
) -> None:
    """Note where the lists stand, each behind those that it leads to."""
    ballot, entries = lexicon.ballot, lexicon.entries
    votes = ballot.count(passage.keys)
    if thread_is_ours:
        votes |= ballot.count([_OPENS_PRODUCT])
    left = ballot.worth_a_look(votes)
    while left:
        ref, behind, _ = entries[(left & -left).bit_length() - 1]
        phrases = [p for at in places(left & (1 << behind) - 1) if (p := entries[at][2])]
        left = left >> behind << behind
        ours = ref == _PRODUCT and thread_is_ours
        if ours:
            in_thread = lexicon.lists.get("product_in_thread", ())
            phrases += filter(passage.may_hold, in_thread)
        spans = _spans_of(passage, ref, phrases, its if ours else ())
        if spans:
            passage.lists[ref] = spans
        if spans and (phrases or its):
            passage.add_list(ref, spans)
            votes |= ballot.count([frozenset({ref})])
            left = ballot.worth_a_look(votes) >> behind << behind


def _spans_of(
    passage: Passage, ref: str, phrases: Sequence[Phrase], its: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """Matches of one list: its single words, what stands for it, and its phrases."""
    single = places(passage.here.get(ref, 0))
    longer = [match for phrase in phrases for match in passage.find(phrase)]
    if not (longer or its):
        return {at: (at + 1,) for at in single}
    found = {at: {at + 1} for at in (*single, *its)}
    for start, end in longer:
        found.setdefault(start, set()).add(end)
    return {start: tuple(sorted(found[start], reverse=True)) for start in sorted(found)}
