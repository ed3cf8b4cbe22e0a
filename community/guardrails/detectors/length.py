"""Texts longer than a set number of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from community.guardrails.detectors.hit import Detector, Hit
from community.guardrails.text import WORD, Text

if TYPE_CHECKING:
    from community.guardrails.engine import Context, GuardrailSet


def find(
    text: Text, context: Context, guardrail_set: GuardrailSet, options: Mapping[str, Any]
) -> Iterator[Hit]:
    """One hit on the whole text when its own words, quoted lines aside, are more than `words`."""
    rows = zip(text.kinds, text.sentences, strict=True)
    words = sum(kind == WORD and sentence not in text.quoted for kind, sentence in rows)
    if words > options["words"]:
        yield Hit(what=f"{words} words", whole=True)


DETECTOR = Detector(find, {"words": int})
