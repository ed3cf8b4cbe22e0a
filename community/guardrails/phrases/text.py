"""A draft made ready for the rules: folded, cut into sentences, mapped back to what was typed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from community.guardrails.phrases.fold import fold
from community.guardrails.phrases.tokens import (
    DOI,
    ENDING,
    MARK,
    NUMBER,
    URL,
    WORD,
    Break,
    tokens_of,
)

__all__ = ["DOI", "ENDING", "MARK", "NUMBER", "URL", "WORD", "Text", "read"]

_SPOKEN = frozenset({WORD, NUMBER, ENDING, URL, DOI})
_BLOCK = re.compile(r"[ \t]*+(?:\n|$|>|[-*+•][ \t]|\d{1,3}[.)][ \t]|\#{1,6}[ \t]|\||```|~~~)")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>)+", re.MULTILINE)
_NEXT_SENTENCE = re.compile(r"[\"')\]}]*+(?:\s++[\"'({]*+[A-Z0-9\u0370-\uffff]|\s*+\Z)")
_SHORT = frozenset("dr mr mrs ms prof st vs al eg ie approx ca cf dept bzw usw resp e i g".split())
_SHORT_BEFORE_NUMBER = _SHORT | frozenset("fig no nr ref refs vol pp p art para".split())


@dataclass(slots=True)
class Text:
    """A text as the rules read it; `clean` is folded, `place` leads back to code points of `raw`.

    The tokens stand in five lists of one length: `norms` (folded words), `kinds` (WORD and so on),
    `starts` and `ends` (in `clean`), `sentences` (numbers that never fall). `quoted` holds the
    numbers of sentences in lines that begin with `>`; `memo` keeps what a detector found once.
    """

    raw: str
    clean: str
    places: list[int] | None = None
    norms: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    quoted: set[int] = field(default_factory=set)
    memo: dict[str, object] = field(default_factory=dict)
    bounds: list[tuple[int, int]] = field(default_factory=list)
    _words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """All folded words, numbers and marks of the text: what may be worth a look."""
        if self._words is None:
            self._words = frozenset(self.norms)
        return self._words

    def spans_of_sentences(self) -> list[tuple[int, int]]:
        """Sentence by sentence its first token and the one behind it."""
        return self.bounds

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in `raw` for a half-open span in `clean`."""
        if self.places is None:
            return start, end
        if start >= end:
            return self.places[start], self.places[start]
        return self.places[start], self.places[end - 1] + 1

    def without(self, spans: Iterable[tuple[int, int]]) -> Text:
        """The text with the characters of those token spans, half-open, made unseen."""
        clean = self.clean
        for first, after in spans:
            start, end = self.starts[first], self.ends[after - 1]
            clean = clean[:start] + " " * (end - start) + clean[end:]
        text = Text(raw=self.raw, clean=clean, places=self.places)
        _cut(text)
        return text

    def words_of_sentences(self) -> dict[int, str]:
        """Sentence by sentence its words, numbers and links, folded, one space between."""
        found: dict[int, list[str]] = {}
        for norm, kind, sentence in zip(self.norms, self.kinds, self.sentences, strict=True):
            words = found.setdefault(sentence, [])
            if kind in _SPOKEN:
                words.append(norm)
        return {sentence: " ".join(words) for sentence, words in found.items()}

    def sentences_at(self, start: int, end: int) -> frozenset[int]:
        """Numbers of the sentences that a half-open span of `clean` touches.

        A span between words belongs to the word before it, at the very start to the first.
        """
        return frozenset(self.sentences[slice(*self._tokens_at(start, end))])

    def sentence_bits(self, start: int, end: int) -> int:
        """The same as one whole number with a bit for each sentence."""
        first, last = self._tokens_at(start, end)
        found = 0
        for sentence in self.sentences[first:last]:
            found |= 1 << sentence
        return found

    def _tokens_at(self, start: int, end: int) -> tuple[int, int]:
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end)
        if first >= last:
            return (first - 1, first) if first else (0, 1)
        return first, last


def read(raw: str) -> Text:
    """Prepare `raw` for the rules in one pass, linear in its length."""
    clean, places = fold(raw)
    text = Text(raw=raw, clean=clean, places=places)
    _cut(text)
    return text


def _cut(text: Text) -> None:
    """Cut the folded text into tokens, each with the number of its sentence."""
    lowered = _lowered(text.clean)
    if ">" in lowered:
        lowered = _QUOTE.sub(_blank, lowered)
    text.norms, text.kinds, text.starts, text.ends, breaks = tokens_of(lowered)
    _find_sentences(text, breaks)
    bounds = enumerate(text.bounds)
    text.sentences = [number for number, bound in bounds for _ in range(*bound)]


def _find_sentences(text: Text, breaks: Iterable[Break]) -> None:
    """Note the bounds of the sentences, and which of them are quoted."""
    clean, bounds, size = text.clean, text.bounds, len(text.norms)
    first, ended, is_new, quote = 0, False, True, _QUOTE.match(clean)
    for mark in (*breaks, Break(size, len(clean), len(clean), is_line=True)):
        if mark.at > first:
            begin = first if is_new else bounds.pop()[0]
            bounds.append((begin, mark.at))
            if quote:
                text.quoted.add(len(bounds) - 1)
            first, ended, is_new = mark.at, False, False
        if mark.is_line:
            before, quote = quote, _QUOTE.match(clean, mark.end)
            is_new |= ended or (quote is None) != (before is None)
            is_new |= _BLOCK.match(clean, quote.end() if quote else mark.end) is not None
        else:
            ended = True
            is_new |= _ends_sentence(text, mark)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _lowered(clean: str) -> str:
    """In small letters, each in its place."""
    lowered = clean.lower()
    if len(lowered) == len(clean):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in clean)


def _ends_sentence(text: Text, stop: Break) -> bool:
    """A stop ends a sentence before a capital, a digit or the end; not after 'Dr.' or 'vs.'."""
    following = _NEXT_SENTENCE.match(text.clean, stop.end)
    if following is None:
        return False
    at, start, end, _ = stop
    if end - start > 1 or text.clean[start] != "." or not at or text.ends[at - 1] != start:
        return True
    before_number = following.group()[-1:].isdigit()
    return text.norms[at - 1] not in (_SHORT_BEFORE_NUMBER if before_number else _SHORT)
