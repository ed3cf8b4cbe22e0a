"""The model for insults, threats and hate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from community.guardrails.detectors.linear import word_features
from community.guardrails.detectors.pieces import pieces, words_of
from community.guardrails.phrases.text import Text, read
from tools.training.own_words import PULL, drafts, own_sentences, talk
from tools.training.recipe import Example, Recipe, lines

_STAND_IN = re.compile(r"@user\b|\bRT\b")  # what the data put in place of handles
_EVERY_CLEAN, _CLEAN_PULL = 4, 0.03
_TALK_PULL, _ROOM_PULL = 0.12, 0.6


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
    yield from _talk(data)
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


def _talk(data: Path) -> Iterator[Example]:
    """Talk that is nobody's insult: forums by piece, short messages whole."""
    texts = [*talk(data), *_messages(data)]
    for group, sentence in texts:
        text = read(sentence)
        for piece in pieces(text):
            yield Example(
                features=_features(text, piece),
                label=False,
                group=group,
                part="forum posts and short messages, by piece",
                counted=False,
                weight=_ROOM_PULL if group.startswith("demo") else _TALK_PULL,
            )


def _messages(data: Path) -> Iterator[tuple[str, str]]:
    for row in lines(data / "spam.jsonl"):
        if row["label"] == 0:
            yield row["group"], row["text"]


def _features(text: Text, piece: range) -> tuple[str, ...]:
    return tuple(word_features(words_of(text, piece)))


RECIPE = Recipe(
    name="abuse",
    note="Davidson 2017 and Surge AI toxicity (MIT), clean professional text, own sentences",
    examples=examples,
    precision=0.9,
    threshold=-1.4,
    rounds=8,
    rate=0.1,
    contrast=True,
    slight=0.06,
)
