"""The model for insults, threats and hate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from community.guardrails.detectors.linear import word_features
from community.guardrails.detectors.pieces import pieces, words_of
from community.guardrails.phrases.text import Text, read
from tools.training.own_words import PULL, drafts, own_sentences
from tools.training.recipe import Example, Recipe, lines

_STAND_IN = re.compile(r"@user\b|\bRT\b")  # what the data put in place of handles
_EVERY_CLEAN, _CLEAN_PULL = 4, 0.03


def examples(data: Path) -> Iterator[Example]:
    """Tweets and comments with labels, professional text, and own sentences."""
    for row in lines(data / "abuse.jsonl"):
        text = read(_STAND_IN.sub("", row["text"]))
        features = _features(text, range(len(text.kinds)))
        yield Example(
            features=features, label=row["label"] == 1, group=row["group"], part=row["source"]
        )
    for number, row in enumerate(lines(data / "clean_professional.jsonl")):
        text = read(row["text"])
        for piece in pieces(text) if number % _EVERY_CLEAN == 0 else ():
            yield Example(
                features=_features(text, piece),
                label=False,
                group=row["group"],
                part="professional text, by piece",
                counted=False,
                weight=_CLEAN_PULL,
            )
    own = [(text, text, label) for text, label in own_sentences("abuse")]
    for group, sentence, label in (*own, *drafts("abuse")):
        text = read(sentence)
        yield Example(
            features=_features(text, range(len(text.kinds))),
            label=label,
            group=group,
            part="own sentences" if group == sentence else "drafts of the benchmark",
            counted=False,
            weight=PULL[label],
        )


def _features(text: Text, piece: range) -> tuple[str, ...]:
    return tuple(word_features(words_of(text, piece)))


RECIPE = Recipe(
    name="abuse",
    note="Davidson 2017 and Surge AI toxicity (MIT), clean professional text, own sentences",
    examples=examples,
    precision=0.9,
    threshold=-0.9,
    rounds=8,
    rate=0.1,
    contrast=True,
)
