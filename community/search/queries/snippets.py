"""A few words of a text around the first that was found, in pieces that a page can mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from community.search.queries.engine import HIT_BEGINS, HIT_ENDS
from community.search.words import folded, pieces, words_in

LENGTH = 200
BEFORE = 60  # characters of the text that stand before what was found

_HIT = re.compile(f"{HIT_BEGINS}([^{HIT_ENDS}]*){HIT_ENDS}")


class Piece(NamedTuple):
    """A run of plain text; `is_hit` where it was searched for."""

    text: str
    is_hit: bool


def hits_in(marked: str) -> frozenset[str]:
    """Return the words that the database has marked, folded."""
    return frozenset(folded(word) for run in _HIT.findall(marked) for word in words_in(run))


def marked(text: str, hits: frozenset[str]) -> tuple[Piece, ...]:
    """Return a whole text in pieces."""
    return tuple(_joined(Piece(part, word in hits) for part, word in pieces(text)))


def snippet(text: str, hits: frozenset[str]) -> tuple[Piece, ...]:
    """Return about `LENGTH` characters of a text around the first hit, or from its beginning."""
    line = " ".join(text.split())
    first = _first_hit(line, hits)
    start = max(0, min(first - BEFORE, len(line) - LENGTH))
    start = _after_blank(line, start, first) if start else 0
    end = len(line) if len(line) - start <= LENGTH else _before_blank(line, start + LENGTH)
    found = list(marked(line[start:end], hits))
    if start:
        found.insert(0, Piece("… ", is_hit=False))
    if end < len(line):
        found.append(Piece(" …", is_hit=False))
    return tuple(_joined(found))


def _first_hit(line: str, hits: frozenset[str]) -> int:
    at = 0
    for part, word in pieces(line):
        if word in hits:
            return at
        at += len(part)
    return 0


def _after_blank(line: str, start: int, first: int) -> int:
    blank = line.find(" ", start, first)
    return blank + 1 if blank >= 0 else start


def _before_blank(line: str, end: int) -> int:
    blank = line.rfind(" ", end - 40, end + 1)
    return blank if blank > 0 else end


def _joined(found: Iterable[Piece]) -> list[Piece]:
    """Put neighbours of a kind together; hits stay apart from each other."""
    joined: list[Piece] = []
    for piece in found:
        if joined and not piece.is_hit and not joined[-1].is_hit:
            joined[-1] = Piece(joined[-1].text + piece.text, is_hit=False)
        else:
            joined.append(piece)
    return joined
