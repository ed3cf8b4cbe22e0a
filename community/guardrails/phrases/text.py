"""A draft made ready for the rules: folded, cut into sentences, mapped back to what was typed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from community.guardrails.phrases.fold import fold

# Read on the folded text in small letters. Words come first because most tokens are words.
_TOKEN = re.compile(
    r"""((?!https?://|www\.)[^\W\d_][^\W_]*+(?:'(?!(?:s|ll|ve|re|d|m)(?![^\W_]))[^\W\d_]++)*+)
    |((?!10\.\d{4,9}/)[£€$]?\d++(?:[.,]\d++)*+)
    |([%=<>≤≥±~+/&@,;:§]|[^\w\s\x00-\x7f])
    |([.!?]++)
    |(\n)
    |('(?:s|ll|ve|re|d|m)(?![^\W_]))
    |((?:https?://|www\.)[^\s<>"']*[^\s<>"'.,;:!?)\]])
    |(10\.\d{4,9}/[^\s<>"']*[^\s<>"'.,;:!?)\]])""",
    re.VERBOSE,
)
WORD, NUMBER, MARK, STOP, LINE, ENDING, URL, DOI = range(1, 9)
_SPOKEN = frozenset({WORD, NUMBER, ENDING, URL, DOI})
_BLOCK = re.compile(r"[ \t]*+(?:\n|$|>|[-*+•][ \t]|\d{1,3}[.)][ \t]|\#{1,6}[ \t]|\||```|~~~)")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>)+", re.MULTILINE)
_NEXT_SENTENCE = re.compile(r"[\"')\]}]*+(?:\s++[\"'({]*+[A-Z0-9\u0370-\uffff]|\s*+\Z)")
_SHORT = frozenset("dr mr mrs ms prof st vs al eg ie approx ca cf dept bzw usw resp e i g".split())
_SHORT_BEFORE_NUMBER = frozenset("fig no nr ref refs vol pp p art para".split())


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
    _bounds: list[tuple[int, int]] | None = None
    _words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """All folded words, numbers and marks of the text: what may be worth a look."""
        if self._words is None:
            self._words = frozenset(self.norms)
        return self._words

    def spans_of_sentences(self) -> list[tuple[int, int]]:
        """Sentence by sentence its first token and the one behind it."""
        if self._bounds is None:
            sentences = self.sentences
            pairs = enumerate(pairwise(sentences), 1)
            cuts = [at for at, (one, two) in pairs if one != two]
            ends = [*cuts, len(sentences)] if sentences else []
            self._bounds = list(zip([0, *cuts], ends, strict=False))
        return self._bounds

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
    clean = text.clean
    add_norm, add_kind, add_start = text.norms.append, text.kinds.append, text.starts.append
    add_end, add_sentence = text.ends.append, text.sentences.append
    sentence, ended = 0, False
    quote = _QUOTE.match(clean)
    resume = quote.end() if quote else 0
    for match in _TOKEN.finditer(_lowered(clean)):
        start, end = match.span()
        kind = match.lastindex or 0
        if start < resume:
            continue
        if kind == LINE:
            before, quote = quote, _QUOTE.match(clean, end)
            resume = quote.end() if quote else end
            new_block = (quote is None) != (before is None) or _BLOCK.match(clean, resume)
            sentence += bool(new_block or ended)
            continue
        ended = kind == STOP
        if not ended or "?" in match.group():
            add_norm("?" if ended else match.group())
            add_kind(MARK if ended else kind)
            add_start(start)
            add_end(end)
            add_sentence(sentence)
            if quote:
                text.quoted.add(sentence)
        if ended:
            sentence += _ends_sentence(clean, start, end, text)


def _lowered(clean: str) -> str:
    """In small letters, each in its place."""
    lowered = clean.lower()
    if len(lowered) == len(clean):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in clean)


def _ends_sentence(clean: str, start: int, end: int, text: Text) -> bool:
    """A stop ends a sentence before a capital, a digit or the end; not after 'Dr.' or 'vs.'."""
    following = _NEXT_SENTENCE.match(clean, end)
    if following is None:
        return False
    if end - start > 1 or clean[start] != "." or not text.norms or text.ends[-1] != start:
        return True
    before_number = following.group()[-1:].isdigit()
    return text.norms[-1] not in (_SHORT | _SHORT_BEFORE_NUMBER if before_number else _SHORT)
