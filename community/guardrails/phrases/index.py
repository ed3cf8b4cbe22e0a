"""Which phrases of a set are worth a look in a text, by the words they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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

    def matches(self, reading: Reading) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Pairs of a rule's number and the matches, in tokens, of one of its phrases."""
        present = reading.present & self._by_key.keys()
        worth_a_look: set[int] = set().union(*(self._by_key[key] for key in present))
        for place in worth_a_look:
            phrase, owners = self._entries[place]
            found = reading.find(phrase)
            if found:
                for number in owners:
                    yield number, found
