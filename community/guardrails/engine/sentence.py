"""Which rules a sentence may hit by itself: by their phrases, and what they ask of it besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from community.guardrails.phrases import Passage, Phrase
from community.guardrails.rules import GuardrailSet, Rule

Match = tuple[int, int, int]
"""The number of a rule, the first token of a match in its sentence and the one behind its last."""


def matches_in(
    passage: Passage, guardrail_set: GuardrailSet, wanted: frozenset[int]
) -> Sequence[Match]:
    """The matches of wanted rules that the sentence bears out; worked out once for a sentence."""
    asked = "matches", wanted
    known = passage.memo.get(asked)
    if not isinstance(known, list):
        known = passage.memo[asked] = list(_matches(passage, guardrail_set, wanted))
    return known


def _matches(
    passage: Passage, guardrail_set: GuardrailSet, wanted: frozenset[int]
) -> Iterator[Match]:
    borne_out: dict[int, bool] = {}
    for number, found in guardrail_set.index.matches(passage, wanted):
        if number not in borne_out:
            borne_out[number] = _bears_out(passage, guardrail_set, guardrail_set.rules[number])
        if borne_out[number]:
            for first, after in found:
                yield number, first, after


def _bears_out(passage: Passage, guardrail_set: GuardrailSet, rule: Rule) -> bool:
    """Whether the sentence holds what the rule asks of the sentence itself."""

    def holds(phrases: tuple[Phrase, ...]) -> bool:
        return passage.holds(phrases, guardrail_set.lexicon.anchors(phrases))

    if rule.with_in != "post" and not all(
        holds(part) for part in (rule.with_, rule.and_with) if part
    ):
        return False
    return not (rule.unless and rule.unless_in != "post" and holds(rule.unless))
