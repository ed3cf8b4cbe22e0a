"""All words that the phrases of one set know, and which of them a word of a text is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from community.guardrails.phrases.ballot import Ballot
from community.guardrails.phrases.language import Element, Phrase
from community.guardrails.phrases.latest import Latest
from community.guardrails.phrases.text import DOI, NUMBER, URL, WORD

if TYPE_CHECKING:
    from community.guardrails.phrases.passage import Passage

_SHORTEST_MISSPELT = 7
_MOST_REMEMBERED = 20_000
_MOST_SENTENCES, _LONGEST_SENTENCE = 1_000, 80  # in tokens: some five megabytes
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Lexicon:
    """The named lists and all words that any phrase of a set knows.

    `known` remembers the keys of words; `exact` leads from a word in small letters to the keys that
    mind its case, such as `=ICE`. A word that is an entry of a list by itself carries the list as a
    key; `long_lists` hold the other entries of each list, the lists that they lead to first.
    `entries` are the same in a row, for each its list and the place behind the last of that list,
    and `ballot` tells which of them a sentence may hold; the first entry of each, None, stands for
    its single words. `passages` are the sentences read last.
    """

    lists: Mapping[str, Sequence[Phrase]]
    names: Collection[str] = ()
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    exact: dict[str, frozenset[str]] = field(default_factory=dict)
    long_lists: dict[str, list[Phrase]] = field(default_factory=dict)
    entries: list[tuple[str, int, Phrase | None]] = field(default_factory=list)
    ballot: Ballot = field(default_factory=lambda: Ballot(()))
    passages: Latest[object, Passage] = field(default_factory=lambda: Latest(_MOST_SENTENCES))
    _anchors: dict[int, tuple[Sequence[Phrase], frozenset[str]]] = field(default_factory=dict)
    _learned: dict[int, Phrase] = field(default_factory=dict)
    _lists_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _words: set[str] = field(default_factory=set)
    _prefixes: dict[int, set[str]] = field(default_factory=dict)
    _any: bool = False

    def __post_init__(self) -> None:
        """Take in the words of the lists, each list behind those it leads to."""
        for name in self.lists:
            self._learn_list(name)
        for ref, phrases in self.long_lists.items():
            behind = len(self.entries) + 1 + len(phrases)
            self.entries += [(ref, behind, phrase) for phrase in (None, *phrases)]
        self.ballot = Ballot(
            [phrase.needs if phrase else (frozenset({ref}),) for ref, _, phrase in self.entries]
        )

    def learn(self, phrases: Iterable[Phrase]) -> None:
        """Take in the words of these phrases; words unknown to all phrases are never looked at."""
        waiting: list[Element] = []
        for phrase in phrases:
            if id(phrase) not in self._learned:
                self._learned[id(phrase)] = phrase  # kept, so that its id stays its own
                waiting.extend(phrase.elements)
        while waiting:
            element = waiting.pop()
            waiting.extend(part for path in element.paths for part in path)
            for key in element.keys:
                self._learn_key(key)
        self.known.clear()
        self.passages.clear()

    def anchors(self, phrases: Sequence[Phrase]) -> frozenset[str]:
        """Keys and lists of which a sentence must hold one to hold one of these phrases."""
        known = self._anchors.get(id(phrases))
        if known is None:  # the phrases are kept, so that their id stays their own
            known = phrases, frozenset[str]().union(*(phrase.anchor for phrase in phrases))
            self._anchors[id(phrases)] = known
        return known[1]

    def remember(self, sentence: object, passage: Passage) -> None:
        """Keep a sentence that was read, under all it was read from; the oldest makes room."""
        if len(passage.norms) <= _LONGEST_SENTENCE:
            self.passages.keep(sentence, passage)

    def _learn_list(self, name: str) -> None:
        ref = "{" + name + "}"
        if ref in self.long_lists or name not in self.lists:
            return
        self.long_lists[ref] = []  # a list that leads back to itself ends here
        phrases = self.lists[name]
        self.learn(phrases)
        for inner in sorted({inner for phrase in phrases for inner in phrase.refs}):
            self._learn_list(inner[1:-1])
        for phrase in phrases:
            if phrase.plain and len(phrase.elements) == 1 and not _minds_case(phrase):
                for key in phrase.elements[0].keys:
                    self._lists_of[key].add(ref)
            else:
                self.long_lists[ref].append(phrase)
        self.long_lists[ref] = self.long_lists.pop(ref)

    def _learn_key(self, key: str) -> None:
        if key == "{any}":
            self._any = True
        elif key.startswith("=") and len(key) > 1:
            small = key[1:].lower()
            self.exact[small] = self.exact.get(small, frozenset()) | {key}
        elif key.endswith("*") and len(key) > 1:
            self._prefixes.setdefault(len(key) - 1, set()).add(key[:-1])
        else:
            self._words.add(key)

    def keys(self, norm: str, kind: int = WORD) -> frozenset[str]:
        """The keys that a folded word, number, mark or link carries."""
        known = self.known.get(norm)
        if known is None:
            known = self._work_out(norm, kind)
            if len(self.known) >= _MOST_REMEMBERED:
                self.known.clear()
            self.known[norm] = known
        return known

    def _work_out(self, norm: str, kind: int) -> frozenset[str]:
        found = {norm} & self._words
        for length, prefixes in self._prefixes.items():
            if norm[:length] in prefixes and len(norm) >= length:
                found.add(norm[:length] + "*")
        if kind == WORD and len(norm) >= _SHORTEST_MISSPELT - 1 and not found:
            found = {name for name in self.names if is_misspelt(norm, name)}
        found |= _keys_of_kind(norm, kind)
        if self._any:
            found.add("{any}")
        return frozenset(found.union(*(self._lists_of[k] for k in found if k in self._lists_of)))


def _minds_case(phrase: Phrase) -> bool:
    return any(key[0] == "=" for key in phrase.elements[0].keys)


def _keys_of_kind(norm: str, kind: int) -> set[str]:
    if kind == NUMBER:
        return {"{number}", "{year}"} if _YEAR.fullmatch(norm) else {"{number}"}
    return {URL: {"{url}"}, DOI: {"{doi}"}}.get(kind, set())


def is_misspelt(word: str, name: str) -> bool:
    """Whether one letter was left out, put in, changed or swapped, letters doubled aside."""
    return len(name) >= _SHORTEST_MISSPELT and (
        one_slip(word, name) or one_slip(_undoubled(word), _undoubled(name))
    )


def one_slip(word: str, name: str) -> bool:
    """Whether one letter was left out, put in, changed or swapped with its neighbour."""
    if abs(len(word) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    end = 0
    while end < min(len(word), len(name)) - start and word[-1 - end] == name[-1 - end]:
        end += 1
    left, right = word[start : len(word) - end], name[start : len(name) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def _undoubled(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if letter != word[at - 1 : at])
