"""All words that the phrases of one set know, and which of them a word of a text is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from community.guardrails.phrases.language import Phrase

_SHORTEST_MISSPELT = 7
_MOST_REMEMBERED = 20_000


@dataclass(slots=True)
class Lexicon:
    """The named lists and all words that any phrase of a set knows."""

    lists: Mapping[str, Sequence[Phrase]]
    names: Collection[str] = ()
    _words: set[str] = field(default_factory=set)
    _prefixes: dict[int, set[str]] = field(default_factory=dict)
    _exact: set[str] = field(default_factory=set)
    _known: dict[str, frozenset[str]] = field(default_factory=dict)
    _any: bool = False
    refs: set[str] = field(default_factory=set)  # lists that any phrase names, in braces

    def learn(self, phrases: Iterable[Phrase]) -> None:
        """Take in the words of these phrases; words unknown to all phrases are never looked at."""
        phrases = list(phrases)
        self.refs.update(*(phrase.refs for phrase in phrases))
        waiting = [element for phrase in phrases for element in phrase.elements]
        while waiting:
            element = waiting.pop()
            waiting.extend(part for path in element.paths for part in path)
            for key in element.keys:
                self._learn_key(key)
        self._known.clear()

    def _learn_key(self, key: str) -> None:
        if key == "{any}":
            self._any = True
        elif key.startswith("=") and len(key) > 1:
            self._exact.add(key)
        elif key.endswith("*") and len(key) > 1:
            self._prefixes.setdefault(len(key) - 1, set()).add(key[:-1])
        else:
            self._words.add(key)

    def keys(self, norm: str) -> frozenset[str]:
        """The keys that a folded word carries."""
        known = self._known.get(norm)
        if known is None:
            known = self._work_out(norm)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[norm] = known
        return known

    def exact(self, typed: str) -> str | None:
        """The key of a word whose case counts, such as `=ICE`."""
        key = "=" + typed
        return key if key in self._exact else None

    @property
    def minds_case(self) -> bool:
        """Whether any phrase of the set asks for exact case."""
        return bool(self._exact)

    def _work_out(self, norm: str) -> frozenset[str]:
        found = {norm} & self._words
        for length, prefixes in self._prefixes.items():
            if norm[:length] in prefixes and len(norm) >= length:
                found.add(norm[:length] + "*")
        if self._any:
            found.add("{any}")
        if len(norm) >= _SHORTEST_MISSPELT - 1 and not found:
            found = {name for name in self.names if one_slip(norm, name)}
        return frozenset(found)


def one_slip(word: str, name: str) -> bool:
    """Whether one letter was left out, put in, changed or swapped with its neighbour."""
    if len(name) < _SHORTEST_MISSPELT or abs(len(word) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    end = 0
    while end < min(len(word), len(name)) - start and word[-1 - end] == name[-1 - end]:
        end += 1
    left, right = word[start : len(word) - end], name[start : len(name) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
