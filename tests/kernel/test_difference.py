"""What a reader is shown when a text has changed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kernel.difference import DifferenceBlock, difference, only_changes

OLD = """
## Pauses

A moderator can pause you for up to 14 days. You can read the reason.

## Leaving

- You can leave at any time.
- You need not say why.
"""


def _marked(block: DifferenceBlock) -> str:
    frames = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(frames[run.kind].format(run.text) for run in block.runs)


def _shown(older: str, newer: str) -> list[str]:
    return [_marked(block) for block in difference(older, newer) if block.kind != "same"]


def test_a_changed_word_is_marked_inside_its_sentence() -> None:
    newer = OLD.replace("14 days", "seven days")
    assert _shown(OLD, newer) == ["A moderator can pause you for up to [-14-][+seven+] days."]


def test_a_new_sentence_is_added_and_a_dropped_one_removed() -> None:
    newer = OLD.replace("You can read the reason.", "Two people must agree on it.")
    found = [block for block in difference(OLD, newer) if block.kind != "same"]
    assert [(block.kind, _marked(block)) for block in found] == [
        ("removed", "[-You can read the reason.-]"),
        ("added", "[+Two people must agree on it.+]"),
    ]


@pytest.mark.parametrize(
    "newer",
    [
        OLD.replace("14 days", "**14 days**"),
        OLD.replace(" You can read", "\n\nYou can read"),
        OLD.replace("pause you", "pause\nyou"),
        OLD.replace("- You", "1. You"),
        OLD.replace("## Leaving", "### Leaving"),
    ],
)
def test_formatting_alone_makes_no_difference(newer: str) -> None:
    assert {block.kind for block in difference(OLD, newer)} == {"same"}


def test_another_address_behind_the_same_words_is_a_difference() -> None:
    older = "Read [the label](https://example.org/2025) first."
    assert _shown(older, older.replace("2025", "2026")) == [
        "Read the label (https://example.org/[-2025-][+2026+]) first."
    ]


def test_a_changed_phrase_stays_in_one_piece() -> None:
    older = "You may be paid a fee, a grant or shares for this work of yours."
    newer = "You may be paid one small stake for this work of yours."
    assert _shown(older, newer) == [
        "You may be paid [-a fee, a grant or shares-][+one small stake+] for this work of yours."
    ]


def test_the_short_view_keeps_the_heading_above_a_change() -> None:
    newer = OLD.replace("You need not say why.", "You need not say why to anyone.")
    short = only_changes(difference(OLD, newer))
    assert [_marked(block) for block in short] == [
        "Leaving",
        "You need not say why[+ to anyone+].",
    ]


def test_the_short_view_of_two_equal_texts_is_empty() -> None:
    assert only_changes(difference(OLD, OLD)) == []


def test_blocks_say_what_they_stood_in() -> None:
    assert [(block.role, block.level) for block in difference("", OLD)] == [
        ("heading", 2),
        ("paragraph", 0),
        ("paragraph", 0),
        ("heading", 2),
        ("item", 0),
        ("item", 0),
    ]


words = st.lists(st.sampled_from("we read your post. and You agree. never 14 days - ## it".split()))


@given(older=words.map(" ".join), newer=words.map(" ".join))
def test_both_texts_can_be_read_out_of_the_difference(older: str, newer: str) -> None:
    found = difference(older, newer)
    for kept, text in (("removed", older), ("added", newer)):
        read = [
            "".join(run.text for run in block.runs if run.kind in ("same", kept)) for block in found
        ]
        whole = [block for block in difference(text, text) if block.runs]
        assert [text for text in read if text] == [_marked(block) for block in whole]


def test_three_thousand_words_are_compared_at_once() -> None:
    older = [f"word{place * place % 397}" for place in range(3000)]
    newer = [word if place % 5 else "changed" for place, word in enumerate(older)]
    texts = [
        ". A".join(" ".join(t[i : i + 12]) for i in range(0, 3000, 12)) for t in (older, newer)
    ]
    started = time.perf_counter()
    difference(*texts)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("The same line again. " * 5000, "The same line again. " * 4000 + "One more."),
        ("word " * 20_000, "other " * 20_000),
        ("x y " * 10_000, "y x " * 10_000),
    ],
)
def test_a_text_made_to_be_slow_is_not(older: str, newer: str) -> None:
    started = time.perf_counter()
    difference(older, newer)
    assert time.perf_counter() - started < 5
