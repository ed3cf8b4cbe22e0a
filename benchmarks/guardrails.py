"""How long the engine takes: p95 for 2,000 characters with 500 rules, and growth with length.

    python benchmarks/guardrails.py

Beside the shipped rules stand as many others as make 500: the same rules with each word of their
phrases swapped for another word of the set, so that they are searched for as real ones are and
share no work with them. Drafts are put together from the examples of the shipped rules, each with
its own words, so that nothing is remembered from one to the next.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Iterator
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


def drafts(
    guardrail_set: GuardrailSet, count: int, length: int, chance: random.Random
) -> Iterator[str]:
    """Texts of `length` characters, made of sentences that the rules are about."""
    sentences = [e.text for r in guardrail_set.rules for e in r.examples if len(e.text) < 400]
    for _ in range(count):
        text = ""
        while len(text) < length:
            text += chance.choice(sentences) + chance.choice((" ", " ", "\n\n"))
        yield text[:length]


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
    milliseconds(list(drafts(shipped, 20, CHARACTERS, chance)), many)
    print(f"{DRAFTS} drafts of {CHARACTERS} characters    median      p95      worst")
    for guardrail_set in (shipped, many):
        times = milliseconds(list(drafts(shipped, DRAFTS, CHARACTERS, chance)), guardrail_set)
        p95 = statistics.quantiles(times, n=20)[-1]
        row = f"{statistics.median(times):6.2f} ms {p95:6.2f} ms {max(times):6.2f} ms"
        print(f"  {len(guardrail_set.rules):4} rules                        {row}")
    print(f"\nOne draft with {RULES} rules          characters      time    per 1,000")
    for length in (1_000, 2_000, 4_000, 8_000, 16_000, 32_000):
        texts = list(drafts(shipped, 9, length, chance))
        middle = statistics.median(milliseconds(texts, many))
        print(f"{length:44} {middle:8.2f} ms {middle * 1000 / length:6.2f} ms")


if __name__ == "__main__":
    main()
