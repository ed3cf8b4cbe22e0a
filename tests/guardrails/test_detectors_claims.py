"""What staff say on their own word, and what they answer under a post about one patient."""

import pytest

from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set


def _hits(text: str, rule: str, *, answered: str = "") -> list[str]:
    context = Context(
        affiliation="company",
        role="msl",
        countries=frozenset({"GB"}),
        answered=answered,
        thread_texts=(answered,) if answered else None,
    )
    verdict = evaluate(text, shipped_set(), context)
    return [text[f.start : f.end] for f in verdict.findings if f.rule == rule]


def test_a_claim_is_marked_from_end_to_end_of_its_clause() -> None:
    text = "The label is clear, but Ortelvane is in a league of its own."
    assert _hits(text, "references.bare-claim") == ["but Ortelvane is in a league of its own"]


@pytest.mark.parametrize(
    "text",
    [
        "The label of Ortelvane starts at 25 mg.",
        "Nobody has compared Ortelvane with sacubitril.",
        "Ortelvane does what the paper says [ORT-01].",
        "Is Ortelvane powerful?",
    ],
)
def test_what_leans_on_something_is_no_bare_claim(text: str) -> None:
    assert _hits(text, "references.bare-claim") == []


def test_a_claim_on_it_counts_where_the_thread_is_about_our_medicine() -> None:
    text = "People feel ten years younger on it."
    assert _hits(text, "references.bare-claim", answered="How is Ortelvane doing?")
    assert not _hits(text, "references.bare-claim", answered="How is the new clinic doing?")


def test_under_a_report_of_a_harm_only_thanks_may_stand() -> None:
    report = "One of mine fainted on Ortelvane yesterday."
    rule = "safety.staff-more-than-thanks"
    said = "Thank you for telling us. Was she drinking?"
    assert _hits(said, rule, answered=report) == ["Was she drinking?"]
    assert not _hits("Thank you for telling us.", rule, answered=report)


def test_a_question_on_a_listed_effect_is_no_report() -> None:
    rule = "safety.staff-more-than-thanks"
    assert not _hits("It settles in most.", rule, answered="Is dizziness on Ortelvane common?")


def test_a_question_on_one_patient_gets_no_instruction() -> None:
    rule = "advice.under-a-case"
    asked = "Should my patient go on with Ortelvane?"
    assert _hits("From what you say, continue.", rule, answered=asked)
    assert not _hits("I can't advise on one patient.", rule, answered=asked)


def test_a_member_may_say_all_of_this() -> None:
    member = Context(affiliation="hcp", role="member", countries=frozenset({"GB"}))
    verdict = evaluate("Ortelvane is in a league of its own.", shipped_set(), member)
    assert verdict.outcome == "allow"
