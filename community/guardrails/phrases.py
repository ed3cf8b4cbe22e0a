"""The phrase language of rule files: parsed once, matched in time linear in the text.

A phrase is a row of elements over words, not a regular expression. A match is sought from each
place where it can begin; a pair (element, word) that failed is never tried again for that phrase,
so no phrase can run away: the work is bounded by elements x words x the six words of a gap.
How phrases are written: `policies/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from community.guardrails.text import DOI, ENDING, MARK, NUMBER, URL, Text, read

GAP_WORDS = 6
LONGEST_PHRASE = 600
MOST_ELEMENTS = 40
_SHORTEST_MISSPELT = 7
_MOST_REMEMBERED = 20_000

_PIECE = re.compile(
    r"\s*(?:\((?P<group>[^()]*)\)(?P<how>[?*])?|\{(?P<ref>\w+)\}|(?P<gap>\.\.)(?=\s|$)|(?P<word>[^\s(){}]+))"
)
_TOKEN_CLASSES = frozenset({"number", "year", "url", "doi"})
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words so frequent that a phrase is better looked for by another of its words.
_FREQUENT = frozenset(
    "a all an and any are as at be been but by can could did do does for from had has have he her"
    " him his how i if in is it its may me more must my no not of on one or our out she should so"
    " some such than that the their them they this to too up us was we were what when which who"
    " will with would you your patient patients".split()
)
_WEIGHT_OF_CLASS = {"{number}": 6, "{product}": 6, "{percent}": 4, "{reference}": 5, "{trial}": 3}


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase: a word out of `keys`, or one of `paths` (several words, lists), or a gap."""

    keys: frozenset[str] = frozenset()
    paths: tuple[tuple[Element, ...], ...] = ()
    ref: str = ""
    optional: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A parsed phrase; `anchor` holds the keys and lists of which one must be in the text."""

    source: str
    elements: tuple[Element, ...]
    anchor: frozenset[str]
    openers: frozenset[str]
    tail: int  # from this element on, all may be missing


def parse(source: str) -> Phrase:
    """Read one phrase. Raises PhraseError where it is not in the language."""
    if len(source) > LONGEST_PHRASE:
        raise PhraseError(f"a phrase has {LONGEST_PHRASE} characters at most")
    elements = (Element(frozenset({"?"})),) if source.strip() == "?" else _elements(source)
    if len(elements) > MOST_ELEMENTS:
        raise PhraseError(f"a phrase has {MOST_ELEMENTS} parts at most")
    required = [e for e in elements if not (e.optional or e.gap) and e.keys != {"{any}"}]
    if not required:
        raise PhraseError("at least one word must be there in any case")
    if elements[0].gap or elements[-1].gap:
        raise PhraseError("'..' stands between words")
    tail = len(elements)
    while elements[tail - 1].optional:
        tail -= 1
    return Phrase(
        source, elements, min(map(_anchor, required), key=_weight), _openers(elements), tail
    )


def _elements(source: str) -> tuple[Element, ...]:
    found: list[Element] = []
    position = 0
    source = source.strip()
    while position < len(source):
        piece = _PIECE.match(source, position)
        if piece is None:
            raise PhraseError(f"cannot read {source[position:]!r}")
        position = piece.end()
        if piece["gap"]:
            found.append(Element(gap=True))
        elif piece["group"] is not None:
            found.append(_group(piece["group"], piece["how"] or ""))
        elif piece["ref"]:
            found.append(_reference(piece["ref"]))
        else:
            found.extend(_words(piece["word"]))
    return tuple(found)


def _reference(name: str) -> Element:
    if name in _TOKEN_CLASSES:
        return Element(frozenset({"{" + name + "}"}))
    return Element(ref="{" + name + "}")


def _words(chunk: str, *, prefix: bool = False) -> list[Element]:
    """The words of a chunk without spaces: `off-label` gives two, `dose*` one with any ending."""
    if chunk == "*":
        return [Element(frozenset({"{any}"}))]
    if chunk.startswith("=") and len(chunk) > 1 and chunk[1:].isalnum():
        return [Element(frozenset({chunk}))]
    prefix = prefix or chunk.endswith("*")
    text = read(chunk.rstrip("*"))
    keys = [*text.norms]
    if prefix and (not keys or text.kinds[-1] == MARK):
        raise PhraseError(f"{chunk!r}: '*' stands after letters")
    if prefix:
        keys[-1] += "*"
    return [Element(frozenset({key})) for key in keys]


def _group(inside: str, how: str) -> Element:
    keys: set[str] = set()
    paths: list[tuple[Element, ...]] = []
    optional = how == "?"
    for alternative in inside.split("|"):
        path = _path(alternative, prefix=how == "*")
        optional = optional or not path
        if len(path) == 1 and path[0].keys:
            keys |= path[0].keys
        elif path:
            paths.append(path)
    if not keys and not paths:
        raise PhraseError(f"({inside}) holds no word")
    return Element(frozenset(keys), tuple(paths), optional=optional)


def _path(alternative: str, *, prefix: bool) -> tuple[Element, ...]:
    path: list[Element] = []
    for piece in alternative.split():
        if piece == "..":
            raise PhraseError("no '..' inside brackets")
        if piece.startswith("{") and piece.endswith("}"):
            path.append(_reference(piece[1:-1]))
        else:
            path.extend(_words(piece, prefix=prefix))
    return tuple(path)


def _anchor(element: Element) -> frozenset[str]:
    """Keys of which the text must hold one if the element matches."""
    if element.ref:
        return frozenset({element.ref})
    best = (min(map(_anchor, path), key=_weight) for path in element.paths)
    return element.keys.union(*best)


def _weight(keys: frozenset[str]) -> int:
    return sum(_WEIGHT_OF_CLASS.get(key, 8 if key in _FREQUENT else 1) for key in keys)


def _openers(elements: Iterable[Element]) -> frozenset[str]:
    """Keys and lists with which a match can begin."""
    found: set[str] = set()
    for element in elements:
        found |= element.keys
        found |= {element.ref} if element.ref else set()
        for path in element.paths:
            found |= _openers(path)
        if not element.optional:
            break
    return frozenset(found)


def references(phrase: Phrase) -> set[str]:
    """Names of the lists that a phrase uses."""
    found: set[str] = set()
    waiting = list(phrase.elements)
    while waiting:
        element = waiting.pop()
        if element.ref:
            found.add(element.ref[1:-1])
        waiting.extend(part for path in element.paths for part in path)
    return found


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

    def learn(self, phrases: Iterable[Phrase]) -> None:
        """Take in the words of these phrases; words unknown to all phrases are never looked at."""
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
        self._sentences: dict[int, frozenset[int]] = {}
        self._ends = self._sentence_ends()
        self._index()

    def _index(self) -> None:
        text, lexicon, places = self.text, self.lexicon, self.places
        for at, (norm, kind) in enumerate(zip(text.norms, text.kinds, strict=True)):
            keys = lexicon.keys(norm)
            if kind == NUMBER:
                keys |= {"{number}", "{year}"} if _YEAR.fullmatch(norm) else {"{number}"}
            elif kind in (URL, DOI):
                keys |= {"{url}"} if kind == URL else {"{doi}"}
            elif lexicon.minds_case:
                exact = lexicon.exact(text.clean[text.starts[at] : text.ends[at]])
                keys |= {exact} if exact else set()
            self.keys.append(keys)
            for key in keys:
                places.setdefault(key, []).append(at)

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
        if key in self.places:
            return True
        return key[0] == "{" and key[1:-1] in self.lexicon.lists and bool(self.spans(key))

    def spans(self, ref: str) -> dict[int, tuple[int, ...]]:
        """Matches of a named list: first token to the ends found there."""
        known = self._spans.get(ref)
        if known is None:
            self._spans[ref] = {}  # a list that names itself ends here; the loader refuses it
            found: dict[int, set[int]] = {}
            for phrase in self._phrases_of(ref[1:-1]):
                for start, end in self.find(phrase):
                    found.setdefault(start, set()).add(end)
            known = {start: tuple(sorted(ends, reverse=True)) for start, ends in found.items()}
            self._spans[ref] = known
        return known

    def _phrases_of(self, name: str) -> list[Phrase]:
        phrases = list(self.lexicon.lists.get(name, ()))
        if name == "product" and self.thread_is_ours:
            phrases += self.lexicon.lists.get("product_in_thread", ())
        return phrases

    def sentences_with(self, phrase: Phrase) -> frozenset[int]:
        """Numbers of the sentences in which a phrase stands; worked out once a text."""
        known = self._sentences.get(id(phrase))
        if known is None:
            sentences = self.text.sentences
            known = frozenset(sentences[start] for start, _ in self.find(phrase))
            self._sentences[id(phrase)] = known
        return known

    def find(self, phrase: Phrase, within: Collection[int] | None = None) -> list[tuple[int, int]]:
        """All matches of a phrase, in tokens, left to right, none over another.

        `within` limits the search to these sentences.
        """
        if not any(map(self.has, phrase.anchor)):
            return []
        found: list[tuple[int, int]] = []
        failed: set[tuple[int, int]] = set()
        free = 0
        for start in self._starts(phrase):
            if start < free or (within is not None and self.text.sentences[start] not in within):
                continue
            end = self._match(phrase, start, failed)
            if end > start:
                found.append((start, end))
                free = end
        return found

    def _starts(self, phrase: Phrase) -> list[int]:
        starts: set[int] = set()
        for key in phrase.openers:
            if key in self.places:
                starts.update(self.places[key])
            elif key[0] == "{" and key[1:-1] in self.lexicon.lists:
                starts.update(self.spans(key))
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
            ends = self._steps(elements[index], at, limit)
            waiting.extend((index + 1, end) for end in reversed(ends))
        return -1

    def _steps(self, element: Element, at: int, limit: int) -> list[int]:
        """Where the next element may stand after this one, the preferred place first."""
        if element.gap:
            return self._gap(at, limit)
        ends = [] if element.keys.isdisjoint(self.keys[at]) else [at + 1]
        if element.ref:
            ends.extend(end for end in self.spans(element.ref).get(at, ()) if end <= limit)
        for path in element.paths:
            ends.extend(self._walk(path, at, limit))
        if element.optional:
            ends.append(at)
        return ends

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
