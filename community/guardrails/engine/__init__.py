"""The guardrails themselves: a draft, a set of rules and its context in, a Verdict out.

Pure: no web, no database, no clock, no network; the same input gives the same answer. What a rule
may ask of a text by phrases is in `phrases/`, what takes code is in `detectors/`.
"""

from __future__ import annotations

from functools import lru_cache

from community.guardrails.detectors.hit import read_around
from community.guardrails.detectors.patient_identity import forget as forget_blocks
from community.guardrails.engine.case import MOST_HITS_OF_A_RULE, Case
from community.guardrails.engine.notes import Note, notes_on, notes_on_case, numbers_of
from community.guardrails.engine.verdict import Finding, Mark, Verdict
from community.guardrails.phrases import Reading, Text, read
from community.guardrails.phrases import forget as forget_pieces
from community.guardrails.rules import (
    DESKS,
    KINDS,
    OFFERS,
    OUTCOMES,
    QUOTES,
    ROLES,
    TEXT_KINDS,
    THREAD_KINDS,
    Context,
    Example,
    GuardrailSet,
    Product,
    Rule,
    Scope,
    member_rules,
)

__all__ = [
    "DESKS", "KINDS", "MOST_HITS_OF_A_RULE", "OFFERS", "OUTCOMES", "QUOTES", "ROLES", "TEXT_KINDS",
    "THREAD_KINDS",
    "Context", "Example", "Finding", "GuardrailSet", "Mark", "Note", "Product", "Rule", "Scope",
    "Verdict",
    "evaluate", "forget", "member_rules", "notes_on", "notes_on_case",
    "numbers_of",
]  # fmt: skip


def evaluate(text: str, guardrail_set: GuardrailSet, context: Context) -> Verdict:
    """Judge one draft by one set of rules. Same input, same answer; time linear in the text."""
    about = context.products | _products_around(guardrail_set, context)
    draft = _draft(text, guardrail_set, context)
    reading = Reading(draft, guardrail_set.lexicon, thread_is_ours=bool(about))
    draft.memo["reading"] = reading
    return Case(reading, guardrail_set, context, about).verdict()


def forget(guardrail_set: GuardrailSet) -> None:
    """Forget what is remembered of texts, so that the next one is judged as the first ever."""
    guardrail_set.lexicon.passages.clear()
    forget_pieces()
    forget_blocks()


def _draft(text: str, guardrail_set: GuardrailSet, context: Context) -> Text:
    """The text to judge: behind the title it goes out with, and without standing disclosures."""
    draft = read(f"{context.title}\n{text}" if context.title else text)
    disclosed = list(guardrail_set.disclosures.standing_in(draft))
    return draft.without(disclosed) if disclosed else draft


def _products_around(guardrail_set: GuardrailSet, context: Context) -> frozenset[str]:
    """Products that the title, the tags or the post answered name."""
    title = context.thread_title or context.title
    if not (title or context.tags or context.answered):
        return frozenset()
    return _products_named(title, context.tags, context.answered, guardrail_set)


@lru_cache(maxsize=256)
def _products_named(
    title: str, tags: tuple[str, ...], answered: str, guardrail_set: GuardrailSet
) -> frozenset[str]:
    around = Reading(read_around(title, tags, answered), guardrail_set.lexicon)
    return guardrail_set.products_in(around)
