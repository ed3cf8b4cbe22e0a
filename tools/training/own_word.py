"""The model for sentences on the author's own word, learnt from the drafts of the benchmark.

Where a draft says which of its words are why it must not go out, its sentences are labelled by
them. Other drafts are labelled as a whole: there a first model takes every sentence as the reason,
and a second learns from those which the first finds worst (multiple instance learning: Andrews et
al., NIPS 2002).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.bench_guardrails.cases import Case, read_cases
from community.guardrails.detectors.own_word import (
    asked_about,
    features_of_kinds,
    features_of_words,
    sentences,
)
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import Reading, read
from tools.training.learning import train
from tools.training.own_words import DEMO, own_replies, own_sentences, written
from tools.training.recipe import Example, Recipe, lines

_OTHER_MODELS = frozenset({"abuse", "spam", "patient_identity"})
_OTHER_KINDS = frozenset({"patient_identity", "disclosure", "abuse", "spam", "other"})
_EVERY_CLEAN, _CLEAN_PULL, _RULE_PULL, _DEMO_PULL = 8, 0.2, 1.0, 4.0
_FIRST_PULL, _WORST_PULL, _BAD_PULL = 0.7, 1.3, 0.4
_SPAN_PULL, _BESIDE_PULL = 1.3, 0.5

_ORDINARY_PULL = 0.2
_ASKED = (
    "",
    "How do you go about it with Ortelvane?",
    "Can Ortelvane be used in HFpEF?",
    "Is Ortelvane better than sacubitril/valsartan?",
    "Does Brenquive help in ocular myasthenia?",
)

Features = tuple[str, ...]


def examples(data: Path) -> Iterator[Example]:
    """Sentences of the staff's drafts that may be tuned on, and of professional text."""
    cases = [
        case
        for case in read_cases()
        if case.half == "tune" and case.author == "msl" and case.label in {"good", "stop"}
        and case.kind not in _OTHER_MODELS
    ]  # fmt: skip
    cases += _replies()
    cut = [(case, _sentences(case.text, case.context)) for case in cases]
    clean = [*_written(), *_clean(data), *_of_rules(), *_of_demo(), *_ordinary()]
    first = train(RECIPE, [*_as_labelled(cut), *clean])
    for case, features in cut:
        scores = [first.score(each) for each in features]
        for each, score in zip(features, scores, strict=True):
            if case.label == "good":
                yield _example(case, each, 1.0)
            elif score == max(scores):
                yield _example(case, each, _WORST_PULL)
            elif score > 0:
                yield _example(case, each, _BAD_PULL)
    yield from clean


def _replies() -> list[Case]:
    """Replies written to learn from, as drafts like the others."""
    return [
        Case(
            id=f"reply {asked} {text}",
            style="replies",
            author="msl",
            countries=("GB",),
            question=asked,
            text=text,
            label="stop" if label else "good",
            second="",
        )
        for asked, text, label in own_replies("replies")
    ]


def _written() -> Iterator[Example]:
    """Sentences of drafts whose offending words are known."""
    for draft in written():
        if draft.author != "msl" or draft.kind in _OTHER_MODELS:
            continue
        if draft.label not in {"good", "stop"} or (draft.label == "stop" and not draft.span):
            continue
        reading, asked = _read(draft.text, draft.context)
        for first, after, words, kinds in sentences(reading, asked):
            meant = draft.is_meant(reading.text, first, after)
            yield Example(
                features=(*features_of_words(words), *features_of_kinds(kinds)),
                label=meant,
                group=draft.id,
                part="sentences that must be stopped" if meant else "sentences of drafts",
                counted=False,
                weight=_SPAN_PULL if meant else 1.0 if draft.label == "good" else _BESIDE_PULL,
            )


def _as_labelled(cut: Sequence[tuple[Case, list[Features]]]) -> Iterator[Example]:
    for case, features in cut:
        for each in features:
            whole = case.label == "good" or len(features) == 1
            yield _example(case, each, 1.0 if whole else _FIRST_PULL)


def _example(case: Case, features: Features, weight: float) -> Example:
    return Example(
        features=features, label=case.label == "stop", group=case.id, part=case.label, weight=weight
    )


def _clean(data: Path) -> Iterator[Example]:
    for number, row in enumerate(lines(data / "clean_professional.jsonl")):
        if number % _EVERY_CLEAN == _EVERY_CLEAN // 2:
            for features in _sentences(row["text"], Context()):
                yield Example(
                    features=features,
                    label=False,
                    group=row["group"],
                    part="professional text",
                    counted=False,
                    weight=_CLEAN_PULL,
                )


def _of_rules() -> Iterator[Example]:
    """The examples of the rules: what stops a draft of the staff's, and what must not."""
    for rule in shipped_set().rules:
        if "company" in rule.scope.affiliations and rule.kind not in _OTHER_KINDS:
            for example in rule.examples:
                if example.hits and rule.outcome not in {"hold", "block"}:
                    continue
                for features in _sentences(example.text, example.context):
                    yield Example(
                        features=features,
                        label=example.hits,
                        group=rule.id,
                        part="examples of the rules",
                        counted=False,
                        weight=_RULE_PULL,
                    )


def _of_demo() -> Iterator[Example]:
    """What the staff of the demo say and may say: thanks, promises, where to look."""
    cast = tomllib.loads((DEMO.parent / "cast.toml").read_text("utf-8"))["member"]
    staff = {person["id"] for person in cast if person["affiliation"] == "company"}
    for thread in lines(DEMO):
        answered = ""
        for post in thread["posts"]:
            context = Context(thread_title=thread["title"], answered=answered)
            answered = post["text"]
            if post["author"] not in staff or "expect" in post:
                continue
            of_a_reply, by_itself = context, replace(context, answered="")
            for features in (
                *_sentences(post["text"], of_a_reply),
                *_sentences(post["text"], by_itself),
            ):
                yield Example(
                    features=features,
                    label=False,
                    group=thread["id"],
                    part="posts of the demo",
                    counted=False,
                    weight=_DEMO_PULL,
                )


def _ordinary() -> Iterator[Example]:
    """What staff say all day without a claim in it, whatever had been asked."""
    for text, label in own_sentences("own_word"):
        for asked in _ASKED:
            for features in _sentences(text, Context(answered=asked)):
                yield Example(
                    features=features,
                    label=label,
                    group=text,
                    part="ordinary talk",
                    counted=False,
                    weight=_ORDINARY_PULL,
                )


def _read(text: str, context: Context) -> tuple[Reading, tuple[str, ...]]:
    """A text as the detector reads it, and what had been asked."""
    rules = shipped_set()
    asked = asked_about(context, rules)
    return Reading(read(text), rules.lexicon, thread_is_ours="Qours" in asked), asked


def _sentences(text: str, context: Context) -> list[Features]:
    reading, asked = _read(text, context)
    return [
        (*features_of_words(words), *features_of_kinds(kinds))
        for _, _, words, kinds in sentences(reading, asked)
    ]


RECIPE = Recipe(
    name="own_word",
    note="drafts of the benchmark, written for this project, and clean professional text",
    examples=examples,
    precision=0.9,
    threshold=-1.0,
    rounds=20,
    rate=0.15,
    l2=1e-3,
    bits=22,
)
