"""A pack, tablet or capsule with a fault, by a small trained model: `weights/pack.md`.

What is wrong is told in too many ways for a list ("you could see through them", "a wasp in the
blister"). A sentence of a short text is read where one of our medicines, or none, is in reach.
"""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.detectors.adverse_event.sentences import cut
from community.guardrails.detectors.adverse_event.told import LONGEST, told_features
from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.linear import load

_OUT_OF_REACH = 0.5  # log-odds more where no medicine of ours is named or asked about


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that tells of something wrong with a pack or what is in it."""
    text, model = look.text, load("pack")
    if not 0 < len(text.norms) <= LONGEST:
        return
    sentences = cut(look.reading)
    if any(sentence.ours for sentence in sentences):
        reach = "named"
    elif any(sentence.named for sentence in sentences):
        return
    else:
        reach = "asked" if look.about else "none"
    bar = model.threshold + (_OUT_OF_REACH if reach == "none" else 0.0)
    for row, sentence in zip(look.reading.rows, sentences, strict=True):
        if sentence.norms[-1] != "?" and model.score(told_features(sentence, reach)) >= bar:
            start, end = text.starts[row.first], text.ends[row.after - 1]
            yield Hit(start, end, "something wrong with a pack")


DETECTOR = Detector(find, {})
