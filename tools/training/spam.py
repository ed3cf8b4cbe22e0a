"""The model for adverts and scams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from community.guardrails.detectors.pieces import pieces
from community.guardrails.detectors.spam import features
from community.guardrails.phrases.text import read
from tools.training.own_words import LITTLE_PULL, drafts, own_sentences
from tools.training.recipe import Example, Recipe, lines

_EVERY_CLEAN, _CLEAN_PULL = 4, 0.1


def examples(data: Path) -> Iterator[Example]:
    """Short messages and forum posts with labels, professional text, and own sentences."""
    for row in lines(data / "spam.jsonl"):
        text = read(row["text"])
        yield Example(
            features=tuple(features(text, range(len(text.kinds)))),
            label=row["label"] == 1,
            group=row["group"],
            part=row["source"],
        )
    for number, row in enumerate(lines(data / "clean_professional.jsonl")):
        text = read(row["text"])
        for piece in pieces(text) if number % _EVERY_CLEAN == 0 else ():
            yield Example(
                features=tuple(features(text, piece)),
                label=False,
                group=row["group"],
                part="professional text, by piece",
                counted=False,
                weight=_CLEAN_PULL,
            )
    own = [(text, text, label) for text, label in own_sentences("spam")]
    for group, sentence, label in (*own, *drafts("spam")):
        text = read(sentence)
        yield Example(
            features=tuple(features(text, range(len(text.kinds)))),
            label=label,
            group=group,
            part="own sentences" if group == sentence else "drafts of the benchmark",
            counted=False,
            weight=LITTLE_PULL[label],
        )


RECIPE = Recipe(
    name="spam",
    note="SMS Spam Collection v.1, Stack Exchange (CC BY-SA), clean text, own sentences",
    examples=examples,
    precision=0.95,
    rounds=8,
    rate=0.1,
    contrast=True,
)
