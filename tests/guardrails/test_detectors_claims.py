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


@pytest.mark.parametrize(
    "text",
    [
        "How to go on is with you and her cardiologist.",
        "That is a decision for those who can examine her.",
        "I would not judge that from here.",
        "I'm in no position to say whether she should.",
        "An answer for one patient has to come from somebody who knows her.",
        "Only those who see her can weigh that.",
        "Please ask the centre that follows her.",
        "Others in this room have seen many more such patients.",
    ],
)
def test_who_leaves_the_case_to_others_gives_no_instruction(text: str) -> None:
    asked = "Should my patient go on with Ortelvane?"
    assert not _hits(text, "advice.under-a-case", answered=asked)


@pytest.mark.parametrize(
    "text",
    [
        "It's up to you, but I'd halve the dose.",
        "Stop it, the rest is up to you.",
        "That one is for you; most would carry on.",
        "I'm not her doctor, though 25 mg seems plenty.",
        "Ask your nurse to split the tablets.",
    ],
)
def test_who_leaves_the_case_and_says_what_to_do_all_the_same_is_held(text: str) -> None:
    asked = "Should my patient go on with Ortelvane?"
    assert _hits(text, "advice.under-a-case", answered=asked) == [text.rstrip(".")]


def test_a_faulty_pack_may_be_kept_aside_and_no_more() -> None:
    rule, found = "advice.under-a-case", "My patient found brown specks in a blister."
    assert not _hits("Please keep the box and put it aside.", rule, answered=found)
    assert _hits("Keep the box, the capsules are fine to take.", rule, answered=found)


def test_a_case_club_is_no_patient() -> None:
    rule = "advice.under-a-case"
    assert not _hits("Monday it is.", rule, answered="Should we start the case club on Monday?")
    assert _hits("Monday it is.", rule, answered="Should he start on Monday?")


def test_what_another_medicine_is_given_for_is_no_harm() -> None:
    rule = "safety.staff-more-than-thanks"
    asked = "Erythromycin for a chest infection with Brenquive. Any guidance?"
    assert not _hits("It is a strong inhibitor.", rule, answered=asked)
    told = "One of mine was admitted for a chest infection on Brenquive."
    assert _hits("It is a strong inhibitor.", rule, answered=told)


def test_who_shows_the_way_to_report_says_yes() -> None:
    rule, asked = "safety.staff-answers-on-reporting", "Is lack of effect reportable?"
    assert not _hits("It is. Use the form under your post.", rule, answered=asked)
    assert not _hits("By all means.", rule, answered=asked)
    assert _hits("Of course, in theory.", rule, answered=asked)
    assert _hits("Use the form, if it is worth your evening.", rule, answered=asked)


def test_a_report_that_is_no_safety_report_asks_for_no_yes() -> None:
    rule = "safety.staff-answers-on-reporting"
    assert not _hits("In one go.", rule, answered="Did you read the assessment report?")
    assert _hits("In one go.", rule, answered="Do I have to report all three?")


def test_a_member_may_say_all_of_this() -> None:
    member = Context(affiliation="hcp", role="member", countries=frozenset({"GB"}))
    verdict = evaluate("Ortelvane is in a league of its own.", shipped_set(), member)
    assert verdict.outcome == "allow"
