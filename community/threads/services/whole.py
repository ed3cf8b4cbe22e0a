"""What a text and a title must be before anything else is asked."""

from __future__ import annotations

import unicodedata

from community.kernel.errors import Invalid
from community.kernel.words import N_

_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and a pattern that show nothing

LONGEST_POST = 20_000
LONGEST_TITLE = 200


def whole_text(text: str) -> str:
    """Return a text fit to be sent, or raise Invalid."""
    text = text.strip("\n").rstrip()
    if not has_words(text):
        raise Invalid(N_("There is nothing written yet."), field="text")
    if len(text) > LONGEST_POST:
        raise Invalid(
            N_("That is %(length)s characters; 20,000 are the most. Your text is kept."),
            field="text",
            length=f"{len(text):,}",
        )
    return text


def has_words(text: str) -> bool:
    """Whether there is anything to see: blanks and marks of no width alone say nothing."""
    return any(unicodedata.category(sign)[0] not in "ZC" and sign not in _BLANK for sign in text)


def whole_title(title: str) -> str:
    """Return a title on one line, or raise Invalid."""
    title = " ".join(title.split())
    if not has_words(title):
        raise Invalid(N_("A thread needs a title. A question is best."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(N_("Keep the title under 200 characters."), field="title")
    return title
