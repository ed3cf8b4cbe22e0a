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
    rows = zip(text.kinds, text.sentences, strict=True)
    words = sum(kind == WORD and sentence not in text.quoted for kind, sentence in rows)
    if words > look.options["words"]:
        yield Hit(what=f"{words} words", whole=True)


DETECTOR = Detector(find, {"words": int})
