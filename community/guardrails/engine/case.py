"""One text under judgement: which hits of which rules stand, with the words around them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from community.guardrails.detectors import DETECTORS, Hit, Look
from community.guardrails.engine.verdict import Finding
from community.guardrails.phrases import Phrase, Reading, Text, read
from community.guardrails.rules import Context, GuardrailSet, Rule

MOST_HITS_OF_A_RULE = 50


class Case:
    """One text under judgement: what all rules ask of it is worked out once."""

    def __init__(
        self,
        reading: Reading,
        guardrail_set: GuardrailSet,
        context: Context,
        about: frozenset[str],
    ) -> None:
        """`about`: the products that the thread is about."""
        self.reading = reading
        self.text: Text = reading.text
        self.set = guardrail_set
        self.context = context
        self.about = about
        self.everywhere = frozenset(self.text.sentences)
        self.unquoted = self.everywhere - _known_quotes(self.text, context.thread_texts)

    @cached_property
    def products(self) -> frozenset[str]:
        """The products that the thread is about or the text names."""
        return self.about | self.set.products_in(self.reading)

    def judge(self, rule: Rule, matches: Iterable[tuple[int, int]]) -> list[Finding]:
        """The findings of one rule; `matches` of its phrases in tokens."""
        products = self.products if rule.scope.products else self.about
        if not rule.scope.covers(self.context, products):
            return []
        allowed = self.everywhere if rule.quotes == "read" else self.unquoted
        hits = self._detected(rule) if rule.detector else self._matched(matches)
        kept = [hit for hit in hits if self._stands(rule, hit, allowed)]
        return [self._finding(rule, hit) for hit in _apart(kept)[:MOST_HITS_OF_A_RULE]]

    def _detected(self, rule: Rule) -> Iterable[Hit]:
        look = Look(self.text, self.context, self.set, rule.options, self.about)
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
            suggestion=(rule.instead or None) if hit.instead is None else hit.instead,
            offers=rule.offers,
            whole=hit.whole,
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
