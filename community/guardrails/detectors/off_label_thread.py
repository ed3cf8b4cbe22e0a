"""More than the pointer in a thread that is marked off-label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.phrases.text import read

MARK = "off_label"
POINTER = "off_label_pointer"
_FEWEST_WORDS = 4  # "Good question." is no answer
_HARMLESS = re.compile(
    r"\bmedical information\b|\b(?:can't|cannot|can not|not able to|unable to|won't) (?:\w+ ){0,2}"
    r"(?:go|talk|discuss|comment|answer|say|speak|share|pick|help)"
    r"|\bnot (?:\w+ )?(?:approved|licensed)|^(?:many |kind )?(?:thanks|thank you|welcome|hello"
    r"|dear|hi|good (?:morning|afternoon|evening)|best wishes|kind regards)\b[^\d%]{0,90}$"
    r"|\bi (?:have|'ve|will|'ll) (?:passed|pass|sent|send|forward|forwarded) (?:it|this|your)"
    r"|\b(?:get|be|come) back to you\b|\bside effects?\b.*\breport",
    re.IGNORECASE,
)
_RESULT = re.compile(r"\d|\bstud(?:y|ies)\b|\btrials?\b|\bexperience\b|\bworks?\b|\bdata\b")


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that is neither pointer nor courtesy, in a marked thread."""
    if MARK not in look.context.marks:
        return
    pointer = read(look.guardrail_set.texts.get(POINTER, "")).words_of_sentences().values()
    agreed = set(pointer)
    text = look.text
    for number, words in text.words_of_sentences().items():
        at = [n for n, sentence in enumerate(text.sentences) if sentence == number]
        start, end = text.starts[at[0]], text.ends[at[-1]]
        if words in agreed or len(words.split()) < _FEWEST_WORDS:
            continue
        typed = text.clean[start:end]
        if not _HARMLESS.search(typed) or (_RESULT.search(typed) and not _points(typed)):
            yield Hit(start, end, "more than the pointer")


def _points(typed: str) -> bool:
    return bool(re.search(r"\bmedical information\b|\bcan't\b|\bcannot\b", typed, re.IGNORECASE))


DETECTOR = Detector(find, {})
