"""Sentences in which a medicine harms somebody, as the literature and patients write them.

Besides the labelled sentences it learns from professional texts that hold none, and there only
from sentences that the detector would read at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from community.guardrails.detectors.adverse_event.features import features
from community.guardrails.detectors.adverse_event.room import relevant
from community.guardrails.detectors.adverse_event.sentences import cut
from community.guardrails.phrases import Lexicon, Reading, read
from tools.training.recipe import Example, Recipe, lines

_DOUBTFUL = 0.3  # pull of a negative whose wording hints at harm all the same
_CLEAN = 0.3
_NO_PRODUCTS: Mapping[str, tuple[()]] = {"product": (), "other_medicine": ()}


def _examples(data: Path) -> Iterable[Example]:
    for row in lines(data / "adverse_events.jsonl"):
        doubtful = row["quality"] == "silver-noisy"
        part = f"{row['source']}{', doubtful negatives' if doubtful else ''}"
        for norms in _readable(row["text"], whole=row["label"] == 1):
            yield Example(
                features=tuple(sorted(features(norms))),
                label=row["label"] == 1,
                group=row["group"],
                part=part,
                weight=_DOUBTFUL if doubtful else 1.0,
                counted=not doubtful,
            )
    for row in lines(data / "clean_professional.jsonl"):
        if "adverse_event" in row["clean_for"]:
            for norms in _readable(row["text"], whole=False):
                yield Example(
                    features=tuple(sorted(features(norms))),
                    label=False,
                    group=row["group"],
                    part="clean professional sentences",
                    weight=_CLEAN,
                    counted=False,
                )


def _readable(text: str, *, whole: bool) -> Iterator[list[str]]:
    """The sentences that the detector would read; `whole`: the text in one, as it was labelled."""
    reading = Reading(read(text), Lexicon(_NO_PRODUCTS))
    if whole:
        yield reading.text.norms
        return
    sentences = cut(reading)
    for at, sentence in enumerate(sentences):
        if relevant(sentences, at, about_medicine=False):
            yield sentence.norms


RECIPE = Recipe(
    name="adverse_event",
    note="sentences that mention harm from a medicine",
    examples=_examples,
    precision=0.85,
    rare=3,
)
