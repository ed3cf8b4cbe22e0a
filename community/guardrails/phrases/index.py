"""Which phrases of a set are worth a look in a text, by the words they cannot do without.

Every word of a sentence votes for the phrases that need it. A vote is one whole number with a bit
for each phrase, and so all phrases are counted at once: a phrase is worth a look in a sentence
where each of its rarest needs has a vote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

from community.guardrails.phrases.language import Phrase
from community.guardrails.phrases.reading import Reading

_NEEDS = 3  # that are voted on; of the few phrases with more, the search finds out the rest
_MOST_REMEMBERED = 4_000


class Votes(dict[frozenset[str], int]):
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


class PhraseIndex:
    """The phrases of all rules, each once, with the rules they belong to."""

    def __init__(self, rules: Iterable[Sequence[Phrase]]) -> None:
        """`rules`: the phrases of each rule, in the order of the set."""
        owners: dict[Phrase, list[int]] = {}
        for number, phrases in enumerate(rules):
            for phrase in dict.fromkeys(phrases):
                owners.setdefault(phrase, []).append(number)
        self._owners = list(owners.items())
        self._all = (1 << len(owners)) - 1
        self._granted = 0  # where a phrase has fewer needs than are voted on
        bits: defaultdict[str, list[int]] = defaultdict(list)
        for place, phrase in enumerate(owners):
            for row in range(_NEEDS):  # a row of bits for the first need of each, and so on
                bit = row * len(owners) + place
                if row >= len(phrase.needs):
                    self._granted |= 1 << bit
                    continue
                for key in phrase.needs[row]:
                    bits[key].append(bit)
        self._votes = Votes(dict(bits))

    def matches(
        self, reading: Reading, wanted: Container[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Pairs of a wanted rule's number and the matches, in tokens, of one of its phrases."""
        for place, sentences in self._worth_a_look(reading).items():
            phrase, owners = self._owners[place]
            numbers = [number for number in owners if number in wanted]
            found = reading.find(phrase, sentences) if numbers else ()
            if found:
                for number in numbers:
                    yield number, found

    def _worth_a_look(self, reading: Reading) -> dict[int, int]:
        """The places of phrases, each with the sentences, as bits, that may hold it."""
        size, found = len(self._owners), dict[int, int]()
        for sentence, votes in self._count(reading).items():
            voted = votes | self._granted
            left = voted & voted >> size & voted >> 2 * size & self._all
            while left:
                place = left.bit_length() - 1
                left ^= 1 << place
                found[place] = found.get(place, 0) | 1 << sentence
        return found

    def _count(self, reading: Reading) -> dict[int, int]:
        """The votes of each sentence, by its number."""
        found: defaultdict[int, int] = defaultdict(int)
        sentences, votes = reading.text.sentences, self._votes
        for sentence, keys in zip(sentences, reading.keys, strict=True):
            if keys:
                found[sentence] |= votes[keys]
        for ref, spans in reading.lists():
            vote = votes[frozenset({ref})]
            for at in spans if vote else ():
                found[sentences[at]] |= vote
        return found
