"""Which phrases of a set are worth a look in a text, by the words they cannot do without."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from community.guardrails.phrases.language import Phrase
from community.guardrails.phrases.reading import Reading


class PhraseIndex:
    """The phrases of all rules, each once, with the numbers of the rules they belong to."""

    def __init__(self, rules: Sequence[Sequence[Phrase]]) -> None:
        """`rules`: the phrases of each rule, in the order of the set."""
        owners: dict[Phrase, list[int]] = {}
        for number, phrases in enumerate(rules):
            for phrase in dict.fromkeys(phrases):
                owners.setdefault(phrase, []).append(number)
        self._entries = tuple(owners.items())
        by_key: dict[str, set[int]] = {}
        for place, phrase in enumerate(owners):
            for key in phrase.anchor:
                by_key.setdefault(key, set()).add(place)
        self._by_key = by_key
        self._by_list = [key for key in by_key if key[0] == "{"]

    def matches(
        self, reading: Reading, wanted: Container[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Pairs of a wanted rule's number and the matches, in tokens, of one of its phrases."""
        by_key = self._by_key
        present = reading.present & by_key.keys()
        present.update(key for key in self._by_list if key not in present and reading.has(key))
        worth_a_look: set[int] = set().union(*(by_key[key] for key in present))
        for place in worth_a_look:
            phrase, owners = self._entries[place]
            if reading.possible(phrase):
                numbers = [number for number in owners if number in wanted]
                found = reading.find(phrase) if numbers else ()
                if found:
                    for number in numbers:
                        yield number, found
