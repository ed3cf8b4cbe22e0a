"""A folded text cut into words, numbers, marks and links, and where its sentences may end.

No token goes beyond a space, and so a text is cut piece by piece, a few sentences at a time. What
was found in a piece is remembered for a while: who goes on typing sends most of them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, chain, compress
from typing import NamedTuple

from community.guardrails.phrases.latest import Latest

# Read on the folded text in small letters. Words come first because most tokens are words.
_FORMS = (
    r"(?!https?://|www\.)[^\W\d_][^\W_]*+(?:'(?!(?:s|ll|ve|re|d|m)(?![^\W_]))[^\W\d_]++)*+",
    r"(?!10\.\d{4,9}/)[£€$]?\d++(?:[.,]\d++)*+",
    r"[%=<>≤≥±~+/&@,;:§]|[^\w\s\x00-\x7f]",
    r"[.!?]++",
    r"\n",
    r"'(?:s|ll|ve|re|d|m)(?![^\W_])",
    r"(?:https?://|www\.)[^\s<>\"']*[^\s<>\"'.,;:!?)\]]",
    r"10\.\d{4,9}/[^\s<>\"']*[^\s<>\"'.,;:!?)\]]",
)
WORD, NUMBER, MARK, STOP, LINE, ENDING, URL, DOI = range(1, 9)
_BREAKS = frozenset({STOP, LINE})
_TOKEN = re.compile(f"({'|'.join(_FORMS)})")
_KIND = re.compile("|".join(f"({form})" for form in _FORMS))
_SHORTEST_PIECE, _LONGEST_PIECE, _MOST_PIECES = 150, 1_000, 1_000  # in characters: six megabytes
_LONGEST_WORD, _MOST_WORDS = 40, 20_000


class Break(NamedTuple):
    """A stop or the end of a line: behind how many tokens, and from where to where."""

    at: int
    start: int
    end: int
    is_line: bool


class Tokens(NamedTuple):
    """Folded words, their kinds, and where they start and end; and the breaks between them.

    A stop that asks is a token as well, the mark "?".
    """

    norms: list[str]
    kinds: list[int]
    starts: list[int]
    ends: list[int]
    breaks: list[Break]


def tokens_of(lowered: str) -> Tokens:
    """The tokens of a folded text in small letters."""
    pieces = list(_pieces(lowered))
    begins = accumulate(map(len, pieces), initial=0)
    found = [_PIECES[piece] for piece in pieces]
    rows = list(zip(begins, found, strict=False))
    firsts = accumulate((len(cut.norms) for cut in found), initial=0)
    return Tokens(
        list(chain.from_iterable([cut.norms for cut in found])),
        list(chain.from_iterable([cut.kinds for cut in found])),
        [begin + start for begin, cut in rows for start in cut.starts],
        [begin + end for begin, cut in rows for end in cut.ends],
        [
            Break(first + at, begin + start, begin + end, is_line)
            for first, (begin, cut) in zip(firsts, rows, strict=False)
            for at, start, end, is_line in cut.breaks
        ],
    )


def _pieces(lowered: str) -> Iterator[str]:
    """The text in pieces; each but the last ends behind a full stop and a space."""
    begin = 0
    while (stop := lowered.find(". ", begin + _SHORTEST_PIECE)) >= 0:
        yield lowered[begin : stop + 2]
        begin = stop + 2
    yield lowered[begin:]


def forget() -> None:
    """Forget all pieces, as if no text had been read yet."""
    _PIECES.clear()


class _Pieces(Latest[str, Tokens]):
    """The tokens of the pieces seen last, their places counted from the beginning of the piece."""

    def __missing__(self, piece: str) -> Tokens:
        """The tokens of a piece that is not remembered."""
        cut = _cut(piece)
        if len(piece) <= _LONGEST_PIECE:
            self.keep(piece, cut)
        return cut


class _Kinds(dict[str, int]):
    """The kinds of tokens: the letters of one say which it is."""

    def __missing__(self, token: str) -> int:
        """The kind of a token that is not remembered."""
        match = _KIND.fullmatch(token)  # none: a word cut where a figure follows, as "trial's" of 1
        kind = (match and match.lastindex) or WORD
        if len(token) <= _LONGEST_WORD:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[token] = kind
        return kind


_PIECES, _KINDS = _Pieces(_MOST_PIECES), _Kinds()


def _cut(piece: str) -> Tokens:
    """The tokens of a piece, its breaks taken out of them."""
    parts = _TOKEN.split(piece)  # by turns what lies between, and a token
    norms, borders = parts[1::2], list(accumulate(map(len, parts)))
    kinds, starts, ends = list(map(_KINDS.__getitem__, norms)), borders[:-1:2], borders[1::2]
    breaks: list[Break] = []
    gone = 0
    for at in [at for at, kind in enumerate(kinds) if kind in _BREAKS]:
        is_line = kinds[at] == LINE
        if "?" in norms[at]:
            norms[at], kinds[at] = "?", MARK
        else:
            gone += 1
        breaks.append(Break(at + 1 - gone, starts[at], ends[at], is_line))
    kept = [kind not in _BREAKS for kind in kinds]
    return Tokens(
        list(compress(norms, kept)),
        list(compress(kinds, kept)),
        list(compress(starts, kept)),
        list(compress(ends, kept)),
        breaks,
    )
