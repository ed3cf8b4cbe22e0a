"""The guardrails themselves: a draft, a set of rules and its context in, a Verdict out.

Pure: no web, no database, no clock, no network; the same input gives the same answer. What a rule
may ask of a text by phrases is in `phrases/`, what takes code is in `detectors/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any

from community.guardrails.detectors import DETECTORS, Hit, Look
from community.guardrails.phrases import Phrase, Reading, Text, read
from community.guardrails.rules import (
    DESKS,
    KINDS,
    OUTCOMES,
    TEXT_KINDS,
    Context,
    Example,
    GuardrailSet,
    Product,
    Rule,
    Scope,
    member_rules,
)

__all__ = [
    "DESKS", "KINDS", "OUTCOMES", "TEXT_KINDS", "Context", "Example", "Finding", "GuardrailSet",
    "Product", "Rule", "Scope", "Verdict", "evaluate", "member_rules",
]  # fmt: skip

MOST_HITS_OF_A_RULE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One hit of one rule: `start` to `end` in code points of the text as sent, half-open.

    `says` is the rule in a sentence, `why` its reason and what was seen, `reason` both in one;
    `do` says what to do, and `suggestion` is a text that may stand in place of the span.
    """

    rule: str
    kind: str
    outcome: str
    start: int
    end: int
    says: str
    why: str
    reason: str
    do: str
    routes: tuple[str, ...]
    suggestion: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON holds it."""
        return {**asdict(self), "routes": list(self.routes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The heaviest outcome over one text, its findings in the order of the text, and its routes.

    `owner` is the desk that decides on a hold: the first of the route of the first rule, in the
    order of the set, that holds. `routes` begins with the desks of the heaviest findings.
    """

    outcome: str = "allow"
    findings: tuple[Finding, ...] = ()
    routes: tuple[str, ...] = ()
    owner: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The verdict as JSON holds it."""
        return {
            "outcome": self.outcome,
            "findings": [finding.as_json() for finding in self.findings],
            "routes": list(self.routes),
            "owner": self.owner,
        }


def evaluate(text: str, guardrail_set: GuardrailSet, context: Context) -> Verdict:
    """Judge one draft by one set of rules. Same input, same answer; time linear in the text."""
    draft = read(text)
    about = frozenset(context.products) | _products_of_thread(guardrail_set, context)
    reading = Reading(draft, guardrail_set.lexicon, thread_is_ours=bool(about))
    case = _Case(reading, guardrail_set, context, about)
    matched: dict[int, list[tuple[int, int]]] = {}
    for number, matches in guardrail_set.index.matches(reading):
        matched.setdefault(number, []).extend(matches)
    findings: list[Finding] = []
    for number, rule in enumerate(guardrail_set.rules):
        if rule.detector or number in matched:
            findings += case.judge(rule, matched.get(number, ()))
    return _verdict(findings)


@lru_cache(maxsize=256)
def _products_named(text: str, guardrail_set: GuardrailSet) -> frozenset[str]:
    reading = Reading(read(text), guardrail_set.lexicon)
    return _products_in(reading, guardrail_set)


def _products_in(reading: Reading, guardrail_set: GuardrailSet) -> frozenset[str]:
    return frozenset(p.id for p in guardrail_set.products if reading.has("{" + p.list_name + "}"))


def _products_of_thread(guardrail_set: GuardrailSet, context: Context) -> frozenset[str]:
    """Products that the title, the tags or the post answered name."""
    around = "\n\n".join((context.thread_title, *context.tags, context.answered))
    return _products_named(around, guardrail_set) if around.strip() else frozenset()


class _Case:
    """One text under judgement: what all rules ask of it is worked out once."""

    def __init__(
        self,
        reading: Reading,
        guardrail_set: GuardrailSet,
        context: Context,
        about: frozenset[str],
    ) -> None:
        self.reading = reading
        self.text: Text = reading.text
        self.set = guardrail_set
        self.context = context
        self.about = about
        self.everywhere = frozenset(self.text.sentences)
        self.unquoted = self.everywhere - _known_quotes(self.text, context.thread_texts)

    @cached_property
    def products(self) -> frozenset[str]:
        return self.about | _products_in(self.reading, self.set)

    def judge(self, rule: Rule, matches: Iterable[tuple[int, int]]) -> list[Finding]:
        products = self.products if rule.scope.products else self.about
        if not rule.scope.covers(self.context, products):
            return []
        allowed = self.everywhere if rule.quotes == "read" else self.unquoted
        hits = self._detected(rule) if rule.detector else self._matched(matches)
        kept = [hit for hit in hits if self._stands(rule, hit, allowed)]
        return [self._finding(rule, hit) for hit in _apart(kept)[:MOST_HITS_OF_A_RULE]]

    def _detected(self, rule: Rule) -> Iterable[Hit]:
        look = Look(self.text, self.context, self.set, rule.options)
        return DETECTORS[rule.detector].find(look)

    def _matched(self, matches: Iterable[tuple[int, int]]) -> Iterable[Hit]:
        starts, ends = self.text.starts, self.text.ends
        return (Hit(starts[first], ends[after - 1]) for first, after in matches)

    def _stands(self, rule: Rule, hit: Hit, allowed: frozenset[int]) -> bool:
        """Whether the rest of the rule bears the hit out: with, and_with, unless, quotes."""
        here = self.text.sentences_at(hit.start, hit.end) & allowed
        if hit.whole:
            here = allowed
        elif not here:
            return False
        nearby = allowed if rule.with_in == "post" else here
        if not all(self._met(rule, part, nearby) for part in (rule.with_, rule.and_with) if part):
            return False
        around = allowed if rule.unless_in == "post" else here
        return not self._found(rule.unless, around)

    def _met(self, rule: Rule, phrases: tuple[Phrase, ...], nearby: frozenset[int]) -> bool:
        if rule.with_in == "post" and self.about and any(p.source == "{product}" for p in phrases):
            return True
        return self._found(phrases, nearby)

    def _found(self, phrases: Iterable[Phrase], sentences: frozenset[int]) -> bool:
        found = self.reading.sentences_with
        return any(not found(phrase).isdisjoint(sentences) for phrase in phrases)

    def _finding(self, rule: Rule, hit: Hit) -> Finding:
        start, end = self.text.place(hit.start, hit.end)
        if hit.whole:
            start, end = 0, len(self.text.raw)
        return Finding(
            rule=rule.id,
            kind=rule.kind,
            outcome=rule.outcome,
            start=start,
            end=end,
            says=rule.says,
            why=rule.why_for(hit.what),
            reason=rule.reason_for(hit.what),
            do=rule.suggestion,
            routes=rule.route,
            suggestion=hit.instead,
        )


def _known_quotes(text: Text, thread_texts: tuple[str, ...] | None) -> frozenset[int]:
    """Quoted sentences that stand word for word in the thread; the rest is the author's own."""
    if not text.quoted or not thread_texts:
        return frozenset()
    thread = "\n".join(map(_all_words, thread_texts))
    own = text.words_of_sentences()
    return frozenset(at for at in text.quoted if f" {own[at]} " in thread)


@lru_cache(maxsize=256)
def _all_words(text: str) -> str:
    return " " + " ".join(read(text).words_of_sentences().values()) + " "


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Hits of one rule in the order of the text, of two that overlap the earlier and longer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end or hit.whole:
            kept.append(hit)
    return kept


def _verdict(findings: Sequence[Finding]) -> Verdict:
    """`findings` come in the order of the set's rules."""
    heaviest = sorted(findings, key=lambda finding: -OUTCOMES.index(finding.outcome))
    holds = [finding for finding in findings if finding.outcome == "hold"]
    outcome = heaviest[0].outcome if heaviest else "allow"
    return Verdict(
        outcome=outcome,
        findings=tuple(sorted(findings, key=lambda finding: (finding.start, finding.end))),
        routes=tuple(dict.fromkeys(desk for finding in heaviest for desk in finding.routes)),
        owner=next((f.routes[0] for f in holds if f.routes), None) if outcome == "hold" else None,
    )
