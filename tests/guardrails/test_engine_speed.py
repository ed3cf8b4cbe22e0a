"""Nothing makes the engine run away: not a text, not a rule."""

import time

import pytest

from community.guardrails.engine import Context, GuardrailSet, evaluate
from community.guardrails.loader import parse_set, shipped_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB", "US"}))

HOSTILE_TEXTS = {
    "one word": "a",
    "no": "no ",
    "percents": "% ",
    "percent against percent": "18 % against 21 % ",
    "product": "Ortelvane ",
    "product and comma": "Ortelvane , ",
    "quotes": ">" * 40 + " Ortelvane is best\n",
    "stops": ". A",
    "exclamation marks": "! ",
    "asterisks": "*_`",
    "tags": "<b a=b ",
    "comments": "<!-- ",
    "entities": "&amp",
    "digits": "1",
    "dates": "3 June admitted ",
    "addresses": "a.b@c.",
    "hosts": "a.b.",
    "link": "https://",
    "phones": "020 7946 0958 ",
    "ages": "aged 93 ",
    "mrn": "MRN 12",
    "combining": "a\u0301",
    "zero-width": "\u200b",
    "cyrillic": "\u0430",
    "emoji": "😂",
    "line ends": "\n",
    "brackets": "((((",
    "capitals": "AA BB ",
    "street": "12 Beech Beech ",
}


def _seconds(text: str, guardrail_set: GuardrailSet) -> float:
    times = []
    for _ in range(2):
        begun = time.process_time()
        evaluate(text, guardrail_set, MSL)
        times.append(time.process_time() - begun)
    return min(times)


def _grows(unit: str, guardrail_set: GuardrailSet) -> float:
    """How much longer eight times the text takes; 8 is linear, 64 would be quadratic."""
    short = (unit * 1_000)[:1_000]
    return _seconds(short * 8, guardrail_set) / max(_seconds(short, guardrail_set), 0.001)


@pytest.mark.parametrize("unit", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    assert _grows(unit, shipped_set()) < 24


@pytest.mark.parametrize(
    "phrase",
    [
        " .. ".join(["a*"] * 20),
        " ".join(["(a|a a|a a a)"] * 20) + " b",
        " ".join(["(a)?"] * 39) + " b",
        "(a)? .. " * 18 + "b",
        " .. ".join(["{number}"] * 20),
        "* " * 38 + "b",
    ],
)
@pytest.mark.parametrize("unit", ["a ", "1 ", "a, "])
def test_no_phrase_can_run_away(phrase: str, unit: str) -> None:
    source = f"""
        id = "hostile"
        version = "1"
        [[rule]]
        id = "hostile.rule"
        kind = "other"
        says = "No."
        why = "It runs away."
        outcome = "advise"
        phrases = ["{phrase}"]
        examples = {{ hit = ["x"], miss = ["y"] }}
    """
    hostile = parse_set(source, shipped_set().products)
    assert _grows(unit + "b " if "b" in phrase else unit, hostile) < 24


def test_a_megabyte_is_judged() -> None:
    text = "Please see the label, and ask Medical Information. " * 20_000
    assert len(text) > 1_000_000
    assert evaluate(text, shipped_set(), MSL).outcome == "advise"


def test_five_thousand_nested_quotes_are_judged() -> None:
    text = ">" * 5_000 + " Ortelvane is completely safe"
    assert evaluate(text, shipped_set(), MSL).outcome == "block"
