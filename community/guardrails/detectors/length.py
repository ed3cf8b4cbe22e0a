"""Texts longer than a set number of words."""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.phrases.text import WORD


def find(look: Look) -> Iterator[Hit]:
    """One hit on the whole text when its own words, quoted lines aside, are more than `words`."""
    text = look.text
    if len(text.kinds) <= look.options["words"]:
        return
    spans = text.spans_of_sentences()
    quoted = sum(text.kinds[slice(*spans[at])].count(WORD) for at in text.quoted)
    words = text.kinds.count(WORD) - quoted
    if words > look.options["words"]:
        yield Hit(what=f"{words} words", whole=True)


DETECTOR = Detector(find, {"words": int})
