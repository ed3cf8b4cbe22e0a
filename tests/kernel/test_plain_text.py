"""What is left of Markdown when its marks are gone."""

import time

import pytest

from community.kernel.plain_text import Block, blocks, sentences, without_marks


def _texts(markdown: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(markdown)]


def test_headings_items_rows_and_paragraphs_are_told_apart() -> None:
    markdown = """
## Who reads this

You, and
those in the room.

- a moderator
- a nurse,
  on duty
1. first

| What | How long |
|---|---|
| Your posts | two years |
"""
    assert _texts(markdown) == [
        ("heading", "Who reads this"),
        ("paragraph", "You, and those in the room."),
        ("item", "a moderator"),
        ("item", "a nurse, on duty"),
        ("item", "first"),
        ("row", "Your posts: two years"),
    ]


def test_a_heading_keeps_its_level() -> None:
    assert blocks("### What we do ###") == [Block("heading", "What we do", 3)]
    assert blocks("# Written in C#") == [Block("heading", "Written in C#", 1)]


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**We do not** take *it* down", "We do not take it down"),
        ("See [the page](https://example.org/a_(b)) now", "See the page now"),
        ("<https://example.org>", "https://example.org"),
        ("`HLA-B*57:01` and `x`", "HLA-B*57:01 and x"),
        ("5 * 3 is not _so_ hard, snake_case_name stays", None),
        ("two\n  lines", "two lines"),
    ],
)
def test_marks_go_and_words_stay(markdown: str, words: str | None) -> None:
    expected = words or "5 * 3 is not so hard, snake_case_name stays"
    assert without_marks(markdown) == expected


def test_the_address_of_a_link_is_there_when_asked_for() -> None:
    (block,) = blocks("See [the page](https://example.org/a) now.", with_targets=True)
    assert block.text == "See the page (https://example.org/a) now."


def test_a_rule_a_fence_and_a_quote_mark_leave_no_trace() -> None:
    markdown = "> Quoted words.\n\n---\n\n```\n- code\n```\n"
    assert _texts(markdown) == [("paragraph", "Quoted words."), ("paragraph", "- code")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("One here. Two there! Three?", 3),
        ("Dr. Weiss and Prof. Lang agree, e.g. on 0.82 mg.", 1),
        ("Das gilt z. B. für Tests, bzw. für alle.", 1),
        ("He said “Stop.” She did not.", 2),
        ("Sie sagte „Das weiß ich nicht.“ Dann ging sie.", 2),
        ("no end", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, number: int) -> None:
    assert len(sentences(text)) == number


def test_no_word_is_lost_between_sentences() -> None:
    text = "One. Two! “Three?” Four: five; six… Seven"
    assert " ".join(sentences(text)) == text


@pytest.mark.parametrize(
    "hostile", ["# " * 10_000 + "x", "*" * 20_000, "`" * 20_000, "[a](" * 5000, "| :-" * 5000]
)
def test_a_text_made_to_be_slow_is_not(hostile: str) -> None:
    started = time.perf_counter()
    blocks(hostile)
    assert time.perf_counter() - started < 2
