"""Logistic regression on sparse features, in plain Python, the same result on every run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import exp, log, sqrt
from operator import mul

from community.guardrails.detectors.linear import LinearModel, bucket
from community.guardrails.detectors.packed import UNIT
from tools.training.recipe import Example, Recipe

FOLDS = 5
_MOST_LOG_ODDS = 30.0
_SOME = 1e-6


@dataclass(slots=True)
class _Fit:
    """What is learnt so far: a weight for each feature kept, and how far each has moved."""

    weights: list[float]
    moved: list[float]
    bias: float = 0.0
    bias_moved: float = _SOME


@dataclass(frozen=True, slots=True)
class _Row:
    """One example: the places of its features, what each counts for, label (0, 1) and weight."""

    places: list[int]
    values: list[float]
    label: float
    weight: float


@dataclass(slots=True)
class _Vocabulary:
    """Buckets kept, each with its place among the weights and its scale."""

    places: dict[int, int] = field(default_factory=dict)
    scales: list[float] = field(default_factory=list)


def fold_of(group: str) -> int:
    """On which of the five sides of the split a group stands."""
    return int(sha256(f"held out:{group}".encode()).hexdigest()[:8], 16) % FOLDS


def train(recipe: Recipe, examples: Sequence[Example], threshold: float = 0.0) -> LinearModel:
    """Fit the model of a recipe by stochastic gradient descent.

    The step of each weight shrinks with what it has moved (Adagrad: Duchi et al., JMLR 2011); L2
    is applied to a weight when it is touched. Examples come in a fixed order that mixes labels.
    """
    vocabulary = _vocabulary(recipe, examples)
    rows = [_row(recipe, example, vocabulary) for example in _mixed(examples)]
    size = len(vocabulary.places)
    fit = _Fit([0.0] * size, [_SOME] * size)
    for _ in range(recipe.rounds):
        for row in rows:
            _learn(fit, row, recipe)
    learnt = {
        at: fit.weights[place] * vocabulary.scales[place]
        for at, place in vocabulary.places.items()
    }  # fmt: skip
    return LinearModel(
        name=recipe.name,
        bits=recipe.bits,
        bias=round(fit.bias, 4),
        threshold=round(threshold, 4),
        scale=recipe.scale,
        note=recipe.note,
        weights={
            at: w
            for at, weight in learnt.items()
            if (w := round(weight / UNIT) * UNIT) and abs(w) >= recipe.slight
        },
    )


def _learn(fit: _Fit, row: _Row, recipe: Recipe) -> None:
    """One step down the slope of the loss of one example."""
    weights, moved = fit.weights, fit.moved
    total = fit.bias + sum(map(mul, row.values, map(weights.__getitem__, row.places)))
    clipped = max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, total))
    slope = row.weight * (1 / (1 + exp(-clipped)) - row.label)
    fit.bias_moved += slope * slope
    fit.bias -= recipe.rate * slope / sqrt(fit.bias_moved)
    for at, value in zip(row.places, row.values, strict=True):
        weight = weights[at]
        gradient = slope * value + recipe.l2 * weight
        moved[at] = square = moved[at] + gradient * gradient
        weights[at] = weight - recipe.rate * gradient / sqrt(square)


def _vocabulary(recipe: Recipe, examples: Iterable[Example]) -> _Vocabulary:
    """Features of enough examples; with `contrast` each scaled by how unevenly it comes.

    The scale is the log ratio of naive Bayes (Wang and Manning, ACL 2012).
    """
    seen: Counter[str] = Counter()
    counts: dict[bool, defaultdict[str, float]]
    counts = {True: defaultdict(float), False: defaultdict(float)}
    for example in examples:
        different = set(example.features)
        seen.update(different)
        for feature in different:
            counts[example.label][feature] += example.weight
    kept = sorted(feature for feature, count in seen.items() if count >= recipe.rare)
    sizes = {label: sum(counts[label].get(f, 0.0) + 1 for f in kept) for label in counts}
    found = _Vocabulary()
    for feature in kept:
        at = bucket(feature, recipe.bits)
        if at not in found.places:
            found.places[at] = len(found.scales)
            share = {
                label: (counts[label].get(feature, 0.0) + 1) / sizes[label] for label in counts
            }
            ratio = abs(log(share[True] / share[False]))
            found.scales.append(ratio if recipe.contrast else 1.0)
    return found


def _row(recipe: Recipe, example: Example, vocabulary: _Vocabulary) -> _Row:
    features = example.features
    share = 1 / sqrt(len(features)) if recipe.scale == "root" and features else 1.0
    counts = Counter(bucket(feature, recipe.bits) for feature in features)
    known = {vocabulary.places[at]: n for at, n in counts.items() if at in vocabulary.places}
    places = sorted(known)
    return _Row(
        places=places,
        values=[known[at] * share * vocabulary.scales[at] for at in places],
        label=float(example.label),
        weight=example.weight * (recipe.positive if example.label else 1.0),
    )


def _mixed(examples: Iterable[Example]) -> list[Example]:
    """In an order that has nothing to do with the label."""
    keyed = [(sha256(str(number).encode()).digest(), e) for number, e in enumerate(examples)]
    return [example for _, example in sorted(keyed, key=lambda pair: pair[0])]


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
    pairs = zip(examples, scores, strict=True)
    counted = [(score, example.label) for example, score in pairs if example.counted]
    best, right = max(counted)[0], 0
    for count, (score, label) in enumerate(sorted(counted, reverse=True), start=1):
        right += label
        if label and right / count >= precision:
            best = score
    return best - UNIT
