"""How long the engine takes: p95 for 2,000 characters with 500 rules, growth, hostile texts.

    python -m benchmarks.guardrails [--quick]

Beside the shipped rules stand as many others as make 500: the same rules with each word of their
phrases swapped for another word of the set of the same length, so that they are searched for as
real ones are and share no work with them. They hit more often than rules that mean something.

*Posts* are put together from the demo's posts, *dense* drafts from the examples of the rules,
and so are full of the words that rules look for: half of their sentences must hit.

*New* texts are judged as if no sentence of them had ever been seen; that is the slowest there is.
*Typed* ones are judged behind the same text without its last twenty characters, as at each pause in
typing and when it is sent: the sentences that stand are not read again.

Time is processor time on one core. Each draft is judged several times and its best time counts:
that shuts out what else the machine does, which is shown beside it as the spread of a fixed loop.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from community.guardrails.engine import Context, GuardrailSet, Rule, evaluate, forget
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import Phrase, parse
from community.kernel.paths import DATA_ROOT

RULES, CHARACTERS, DRAFTS, TIMES = 500, 2_000, 100, 5
PAUSE = 20  # characters typed between one look and the next
LENGTHS = (500, 1_000, 2_000, 5_000, 10_000, 20_000)
HOSTILE = {
    "a a a …": "a ", "aaaaaa": "a", "((((((": "(", "111111": "1", "1.1.1.1": "1.", "&&&&&&": "&",
    "&amp;&amp;": "&amp;", "Aa Aa Aa": "Aa ", "no no no": "no ", "******": "*_",
    "a.b@c.d": "a.b@c.d ",
    "Ortelvane": "Ortelvane ", "18 % vs": "18 % against 21 % ", "😂😂😂": "😂",
}  # fmt: skip
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
    by_length: dict[int, list[str]] = {}
    for word in sorted({w for r in phrased for p in r.phrases for w in _WORD.findall(p.source)}):
        by_length.setdefault(len(word), []).append(word)
    rules = list(guardrail_set.rules)
    while len(rules) < count:
        rules.append(_varied(chance.choice(phrased), by_length, len(rules), chance))
    return replace(guardrail_set, rules=tuple(rules))


def _varied(
    rule: Rule, by_length: dict[int, list[str]], number: int, chance: random.Random
) -> Rule:
    def other(word: re.Match[str]) -> str:
        return chance.choice(by_length.get(len(word.group()), [word.group()]))

    def vary(phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        return tuple(parse(_WORD.sub(other, phrase.source)) for phrase in phrases)

    return replace(
        rule, id=f"varied.{number}", phrases=vary(rule.phrases), unless=vary(rule.unless)
    )


def sources() -> dict[str, list[str]]:
    """What drafts are put together from."""
    lines = (DATA_ROOT / "demo" / "threads.jsonl").read_text(encoding="utf-8").splitlines()
    examples = [e.text for r in shipped_set().rules for e in r.examples if len(e.text) < 400]
    return {
        "posts": [post["text"] for line in lines for post in json.loads(line)["posts"]],
        "dense": examples,
    }


def drafts(pieces: list[str], length: int, count: int, chance: random.Random) -> list[str]:
    """Texts of `length` characters, put together from these pieces."""
    texts: list[str] = []
    for _ in range(count):
        text = ""
        while len(text) < length:
            text += chance.choice(pieces) + chance.choice((" ", "\n\n"))
        texts.append(text[:length])
    return texts


def best(
    work: Callable[[], object],
    times: int = TIMES,
    before: Callable[[], object] = lambda: None,
) -> float:
    """The shortest of several goes, in milliseconds of processor time; `before` is not counted."""
    taken = []
    for _ in range(times):
        before()
        begun = time.process_time_ns()
        work()
        taken.append(time.process_time_ns() - begun)
    return min(taken) / 1e6


def milliseconds(
    texts: Iterable[str], guardrail_set: GuardrailSet, *, typed: bool = False
) -> list[float]:
    """The best time for each text, new or typed."""
    return [_best_for(text, guardrail_set, typed=typed) for text in texts]


def _best_for(text: str, guardrail_set: GuardrailSet, *, typed: bool) -> float:
    def before() -> None:
        forget(guardrail_set)
        if typed:
            evaluate(text[:-PAUSE], guardrail_set, MSL)

    return best(lambda: evaluate(text, guardrail_set, MSL), before=before)


def noise() -> str:
    """How much slower than its best time a fixed loop is now."""
    taken = [best(lambda: sum(range(100_000)), times=1) for _ in range(100)]
    slower = statistics.quantiles(taken, n=20)[-1] / min(taken)
    return (
        f"The machine: a fixed loop takes {min(taken):.2f} ms, at its p95 {slower:.1f} times that."
    )


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description="Measure the guardrails.")
    options.add_argument("--quick", action="store_true", help="a fifth of the drafts")
    count = DRAFTS // 5 if options.parse_args().quick else DRAFTS
    chance = random.Random(7)  # the same drafts every time
    shipped = shipped_set()
    many = with_rules(shipped, RULES, chance)
    phrased = replace(many, rules=tuple(rule for rule in many.rules if not rule.detector))
    pieces = sources()
    for guardrail_set in (shipped, many, phrased):
        milliseconds(drafts(pieces["dense"], CHARACTERS, 10, chance), guardrail_set)
    gc.collect()
    gc.freeze()  # as a server does once its rules are read
    print(noise())
    print(f"\n{count} drafts of {CHARACTERS} characters                 median       p95     worst")
    for guardrail_set, what in (
        (shipped, "rules, the shipped ones"),
        (many, "rules, with detectors"),
        (phrased, "rules, no detectors"),
    ):
        for name, of in pieces.items():
            texts = drafts(of, CHARACTERS, count, chance)
            for how in ("new", "typed"):
                times = milliseconds(texts, guardrail_set, typed=how == "typed")
                p95 = statistics.quantiles(times, n=20)[-1]
                row = f"{statistics.median(times):6.2f} ms {p95:6.2f} ms {max(times):6.2f} ms"
                print(f"  {name:5} {how:6} {len(guardrail_set.rules):4} {what:23} {row}")
    print(f"\nNew posts, {RULES} rules          characters    median  per 1,000")
    for length in LENGTHS:
        texts = drafts(pieces["posts"], length, max(5, count // 10), chance)
        middle = statistics.median(milliseconds(texts, many))
        print(f"{length:39,} {middle:7.2f} ms {middle * 1000 / length:7.2f} ms")
    print(f"\nHostile texts, {RULES} rules    2,000 characters   20,000    growth (10 is linear)")
    for name, unit in HOSTILE.items():
        short, long = milliseconds(((unit * n)[:n] for n in (2_000, 20_000)), many)
        print(f"  {name:28} {short:7.2f} ms {long:7.2f} ms {long / short:6.1f}")
    print(f"\n{noise()}")


if __name__ == "__main__":
    main()
