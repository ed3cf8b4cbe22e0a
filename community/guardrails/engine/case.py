"""One text under judgement: which hits of which rules stand, with the words around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import islice

from community.guardrails.detectors import DETECTORS, Hit, Look
from community.guardrails.detectors.own_word import careful_sentences
from community.guardrails.engine.sentence import matches_in
from community.guardrails.engine.verdict import Finding, Verdict, is_answered, verdict_of
from community.guardrails.phrases import Phrase, Reading, Text, Wording, read, wording_of
from community.guardrails.rules import Context, GuardrailSet, Rule

MOST_HITS_OF_A_RULE = 50
_Match = tuple[int, int, int]  # first token, the one behind the last below zero, sentence


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
        matched = self._matched(wanted)
        findings: list[Finding] = []
        fallbacks: list[Finding] = []
        for number in sorted(matched.keys() | (self.set.detecting & wanted)):
            rule = rules[number]
            allowed = self.unquoted if rule.quotes == "skip" else self.everywhere
            hits = (
                self._detected(rule, allowed)
                if rule.detector
                else self._borne_out(rule, matched[number], allowed)
            )
            found = [self._finding(rule, hit) for hit in islice(_apart(hits), MOST_HITS_OF_A_RULE)]
            (fallbacks if rules[number].fallback else findings).extend(found)
        return verdict_of(findings + [f for f in fallbacks if not is_answered(f, findings)])

    @property
    def products(self) -> frozenset[str]:
        """The products that the thread is about or the text names."""
        return self.about | self.set.products_in(self.reading)

    @cached_property
    def careful(self) -> int:
        """Sentences that a model takes for careful talk: `weights/own_word.md`."""
        return careful_sentences(Look(self.text, self.context, self.set, {}, self.about))

    def _approved(self) -> int:
        """Sentences put in from an approved response as they are."""
        approved = self.context.approved_texts
        return self._agreed(wording_of(*approved)) if approved else 0

    def _agreed(self, wording: Wording) -> int:
        found = 0
        for first, _ in wording.standing_in(self.text):
            found |= 1 << self.text.sentences[first]
        return found

    def _matched(self, wanted: frozenset[int]) -> dict[int, list[_Match]]:
        """For each rule its matches that their sentences bear out."""
        matched: defaultdict[int, list[_Match]] = defaultdict(list)
        for row in self.reading.rows:
            offset = row.first
            for number, first, after in matches_in(row.passage, self.set, wanted):
                matched[number].append((offset + first, -offset - after, row.number))
        return matched

    def _borne_out(self, rule: Rule, matches: list[_Match], allowed: int) -> Iterator[Hit]:
        """The hits of phrases in the order of the text, each made when it is asked for."""
        if not self._around_bears_out(rule, allowed):
            return
        starts, ends, here = self.text.starts, self.text.ends, self._spoken(rule, allowed)
        for first, after, sentence in sorted(matches):
            hit = Hit(starts[first], ends[-after - 1])
            if here >> sentence & 1 and not self._in_title(hit):
                yield hit

    def _detected(self, rule: Rule, allowed: int) -> Iterable[Hit]:
        """The hits of a detector in the order of the text."""
        look = Look(self.text, self.context, self.set, rule.options, self.about)
        hits = list(DETECTORS[rule.detector].find(look))
        if not hits or not self._around_bears_out(rule, allowed):
            return ()
        return (hit for hit in _in_order(hits) if self._stands(rule, hit, allowed))

    def _around_bears_out(self, rule: Rule, allowed: int) -> bool:
        """Whether the post holds what the rule asks of the post."""
        if rule.with_in == "post":
            for part in (rule.with_, rule.and_with):
                if part and not self._met(part, allowed):
                    return False
        around = rule.unless_in == "post" and rule.unless
        return not (around and self.reading.holds(rule.unless, allowed))

    def _stands(self, rule: Rule, hit: Hit, allowed: int) -> bool:
        """Whether its sentences bear the hit of a detector out: with, and_with, unless, quotes.

        A sentence of an agreed text is never hit, but what it says counts for the words around it.
        """
        here = allowed
        if not hit.whole:
            here &= self.text.sentence_bits(hit.start, hit.end)
            if not self._spoken(rule, here) or self._in_title(hit):
                return False
        if rule.with_in != "post":
            for part in (rule.with_, rule.and_with):
                if part and not self.reading.holds(part, here):
                    return False
        around = rule.unless_in != "post" and rule.unless
        return not (around and self.reading.holds(rule.unless, here))

    def _spoken(self, rule: Rule, sentences: int) -> int:
        """Those of `sentences` that the rule may hit: the author's own, not what it spares."""
        own = sentences & self.own
        if rule.quotes == "context":
            own &= self.unquoted
        return own & ~self.careful if rule.spare_careful else own

    def _in_title(self, hit: Hit) -> bool:
        """Whether a hit lies in the title alone, which is judged on its own."""
        return bool(self.title) and self.text.place(hit.start, hit.end)[1] <= self.title

    def _met(self, phrases: tuple[Phrase, ...], nearby: int) -> bool:
        if self.about and any(phrase.source == "{product}" for phrase in phrases):
            return True
        return self.reading.holds(phrases, nearby)

    def _finding(self, rule: Rule, hit: Hit) -> Finding:
        start, end = self.text.place(hit.start, hit.end)
        if hit.whole:
            start, end = self.title, len(self.text.raw)
        runs_on = start < self.title  # from the title: no wording fits in place of half of it
        suggestion = (rule.instead or None) if hit.instead is None else hit.instead
        why, reason = self.set.reasons[rule.id]
        if hit.what:
            why, reason = rule.why_for(hit.what), rule.reason_for(hit.what)
        return Finding(
            rule=rule.id,
            kind=rule.kind,
            outcome=rule.outcome,
            start=max(start - self.title, 0),
            end=end - self.title,
            says=rule.says,
            why=why,
            reason=reason,
            do=rule.suggestion,
            routes=rule.route,
            suggestion=None if runs_on else suggestion,
            offers=rule.offers,
            whole=hit.whole,
            what=hit.what,
        )


def _known_quotes(text: Text, thread_texts: tuple[str, ...] | None) -> int:
    """Quoted sentences that stand in the thread whole; the rest is the author's own.

    Half a sentence is not enough: of "nobody can say that it is safe" it would quote its contrary.
    """
    if not text.quoted or not thread_texts:
        return 0
    own = text.words_of_sentences()
    said: frozenset[str] = frozenset().union(*map(_sentences_of, thread_texts))
    return sum(1 << at for at in text.quoted if own[at] in said)


@lru_cache(maxsize=512)
def _sentences_of(text: str) -> frozenset[str]:
    cut_at_colons = read(text.replace(":\n", ".\n"))  # what a list or a speech begins with
    return frozenset(
        [*read(text).words_of_sentences().values(), *cut_at_colons.words_of_sentences().values()]
    )


def _in_order(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of hits in the order of the text, where two overlap, the earlier and longer one."""
    end = 0
    for hit in hits:
        if hit.start >= end or hit.whole:
            yield hit
            end = hit.end
