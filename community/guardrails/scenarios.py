"""Three questions about a set, which its readers answer before they post under it. Pure.

Where rules changed, their own examples ask: "Would this go out as it stands?", of several rules
before a second one of the same. What is left comes from the training for liaisons.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from community.guardrails.engine import GuardrailSet, Rule, evaluate
from community.guardrails.rules import Example

QUESTIONS = 3
LONGEST_EXAMPLE = 320
GOES_OUT = ("allow", "advise", "hold", "block")


@dataclass(frozen=True)
class Scenario:
    """One question: `answer` counts the options from 0; `why` explains it.

    `outcome_of` is the rule that an example belongs to, whose options are the four outcomes; ""
    where the question comes from the training.
    """

    id: str
    scene: str
    ask: str
    options: Sequence[str]
    answer: int
    why: str
    outcome_of: str = ""


def parse_training(source: str) -> list[Scenario]:
    """Read the questions of a training file; what is no question is left out."""
    try:
        rows = tomllib.loads(source).get("question", [])
    except tomllib.TOMLDecodeError:
        return []
    return [scenario for row in rows if (scenario := _question(row)) is not None]


def _question(row: object) -> Scenario | None:
    if not isinstance(row, dict):
        return None
    options, answer = row.get("options"), row.get("answer")
    if not isinstance(options, list) or not isinstance(answer, int):
        return None
    if not 1 <= answer <= len(options):
        return None
    return Scenario(
        id=str(row.get("id", "")),
        scene=str(row.get("scene", "")).strip(),
        ask=str(row.get("ask", "")).strip(),
        options=[str(option) for option in options],
        answer=answer - 1,
        why=str(row.get("why", "")).strip(),
    )


def choose(
    rules: GuardrailSet, *, touched: Iterable[str], training: Sequence[Scenario], seed: str
) -> list[Scenario]:
    """Return three questions, the same for the same seed.

    Args:
        rules: the set to be acknowledged.
        touched: ids of the rules that are new or changed.
        training: questions that are asked whatever changed.
        seed: of the set and the member, so that neighbours are asked other questions.
    """
    named = frozenset(touched)
    changed = [rule for rule in rules.rules if rule.id in named]
    found = _first(_examples(rules, _shuffled(changed, seed)), QUESTIONS)
    found += _shuffled(training, seed)[: QUESTIONS - len(found)]
    if len(found) < QUESTIONS:
        known = {scenario.id for scenario in found}
        more = _examples(rules, _shuffled(rules.rules, seed))
        found += _first((each for each in more if each.id not in known), QUESTIONS - len(found))
    return found


def _first(scenarios: Iterable[Scenario], count: int) -> list[Scenario]:
    found: list[Scenario] = []
    for scenario in scenarios:
        if len(found) == count:
            break
        found.append(scenario)
    return found


def _shuffled(things: Sequence[Rule] | Sequence[Scenario], seed: str) -> list:  # type: ignore[type-arg]
    def place(thing: Rule | Scenario) -> str:
        return hashlib.sha256(f"{seed}:{thing.id}".encode()).hexdigest()

    return sorted(things, key=place)


def _examples(rules: GuardrailSet, chosen: Sequence[Rule]) -> Iterator[Scenario]:
    """Give an example of each rule, one that hits and one that does not by turns; then others."""
    fit = [_fit(rule, hits=number % 2 == 0) for number, rule in enumerate(chosen)]
    for place in range(QUESTIONS):
        for rule, examples in zip(chosen, fit, strict=True):
            if place < len(examples):
                yield _asked(rules, rule, examples[place], place)


def _fit(rule: Rule, *, hits: bool) -> list[Example]:
    """The examples of a rule that can be asked: those that hit and those that do not by turns."""
    short = [
        example
        for example in rule.examples
        if example.context.affiliation == "company" and len(example.text) <= LONGEST_EXAMPLE
    ]
    these = [example for example in short if example.hits == hits]
    those = [example for example in short if example.hits != hits]
    return [each for pair in zip_longest(these, those) for each in pair if each is not None]


def _asked(rules: GuardrailSet, rule: Rule, example: Example, place: int) -> Scenario:
    verdict = evaluate(example.text, rules, example.context)
    found = next((f for f in verdict.findings if f.outcome == verdict.outcome), None)
    return Scenario(
        id=f"{rule.id}:{'hit' if example.hits else 'miss'}:{place}",
        scene=example.text,
        ask="",
        options=GOES_OUT,
        answer=GOES_OUT.index(verdict.outcome),
        why=found.reason if found is not None else "",
        outcome_of=rule.id,
    )
