"""Sort out the phrases that cannot match, all places of a text at once.

The places that a match may have reached are the bits of one number: a word moves those on which it
stands by one, a gap spreads them (the shift-and method, Baeza-Yates and Gonnet 1992). It costs a
few machine words an element where the exact search costs a step a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from community.guardrails.phrases.language import Element, Phrase

Spans = Callable[[str], Mapping[int, tuple[int, ...]]]


class Sieve:
    """The bits of one text: for each word where it stands, and where sentences begin."""

    def __init__(
        self, places: Mapping[str, Sequence[int]], sentences: Sequence[int], spans: Spans
    ) -> None:
        """`places`: key to token numbers; `spans`: start to ends of the matches of a list."""
        self._places = places
        self._spans = spans
        self._bytes = len(sentences) // 8 + 1
        self._all = (1 << len(sentences)) - 1
        first = [at for at in range(1, len(sentences)) if sentences[at] != sentences[at - 1]]
        self._inside = self._all & ~self._mask(first) & ~1
        self._masks: dict[frozenset[str], int] = {}
        self._lists: dict[str, list[tuple[int, int]]] = {}
        self._gaps: tuple[int, int, int] | None = None

    def ends(self, phrase: Phrase) -> Iterator[int]:
        """Token numbers just behind which a match may end; none means that there is no match."""
        reached, opening = self._all, True
        for element in phrase.elements:
            standing = reached if opening else reached & self._inside
            moved = self._gap(standing) if element.gap else self._step(element, standing)
            if element.optional:
                reached |= moved
            else:
                reached, opening = moved, False
            if not reached:
                return iter(())
        return _bits(reached)

    def _step(self, element: Element, standing: int) -> int:
        hit = self._masks.get(element.keys)
        if hit is None:
            keys = element.keys & self._places.keys()
            hit = self._mask([at for key in keys for at in self._places[key]])
            self._masks[element.keys] = hit
        moved = (standing & hit) << 1
        if element.ref:
            for length, starts in self._list(element.ref):
                moved |= (standing & starts) << length
        for path in element.paths:
            moved |= self._walk(path, standing)
        return moved

    def _walk(self, path: tuple[Element, ...], standing: int) -> int:
        for number, part in enumerate(path):
            inside = standing & self._inside if number else standing
            standing = self._step(part, inside)
            if not standing:
                break
        return standing

    def _gap(self, standing: int) -> int:
        """Up to twelve tokens on, twice the words of a gap; never into the next sentence."""
        if self._gaps is None:
            one = self._inside
            two = one & one >> 1
            four = two & two >> 2
            self._gaps = two, four, four & one >> 4
        two, four, five = self._gaps
        moved = standing | standing << 1
        moved |= (moved & two) << 2
        moved |= (moved & four) << 4
        return moved | (moved & five) << 5

    def _mask(self, places: Sequence[int]) -> int:
        bits = bytearray(self._bytes)
        for at in places:
            bits[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(bits, "little")

    def _list(self, ref: str) -> list[tuple[int, int]]:
        known = self._lists.get(ref)
        if known is None:
            starts: dict[int, list[int]] = {}
            for start, ends in self._spans(ref).items():
                for end in ends:
                    starts.setdefault(end - start, []).append(start)
            known = [(length, self._mask(places)) for length, places in starts.items()]
            self._lists[ref] = known
        return known


def _bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    for place, byte in enumerate(mask.to_bytes(mask.bit_length() // 8 + 1, "little")):
        rest = byte
        while rest:
            lowest = rest & -rest
            yield place * 8 + lowest.bit_length() - 1
            rest ^= lowest
