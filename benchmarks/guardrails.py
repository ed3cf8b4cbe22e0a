"""How long the engine takes: p95 for 2,000 characters with 500 rules, and growth with length.

    python benchmarks/guardrails.py

Beside the shipped rules stand as many others as make 500: the same rules with each word of their
phrases swapped for another word of the set, so that they are searched for as real ones are and
share no work with them. Drafts are put together from the examples of the shipped rules: good ones
of sentences that must not hit, which are full of the words that rules look for, bad ones half of
sentences that must.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from dataclasses import replace

from community.guardrails.engine import Context, GuardrailSet, Rule, evaluate
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import Phrase, parse

RULES, CHARACTERS, DRAFTS = 500, 2_000, 400
MSL = Context(
    affiliation="company",
    role="msl",
    countries=frozenset({"GB", "US", "DE", "FR"}),
    products=frozenset({"ortelvane"}),
    thread_title="Does the dose of Ortelvane matter?",
    thread_texts=("What would you do at a pressure of 95?",),
)
_WORD = re.compile(r"(?<![\w{])[a-z]{3,}(?![\w}])")


def with_rules(guardrail_set: GuardrailSet, count: int, chance: random.Random) -> GuardrailSet:
    """The set filled up to `count` rules."""
    phrased = [rule for rule in guardrail_set.rules if rule.phrases]
    words = sorted({w for r in phrased for p in r.phrases for w in _WORD.findall(p.source)})
    rules = list(guardrail_set.rules)
    while len(rules) < count:
        rules.append(_varied(chance.choice(phrased), words, len(rules), chance))
    return replace(guardrail_set, rules=tuple(rules))


def _varied(rule: Rule, words: list[str], number: int, chance: random.Random) -> Rule:
    def vary(phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        return tuple(
            parse(_WORD.sub(lambda _: chance.choice(words), phrase.source)) for phrase in phrases
        )

    return replace(
        rule, id=f"varied.{number}", phrases=vary(rule.phrases), unless=vary(rule.unless)
    )


def drafts(length: int, count: int, chance: random.Random, *, bad: bool = False) -> list[str]:
    """Texts of `length` characters, made of sentences that the rules are about."""
    examples = [e for r in shipped_set().rules for e in r.examples if len(e.text) < 400]
    sentences = [e.text for e in examples if bad or not e.hits]
    texts: list[str] = []
    for _ in range(count):
        text = ""
        while len(text) < length:
            text += chance.choice(sentences) + chance.choice((" ", " ", "\n\n"))
        texts.append(text[:length])
    return texts


def milliseconds(texts: list[str], guardrail_set: GuardrailSet) -> list[float]:
    """Processor time for each text, on one core."""
    times = []
    for text in texts:
        begun = time.process_time_ns()
        evaluate(text, guardrail_set, MSL)
        times.append((time.process_time_ns() - begun) / 1e6)
    return times


def main() -> None:
    """Print both tables."""
    chance = random.Random(7)  # the same drafts every time
    shipped = shipped_set()
    many = with_rules(shipped, RULES, chance)
    for guardrail_set in (shipped, many):
        milliseconds(drafts(CHARACTERS, 20, chance, bad=True), guardrail_set)
    print(f"{DRAFTS} drafts of {CHARACTERS} characters       median       p95     worst")
    for guardrail_set in (shipped, many):
        for name, bad in (("good", False), ("bad", True)):
            times = milliseconds(drafts(CHARACTERS, DRAFTS, chance, bad=bad), guardrail_set)
            p95 = statistics.quantiles(times, n=20)[-1]
            row = f"{statistics.median(times):6.2f} ms {p95:6.2f} ms {max(times):6.2f} ms"
            print(f"  {len(guardrail_set.rules):4} rules, {name:5}               {row}")
    print(f"\nGood drafts, {RULES} rules         characters    median  per 1,000")
    for length in (1_000, 2_000, 4_000, 8_000, 16_000, 32_000):
        middle = statistics.median(milliseconds(drafts(length, 15, chance), many))
        print(f"{length:40} {middle:7.2f} ms {middle * 1000 / length:7.2f} ms")


if __name__ == "__main__":
    main()
