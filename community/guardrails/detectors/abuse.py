"""Insults, threats and hate, by a small trained model: `weights/abuse.md` says what it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.linear import LinearModel, load
from community.guardrails.detectors.pieces import pieces, words_of
from community.guardrails.phrases.text import Text

# What a patient said, told by a colleague, is not the colleague's word.
_TOLD = re.compile(
    r"(?:said|says|called|calls|shout(?:ed|s)|yell(?:ed|s)|scream(?:ed|s)|wrote|quoted?|told)\b"
    r"[^\"\n]{0,60}(\"[^\"\n]{1,200}\")",
    re.IGNORECASE,
)


def find(look: Look) -> Iterator[Hit]:
    """A hit for each piece of the text that reads as abuse, at the words that say so."""
    model = load("abuse")
    text = look.text
    told = [match.span(1) for match in _TOLD.finditer(text.clean)] if '"' in text.clean else []
    for piece in pieces(text):
        words = words_of(text, piece)
        if told:
            words = {word: at for word, at in words.items() if not _inside(text, at, told)}
        if model.score_words(words) >= model.threshold:
            yield _hit(text, words, model)


def _inside(text: Text, at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= text.starts[at] < end for start, end in spans)


def _hit(text: Text, words: dict[str, int], model: LinearModel) -> Hit:
    """From the first to the last of the words that speak loudest, in the sentence of the first."""
    loud = sorted(words, key=lambda word: (-model.word_weight(word), words[word]))[:1]
    sentence = text.sentences[words[loud[0]]]
    beside = [
        at for word, at in words.items()
        if text.sentences[at] == sentence and model.word_weight(word) > 0
    ]  # fmt: skip
    first, last = min([words[loud[0]], *beside]), max([words[loud[0]], *beside])
    return Hit(text.starts[first], text.ends[last], "words that read as an attack on someone")


DETECTOR = Detector(find, {})
