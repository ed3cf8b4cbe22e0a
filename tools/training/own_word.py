"""The model for sentences on the author's own word, learnt from the drafts of the benchmark.

Where a draft says which of its words are why it must not go out, its sentences are labelled by
them. Other drafts are labelled as a whole: there a first model takes every sentence as the reason,
and a second learns from those which the first finds worst (multiple instance learning: Andrews et
al., NIPS 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.bench_guardrails.cases import Case
from community.guardrails.detectors.own_word.sentence import features
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from tools.training.learning import train
from tools.training.own_drafts import Told, clean, drafts, of_demo, ordinary, see, written_drafts
from tools.training.recipe import Example, Recipe

_OTHER_KINDS = frozenset({"patient_identity", "disclosure", "abuse", "spam", "other"})
_CLEAN_PULL, _RULE_PULL, _DEMO_PULL, _ORDINARY_PULL = 0.3, 1.0, 4.0, 0.2
_FIRST_PULL, _WORST_PULL, _BAD_PULL = 0.7, 1.3, 0.4
_SPAN_PULL, _BESIDE_PULL = 1.3, 0.5

Features = tuple[str, ...]


def examples(data: Path) -> Iterator[Example]:
    """Sentences of the staff's drafts that may be tuned on, and of professional text."""
    cut = [(case, _sentences(case.text, case.context)) for case in drafts()]
    known = [
        *_of_writers(),
        *_all_of(clean(data), "professional text", _CLEAN_PULL),
        *_of_rules(),
        *_all_of(of_demo(), "posts of the demo", _DEMO_PULL),
        *_all_of(ordinary(), "ordinary talk", _ORDINARY_PULL),
    ]
    first = train(RECIPE, [*_as_labelled(cut), *known])
    for case, sentences in cut:
        scores = [first.score(each) for each in sentences]
        for each, score in zip(sentences, scores, strict=True):
            if case.label == "good":
                yield _example(case, each, 1.0)
            elif score == max(scores):
                yield _example(case, each, _WORST_PULL)
            elif score > 0:
                yield _example(case, each, _BAD_PULL)
    yield from known


def _of_writers() -> Iterator[Example]:
    """Sentences of drafts whose offending words are known."""
    for draft in written_drafts():
        seen = see(draft.text, draft.context)
        for first, after, words, kinds in seen.sentences:
            meant = draft.is_meant(seen.text, first, after)
            yield Example(
                features=tuple(features(words, kinds)),
                label=meant,
                group=draft.id,
                part="sentences that must be stopped" if meant else "sentences of drafts",
                counted=False,
                weight=_SPAN_PULL if meant else 1.0 if draft.label == "good" else _BESIDE_PULL,
            )


def _as_labelled(cut: Sequence[tuple[Case, list[Features]]]) -> Iterator[Example]:
    for case, sentences in cut:
        for each in sentences:
            whole = case.label == "good" or len(sentences) == 1
            yield _example(case, each, 1.0 if whole else _FIRST_PULL)


def _example(case: Case, of_sentence: Features, weight: float) -> Example:
    return Example(
        features=of_sentence,
        label=case.label == "stop",
        group=case.id,
        part=case.label,
        weight=weight,
    )


def _of_rules() -> Iterator[Example]:
    """The examples of the rules: what stops a draft of the staff's, and what must not."""
    for rule in shipped_set().rules:
        if "company" in rule.scope.affiliations and rule.kind not in _OTHER_KINDS:
            stops = rule.outcome in {"hold", "block"}
            told = [
                Told(example.text, example.context, label=example.hits, group=rule.id)
                for example in rule.examples
                if stops or not example.hits
            ]
            yield from _all_of(told, "examples of the rules", _RULE_PULL)


def _all_of(texts: Iterable[Told], part: str, weight: float) -> Iterator[Example]:
    """Every sentence of these texts, labelled as the whole is."""
    for told in texts:
        for each in _sentences(told.text, told.context):
            yield Example(
                features=each,
                label=told.label,
                group=told.group,
                part=part,
                counted=False,
                weight=weight,
            )


def _sentences(text: str, context: Context) -> list[Features]:
    seen = see(text, context)
    return [tuple(features(words, kinds)) for _, _, words, kinds in seen.sentences]


RECIPE = Recipe(
    name="own_word",
    note="drafts of the benchmark, written for this project, and clean professional text",
    examples=examples,
    precision=0.9,
    threshold=-1.04,
    rounds=20,
    rate=0.15,
    l2=1e-3,
    bits=22,
)
