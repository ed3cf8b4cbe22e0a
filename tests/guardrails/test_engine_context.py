"""What stands around a text, and what is agreed in it: thread, title, fixed and approved texts."""

import pytest

from community.guardrails.detectors import Look
from community.guardrails.engine import Context, Verdict, evaluate
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read
from tests.guardrails.rule_texts import a_rule, a_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB"}))
ABOUT_OURS = Context(affiliation="company", thread_title="Starting Ortelvane")


def rules_hit(verdict: Verdict) -> list[str]:
    return [finding.rule for finding in verdict.findings]


# ── What "it" is ───────────────────────────────────────────────────────────────────────────────

SAYS_OF_OURS = a_set(
    a_rule("a.claim", phrases=["{product} (is|'s|was) .. (safe|best|safer)", "{product} works"]),
    a_rule("a.taken", phrases=["(started|took|on|stopped) {product}"]),
)


@pytest.mark.parametrize(
    "text",
    [
        "It works.",
        "It is perfectly safe.",
        "It's the best.",
        "Mine is safer.",
        "She stopped it on Monday.",
        "We started it last week.",
        "These tablets work, and this capsule works.",
        "The medication is best taken early.",
    ],
)
def test_in_a_thread_about_ours_a_pronoun_stands_for_the_medicine(text: str) -> None:
    assert evaluate(text, SAYS_OF_OURS, ABOUT_OURS).findings
    assert not evaluate(text, SAYS_OF_OURS, MSL).findings


@pytest.mark.parametrize(
    "text",
    [
        "It is best to ask Medical Information.",
        "It is really better not to be safe.",
        "It is safe to say that they differ.",
        "It is important to be safe.",
        "It was a trial of safe handling.",
        "It is a question on safe storage.",
        "Stopped. It rains.",
    ],
)
def test_a_pronoun_that_stands_for_nothing_is_no_medicine(text: str) -> None:
    assert not evaluate(text, SAYS_OF_OURS, ABOUT_OURS).findings


@pytest.mark.parametrize(
    ("context", "about"),
    [
        (Context(), set()),
        (Context(products=frozenset({"brenquive"})), {"brenquive"}),
        (Context(thread_title="Ortelvan and kidneys"), {"ortelvane"}),
        (Context(title="Ortelvane and kidneys"), {"ortelvane"}),
        (Context(tags=("Brenquive",)), {"brenquive"}),
        (
            Context(answered="Mine takes mirendacopt.", tags=("Ortelvane",)),
            {"brenquive", "ortelvane"},
        ),
    ],
)
def test_what_a_thread_is_about_stands_in_what_is_around(context: Context, about: set[str]) -> None:
    judged = a_set(
        *(a_rule(f"a.{p}", phrases=["bad"], kind=k, scope={"products": [p]})
          for p, k in (("brenquive", "spam"), ("ortelvane", "abuse")))
    )  # fmt: skip
    assert set(rules_hit(evaluate("bad", judged, context))) == {f"a.{p}" for p in about}


def test_a_detector_may_look_at_what_stands_around() -> None:
    context = Context(thread_title="Falls", tags=("safety",), answered="And velnatrect?")
    look = Look(read("Mine is better."), context, shipped_set(), {}, frozenset({"ortelvane"}))
    assert look.around.clean == "Falls\n\nsafety\n\nAnd velnatrect?"
    assert look.products == {"ortelvane"}
    assert look.reading.spans("{product}") == {0: (1,)}
    alone = Look(read("Brenquive"), Context(), shipped_set(), {})
    assert alone.products == {"brenquive"}


# ── Agreed wordings ────────────────────────────────────────────────────────────────────────────

DISCLOSURE = "I work in Medical Affairs at Alderwick, which makes Ortelvane."


@pytest.mark.parametrize(
    "line",
    [
        DISCLOSURE,
        DISCLOSURE.upper(),
        f"*{DISCLOSURE}*",
        DISCLOSURE.replace("Medical", "Med\u200bical"),
    ],
)
def test_a_standing_disclosure_is_read_as_if_it_were_not_there(line: str) -> None:
    judged = a_set(
        a_rule("a.named", phrases=["{product}", "Medical Affairs"]),
        a_rule("a.with", kind="spam", phrases=["risk"], with_in="post", **{"with": ["{product}"]}),
        a_rule("a.unless", kind="abuse", phrases=["trial"], unless=["Alderwick"], unless_in="post"),
        a_rule("a.scope", kind="commercial", phrases=["price"], scope={"products": ["ortelvane"]}),
        texts={"disclosure": DISCLOSURE},
    )  # fmt: skip
    text = f"{line}\n\nThe trial had a risk and a price."
    assert rules_hit(evaluate(text, judged, MSL)) == ["a.unless"]
    (finding,) = evaluate(text, judged, MSL).findings
    assert text[finding.start : finding.end] == "trial"


def test_a_disclosure_with_a_claim_in_it_is_no_standing_disclosure() -> None:
    judged = a_set(a_rule("a.named", phrases=["Ortelvane"]), texts={"disclosure": DISCLOSURE})
    claimed = DISCLOSURE.replace("makes Ortelvane.", "makes Ortelvane, the best there is.")
    assert rules_hit(evaluate(claimed, judged, MSL)) == ["a.named"]
    assert (
        evaluate(f"{DISCLOSURE} Ortelvane.", judged, MSL).findings[0].start == len(DISCLOSURE) + 1
    )


APPROVED = (
    "In the trial 9.8 % had low blood pressure [ORT-02]. See https://doi.org/10.1/x for more."
)


def test_an_approved_response_put_in_word_for_word_is_no_claim_of_the_author_s() -> None:
    judged = a_set(
        a_rule("a.figure", phrases=["{number} %"]),
        a_rule("a.more", kind="spam", phrases=["for more"]),
    )
    approved = Context(affiliation="company", approved_texts=(APPROVED,))
    assert len(evaluate(APPROVED, judged, MSL).findings) == 2
    assert evaluate(f"Thank you.\n\n{APPROVED}", judged, approved).outcome == "allow"
    for changed in (
        APPROVED.replace("9.8", "0.8"),
        APPROVED.replace("low", "no low"),
        APPROVED.replace("https://doi.org/10.1/x", "https://doi.org/10.1/y"),
        "About 4 % more. " + APPROVED,
    ):
        assert len(evaluate(changed, judged, approved).findings) == 1


def test_what_an_approved_response_says_counts_for_the_words_around_it() -> None:
    judged = a_set(
        a_rule("a.balance", phrases=["helps"], unless=["low blood pressure"], unless_in="post")
    )
    context = Context(affiliation="company", approved_texts=(APPROVED,))
    assert not evaluate(f"It helps. {APPROVED}", judged, context).findings
    assert evaluate("It helps.", judged, context).findings


def test_a_fixed_text_of_the_set_is_no_claim() -> None:
    judged = a_set(
        a_rule("a.price", phrases=["price"]), texts={"commercial": "I can't help with price."}
    )
    assert not evaluate("Hello. I can't help with price.", judged, MSL).findings
    assert evaluate("I can help with price.", judged, MSL).findings


def test_every_fixed_text_of_the_shipped_set_goes_out() -> None:
    for text in shipped_set().texts.values():
        assert evaluate(text, shipped_set(), MSL).outcome == "allow", text


# ── A title and its text ───────────────────────────────────────────────────────────────────────

SAFE = a_set(a_rule("a.safe", phrases=["completely safe"], instead="well studied"))


@pytest.mark.parametrize("title", ["Ortelvane is completely", "Ortelvane is **completely**"])
def test_a_sentence_that_runs_on_from_the_title_is_read_whole(title: str) -> None:
    context = Context(affiliation="company", title=title)
    (finding,) = evaluate("safe, as I see it.", SAFE, context).findings
    assert (finding.start, finding.end, finding.suggestion) == (0, 4, None)


@pytest.mark.parametrize("title", ["Is Ortelvane ever completely?", "Completely.", "Not that"])
def test_a_title_that_ends_its_sentence_does_not_run_on(title: str) -> None:
    assert not evaluate("Safe it is.", SAFE, Context(title=title)).findings


def test_what_stands_in_the_title_alone_is_the_title_s_matter() -> None:
    context = Context(affiliation="company", title="Completely safe")
    assert not evaluate("Good morning.", SAFE, context).findings
    text = "It is completely safe."
    (finding,) = evaluate(text, SAFE, context).findings
    assert text[finding.start : finding.end] == "completely safe"


def test_a_finding_on_the_whole_text_leaves_the_title_out() -> None:
    context = Context(affiliation="company", title="A title", posting_paused=True)
    (finding,) = evaluate("Hello.", shipped_set(), context).findings
    assert (finding.start, finding.end) == (0, 6)
