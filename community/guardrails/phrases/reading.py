"""Where in one text which phrases stand, found in time linear in the text.

A phrase is looked for only in sentences that hold a word of each part it cannot do without. A
match is sought from each place where it can begin; a pair (element, word) that failed is never
tried again for that phrase, so no phrase can run away: the work is bounded by elements x words x
the six words of a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from community.guardrails.phrases.language import GAP_WORDS, Element, Phrase
from community.guardrails.phrases.lexicon import Lexicon
from community.guardrails.phrases.pronouns import pronouns
from community.guardrails.phrases.sieve import Sieve
from community.guardrails.phrases.text import ENDING, MARK, Text

_NO_WORDS = frozenset({MARK, ENDING})
_STATE = 64  # more than the parts of the longest phrase
_NOWHERE: dict[int, tuple[int, ...]] = {}

_MANY_STARTS = 24  # from here on it pays to sort out impossible places for all of them at once


class Met(dict[int, int]):
    """For each need of a lexicon the sentences that meet it, worked out when first asked for."""

    def __init__(self, here: dict[str, int], keys_of_needs: Sequence[frozenset[str]]) -> None:
        """`here`: for each key of the text the sentences that hold it."""
        super().__init__()
        self._here = here
        self._keys_of_needs = keys_of_needs

    def __missing__(self, need: int) -> int:
        """The sentences that hold one of its keys."""
        here, met = self._here, 0
        for key in self._keys_of_needs[need] & here.keys():
            met |= here[key]
        self[need] = met
        return met


class Reading:
    """One text read with one lexicon: where which words stand, and which phrases match.

    Sets of sentences are whole numbers with a bit for each sentence; `here` holds one for each key
    and list in the text, `met` one for each need of the lexicon.
    """

    def __init__(self, text: Text, lexicon: Lexicon, *, thread_is_ours: bool = False) -> None:
        """Read `text`; in a thread about one of ours 'the tablets' are a product too."""
        self.text = text
        self.lexicon = lexicon
        self.thread_is_ours = thread_is_ours
        self.steps = 0  # words that the search looked at: what the work is measured by
        self.keys: list[frozenset[str]] = []
        self.places = self._index()
        self._bits = [1 << sentence for sentence in text.sentences]
        self._spans: dict[str, dict[int, tuple[int, ...]]] = {}
        self._found: dict[int, list[tuple[int, int]]] = {}
        self._sentences: dict[int, int] = {}
        self._ends: list[int] | None = None
        self._sieve = Sieve(self.places, text.sentences, self.spans)
        self.here = {key: self._sentences_at(places) for key, places in self.places.items()}
        self.met = Met(self.here, lexicon.keys_of_needs)
        self._find_lists()

    def _index(self) -> dict[str, list[int]]:
        """Note for each word the keys it carries; give back for each key its places."""
        text, lexicon = self.text, self.lexicon
        known, exact, append = lexicon.known, lexicon.exact, self.keys.append
        places: dict[str, list[int]] = defaultdict(list)
        for at, norm in enumerate(text.norms):
            keys = known.get(norm)
            if keys is None:
                keys = lexicon.keys(norm, text.kinds[at])
            if norm in exact:
                keys = keys | (exact[norm] & {"=" + text.clean[text.starts[at] : text.ends[at]]})
            append(keys)
            for key in keys:
                places[key].append(at)
        return dict(places)

    def _sentences_at(self, places: Iterable[int]) -> int:
        bits, found = self._bits, 0
        for at in places:
            found |= bits[at]
        return found

    def _find_lists(self) -> None:
        """Note where the lists stand, each behind those that it leads to."""
        here, keys_of_lists = self.here, self.lexicon.keys_of_lists
        for ref, phrases in self.lexicon.long_lists.items():
            if ref == "{product}" or not here.keys().isdisjoint(keys_of_lists[ref]):
                spans = self._spans_of(ref, [phrase for phrase in phrases if self.possible(phrase)])
                if spans:
                    self._spans[ref] = spans
                    here[ref] = self._sentences_at(spans)

    def _spans_of(self, ref: str, phrases: Sequence[Phrase]) -> dict[int, tuple[int, ...]]:
        found: dict[int, set[int]] = {at: {at + 1} for at in self.places.get(ref, ())}
        if ref == "{product}" and self.thread_is_ours:
            phrases = (*phrases, *self.lexicon.lists.get("product_in_thread", ()))
            for at in pronouns(self.text):
                found.setdefault(at, set()).add(at + 1)
        for phrase in phrases:
            for start, end in self.find(phrase):
                found.setdefault(start, set()).add(end)
        if not phrases:
            return {start: (start + 1,) for start in sorted(found)}
        return {start: tuple(sorted(found[start], reverse=True)) for start in sorted(found)}

    # ── What is where ──────────────────────────────────────────────────────────────────────────

    def has(self, key: str) -> bool:
        """Whether a word with this key, or a match of this list, is in the text."""
        return key in self.places or bool(self._spans.get(key))

    def spans(self, ref: str) -> dict[int, tuple[int, ...]]:
        """Matches of a named list, such as `{product}`: first token to the ends found there."""
        return self._spans.get(ref, _NOWHERE)

    def lists(self) -> Iterable[tuple[str, Iterable[int]]]:
        """The lists of which a match is in the text, each with the tokens where one begins."""
        return self._spans.items()

    def possible(self, phrase: Phrase) -> int:
        """The sentences that hold a word of each part that the phrase cannot do without."""
        left, met = -1, self.met
        for need in self.lexicon.needs[id(phrase)]:
            left &= met[need]
            if not left:
                break
        return left

    def sentences_with(self, phrase: Phrase) -> int:
        """The sentences in which a phrase stands."""
        known = self._sentences.get(id(phrase))
        if known is None:
            known = 0
            sentences = self.text.sentences
            for start, _ in self.find(phrase):
                known |= 1 << sentences[start]
            self._sentences[id(phrase)] = known
        return known

    # ── Search ─────────────────────────────────────────────────────────────────────────────────

    def find(self, phrase: Phrase, sentences: int | None = None) -> list[tuple[int, int]]:
        """All matches of a phrase, in tokens, left to right, none over another.

        `sentences`: those that may hold it, where that is known already.
        """
        known = self._found.get(id(phrase))
        if known is None:
            where = self.possible(phrase) if sentences is None else sentences
            known = self._find(phrase, where) if where else []
            self._found[id(phrase)] = known
        return known

    def _find(self, phrase: Phrase, where: int) -> list[tuple[int, int]]:
        if phrase.plain and len(phrase.elements) == 1:
            return [(at, at + 1) for at in self._starts(phrase, where)]
        starts = self._starts(phrase, where)
        if len(starts) > _MANY_STARTS:
            sifted = self._sentences_at(end - 1 for end in self._sieve.ends(phrase))
            starts = self._starts(phrase, where & sifted)
        match = self._match_plain if phrase.plain else self._match
        found: list[tuple[int, int]] = []
        failed: set[int] = set()
        free = 0
        for start in starts:
            if start >= free:
                end = match(phrase, start, failed)
                if end > start:
                    found.append((start, end))
                    free = end
        return found

    def _starts(self, phrase: Phrase, where: int) -> list[int]:
        """Places in those sentences at which the phrase can begin."""
        here, spans, bits = self.here, self._spans, self._bits
        starts: set[int] = set()
        for key in phrase.openers & here.keys():
            if here[key] & where:
                places = spans[key] if key in spans else self.places[key]
                starts.update([at for at in places if where & bits[at]])
        return sorted(starts)

    def _match_plain(self, phrase: Phrase, start: int, _: set[int]) -> int:
        """End of the match where each element is one word that must be there, or -1."""
        end = start + len(phrase.elements)
        if end > self._limits[start]:
            return -1
        keys = self.keys
        for at, element in enumerate(phrase.elements, start):
            self.steps += 1
            if element.keys.isdisjoint(keys[at]):
                return -1
        return end

    @property
    def _limits(self) -> list[int]:
        """For each token the index just after its sentence."""
        if self._ends is None:
            self._ends = ends = []
            for first, after in self.text.spans_of_sentences():
                ends += [after] * (after - first)
        return self._ends

    def _match(self, phrase: Phrase, start: int, failed: set[int]) -> int:
        """End of the match that begins at `start`, or -1; nearest words of a gap first.

        A state is a place in the phrase and one in the text, in one number: place x 64 + element.
        """
        elements, keys, limit = phrase.elements, self.keys, self._limits[start]
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
            if element.gap:
                ends = self._gap(at, limit, elements[index + 1])
            else:
                ends = self._steps(element, at, limit)
            waiting.extend([end * _STATE + index + 1 for end in reversed(ends)])
        return -1

    def _steps(self, element: Element, at: int, limit: int) -> list[int]:
        """Where the next element may stand after this one, the preferred place first."""
        ends = [] if element.keys.isdisjoint(self.keys[at]) else [at + 1]
        if element.ref:
            ends.extend([end for end in self.spans(element.ref).get(at, ()) if end <= limit])
        if element.paths and self._may_open(element, at):
            for path in element.paths:
                ends.extend(self._walk(path, at, limit))
        if element.optional:
            ends.append(at)
        return ends

    def _may_open(self, element: Element, at: int) -> bool:
        if not element.path_openers.isdisjoint(self.keys[at]):
            return True
        lists = element.path_lists
        return bool(lists) and any(at in self.spans(key) for key in lists)

    def _walk(self, path: tuple[Element, ...], at: int, limit: int) -> list[int]:
        ends = [at]
        for part in path:
            self.steps += len(ends)
            if part.plain:
                keys, wanted = self.keys, part.keys
                ends = [e + 1 for e in ends if e < limit and not wanted.isdisjoint(keys[e])]
            else:
                ends = [e for s in ends if s < limit for e in self._steps(part, s, limit)]
            if not ends:
                break
        return ends

    def _gap(self, at: int, limit: int, following: Element) -> list[int]:
        """Where a gap may end: before a word that the next element takes, if it is one word."""
        keys, kinds, wanted = self.keys, self.text.kinds, following.keys
        ends: list[int] = []
        words = 0
        for end in range(at, min(limit, at + 2 * GAP_WORDS) + 1):
            if not following.plain or (end < limit and not wanted.isdisjoint(keys[end])):
                ends.append(end)
            words += end < limit and kinds[end] not in _NO_WORDS
            if words > GAP_WORDS:
                break
        return ends
