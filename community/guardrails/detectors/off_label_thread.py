"""More than the pointer in a thread that is marked off-label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look

MARK = "off_label"
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
_POINTS = re.compile(r"\bmedical information\b|\bcan't\b|\bcannot\b", re.IGNORECASE)
_RESULT = re.compile(r"\d|\bstud(?:y|ies)\b|\btrials?\b|\bexperience\b|\bworks?\b|\bdata\b")


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that is no courtesy, in a marked thread.

    The pointer itself stands among the fixed texts of the set, which the engine spares.
    """
    if MARK not in look.context.marks:
        return
    text = look.text
    words = text.words_of_sentences()
    for first, after in text.spans_of_sentences():
        if len(words[text.sentences[first]].split()) < _FEWEST_WORDS:
            continue
        start, end = text.starts[first], text.ends[after - 1]
        typed = text.clean[start:end]
        if not _HARMLESS.search(typed) or (_RESULT.search(typed) and not _points(typed)):
            yield Hit(start, end, "more than the pointer")


def _points(typed: str) -> bool:
    return bool(_POINTS.search(typed))


DETECTOR = Detector(find, {})
