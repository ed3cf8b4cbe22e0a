"""The models for what colleagues tell of somebody on a medicine: `told` for harm, `pack` for packs.

Both learn from the same sentences: `own/reports.tsv`, the drafts of the benchmark that may be tuned
on, patients' reviews by sentence (harm alone), and professional text and talk that tell neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.bench_guardrails.cases import read_cases
from community.guardrails.detectors.adverse_event.sentences import cut
from community.guardrails.detectors.adverse_event.told import told_features
from community.guardrails.detectors.hit import read_around
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import Reading, read
from tools.training.own_words import FOLDER, talk, written
from tools.training.recipe import Example, Recipe, lines

_REVIEW_PULL, _CLEAN_PULL, _TALK_PULL = 0.25, 0.1, 0.1
_DEMO_PULL = 3.0
_EVERY_CLEAN, _EVERY_TALK = 6, 2
_UNNAMED_PULL = 0.5  # the same sentence as an answer that leaves the medicine out
_BESIDE_PULL = 0.3  # a sentence beside one that tells
_OF_SEVERAL = 0.6  # one of the sentences of a text that is labelled as a whole

Features = tuple[str, ...]


def examples(data: Path) -> Iterator[Example]:
    """Sentences with the label `side_effect`."""
    yield from _of("side_effect", data)


def examples_of_packs(data: Path) -> Iterator[Example]:
    """Sentences with the label `quality`."""
    yield from _of("quality", data)


def _of(wanted: str, data: Path) -> Iterator[Example]:
    for part, asked, text, label in _texts():
        if label == "quality" != wanted:
            continue  # what is told of a pack may tell of a harm as well
        of_text = _sentences(asked, text)
        weight = _OF_SEVERAL if len(of_text) > 1 and label == wanted else 1.0
        for features in of_text:
            known = Example(
                features=features, label=label == wanted, group=text, part=part, weight=weight
            )
            yield known
            if "reach named" in features:
                unnamed = tuple(_unnamed(features))
                yield replace(known, features=unnamed, weight=weight * _UNNAMED_PULL)
    yield from _of_written(wanted)
    for row in lines(data / "adverse_events.jsonl"):
        if row["style"] == "patient-informal":
            harm = row["label"] == 1 and wanted == "side_effect"
            yield from _by_sentence(row["text"], row["group"], "patients", _REVIEW_PULL, harm=harm)
    yield from _of_others(data)


def _of_written(wanted: str) -> Iterator[Example]:
    """Sentences of posts and of drafts of the staff; those that tell are known by their words."""
    for draft in written():
        if draft.label == "stop" or (draft.author != "hcp" and draft.label != wanted):
            continue  # what is stopped may tell as well
        if draft.label == "quality" != wanted:
            continue
        reading, reach = _read(draft.question or draft.title, draft.text)
        for row, sentence in zip(reading.rows, cut(reading), strict=True):
            meant = draft.label == wanted and draft.is_meant(reading.text, row.first, row.after)
            known = Example(
                features=tuple(told_features(sentence, reach)),
                label=meant,
                group=draft.id,
                part="posts of members" if draft.author == "hcp" else "drafts of the staff",
                weight=1.0 if meant or draft.label != wanted else _BESIDE_PULL,
            )
            yield known
            if "reach named" in known.features:
                unnamed = tuple(_unnamed(known.features))
                yield replace(known, features=unnamed, weight=known.weight * _UNNAMED_PULL)


def _of_others(data: Path) -> Iterator[Example]:
    """Professional text, and talk, that tell of nobody's harm."""
    for number, row in enumerate(lines(data / "clean_professional.jsonl")):
        if number % _EVERY_CLEAN == 0 and "adverse_event" in row["clean_for"]:
            yield from _by_sentence(row["text"], row["group"], "professional", _CLEAN_PULL)
    for number, (group, text) in enumerate(talk(data)):
        demo = group.startswith("demo")
        if demo or (number % _EVERY_TALK == 0 and group.startswith("forum")):
            yield from _by_sentence(text, group, "talk", _DEMO_PULL if demo else _TALK_PULL)


def _by_sentence(
    text: str, group: str, part: str, weight: float, *, harm: bool = False
) -> Iterator[Example]:
    for features in _sentences("", text, reach="asked"):
        yield Example(
            features=features, label=harm, group=group, part=part, weight=weight, counted=False
        )


def _texts() -> Iterator[tuple[str, str, str, str]]:
    """Part, post answered, text and label of what was written for this project."""
    for line in (FOLDER / "reports.tsv").read_text(encoding="utf-8").splitlines():
        label, asked, text = line.split("\t", 2)
        yield "own sentences", asked, text, label
    for case in read_cases():
        if case.author == "hcp" and case.half == "tune" and case.label != "stop":
            label = "none" if case.label == "good" else case.label
            yield "drafts of the benchmark", case.question or case.title, case.text, label


def _sentences(asked: str, text: str, reach: str = "") -> list[Features]:
    reading, in_reach = _read(asked, text)
    own = cut(reading)
    return [tuple(told_features(sentence, reach or in_reach)) for sentence in own if sentence.norms]


def _read(asked: str, text: str) -> tuple[Reading, str]:
    """A text as the detector reads it, and whose medicine is in reach."""
    lexicon = shipped_set().lexicon
    reading = Reading(read(text), lexicon)
    around = bool(asked) and bool(Reading(read_around("", (), asked), lexicon).spans("{product}"))
    named = any(sentence.ours for sentence in cut(reading))
    return reading, "named" if named else "asked" if around else "none"


def _unnamed(features: Features) -> Iterator[str]:
    for feature in features:
        if "<ours>" not in feature:
            yield feature.replace(" named", " asked")


RECIPE = Recipe(
    name="told",
    note="own sentences, drafts of the benchmark, PsyTAR (CC BY 4.0), clean text, talk",
    examples=examples,
    precision=0.9,
    threshold=-0.5,
    rounds=12,
    rate=0.15,
    l2=1e-3,
    bits=22,
)
