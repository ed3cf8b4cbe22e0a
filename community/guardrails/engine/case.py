"""One text under judgement: which hits of which rules stand, with the words around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from community.guardrails.detectors import DETECTORS, Hit, Look
from community.guardrails.engine.verdict import Finding, Verdict, is_answered, verdict_of
from community.guardrails.phrases import Phrase, Reading, Text, Wording, read, wording_of
from community.guardrails.rules import Context, GuardrailSet, Rule

MOST_HITS_OF_A_RULE = 50


class Case:
    """One text under judgement: what all rules ask of it is worked out once.

    Sets of sentences are whole numbers with a bit for each sentence.
    """

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
        self.title = len(context.title) + 1 if context.title else 0  # characters before the text
        self.everywhere = (2 << self.text.sentences[-1]) - 1 if self.text.sentences else 0
        self.unquoted = self.everywhere & ~_known_quotes(self.text, context.thread_texts)
        self.own = ~(self._agreed(guardrail_set.fixed_wording) | self._approved())

    def verdict(self) -> Verdict:
        """The findings of all rules, weighed."""
        rules = self.set.rules
        wanted = self.set.rules_for(self.context, self.products)
        matched: dict[int, list[tuple[int, int]]] = {}
        for number, matches in self.set.index.matches(self.reading, wanted):
            matched.setdefault(number, []).extend(matches)
        findings: list[Finding] = []
        fallbacks: list[Finding] = []
        for number in sorted(matched.keys() | (self.set.detecting & wanted)):
            found = self._judge(rules[number], matched.get(number, ()))
            (fallbacks if rules[number].fallback else findings).extend(found)
        return verdict_of(findings + [f for f in fallbacks if not is_answered(f, findings)])

    @property
    def products(self) -> frozenset[str]:
        """The products that the thread is about or the text names."""
        return self.about | self.set.products_in(self.reading)

    def _approved(self) -> int:
        """Sentences put in from an approved response as they are."""
        approved = self.context.approved_texts
        return self._agreed(wording_of(*approved)) if approved else 0

    def _agreed(self, wording: Wording) -> int:
        found = 0
        for first, _ in wording.standing_in(self.text):
            found |= 1 << self.text.sentences[first]
        return found

    def _judge(self, rule: Rule, matches: Iterable[tuple[int, int]]) -> list[Finding]:
        """The findings of one rule; `matches` of its phrases in tokens."""
        allowed = self.everywhere if rule.quotes == "read" else self.unquoted
        hits = _in_order(self._detected(rule)) if rule.detector else self._matched(matches)
        kept = _apart(hit for hit in hits if self._stands(rule, hit, allowed))
        return [self._finding(rule, hit) for hit in islice(kept, MOST_HITS_OF_A_RULE)]

    def _detected(self, rule: Rule) -> Iterable[Hit]:
        look = Look(self.text, self.context, self.set, rule.options, self.about)
        return DETECTORS[rule.detector].find(look)

    def _matched(self, matches: Iterable[tuple[int, int]]) -> Iterator[Hit]:
        """The hits of phrases in the order of the text, each made when it is asked for."""
        starts, ends = self.text.starts, self.text.ends
        for first, after in sorted(matches, key=lambda match: (match[0], -match[1])):
            yield Hit(starts[first], ends[after - 1])

    def _stands(self, rule: Rule, hit: Hit, allowed: int) -> bool:
        """Whether the rest of the rule bears the hit out: with, and_with, unless, quotes.

        A sentence of an agreed text is never hit, but what it says counts for the words around it.
        """
        here = allowed
        if not hit.whole:
            here &= self.text.sentence_bits(hit.start, hit.end)
            if not here & self.own or self._in_title(hit):
                return False
        nearby = allowed if rule.with_in == "post" else here
        for part in (rule.with_, rule.and_with):
            if part and not self._met(rule, part, nearby):
                return False
        around = allowed if rule.unless_in == "post" else here
        return not (rule.unless and self.reading.holds(rule.unless, around))

    def _in_title(self, hit: Hit) -> bool:
        """Whether a hit lies in the title alone, which is judged on its own."""
        return bool(self.title) and self.text.place(hit.start, hit.end)[1] <= self.title

    def _met(self, rule: Rule, phrases: tuple[Phrase, ...], nearby: int) -> bool:
        if rule.with_in == "post" and self.about and any(p.source == "{product}" for p in phrases):
            return True
        return self.reading.holds(phrases, nearby)

    def _finding(self, rule: Rule, hit: Hit) -> Finding:
        start, end = self.text.place(hit.start, hit.end)
        if hit.whole:
            start, end = self.title, len(self.text.raw)
        runs_on = start < self.title  # from the title: no wording fits in place of half of it
        suggestion = (rule.instead or None) if hit.instead is None else hit.instead
        return Finding(
            rule=rule.id,
            kind=rule.kind,
            outcome=rule.outcome,
            start=max(start - self.title, 0),
            end=end - self.title,
            says=rule.says,
            why=rule.why_for(hit.what),
            reason=rule.reason_for(hit.what),
            do=rule.suggestion,
            routes=rule.route,
            suggestion=None if runs_on else suggestion,
            offers=rule.offers,
            whole=hit.whole,
        )


def _known_quotes(text: Text, thread_texts: tuple[str, ...] | None) -> int:
    """Quoted sentences that stand word for word in the thread; the rest is the author's own."""
    if not text.quoted or not thread_texts:
        return 0
    thread = "\n".join(map(_all_words, thread_texts))
    own = text.words_of_sentences()
    return sum(1 << at for at in text.quoted if f" {own[at]} " in thread)


@lru_cache(maxsize=256)
def _all_words(text: str) -> str:
    return " " + " ".join(read(text).words_of_sentences().values()) + " "


def _in_order(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of hits in the order of the text, where two overlap, the earlier and longer one."""
    end = 0
    for hit in hits:
        if hit.start >= end or hit.whole:
            yield hit
            end = hit.end
