"""Logistic regression on sparse features, in plain Python, the same result on every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import exp, sqrt

from community.guardrails.detectors.linear import UNIT, LinearModel, bucket
from tools.training.recipe import Example, Recipe

FOLDS = 5
_MOST_LOG_ODDS = 30.0

Row = tuple[list[int], float, float, float]
"""Buckets of one example, what each counts for, its label as 0 or 1, and its weight."""


def fold_of(group: str) -> int:
    """On which of the five sides of the split a group stands."""
    return int(sha256(f"held out:{group}".encode()).hexdigest()[:8], 16) % FOLDS


def train(recipe: Recipe, examples: Sequence[Example], threshold: float = 0.0) -> LinearModel:
    """Fit the model of a recipe by stochastic gradient descent.

    The step of each weight shrinks with what it has moved (Adagrad: Duchi et al., JMLR 2011); L2
    is applied to a weight when it is touched. Examples come in a fixed order that mixes labels.
    """
    kept = _frequent(examples, recipe.rare)
    rows = [_row(recipe, example, kept) for example in _mixed(examples)]
    weights: dict[int, float] = {}
    moved: dict[int, float] = {}
    bias, bias_moved = 0.0, 1e-6
    for _ in range(recipe.rounds):
        for buckets, share, label, importance in rows:
            total = bias + share * sum(weights.get(at, 0.0) for at in buckets)
            clipped = max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, total))
            slope = importance * (1 / (1 + exp(-clipped)) - label)
            bias_moved += slope * slope
            bias -= recipe.rate * slope / sqrt(bias_moved)
            push = slope * share
            for at in buckets:
                weight = weights.get(at, 0.0)
                gradient = push + recipe.l2 * weight
                moved[at] = square = moved.get(at, 1e-6) + gradient * gradient
                weights[at] = weight - recipe.rate * gradient / sqrt(square)
    return LinearModel(
        name=recipe.name,
        bits=recipe.bits,
        bias=bias,
        threshold=threshold,
        scale=recipe.scale,
        note=recipe.note,
        weights={at: w for at, weight in weights.items() if (w := round(weight / UNIT) * UNIT)},
    )


def _frequent(examples: Iterable[Example], rare: int) -> frozenset[str]:
    counts = Counter(feature for example in examples for feature in set(example.features))
    return frozenset(feature for feature, count in counts.items() if count >= rare)


def _row(recipe: Recipe, example: Example, kept: frozenset[str]) -> Row:
    features = sorted(set(example.features))
    known = {bucket(feature, recipe.bits) for feature in features if feature in kept}
    share = 1 / sqrt(len(features)) if recipe.scale == "root" and features else 1.0
    weight = example.weight * (recipe.positive if example.label else 1.0)
    return sorted(known), share, float(example.label), weight


def _mixed(examples: Iterable[Example]) -> list[Example]:
    """In an order that has nothing to do with the label."""
    numbered = enumerate(examples)
    return [
        example
        for _, _, example in sorted(
            (sha256(f"{number}".encode()).digest(), number, example) for number, example in numbered
        )
    ]


def held_out_scores(recipe: Recipe, examples: Sequence[Example]) -> list[float]:
    """For each example the score of a model that saw nothing of its fifth of the groups."""
    scores = [0.0] * len(examples)
    folds = [fold_of(example.group) for example in examples]
    for fold in range(FOLDS):
        model = train(recipe, [e for e, at in zip(examples, folds, strict=True) if at != fold])
        for number, example in enumerate(examples):
            if folds[number] == fold:
                scores[number] = model.score(example.features)
    return scores


def threshold_for(precision: float, examples: Sequence[Example], scores: Sequence[float]) -> float:
    """The lowest threshold from which on the precision wanted is held."""
    ranked = sorted(
        ((score, example.label) for example, score in zip(examples, scores, strict=True)
         if example.counted),
        reverse=True,
    )  # fmt: skip
    best, right = ranked[0][0], 0
    for count, (score, label) in enumerate(ranked, start=1):
        right += label
        if label and right / count >= precision:
            best = score
    return best - UNIT
