"""Sentences that were read before: they are judged as if they were new, and not kept for ever."""

from dataclasses import replace

from community.guardrails.engine import Context, evaluate, forget
from community.guardrails.loader import shipped_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB", "DE"}))
ON_OURS = replace(MSL, products=frozenset({"ortelvane"}))
TEXTS = (
    "Ortelvane is completely safe. I would start it.",
    "I would start it. My patient stopped it and fainted.",
    "> Ortelvane is completely safe.\nI would start it. Ortelvane is completely safe.",
    "Is it on the label? No. The tablets work. THE TABLETS WORK.",
)
LONG = "The pressure fell a little and the creatinine stayed where it was, as the label says. " * 5
# Each block is long enough to be read by itself, and what stands before it says whose it is.
IN_BLOCKS = (
    f"{LONG}\n\nMrs Hargreaves came on 3 May 2024. {LONG}\n\nShe lives at 12 High Street.",
    f"{LONG}\n\n12 High Street. {LONG}\n\nMrs Hargreaves came on 3 May 2024. {LONG}",
    f"{LONG}Her address is:\n\n12 High Street, Leeds. {LONG}",
    f"{LONG}The helpline is below.\n\nCall 020 7946 0958. {LONG}",
    f"{LONG}\n\nCall 020 7946 0958. {LONG}",
)


def test_a_text_is_judged_alike_whatever_was_judged_before_it() -> None:
    looks = [(text, context) for context in (MSL, ON_OURS) for text in TEXTS + IN_BLOCKS]
    alone = {}
    anew = replace(shipped_set())
    for text, context in looks:
        forget(anew)
        alone[text, context] = evaluate(text, anew, context)
    used = replace(shipped_set())
    for text, context in (*looks, *reversed(looks), *looks):
        assert evaluate(text, used, context) == alone[text, context]


def test_a_text_that_grows_is_judged_at_each_word_as_if_it_were_new() -> None:
    grown = " ".join((*TEXTS, *IN_BLOCKS[:1]))
    used, anew = shipped_set(), replace(shipped_set())
    for end in range(200, len(grown), 97):
        verdict = evaluate(grown[:end], used, ON_OURS)
        forget(anew)
        assert evaluate(grown[:end], anew, ON_OURS) == verdict


def test_only_the_last_sentences_are_kept() -> None:
    used = replace(shipped_set())
    for number in range(30):
        evaluate(" ".join(f"Patient {number} took {n} mg." for n in range(50)), used, MSL)
    assert len(used.lexicon.passages) <= 1_000


def test_a_sentence_without_an_end_is_not_kept() -> None:
    used = replace(shipped_set())
    evaluate("and so on " * 200, used, MSL)
    assert not used.lexicon.passages
