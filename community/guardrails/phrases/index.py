"""Which phrases of a set stand in a sentence, and to which rules they belong."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from community.guardrails.phrases.ballot import Ballot
from community.guardrails.phrases.language import Phrase
from community.guardrails.phrases.passage import Match, Passage
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
        self, passage: Passage, wanted: Container[int]
    ) -> Iterator[tuple[int, list[Match]]]:
        """Pairs of a wanted rule's number and the matches of one of its phrases in a sentence."""
        for place in self._worth_a_look(passage):
            phrase, owners = self._owners[place]
            numbers = [number for number in owners if number in wanted]
            found = passage.find(phrase) if numbers else ()
            if found:
                for number in numbers:
                    yield number, found

    def _worth_a_look(self, passage: Passage) -> list[int]:
        """The places of the phrases that a sentence may hold."""
        votes = self._ballot.count({*passage.keys, *map(frozenset, zip(passage.lists))})
        return places(self._ballot.worth_a_look(votes))
