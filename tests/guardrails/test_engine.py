"""What follows from rules over one text: outcomes, spans, routes, quotes, scope."""

import json
from datetime import date

import pytest

from community.guardrails.engine import (
    MOST_HITS_OF_A_RULE,
    Context,
    Verdict,
    evaluate,
    member_rules,
)
from community.guardrails.loader import shipped_set
from tests.guardrails.rule_texts import a_rule, a_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB", "DE"}))
HCP = Context(affiliation="hcp", role="member", countries=frozenset({"GB"}))


def rules_hit(verdict: Verdict) -> list[str]:
    return [finding.rule for finding in verdict.findings]


def test_a_text_that_no_rule_minds_goes_out() -> None:
    verdict = evaluate("Good morning, all.", shipped_set(), MSL)
    assert verdict == Verdict(outcome="allow", findings=(), routes=(), owner=None)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "😂", "\x00", ">", "> > >", "\u200b", "مرحبا", "\ud800"]
)
def test_any_string_is_judged(text: str) -> None:
    assert evaluate(text, shipped_set(), MSL).outcome == "allow"


def test_the_heaviest_outcome_stands_and_its_desks_come_first() -> None:
    judged = a_set(
        a_rule("a.allow", outcome="allow", route=["safety"], phrases=["one"]),
        a_rule("a.advise", outcome="advise", route=[], phrases=["two"]),
        a_rule("a.hold", outcome="hold", route=["legal", "medical"], phrases=["three"]),
        a_rule("a.block", outcome="block", route=["privacy"], phrases=["four"]),
    )
    outcomes = {
        "one": ("allow", ("safety",)),
        "one two": ("advise", ("safety",)),
        "one two three": ("hold", ("legal", "medical", "safety")),
        "one two three four": ("block", ("privacy", "legal", "medical", "safety")),
    }
    for text, (outcome, routes) in outcomes.items():
        verdict = evaluate(text, judged, MSL)
        assert (verdict.outcome, verdict.routes) == (outcome, routes)


def test_the_first_desk_of_the_first_rule_that_holds_decides() -> None:
    judged = a_set(
        a_rule("a.first", route=["legal", "medical"], phrases=["late"]),
        a_rule("a.second", route=["compliance"], phrases=["early"]),
    )
    assert evaluate("early and late", judged, MSL).owner == "legal"


def test_a_blocked_text_waits_for_nobody() -> None:
    judged = a_set(
        a_rule("a.hold", phrases=["one"]),
        a_rule("a.block", outcome="block", route=["privacy"], phrases=["two"]),
    )
    assert evaluate("one two", judged, MSL).owner is None


def test_a_finding_says_where_what_why_and_what_to_do() -> None:
    text = "😂 I say Ortelvane is completely safe."
    finding = next(
        f for f in evaluate(text, shipped_set(), MSL).findings if f.rule == "claims.completely-safe"
    )
    assert text[finding.start : finding.end] == "completely safe"
    assert finding.reason == (
        "Never call a medicine completely safe or free of risk: it is never true, and the law"
        " forbids it."
    )
    assert finding.do == "Say which risks are known and how often they occur."
    assert (finding.kind, finding.outcome) == ("promotional", "block")


def test_a_finding_on_the_whole_text_spans_it() -> None:
    text = "Good morning, all. 😂"
    verdict = evaluate(text, shipped_set(), Context(affiliation="company", posting_paused=True))
    assert [(f.start, f.end) for f in verdict.findings] == [(0, len(text))]


def test_findings_stand_in_the_order_of_the_text() -> None:
    judged = a_set(a_rule("a.one", phrases=["last"]), a_rule("a.two", phrases=["first"]))
    assert rules_hit(evaluate("first last", judged, MSL)) == ["a.two", "a.one"]


def test_of_two_hits_of_a_rule_over_one_another_the_longer_stands() -> None:
    judged = a_set(a_rule("a.one", phrases=["very best", "the very best", "best"]))
    finding = evaluate("the very best", judged, MSL).findings
    assert [(f.start, f.end) for f in finding] == [(0, 13)]


def test_a_rule_reports_no_more_hits_than_one_can_read() -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"]))
    assert len(evaluate("bad " * 500, judged, MSL).findings) == MOST_HITS_OF_A_RULE


def test_a_verdict_is_plain_json() -> None:
    verdict = evaluate("Ortelvane is completely safe.", shipped_set(), MSL)
    data = json.loads(json.dumps(verdict.as_json()))
    assert data["outcome"] == "block"
    assert data["findings"][0].keys() >= {"rule", "kind", "start", "end", "reason", "do", "routes"}


def test_the_same_text_gets_the_same_answer() -> None:
    text = "In TIDEWATER-HF 18 % fewer died. Admitted on 3 June, aged 93, see bit.ly/x."
    assert evaluate(text, shipped_set(), MSL) == evaluate(text, shipped_set(), MSL)


# ── Scope ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scope", "context", "applies"),
    [
        ({"affiliations": ["hcp"]}, MSL, False),
        ({"affiliations": ["company"]}, MSL, True),
        ({"roles": ["moderator"]}, MSL, False),
        ({"roles": ["msl"]}, MSL, True),
        ({"kinds": ["title"]}, MSL, False),
        ({"kinds": ["post"]}, MSL, True),
        ({"countries": ["US"]}, MSL, False),
        ({"countries": ["US", "DE"]}, MSL, True),
        ({"spaces": ["cidp"]}, MSL, False),
        ({"spaces": ["cidp"]}, Context(space="cidp"), True),
        ({"until": date(2026, 1, 1)}, Context(today=date(2026, 1, 2)), False),
        ({"until": date(2026, 1, 1)}, Context(today=date(2026, 1, 1)), True),
        ({"from": date(2026, 1, 2)}, Context(today=date(2026, 1, 1)), False),
        ({"from": date(2026, 1, 2)}, Context(today=date(2026, 1, 2)), True),
        ({"products": ["brenquive"]}, MSL, False),
        ({"products": ["brenquive"]}, Context(products=frozenset({"brenquive"})), True),
        ({"products": ["brenquive"]}, Context(thread_title="Is Brenquive worth it?"), True),
        ({"products": ["brenquive"]}, Context(tags=("Brenquive",)), True),
        ({"products": ["brenquive"]}, Context(answered="Mine takes mirendacopt."), True),
        ({"products": ["brenquive"]}, Context(answered="Mine takes Ortelvane."), False),
    ],
)
def test_a_rule_holds_only_within_its_scope(
    scope: dict[str, object], context: Context, *, applies: bool
) -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], scope=scope))
    assert bool(evaluate("bad", judged, context).findings) is applies


def test_a_product_named_in_the_text_brings_its_rules() -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], scope={"products": ["brenquive"]}))
    assert rules_hit(evaluate("Brenquive is bad", judged, MSL)) == ["a.one"]


def test_the_tablets_mean_ours_where_the_thread_is_about_ours() -> None:
    judged = a_set(a_rule("a.one", phrases=["{product} (is|are) best"]))
    assert not evaluate("The tablets are best", judged, MSL).findings
    about = Context(thread_title="Starting Ortelvane")
    assert rules_hit(evaluate("The tablets are best", judged, about)) == ["a.one"]


# ── With, and_with, unless ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "text", "hits"),
    [
        ({"with": ["tree"]}, "bad tree", True),
        ({"with": ["tree"]}, "bad. Tree.", False),
        ({"with": ["tree"], "with_in": "post"}, "bad. Tree.", True),
        ({"with": ["tree"], "and_with": ["root"]}, "bad tree", False),
        ({"with": ["tree"], "and_with": ["root"]}, "bad tree root", True),
        ({"unless": ["not"]}, "not bad", False),
        ({"unless": ["not"]}, "Not so. Bad.", True),
        ({"unless": ["not"], "unless_in": "post"}, "Not so. Bad.", False),
        ({"with": ["{product}"], "with_in": "post"}, "bad", False),
    ],
)
def test_the_words_around_a_hit_count(fields: dict[str, object], text: str, *, hits: bool) -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], **fields))
    assert bool(evaluate(text, judged, MSL).findings) is hits


def test_a_thread_about_ours_is_enough_for_with_product_in_the_post() -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], **{"with": ["{product}"], "with_in": "post"}))
    context = Context(products=frozenset({"ortelvane"}))
    assert rules_hit(evaluate("bad", judged, context)) == ["a.one"]


def test_one_excused_sentence_does_not_excuse_the_next() -> None:
    judged = a_set(a_rule("a.one", phrases=["bad"], unless=["not"]))
    text = "This is not bad. That is bad."
    finding = evaluate(text, judged, MSL).findings
    assert [text[f.start : f.end] for f in finding] == ["bad"]
    assert finding[0].start > len("This is not bad.")


# ── Quotes ─────────────────────────────────────────────────────────────────────────────────────

QUOTED = "> Ortelvane is completely safe.\n\nI can't agree with that."


def test_a_quote_that_stands_in_the_thread_is_not_the_author_s() -> None:
    context = Context(
        affiliation="company", thread_texts=("They told me:\nOrtelvane is *completely* safe.",)
    )
    assert evaluate(QUOTED, shipped_set(), context).outcome == "allow"


@pytest.mark.parametrize(
    "thread_texts", [None, (), ("Ortelvane is safe in most, not completely.",)]
)
def test_a_quote_that_nobody_wrote_is_the_author_s_own(
    thread_texts: tuple[str, ...] | None,
) -> None:
    context = Context(affiliation="company", thread_texts=thread_texts)
    assert evaluate(QUOTED, shipped_set(), context).outcome == "block"


@pytest.mark.parametrize(
    "said",
    [
        "I have never been able to agree that Ortelvane is completely safe.",
        "I know no trial of Ortelvane. Is completely safe what they say?",
    ],
)
def test_half_a_sentence_of_another_is_no_quote_of_theirs(said: str) -> None:
    context = Context(affiliation="company", thread_texts=(said,))
    assert evaluate(QUOTED, shipped_set(), context).outcome == "block"


def test_words_put_between_quoted_lines_are_the_author_s() -> None:
    text = "> Is it safe?\nOrtelvane is completely safe.\n> Thank you."
    context = Context(affiliation="company", thread_texts=("Is it safe?", "Thank you."))
    verdict = evaluate(text, shipped_set(), context)
    assert verdict.outcome == "block"


def test_a_quote_does_not_hide_who_a_patient_is() -> None:
    text = "> DOB 14/03/1961"
    verdict = evaluate(text, shipped_set(), Context(thread_texts=("DOB 14/03/1961",)))
    assert verdict.outcome == "block"


AN_ANSWER_WITH_A_QUOTE = "> Two of mine on Ortelvane fainted.\n\n{answer}"


def routes_under_a_quote(answer: str) -> set[str]:
    context = Context(
        affiliation="company", role="msl", countries=frozenset({"GB"}),
        thread_texts=("Two of mine on Ortelvane fainted.",),
    )  # fmt: skip
    text = AN_ANSWER_WITH_A_QUOTE.format(answer=answer)
    return set(evaluate(text, shipped_set(), context).routes)


def test_a_side_effect_that_is_quoted_is_not_reported_once_more() -> None:
    assert routes_under_a_quote("Thank you. Section 4.8 of the label lists what was seen.") == set()


def test_a_quote_lends_its_words_to_a_side_effect_told_below_it() -> None:
    assert "safety" in routes_under_a_quote("One of mine fell and broke her hip, too.")


# ── Who writes ─────────────────────────────────────────────────────────────────────────────────


def test_a_member_may_say_what_staff_may_not() -> None:
    text = "Ortelvane is completely safe and the best there is. I would start it tomorrow."
    assert evaluate(text, shipped_set(), HCP).outcome == "allow"
    assert evaluate(text, shipped_set(), MSL).outcome == "block"


def test_member_rules_judge_members_as_the_whole_set_does() -> None:
    text = "Nonsense. She was admitted on 3 June and turned out to be pregnant on Ortelvane."
    assert evaluate(text, member_rules(shipped_set()), HCP) == evaluate(text, shipped_set(), HCP)


# ── Ways round ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Ortelvane is completely safe",
        "ORTELVANE IS COMPLETELY SAFE",
        "Ortelvane is **completely** _safe_",
        "Ortelvane is completely\nsafe",
        "Ortelvane is comp\u200bletely s\u00adafe",
        "Ortelvane is c\u043empletely s\u0430fe",
        "Ortelvane is cómpletely safé",
        "Ortelvane is completely-safe",
        "Ortelvane is \uff43\uff4f\uff4d\uff50\uff4c\uff45\uff54\uff45\uff4c\uff59 safe",
        "Ortelvane is completely [safe](https://doi.org/10.1056/x)",
        "Ortelvane is completely &#115;afe",
        "Ortelvane is com<b>pletely</b> safe",
        "> Ortelvane is completely safe",
        "| Ortelvane | completely safe |",
        "```\nOrtelvane is completely safe\n```",
        "1. Ortelvane is completely safe",
        "Ortelvane is “completely” ‘safe’",
    ],
)
def test_no_dress_makes_a_claim_pass(text: str) -> None:
    assert evaluate(text, shipped_set(), MSL).outcome == "block"
