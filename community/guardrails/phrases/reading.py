"""Where in one text which phrases stand, found in time linear in the text.

A match is sought from each place where it can begin; a pair (element, word) that failed is never
tried again for that phrase, so no phrase can run away: the work is bounded by elements x words x
the six words of a gap.
"""

from __future__ import annotations

import re

from community.guardrails.phrases.language import Element, Phrase
from community.guardrails.phrases.lexicon import Lexicon
from community.guardrails.phrases.sieve import Sieve
from community.guardrails.phrases.text import DOI, ENDING, MARK, NUMBER, URL, WORD, Text

GAP_WORDS = 6
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER_KEYS = frozenset({"{number}"})
_YEAR_KEYS = frozenset({"{number}", "{year}"})


class Reading:
    """One text read with one lexicon: where which words stand, and which phrases match."""

    def __init__(self, text: Text, lexicon: Lexicon, *, thread_is_ours: bool = False) -> None:
        """Read `text`; in a thread about one of ours 'the tablets' are a product too."""
        self.text = text
        self.lexicon = lexicon
        self.thread_is_ours = thread_is_ours
        self.keys: list[frozenset[str]] = []
        self.places: dict[str, list[int]] = {}
        self._spans: dict[str, dict[int, tuple[int, ...]]] = {}
        self._found: dict[int, list[tuple[int, int]]] = {}
        self._sentences: dict[int, frozenset[int]] = {}
        self._ends = self._sentence_ends()
        self._index()
        self._sieve = Sieve(self.places, text.sentences, self.spans)
        self.present = set(self.places)  # keys of words, and lists that match somewhere
        for ref in lexicon.refs:
            self.spans(ref)

    def _index(self) -> None:
        text, keys_of, places = self.text, self.lexicon.keys, self.places
        for at, norm in enumerate(text.norms):
            keys = keys_of(norm)
            if text.kinds[at] != WORD or self.lexicon.minds_case:
                keys = self._special_keys(at, keys)
            self.keys.append(keys)
            for key in keys:
                if key in places:
                    places[key].append(at)
                else:
                    places[key] = [at]

    def _special_keys(self, at: int, keys: frozenset[str]) -> frozenset[str]:
        """The keys of a token with those that its kind gives, or its letters as typed."""
        text, kind = self.text, self.text.kinds[at]
        if kind == NUMBER:
            return keys | (_YEAR_KEYS if _YEAR.fullmatch(text.norms[at]) else _NUMBER_KEYS)
        if kind in (URL, DOI):
            return keys | {"{url}" if kind == URL else "{doi}"}
        exact = self.lexicon.exact(text.clean[text.starts[at] : text.ends[at]])
        return keys | {exact} if exact else keys

    def _sentence_ends(self) -> list[int]:
        """For each token the index just after its sentence."""
        sentences = self.text.sentences
        ends = [len(sentences)] * len(sentences)
        for at in range(len(sentences) - 2, -1, -1):
            same = sentences[at] == sentences[at + 1]
            ends[at] = ends[at + 1] if same else at + 1
        return ends

    def has(self, key: str) -> bool:
        """Whether a word with this key, or a match of this list, is in the text."""
        return key in self.present or (key[1:-1] in self.lexicon.lists and bool(self.spans(key)))

    def spans(self, ref: str) -> dict[int, tuple[int, ...]]:
        """Matches of a named list: first token to the ends found there."""
        known = self._spans.get(ref)
        if known is None:
            self._spans[ref] = {}  # a list that names itself ends here; the loader refuses it
            found: dict[int, set[int]] = {}
            for phrase in self._phrases_of(ref[1:-1]):
                for inner in phrase.refs:
                    self.spans(inner)
                for start, end in self.find(phrase):
                    found.setdefault(start, set()).add(end)
            known = {start: tuple(sorted(ends, reverse=True)) for start, ends in found.items()}
            self._spans[ref] = known
            if known:
                self.present.add(ref)
        return known

    def _phrases_of(self, name: str) -> list[Phrase]:
        phrases = list(self.lexicon.lists.get(name, ()))
        if name == "product" and self.thread_is_ours:
            phrases += self.lexicon.lists.get("product_in_thread", ())
        return phrases

    def sentences_with(self, phrase: Phrase) -> frozenset[int]:
        """Numbers of the sentences in which a phrase stands."""
        known = self._sentences.get(id(phrase))
        if known is None:
            sentences = self.text.sentences
            known = frozenset(sentences[start] for start, _ in self.find(phrase))
            self._sentences[id(phrase)] = known
        return known

    def find(self, phrase: Phrase) -> list[tuple[int, int]]:
        """All matches of a phrase, in tokens, left to right, none over another."""
        known = self._found.get(id(phrase))
        if known is None:
            self._found[id(phrase)] = known = self._find(phrase)
        return known

    def _find(self, phrase: Phrase) -> list[tuple[int, int]]:
        for need in phrase.needs:
            if need.isdisjoint(self.present):
                return []
        sentences = self.text.sentences
        possible = {sentences[end - 1] for end in self._sieve.ends(phrase, self.present)}
        found: list[tuple[int, int]] = []
        failed: set[tuple[int, int]] = set()
        free = 0
        for start in self._starts(phrase) if possible else ():
            if start < free or sentences[start] not in possible:
                continue
            end = self._match(phrase, start, failed)
            if end > start:
                found.append((start, end))
                free = end
        return found

    def _starts(self, phrase: Phrase) -> list[int]:
        starts: set[int] = set()
        for key in phrase.openers & self.present:
            starts.update(self.places.get(key) or self.spans(key))
        return sorted(starts)

    def _match(self, phrase: Phrase, start: int, failed: set[tuple[int, int]]) -> int:
        """End of the match that begins at `start`, or -1; nearest words of a gap first."""
        elements, limit = phrase.elements, self._ends[start]
        waiting = [(0, start)]
        while waiting:
            state = waiting.pop()
            index, at = state
            if index == len(elements) or (at == limit and index >= phrase.tail):
                return at
            if at == limit or state in failed:
                continue
            failed.add(state)
            element = elements[index]
            if not element.plain:
                ends = self._steps(element, at, limit)
                waiting.extend((index + 1, end) for end in reversed(ends))
            elif not element.keys.isdisjoint(self.keys[at]):
                waiting.append((index + 1, at + 1))
        return -1

    def _steps(self, element: Element, at: int, limit: int) -> list[int]:
        """Where the next element may stand after this one, the preferred place first."""
        if element.gap:
            return self._gap(at, limit)
        ends = [] if element.keys.isdisjoint(self.keys[at]) else [at + 1]
        if element.ref:
            ends.extend(end for end in self.spans(element.ref).get(at, ()) if end <= limit)
        if element.paths and self._may_open(element.path_openers, at):
            for path in element.paths:
                ends.extend(self._walk(path, at, limit))
        if element.optional:
            ends.append(at)
        return ends

    def _may_open(self, openers: frozenset[str], at: int) -> bool:
        if not openers.isdisjoint(self.keys[at]):
            return True
        return any(key[0] == "{" and at in self.spans(key) for key in openers)

    def _walk(self, path: tuple[Element, ...], at: int, limit: int) -> list[int]:
        ends = [at]
        for part in path:
            ends = [
                end for start in ends if start < limit for end in self._steps(part, start, limit)
            ]
        return ends

    def _gap(self, at: int, limit: int) -> list[int]:
        ends = [at]
        words = 0
        for end in range(at, min(limit, at + 2 * GAP_WORDS)):
            words += self.text.kinds[end] not in (MARK, ENDING)
            if words > GAP_WORDS:
                break
            ends.append(end + 1)
        return ends
