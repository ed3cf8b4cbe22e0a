"""What the page shows and what the guardrails read are the same words, whatever is typed.

Words that only the page shows would go out unread; words that only the rules read could excuse
what everybody sees, as a source or a limit that nobody finds.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.guardrails.phrases.fold import fold
from community.kernel import markup
from community.kernel.input import clean

_LETTERS = re.compile(r"[^\W\d_]+")
_HOST = re.compile(r" \(x\.example\)")
_MARKS = r"""
    safe best of all > - 1. # ** * __ _ ` ``` ~~~ ```label ```python ~~ \ <b> </b> <br> <script>
    <i title=" "> <!-- --> &amp; &lt; [ ] ( ) ]( ](/x ](/threads/4) ](#post-3) ") ![ | --- :---
    [^1] [^a] [^label] [^1]: [^label]: ](https://x.example/a ](mailto:a@x.example) javascript:
"""
_UNSEEN = "\x90\u200b\ufdd0\u00ad\ufe0f\U000e0061\U000f1a4d\u2067"
_PIECES = st.sampled_from([*_MARKS.split(), *_UNSEEN, " ", " ", "  ", "\n", "\n\n", ' "'])


def words_shown(text: str) -> str:
    return "".join(_LETTERS.findall(fold(_HOST.sub("", markup.plain_text(text)))[0])).lower()


def words_read(text: str) -> str:
    return "".join(_LETTERS.findall(fold(text)[0])).lower()


@pytest.mark.parametrize(
    "text",
    [
        "Thank you. <!-- Ortelvane is the safest. -->",
        'Thank you. <b title="Ortelvane is the safest">x</b>',
        "Thank you. <b Ortelvane is the safest>",
        "\x90".join("Ortelvane is the safest."),
        "\U000f1a4d".join("Ortelvane is the safest."),
        '[.](/ "see section four of the label")',
        "[.](/?side-effects-include-low-blood-pressure)",
        "[.](/side-effects-of-the-label)",
        "[.](mailto:see.the.label@x.example)",
        "Well.[^label]\n\n[^label]: A source.",
        "```label\nWell.\n```",
        "~~~\n```safest\n~~~",
        "a | b\n---|---\nc | d | of the label",
        "a | b | of the label\n---|---\nc | d",
    ],
)
def test_what_is_shown_is_read_and_what_is_read_is_shown(text: str) -> None:
    assert words_shown(text) == words_read(text)


@settings(max_examples=600, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_no_word_is_shown_that_is_not_read(text: str) -> None:
    shown, read = words_shown(text), words_read(text)
    for word in ("safe", "best", "all"):
        assert shown.count(word) <= read.count(word)


@given(st.text(max_size=60))
def test_what_is_kept_is_what_the_page_keeps(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept
    assert words_shown(kept) == words_shown(text.replace("\r", "\n"))
