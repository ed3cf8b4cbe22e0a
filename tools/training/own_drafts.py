"""Texts that the two models for the author's own word learn from, each with what was around it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench_guardrails.cases import Case, read_cases
from community.guardrails.detectors.own_word.asked import asked_about, words_asked
from community.guardrails.detectors.own_word.words import Sentence, sentences
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import Reading, Text, read
from tools.training.learning import fold_of
from tools.training.own_words import DEMO, Written, own_replies, own_sentences, written
from tools.training.recipe import lines

OTHER_MODELS = frozenset({"abuse", "spam", "patient_identity"})
_FOLDS_OF_CLEAN = range(3)  # three fifths of the documents; the others measure
_ASKED = (
    "",
    "How do you go about it with Ortelvane?",
    "Can Ortelvane be used in HFpEF?",
    "Is Ortelvane better than sacubitril/valsartan?",
    "Does Brenquive help in ocular myasthenia?",
)


class Told(NamedTuple):
    """A text of the staff's, what was around it, and whether it must be stopped."""

    text: str
    context: Context
    label: bool
    group: str


class Seen(NamedTuple):
    """A text as the models see it; `question` are the words of what it answers."""

    text: Text
    sentences: list[Sentence]
    question: tuple[str, ...]


def see(text: str, context: Context) -> Seen:
    """Read a text as the detector does."""
    rules = shipped_set()
    asked = asked_about(context, rules)
    reading = Reading(read(text), rules.lexicon, thread_is_ours="Qours" in asked)
    question = words_asked(context.thread_title, context.tags, context.answered)
    return Seen(reading.text, list(sentences(reading, asked)), question)


def drafts() -> list[Case]:
    """The drafts of the benchmark that may be tuned on, and replies written to learn from."""
    cases = [case for case in read_cases() if case.half == "tune" and _is_ours(case)]
    for asked, text, label in own_replies("replies"):
        cases.append(
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
        )
    return cases


def written_drafts() -> Iterator[Written]:
    """Drafts of the writers; one that must be stopped says for which words."""
    for draft in written():
        if _is_ours(draft) and (draft.label == "good" or draft.span):
            yield draft


def _is_ours(case: Case) -> bool:
    return case.author == "msl" and case.label in {"good", "stop"} and case.kind not in OTHER_MODELS


def clean(data: Path) -> Iterator[Told]:
    """Professional text that claims nothing of ours."""
    for row in lines(data / "clean_professional.jsonl"):
        if fold_of(row["group"]) in _FOLDS_OF_CLEAN:
            yield Told(row["text"], Context(), label=False, group=row["group"])


def of_demo() -> Iterator[Told]:
    """What the staff of the demo say and may say, as a reply and by itself."""
    cast = tomllib.loads((DEMO.parent / "cast.toml").read_text("utf-8"))["member"]
    staff = {person["id"] for person in cast if person["affiliation"] == "company"}
    for thread in lines(DEMO):
        answered = ""
        for post in thread["posts"]:
            context = Context(thread_title=thread["title"], answered=answered)
            answered = post["text"]
            if post["author"] in staff and "expect" not in post:
                for around in (context, replace(context, answered="")):
                    yield Told(post["text"], around, label=False, group=thread["id"])


def ordinary() -> Iterator[Told]:
    """What staff say all day without a claim in it, whatever had been asked."""
    for text, label in own_sentences("own_word"):
        for asked in _ASKED:
            yield Told(text, Context(answered=asked), label=label, group=text)
