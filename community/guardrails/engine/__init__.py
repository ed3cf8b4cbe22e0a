"""The guardrails themselves: a draft, a set of rules and its context in, a Verdict out.

Pure: no web, no database, no clock, no network; the same input gives the same answer. What a rule
may ask of a text by phrases is in `phrases/`, what takes code is in `detectors/`.
"""

from __future__ import annotations

from functools import lru_cache

from community.guardrails.detectors.hit import read_around
from community.guardrails.engine.case import MOST_HITS_OF_A_RULE, Case
from community.guardrails.engine.verdict import Finding, Mark, Verdict, verdict_of
from community.guardrails.phrases import Reading, read
from community.guardrails.rules import (
    DESKS,
    KINDS,
    OFFERS,
    OUTCOMES,
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
    "DESKS", "KINDS", "MOST_HITS_OF_A_RULE", "OFFERS", "OUTCOMES", "TEXT_KINDS", "THREAD_KINDS",
    "Context", "Example", "Finding", "GuardrailSet", "Mark", "Product", "Rule", "Scope", "Verdict",
    "evaluate", "member_rules",
]  # fmt: skip


def evaluate(text: str, guardrail_set: GuardrailSet, context: Context) -> Verdict:
    """Judge one draft by one set of rules. Same input, same answer; time linear in the text."""
    draft = read(text)
    about = context.products | _products_around(guardrail_set, context)
    reading = Reading(draft, guardrail_set.lexicon, thread_is_ours=bool(about))
    draft.memo["reading"] = reading
    case = Case(reading, guardrail_set, context, about)
    matched: dict[int, list[tuple[int, int]]] = {}
    for number, matches in guardrail_set.index.matches(reading):
        matched.setdefault(number, []).extend(matches)
    findings: list[Finding] = []
    for number, rule in enumerate(guardrail_set.rules):
        if rule.detector or number in matched:
            findings += case.judge(rule, matched.get(number, ()))
    return verdict_of(findings)


def _products_around(guardrail_set: GuardrailSet, context: Context) -> frozenset[str]:
    """Products that the title, the tags or the post answered name."""
    title, tags, answered = context.thread_title, context.tags, context.answered
    if not (title or tags or answered):
        return frozenset()
    return _products_named(title, tags, answered, guardrail_set)


@lru_cache(maxsize=256)
def _products_named(
    title: str, tags: tuple[str, ...], answered: str, guardrail_set: GuardrailSet
) -> frozenset[str]:
    around = Reading(read_around(title, tags, answered), guardrail_set.lexicon)
    return guardrail_set.products_in(around)
