"""Which phrases of a set stand in a text, and to which rules they belong."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from community.guardrails.phrases.ballot import Ballot
from community.guardrails.phrases.language import Phrase
from community.guardrails.phrases.passage import Passage
from community.guardrails.phrases.reading import Reading
from community.guardrails.phrases.sieve import places


class PhraseIndex:
    """The phrases of all rules, each once, with the rules they belong to."""

    def __init__(self, rules: Iterable[Sequence[Phrase]]) -> None:
        """`rules`: the phrases of each rule, in the order of the set."""
        owners: dict[Phrase, list[int]] = {}
        for number, phrases in enumerate(rules):
            for phrase in dict.fromkeys(phrases):
                owners.setdefault(phrase, []).append(number)
        self._owners = list(owners.items())
        self._ballot = Ballot([phrase.needs for phrase in owners])

    def matches(
        self, reading: Reading, wanted: Container[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Pairs of a wanted rule's number and the matches, in tokens, of one of its phrases."""
        for row in reading.rows:
            offset = row.first
            for place in self._worth_a_look(row.passage):
                phrase, owners = self._owners[place]
                numbers = [number for number in owners if number in wanted]
                found = row.passage.find(phrase) if numbers else ()
                if found:
                    matches = [(offset + first, offset + after) for first, after in found]
                    for number in numbers:
                        yield number, matches

    def _worth_a_look(self, passage: Passage) -> list[int]:
        """The places of the phrases that a sentence may hold; counted once for a sentence."""
        known = passage.memo.get(self)
        if not isinstance(known, list):
            votes = self._ballot.count({*passage.keys, *map(frozenset, zip(passage.lists))})
            known = passage.memo[self] = places(self._ballot.worth_a_look(votes))
        return known
