"""Rows of exclamation marks, and rows of words in capitals that are no abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look

_MARKS = re.compile(r"!(?:[ \t]?[!?])+")
_CAPITALS = re.compile(r"[A-Z]{2,}(?:[ ,]++[A-Z]{2,}+){2,}+")
# Three abbreviations in a row are a list ("ECG, CRP, BNP"); three words of a sentence are a shout.
_SPOKEN = re.compile(
    r"\b(?:A|ALL|AND|ARE|AT|BE|EVERYONE|FOR|HAS|HAVE|IN|IS|IT|MUST|NOT|NOW|OF|ON|PLEASE|READ|SEE|THE"
    r"|THIS|THAT|TO|TODAY|WE|WHAT|WHY|WILL|WITH|YOU|YOUR)\b"
)


def find(look: Look) -> Iterator[Hit]:
    """A hit for each row of marks, and for each row of capitals with an everyday word in it."""
    for match in _MARKS.finditer(look.text.clean):
        yield Hit(match.start(), match.end(), "a row of exclamation marks", instead="!")
    for match in _CAPITALS.finditer(look.text.clean):
        if _SPOKEN.search(match.group()):
            yield Hit(match.start(), match.end(), "words in capitals")


DETECTOR = Detector(find, {})
