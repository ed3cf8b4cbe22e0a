"""No phrase can run away: the steps of the search are counted, not timed."""

import pytest

from community.guardrails.phrases import Lexicon, Reading, parse, read
from community.guardrails.phrases.language import MOST_EFFORT

PHRASES = {
    "gaps": " .. ".join(["a*"] * 20),
    "gaps and then nothing": " .. ".join(["a"] * 19) + " zebra",
    "choices": " ".join(["(a|a a|a a a)"] * 20) + " b",
    "missing": " ".join(["(a)?"] * 39) + " b",
    "missing and gaps": "(a)? .. " * 18 + "b",
    "numbers": " .. ".join(["{number}"] * 20),
    "anything": "* " * 38 + "b",
    "lists": " .. ".join(["{many}"] * 12) + " zebra",
}
UNITS = ("a ", "1 ", "a, ", "a a a b ", "a zebra ", "A a. ", "b a ")


def steps(source: str, text: str) -> int:
    """How many words the search looked at for a phrase and the lists it names."""
    lists = {"many": (parse("a"), parse("a a"), parse("a .. a"))}
    phrase = parse(source)
    lexicon = Lexicon(lists)
    lexicon.learn([phrase])
    reading = Reading(read(text), lexicon)
    reading.find(phrase)
    return reading.steps


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("source", PHRASES.values(), ids=PHRASES.keys())
def test_steps_grow_with_the_text_and_are_bounded_by_the_phrase(source: str, unit: str) -> None:
    words = len(read(unit * 400).norms)
    short, long = steps(source, unit * 400), steps(source, unit * 1_600)
    inside_lists = sum(parse(entry).effort for entry in ("a", "a a", "a .. a"))
    assert short <= (parse(source).effort + inside_lists) * words
    assert long <= 4 * short + 4 * MOST_EFFORT


def test_the_search_does_work_that_is_counted() -> None:
    assert steps("a .. zebra", "a a a zebra") > 0
    assert steps(PHRASES["gaps"], "a " * 400) > 400


@pytest.mark.parametrize(
    ("source", "effort"),
    [
        ("a", 1),
        ("a b", 2),
        ("a .. b", 15),
        ("(a|b)", 1),
        ("(a b|c d e)", 6),
        ("(a)? b", 2),
        ("{number} %", 2),
    ],
)
def test_the_effort_of_a_phrase_is_known_beforehand(source: str, effort: int) -> None:
    assert parse(source).effort == effort
