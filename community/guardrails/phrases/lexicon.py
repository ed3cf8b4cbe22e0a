"""All words that the phrases of one set know, and which of them a word of a text is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from community.guardrails.phrases.language import Element, Phrase
from community.guardrails.phrases.text import DOI, NUMBER, URL, WORD

_SHORTEST_MISSPELT = 7
_MOST_REMEMBERED = 20_000
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Lexicon:
    """The named lists and all words that any phrase of a set knows.

    `known` remembers the keys of words; `exact` leads from a word in small letters to the keys that
    mind its case, such as `=ICE`. What a phrase cannot do without is a *need*, a set of keys of
    which one must be there; many phrases share one. `keys_of_needs` are all needs by their number,
    `needs` leads from a phrase's id to the numbers of its own. A word that is an entry of a list by
    itself carries the list as a key; `long_lists` hold the other entries of each list, the lists
    that they lead to first, and `keys_of_lists` the keys of which a text must hold one to hold the
    list.
    """

    lists: Mapping[str, Sequence[Phrase]]
    names: Collection[str] = ()
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    exact: dict[str, frozenset[str]] = field(default_factory=dict)
    needs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    keys_of_needs: list[frozenset[str]] = field(default_factory=list)
    long_lists: dict[str, list[Phrase]] = field(default_factory=dict)
    keys_of_lists: dict[str, frozenset[str]] = field(default_factory=dict)
    _numbers: dict[frozenset[str], int] = field(default_factory=dict)
    _learned: list[Phrase] = field(default_factory=list)
    _lists_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _words: set[str] = field(default_factory=set)
    _prefixes: dict[int, set[str]] = field(default_factory=dict)
    _any: bool = False

    def __post_init__(self) -> None:
        """Take in the words of the lists, each list behind those it leads to."""
        for name in self.lists:
            self._learn_list(name)

    def learn(self, phrases: Iterable[Phrase]) -> None:
        """Take in the words of these phrases; words unknown to all phrases are never looked at."""
        waiting: list[Element] = []
        for phrase in phrases:
            if id(phrase) not in self.needs:
                self._learned.append(phrase)  # kept, so that its id stays its own
                self.needs[id(phrase)] = tuple(map(self._number, phrase.needs))
                waiting.extend(phrase.elements)
        while waiting:
            element = waiting.pop()
            waiting.extend(part for path in element.paths for part in path)
            for key in element.keys:
                self._learn_key(key)
        self.known.clear()

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
        anchors = (phrase.anchor for phrase in self.long_lists[ref])
        self.keys_of_lists[ref] = frozenset({ref}).union(*anchors)

    def _number(self, need: frozenset[str]) -> int:
        number = self._numbers.get(need)
        if number is None:
            self._numbers[need] = number = len(self._numbers)
            self.keys_of_needs.append(need)
        return number

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
