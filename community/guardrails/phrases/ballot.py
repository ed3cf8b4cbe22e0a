"""Which of many phrases a sentence may hold, by the words they cannot do without.

Every word of a sentence votes for the phrases that need it. A vote is one whole number with a bit
for each phrase, and so all phrases are counted at once: a phrase is worth a look in a sentence
where each of its rarest needs has a vote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

_NEEDS = 3  # that are voted on; of the few phrases with more, the search finds out the rest
_MOST_REMEMBERED = 4_000


class _Votes(dict[frozenset[str], int]):
    """The votes of each word seen so far, by the keys it carries."""

    def __init__(self, bits: Mapping[str, Sequence[int]]) -> None:
        """`bits`: for each key the bits that it sets."""
        super().__init__()
        self._bits = bits

    def __missing__(self, keys: frozenset[str]) -> int:
        """The votes of a word seen for the first time."""
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        bits = (1 << bit for key in keys for bit in self._bits.get(key, ()))
        self[keys] = votes = reduce(or_, bits, 0)
        return votes


class Ballot:
    """The votes for some phrases; sets of phrases are bits by their place among them."""

    def __init__(self, needs: Sequence[Sequence[frozenset[str]]]) -> None:
        """`needs` of each phrase: sets of keys of which a sentence must hold one, rarest first."""
        self._size = size = len(needs)
        self._all = (1 << size) - 1
        self._granted = 0  # where a phrase has fewer needs than are voted on
        bits: defaultdict[str, list[int]] = defaultdict(list)
        for place, of_phrase in enumerate(needs):
            for row in range(_NEEDS):  # a row of bits for the first need of each, and so on
                bit = row * size + place
                if row < len(of_phrase):
                    for key in of_phrase[row]:
                        bits[key].append(bit)
                else:
                    self._granted |= 1 << bit
        self._votes = _Votes(dict(bits))

    def count(self, words: Iterable[frozenset[str]]) -> int:
        """The votes of these words, each given by the keys that it carries."""
        return reduce(or_, map(self._votes.__getitem__, words), 0)

    def worth_a_look(self, votes: int) -> int:
        """The phrases of which each need that is voted on has a vote."""
        size, votes = self._size, votes | self._granted
        return votes & votes >> size & votes >> 2 * size & self._all
