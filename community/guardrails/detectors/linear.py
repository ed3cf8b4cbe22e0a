"""A small trained model: hashed features, one weight each, and their sum as log-odds.

Logistic regression over hashed features (Weinberger et al., Feature Hashing, ICML 2009). The
weights are a plain text file in `community/guardrails/weights/`, made by
`tools/train_detectors.py`; beside each stands its model card. No words of the training data are in
it: a weight is known by the hash of its feature alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import islice
from math import fsum, sqrt
from pathlib import Path
from zlib import crc32

from community.guardrails.detectors.packed import UNIT, Packed

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
SCALES = ("none", "root")
_MOST_REMEMBERED = 50_000
_SHORTEST_PART, _LONGEST_PART = 3, 5


def bucket(feature: str, bits: int) -> int:
    """The place of a feature among 2 to the power of `bits`; the same on every machine."""
    return crc32(feature.encode()) & ((1 << bits) - 1)


def parts_of(word: str) -> list[str]:
    """A word as features: itself, and every run of three to five letters with its edges."""
    edged = f" {word} "
    sizes = range(_SHORTEST_PART, min(_LONGEST_PART, len(edged)) + 1)
    return [
        "w " + word,
        *(edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1)),
    ]


def word_features(words: Collection[str]) -> list[str]:
    """The parts of each of these words, one after the other."""
    return [part for word in words for part in parts_of(word)]


class Weights(dict[str, float]):
    """The weight of each feature asked for so far; a new one is looked up by its hash."""

    def __init__(self, by_bucket: Mapping[int, float], bits: int) -> None:
        super().__init__()
        self._by_bucket = by_bucket
        self._bits = bits

    def __missing__(self, feature: str) -> float:
        """The weight of a feature, 0 where training gave it none."""
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[feature] = weight = self._by_bucket.get(bucket(feature, self._bits), 0.0)
        return weight


class LinearModel:
    """Weights by bucket; `threshold` in log-odds is where a text counts as found.

    `weight` gives the weight of one feature, 0 where training gave it none.

    `scale` is how a sum of many features is kept comparable with one of few: "root" divides it by
    the square root of their number, "none" leaves it.
    """

    __slots__ = (
        "_words",
        "bias",
        "bits",
        "name",
        "note",
        "scale",
        "threshold",
        "weight",
        "weights",
    )

    def __init__(
        self,
        *,
        name: str,
        bits: int,
        bias: float,
        threshold: float,
        scale: str,
        note: str,
        weights: Mapping[int, float],
    ) -> None:
        self.name = name
        self.bits = bits
        self.bias = bias
        self.threshold = threshold
        self.scale = scale
        self.note = note
        self.weights = weights
        self.weight: Callable[[str], float] = Weights(weights, bits).__getitem__
        self._words: dict[str, tuple[float, int]] = {}

    def score(self, features: Iterable[str]) -> float:
        """Log-odds that a text with these features is what the model looks for.

        A feature counts as often as it comes.
        """
        weights = list(map(self.weight, features))
        return self.odds(fsum(weights), len(weights))

    def score_words(self, words: Collection[str], further: Collection[str] = ()) -> float:
        """The same as `score(word_features(words) + further)`, each word weighed but once."""
        known = self._words
        total, count = sum(map(self.weight, further)), len(further)
        for word in words:
            weighed = known.get(word)
            if weighed is None:
                weighed = self._weigh(word)
            total += weighed[0]
            count += weighed[1]
        return self.odds(total, count)

    def word_weight(self, word: str) -> float:
        """How much a word with all its parts speaks for a find."""
        return (self._words.get(word) or self._weigh(word))[0]

    def _weigh(self, word: str) -> tuple[float, int]:
        parts = parts_of(word)
        if len(self._words) >= _MOST_REMEMBERED:
            self._words.clear()
        self._words[word] = weighed = fsum(map(self.weight, parts)), len(parts)
        return weighed

    def odds(self, total: float, count: int) -> float:
        """Log-odds from the sum of the weights of `count` features."""
        if self.scale == "root" and count:
            total /= sqrt(count)
        return self.bias + total

    def finds(self, features: Iterable[str]) -> bool:
        """Whether the score reaches the threshold."""
        return self.score(features) >= self.threshold

    def heaviest(
        self, located: Iterable[tuple[str, int, int]], most: int = 3
    ) -> list[tuple[int, int]]:
        """Spans whose features speak loudest for a find, at most `most`, in the order of the text.

        `located` are features with the half-open span they were read from; one span may have many.
        """
        sums: dict[tuple[int, int], float] = {}
        for feature, start, end in located:
            sums[start, end] = sums.get((start, end), 0.0) + self.weight(feature)
        loudest = sorted(((-total, span) for span, total in sums.items() if total > 0))
        return sorted(span for _, span in islice(loudest, most))


@lru_cache(maxsize=32)
def load(name: str) -> LinearModel:
    """The model of that name, read once. Raises OSError or ValueError where its file is no good."""
    path = WEIGHTS / f"{name}.txt"
    head, _, body = path.read_text(encoding="ascii").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    if fields["name"] != name or fields["scale"] not in SCALES:
        raise ValueError(f"{path.name} is not the file of the model {name!r}")
    rows = (line.split("\t") for line in body.splitlines())
    return LinearModel(
        name=name,
        bits=int(fields["bits"]),
        bias=float(fields["bias"]),
        threshold=float(fields["threshold"]),
        scale=fields["scale"],
        note=fields["note"],
        weights=Packed((int(index, 16), int(weight)) for index, weight in rows),
    )


def dump(model: LinearModel) -> str:
    """The text of a weights file: header lines, an empty line, then bucket (hex), tab, weight."""
    head = [
        f"# Weights of a word model; what it is and how good: {model.name}.md.",
        f"name: {model.name}",
        f"bits: {model.bits}",
        f"scale: {model.scale}",
        f"bias: {model.bias:.4f}",
        f"threshold: {model.threshold:.4f}",
        f"note: {model.note}",
        "",
    ]
    thousandths = {index: round(weight / UNIT) for index, weight in model.weights.items()}
    rows = [f"{index:x}\t{weight}" for index, weight in sorted(thousandths.items()) if weight]
    return "\n".join([*head, *rows]) + "\n"
