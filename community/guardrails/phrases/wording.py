"""Sentences agreed word for word, found again in a text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from community.guardrails.phrases.text import Text, read

Words = tuple[str, ...]


class Wording:
    """The sentences of some agreed texts. One counts as said only whole, each word and number."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        """`texts` as they are written down; case, accents and marks in them do not matter."""
        self._by_opening: dict[str, set[Words]] = {}
        for text in map(read, texts):
            for first, after in text.spans_of_sentences():
                words = tuple(text.norms[first:after])
                self._by_opening.setdefault(words[0], set()).add(words)

    def standing_in(self, text: Text) -> Iterator[tuple[int, int]]:
        """The agreed sentences in `text`: the first token, and the one behind the last."""
        if not self._by_opening:
            return
        norms, known = text.norms, self._by_opening
        for first, after in text.spans_of_sentences():
            if norms[first] in known and tuple(norms[first:after]) in known[norms[first]]:
                yield first, after


@lru_cache(maxsize=256)
def wording_of(*texts: str) -> Wording:
    """The sentences of these texts, read once."""
    return Wording(texts)
