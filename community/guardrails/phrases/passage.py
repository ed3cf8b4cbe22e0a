"""One sentence as the phrases read it: no phrase leaves it, so what was found in it stays true.

A match is sought from each place where it can begin; a pair (element, word) that failed is never
tried again for that phrase, so no phrase can run away: the work is bounded by elements x words x
the six words of a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

from community.guardrails.phrases import sieve
from community.guardrails.phrases.language import GAP_WORDS, Element, Phrase
from community.guardrails.phrases.text import ENDING, MARK

_NO_WORDS = frozenset({MARK, ENDING})
_STATE = 64  # more than the parts of the longest phrase
_NOWHERE: dict[int, tuple[int, ...]] = {}

Match = tuple[int, int]
"""First token of a match and the one behind its last, counted from the start of the sentence."""


class Passage:
    """One sentence read with one lexicon. Tokens are counted from its first.

    `typed` is the folded text as it was typed, `keys` are those of each token. `here` leads
    from each key and list to the tokens where it stands or begins, as bits; `held` are its keys
    once more, and `lists` leads from a list to its matches, start to ends. `memo` keeps what
    others found out about the sentence by itself, each under a key of its own. `steps` counts
    the words that the search looked at.
    """

    __slots__ = (
        "_found", "held", "here", "keys", "kinds", "lists", "memo", "norms", "steps", "typed"
    )  # fmt: skip

    def __init__(
        self,
        typed: str,
        norms: list[str],
        kinds: list[int],
        keys: list[frozenset[str]],
    ) -> None:
        """A sentence of these folded words; its lists are found by the reading it belongs to."""
        self.typed = typed
        self.norms = norms
        self.kinds = kinds
        self.keys = keys
        self.here = sieve.bits_of(keys)
        self.held = set(self.here)
        self.lists: dict[str, dict[int, tuple[int, ...]]] = {}
        self.memo: dict[object, object] = {}
        self.steps = 0
        self._found: dict[int, list[Match]] = {}

    def add_list(self, ref: str, spans: dict[int, tuple[int, ...]]) -> None:
        """Note where matches of a list begin that are no single words."""
        self.here[ref] = sieve.mask(spans, len(self.keys))
        self.held.add(ref)

    def holds(self, phrases: Sequence[Phrase], anchors: frozenset[str]) -> bool:
        """Whether one of some phrases stands here; none can where none of `anchors` does."""
        known = self.memo.get(id(phrases))
        if known is None:
            known = self.memo[id(phrases)] = not anchors.isdisjoint(self.held) and any(
                self.may_hold(phrase) and self.find(phrase) for phrase in phrases
            )
        return bool(known)

    def may_hold(self, phrase: Phrase) -> bool:
        """Whether there is a word of each part that the phrase cannot do without."""
        return not any(map(self.held.isdisjoint, phrase.needs))

    def find(self, phrase: Phrase) -> list[Match]:
        """All matches of a phrase, left to right, none over another."""
        known = self._found.get(id(phrase))
        if known is None:
            known = self._found[id(phrase)] = self._find(phrase)
        return known

    def _find(self, phrase: Phrase) -> list[Match]:
        """Where words simply follow each other the sieve is exact; else it spares the search."""
        size = len(phrase.elements)
        self.steps += size
        ends = sieve.ends(phrase, self, len(self.keys))
        found: list[Match] = []
        if not ends:
            return found
        failed: set[int] = set()
        free = 0
        for start in sieve.places(ends >> size if phrase.plain else self._starts(phrase)):
            if start >= free:
                end = start + size if phrase.plain else self._match(phrase, start, failed)
                if end > start:
                    found.append((start, end))
                    free = end
        return found

    def _starts(self, phrase: Phrase) -> int:
        """Where the phrase can begin, as bits."""
        here, starts = self.here, 0
        for key in phrase.openers & self.held:
            starts |= here[key]
        return starts

    def _match(self, phrase: Phrase, start: int, failed: set[int]) -> int:
        """End of the match that begins at `start`, or -1; nearest words of a gap first.

        A state is a place in the phrase and one in the text, in one number: place x 64 + element.
        """
        elements, keys, limit = phrase.elements, self.keys, len(self.keys)
        count, tail = len(elements), phrase.tail
        waiting = [start * _STATE]
        while waiting:
            state = waiting.pop()
            at, index = divmod(state, _STATE)
            if index == count or (at == limit and index >= tail):
                return at
            if at == limit or state in failed:
                continue
            failed.add(state)
            self.steps += 1
            element = elements[index]
            if element.plain:
                if not element.keys.isdisjoint(keys[at]):
                    waiting.append(state + _STATE + 1)
                continue
            ends = self._gap(at, elements[index + 1]) if element.gap else self._steps(element, at)
            waiting.extend([end * _STATE + index + 1 for end in reversed(ends)])
        return -1

    def _steps(self, element: Element, at: int) -> list[int]:
        """Where the next element may stand after this one, the preferred place first."""
        ends = [] if element.keys.isdisjoint(self.keys[at]) else [at + 1]
        if element.ref:
            ends.extend(self.lists.get(element.ref, _NOWHERE).get(at, ()))
        if element.paths and self._may_open(element, at):
            for path in element.paths:
                ends.extend(self._walk(path, at))
        if element.optional:
            ends.append(at)
        return ends

    def _may_open(self, element: Element, at: int) -> bool:
        if not element.path_openers.isdisjoint(self.keys[at]):
            return True
        lists = element.path_lists
        return bool(lists) and any(at in self.lists.get(ref, _NOWHERE) for ref in lists)

    def _walk(self, path: tuple[Element, ...], at: int) -> list[int]:
        ends, limit = [at], len(self.keys)
        for part in path:
            self.steps += len(ends)
            if part.plain:
                keys, wanted = self.keys, part.keys
                ends = [e + 1 for e in ends if e < limit and not wanted.isdisjoint(keys[e])]
            else:
                ends = [e for s in ends if s < limit for e in self._steps(part, s)]
            if not ends:
                break
        return ends

    def _gap(self, at: int, following: Element) -> list[int]:
        """Where a gap may end: before a word that the next element takes, if it is one word."""
        keys, kinds, wanted, limit = self.keys, self.kinds, following.keys, len(self.keys)
        ends: list[int] = []
        words = 0
        for end in range(at, min(limit, at + 2 * GAP_WORDS) + 1):
            if not following.plain or (end < limit and not wanted.isdisjoint(keys[end])):
                ends.append(end)
            words += end < limit and kinds[end] not in _NO_WORDS
            if words > GAP_WORDS:
                break
        return ends
