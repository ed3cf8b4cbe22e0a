"""Which phrases of a set are worth a look in a text, by the words they cannot do without."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from community.guardrails.phrases.language import Phrase
from community.guardrails.phrases.lexicon import Lexicon
from community.guardrails.phrases.reading import Reading


class PhraseIndex:
    """The phrases of all rules, each once, by their rarest need, with the rules they belong to."""

    def __init__(self, lexicon: Lexicon, rules: Sequence[Sequence[Phrase]]) -> None:
        """`rules`: the phrases of each rule, in the order of the set, learned by `lexicon`."""
        owners: dict[Phrase, list[int]] = {}
        for number, phrases in enumerate(rules):
            for phrase in dict.fromkeys(phrases):
                owners.setdefault(phrase, []).append(number)
        by_need: dict[int, list[tuple[tuple[int, ...], Phrase, list[int]]]] = {}
        for phrase, numbers in owners.items():
            first, *others = lexicon.needs[id(phrase)]
            by_need.setdefault(first, []).append((tuple(others), phrase, numbers))
        self._by_need = tuple(by_need.items())

    def matches(
        self, reading: Reading, wanted: Container[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Pairs of a wanted rule's number and the matches, in tokens, of one of its phrases."""
        for phrase, owners in self._worth_a_look(reading.where):
            numbers = [number for number in owners if number in wanted]
            found = reading.find(phrase) if numbers else ()
            if found:
                for number in numbers:
                    yield number, found

    def _worth_a_look(self, where: Sequence[int]) -> Iterator[tuple[Phrase, list[int]]]:
        """The phrases all of whose needs one sentence meets; `where` holds sentences as bits."""
        for need, entries in self._by_need:
            here = where[need]
            if here:
                for others, phrase, owners in entries:
                    left = here
                    for other in others:
                        left &= where[other]
                    if left:
                        yield phrase, owners
