"""Sentences that were read before: they are judged as if they were new, and not kept for ever."""

from dataclasses import replace

from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB", "DE"}))
ON_OURS = replace(MSL, products=frozenset({"ortelvane"}))
TEXTS = (
    "Ortelvane is completely safe. I would start it.",
    "I would start it. My patient stopped it and fainted.",
    "> Ortelvane is completely safe.\nI would start it. Ortelvane is completely safe.",
    "Is it on the label? No. The tablets work. THE TABLETS WORK.",
)


def test_a_text_is_judged_alike_whatever_was_judged_before_it() -> None:
    looks = [(text, context) for context in (MSL, ON_OURS) for text in TEXTS]
    alone = {}
    for text, context in looks:
        anew = replace(shipped_set())
        alone[text, context] = evaluate(text, anew, context)
    used = replace(shipped_set())
    for text, context in (*looks, *reversed(looks), *looks):
        assert evaluate(text, used, context) == alone[text, context]


def test_only_the_last_sentences_are_kept() -> None:
    used = replace(shipped_set())
    for number in range(30):
        evaluate(" ".join(f"Patient {number} took {n} mg." for n in range(50)), used, MSL)
    assert len(used.lexicon.passages) <= 1_000


def test_a_sentence_without_an_end_is_not_kept() -> None:
    used = replace(shipped_set())
    evaluate("and so on " * 200, used, MSL)
    assert not used.lexicon.passages
