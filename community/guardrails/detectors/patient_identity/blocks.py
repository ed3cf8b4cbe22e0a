"""A text in blocks between empty lines: what was found in one is remembered for a while.

Who goes on typing sends most blocks again. No identifier goes beyond an empty line; what stands
before one may still say whose it is, so a block is read behind the end of the one before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import NamedTuple

from community.guardrails.detectors.hit import Hit
from community.guardrails.phrases import Latest
from community.guardrails.phrases.text import Text

Found = list[tuple[str, Hit]]
_BETWEEN = "\n\n"
_SHORTEST, _LONGEST_REMEMBERED = 400, 2_000  # characters
_BEFORE = 100  # as far back as any pattern looks
_MOST_REMEMBERED = 500
_known: Latest[object, Found] = Latest(_MOST_REMEMBERED)


class _Block(NamedTuple):
    """Part of a folded text: `begin` to `end`, read from `first` to `last`."""

    first: int
    begin: int
    end: int
    last: int


def found_in(text: Text, asked: object, find: Callable[[Text], Found]) -> Found:
    """What `find` finds in the blocks of a text; `asked` is all that it asks besides the text."""
    blocks = list(_blocks(text.clean))
    if len(blocks) == 1:
        return find(text)
    return [
        (kind, Hit(hit.start + block.first, hit.end + block.first, hit.what, hit.instead))
        for block in blocks
        for kind, hit in _found_in(text, block, asked, find)
    ]


def forget() -> None:
    """Forget all blocks, as if no text had been read yet."""
    _known.clear()


def _found_in(text: Text, block: _Block, asked: object, find: Callable[[Text], Found]) -> Found:
    """What stands in one block, in places counted from where it is read."""
    part = text.clean[block.first : block.last]
    key = part, block.begin - block.first, asked
    known = _known.get(key)
    if known is None:
        own = range(block.begin - block.first, block.end - block.first)
        known = [(kind, hit) for kind, hit in find(_part(text, block)) if hit.start in own]
        if len(part) <= _LONGEST_REMEMBERED:
            _known.keep(key, known)
    return known


def _blocks(clean: str) -> Iterator[_Block]:
    begin, size = 0, len(clean)
    while begin < size:
        between = clean.find(_BETWEEN, begin + _SHORTEST)
        end = size if between < 0 else between + len(_BETWEEN)
        yield _Block(max(0, begin - _BEFORE), begin, end, min(size, end + 1))
        begin = end


def _part(text: Text, block: _Block) -> Text:
    """The words of a block as a text of its own."""
    first, last = block.first, block.last
    clean = text.clean[first:last]
    tokens = slice(bisect_left(text.starts, first), bisect_left(text.starts, last))
    return Text(
        raw=clean,
        clean=clean,
        norms=text.norms[tokens],
        kinds=text.kinds[tokens],
        starts=[start - first for start in text.starts[tokens]],
        ends=[end - first for end in text.ends[tokens]],
    )
