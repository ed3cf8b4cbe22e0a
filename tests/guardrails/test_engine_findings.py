"""What a finding offers, and what becomes of several findings over the same words."""

import json
from dataclasses import replace

import pytest

from community.guardrails.engine import Context, Mark, Verdict, evaluate
from community.guardrails.loader import shipped_set
from tests.guardrails.rule_texts import a_rule, a_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB"}))


def rules_hit(verdict: Verdict) -> list[str]:
    return [finding.rule for finding in verdict.findings]


def test_a_rule_s_neutral_wording_is_the_suggestion() -> None:
    judged = a_set(a_rule("a.one", phrases=["the best"], instead="one of the options"))
    (finding,) = evaluate("the best", judged, MSL).findings
    assert finding.suggestion == "one of the options"


def test_what_a_detector_proposes_goes_before_the_rule_s_wording() -> None:
    judged = a_set(
        a_rule("a.one", phrases=None, detector={"name": "shouting"}, instead="in small letters")
    )
    verdict = evaluate("No!!! READ ALL OF IT NOW", judged, MSL)
    assert [f.suggestion for f in verdict.findings] == ["!", "in small letters"]


def test_a_finding_brings_the_offers_of_its_rule() -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], offers=["report", "response"]))
    verdict = evaluate("bad", judged, MSL)
    assert verdict.findings[0].offers == ("report", "response")
    assert json.loads(json.dumps(verdict.as_json()))["findings"][0]["offers"] == [
        "report",
        "response",
    ]


def test_a_rule_may_hold_in_some_kinds_of_thread_only() -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], scope={"thread_kinds": ["case"]}))
    assert rules_hit(evaluate("bad", judged, Context(thread_kind="case"))) == ["a.one"]
    assert not evaluate("bad", judged, Context(thread_kind="poll")).findings


# ── Marks ──────────────────────────────────────────────────────────────────────────────────────


def test_findings_that_overlap_or_touch_leave_one_mark_of_the_heaviest() -> None:
    judged = a_set(
        a_rule("a.advise", outcome="advise", kind="promotional", phrases=["one two three"]),
        a_rule("a.hold", outcome="hold", kind="commercial", phrases=["three four"]),
        a_rule("a.block", outcome="block", kind="spam", phrases=["six"]),
    )
    verdict = evaluate("one two three four five six", judged, MSL)
    assert verdict.marks == (Mark(0, 18, "hold", (0, 1)), Mark(24, 27, "block", (2,)))
    assert verdict.as_json()["marks"] == [
        {"start": 0, "end": 18, "outcome": "hold", "findings": [0, 1]},
        {"start": 24, "end": 27, "outcome": "block", "findings": [2]},
    ]


def test_marks_that_touch_are_one() -> None:
    judged = a_set(
        a_rule("a.one", kind="spam", phrases=["18"]),
        a_rule("a.two", kind="abuse", phrases=["%"]),
    )
    assert [(m.start, m.end) for m in evaluate("18%", judged, MSL).marks] == [(0, 3)]
    assert len(evaluate("18 %", judged, MSL).marks) == 2


def test_a_finding_on_the_whole_text_marks_no_words() -> None:
    judged = a_set(
        a_rule("a.long", phrases=None, detector={"name": "length", "words": 2}),
        a_rule("a.bad", phrases=["bad"]),
    )
    verdict = evaluate("all of it bad", judged, MSL)
    assert [(f.rule, f.whole) for f in verdict.findings] == [("a.long", True), ("a.bad", False)]
    assert verdict.marks == (Mark(10, 13, "hold", (1,)),)


# ── Doubles ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (("hold", "bad"), ("advise", "bad"), ["a.first"]),
        (("advise", "bad"), ("hold", "bad"), ["a.second"]),
        (("hold", "bad"), ("hold", "bad"), ["a.first"]),
        (("hold", "very bad tree"), ("advise", "bad"), ["a.first"]),
        (("advise", "very bad tree"), ("hold", "bad"), ["a.first", "a.second"]),
        (("hold", "very bad"), ("hold", "bad tree"), ["a.first", "a.second"]),
    ],
)
def test_of_one_kind_what_lies_within_something_as_heavy_is_not_said_twice(
    first: tuple[str, str], second: tuple[str, str], kept: list[str]
) -> None:
    judged = a_set(
        a_rule("a.first", outcome=first[0], phrases=[first[1]], route=["legal"]),
        a_rule("a.second", outcome=second[0], phrases=[second[1]], route=["safety"]),
    )
    verdict = evaluate("very bad tree", judged, MSL)
    assert rules_hit(verdict) == kept
    assert set(verdict.routes) == {"legal", "safety"}


def test_what_is_not_said_twice_leaves_its_desks_and_offers_and_wording_behind() -> None:
    judged = a_set(
        a_rule("a.first", phrases=["bad"], route=["legal"], offers=["response"]),
        a_rule("a.second", phrases=["bad"], route=["safety"], offers=["report"], instead="good"),
    )
    (finding,) = evaluate("bad", judged, MSL).findings
    assert (finding.routes, finding.offers) == (("legal", "safety"), ("response", "report"))
    assert finding.suggestion == "good"


def test_findings_of_two_kinds_over_the_same_words_both_stand() -> None:
    judged = a_set(
        a_rule("a.first", kind="promotional", phrases=["bad"]),
        a_rule("a.second", kind="comparative", phrases=["bad"]),
    )
    assert rules_hit(evaluate("bad", judged, MSL)) == ["a.first", "a.second"]


def test_who_decides_does_not_hang_on_which_of_two_is_said() -> None:
    judged = a_set(
        a_rule("a.first", phrases=["bad"], route=["legal"]),
        a_rule("a.second", phrases=["very bad"], route=["safety"]),
    )
    verdict = evaluate("very bad", judged, MSL)
    assert rules_hit(verdict) == ["a.second"]
    assert verdict.owner == "legal"


def test_a_last_resort_is_silent_where_another_rule_has_spoken_of_the_same_words() -> None:
    judged = a_set(
        a_rule("a.last", outcome="hold", fallback=True, phrases=["{product} is safe"]),
        a_rule("a.light", kind="spam", outcome="advise", route=[], phrases=["is safe"]),
        a_rule("a.plain", kind="promotional", phrases=["safe for all"]),
    )
    said = {
        "Ortelvane is safe": ["a.last", "a.light"],
        "Ortelvane is safe for all": ["a.light", "a.plain"],
        "Safe for all? Ortelvane is safe": ["a.plain", "a.last", "a.light"],
    }
    for text, rules in said.items():
        verdict = evaluate(text, judged, MSL)
        assert [finding.rule for finding in verdict.findings] == rules


def test_a_rule_may_leave_careful_sentences_alone_and_hits_beside_them() -> None:
    judged = a_set(
        a_rule(
            "a.label",
            outcome="hold",
            phrases=["the label"],
            scope={"affiliations": ["company"]},
            spare_careful=True,
        )
    )
    refusal = "The label ends at 40 %, so I can't discuss that use here."
    claim = "Forget the label, it works like a dream in all of them."
    hits = {
        text: [text[f.start : f.end] for f in evaluate(text, judged, MSL).findings]
        for text in (refusal, claim, f"{refusal} {claim}")
    }
    assert hits == {refusal: [], claim: ["the label"], f"{refusal} {claim}": ["the label"]}
    both = evaluate(f"{refusal} {claim}", judged, MSL).findings
    assert [finding.start for finding in both] == [len(refusal) + len(" Forget ")]


def test_what_stands_around_a_sentence_does_not_make_it_careful() -> None:
    judged = shipped_set()
    for answered, text, aside in (
        ("Should my patient continue?", "Yes I would.", "See section 4.4 (ORT-11)."),
        ("One of mine fainted on Ortelvane.", "Could you share the ECG?", "Thank you (ORT-11)."),
    ):
        context = replace(MSL, answered=answered)
        assert evaluate(text, judged, context).outcome == "hold"
        assert evaluate(f"{text} {aside}", judged, context).outcome == "hold"
