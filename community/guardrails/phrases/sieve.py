"""Sort out the phrases that cannot match, all places of a sentence at once.

The places that a match may have reached are the bits of one number: a word moves those on which it
stands by one, a gap spreads them (the shift-and method, Baeza-Yates and Gonnet 1992). It costs a
few machine words an element where the exact search costs a step a place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from community.guardrails.phrases.language import Element, Phrase


class Sentence(Protocol):
    """What is asked of a sentence: where its keys stand, as bits, which it has, and its lists."""

    @property
    def here(self) -> Mapping[str, int]:
        """For each key the tokens that carry it, as bits."""

    @property
    def held(self) -> AbstractSet[str]:
        """The keys of `here`."""

    @property
    def lists(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """For each list its matches, start to ends."""


_SHORT = 256  # tokens; up to here a number with a bit for each is as good as a row of bytes
_FEW = 64  # bits that are sooner picked one by one


def bits_of(keys: Sequence[Collection[str]]) -> dict[str, int]:
    """For each key of a sentence the tokens that carry it, as bits."""
    if len(keys) > _SHORT:
        return _bits_of_many(keys)
    found: dict[str, int] = {}
    bit = 1
    for of_token in keys:
        for key in of_token:
            found[key] = found[key] | bit if key in found else bit
        bit <<= 1
    return found


def _bits_of_many(keys: Sequence[Collection[str]]) -> dict[str, int]:
    where: dict[str, list[int]] = {}
    for at, of_token in enumerate(keys):
        for key in of_token:
            where.setdefault(key, []).append(at)
    return {key: mask(tokens, len(keys)) for key, tokens in where.items()}


def mask(tokens: Iterable[int], size: int) -> int:
    """These tokens of a sentence of that size as bits."""
    row = bytearray(size // 8 + 1)
    for at in tokens:
        row[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(row, "little")


def places(bits: int) -> list[int]:
    """The numbers of the bits that are set, lowest first."""
    if bits.bit_count() <= _FEW:
        found = []
        while bits:
            lowest = bits & -bits
            found.append(lowest.bit_length() - 1)
            bits ^= lowest
        return found
    row = enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little"))
    return [at * 8 + place for at, byte in row if byte for place in places(byte)]


def ends(phrase: Phrase, sentence: Sentence, size: int) -> int:
    """Where matches of a phrase may end, as bits of the tokens behind; 0 means there is none."""
    inside = reached = (2 << size) - 1
    for element in phrase.elements:
        if element.gap:
            reached = _beyond_gap(reached) & inside
        elif element.plain:
            reached = (reached & _carrying(element, sentence)) << 1
        else:
            moved = _step(element, reached, sentence)
            reached = reached | moved if element.optional else moved
        if not reached:
            break
    return reached


def _carrying(element: Element, sentence: Sentence) -> int:
    """The tokens that carry one of the keys of an element."""
    here = sentence.here
    if element.key:
        return here.get(element.key, 0)
    found = 0
    for key in element.keys & sentence.held:
        found |= here[key]
    return found


def _step(element: Element, standing: int, sentence: Sentence) -> int:
    here, lists = sentence.here, sentence.lists
    moved = (standing & _carrying(element, sentence)) << 1 if element.keys else 0
    if element.ref in lists:
        moved |= _through(lists[element.ref], standing & here[element.ref])
    if element.paths and not element.path_openers.isdisjoint(sentence.held):
        for path in element.paths:
            there = standing
            for part in path:
                if part.plain:
                    there = (there & _carrying(part, sentence)) << 1
                else:
                    there = _step(part, there, sentence)
                if not there:
                    break
            moved |= there
    return moved


def _through(spans: Mapping[int, tuple[int, ...]], standing: int) -> int:
    """Behind the matches of a list that begin where one stands."""
    moved = 0
    for start in places(standing):
        for end in spans[start]:
            moved |= 1 << end
    return moved


def _beyond_gap(standing: int) -> int:
    """Up to twelve tokens on, twice the words of a gap."""
    moved = standing | standing << 1
    moved |= moved << 2
    moved |= moved << 4
    return moved | moved << 5
