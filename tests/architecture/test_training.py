"""Training a model: from labelled lines to a file of weights, the same one each time."""

import json
from pathlib import Path

import pytest

from tools import train_detectors
from tools.training import learning
from tools.training.recipe import Example, Recipe

GOOD = ["lovely morning", "kind words", "lovely words", "kind morning", "good words"]
BAD = ["nasty words", "rotten morning", "nasty morning", "rotten words", "bad words"]


def examples() -> list[Example]:
    """Ten texts, five of each label, each in a group of its own."""
    rows = [(text, False) for text in GOOD] + [(text, True) for text in BAD]
    return [
        Example(features=tuple(f"w {w}" for w in text.split()), label=label, group=text, part="all")
        for text, label in rows
    ]


RECIPE = Recipe(name="test", note="none", examples=lambda _: examples(), precision=0.5, rounds=30)


@pytest.mark.parametrize("contrast", [False, True])
def test_a_model_learns_what_tells_the_labels_apart(contrast: bool) -> None:  # noqa: FBT001
    recipe = Recipe(
        name="test",
        note="none",
        examples=RECIPE.examples,
        precision=0.5,
        rounds=30,
        contrast=contrast,
    )
    model = learning.train(recipe, examples())
    assert model.score(["w nasty"]) > 0 > model.score(["w lovely"])
    assert abs(model.weight("w words")) < model.weight("w nasty")


def test_training_twice_gives_the_same_model() -> None:
    first, second = (learning.train(RECIPE, examples()) for _ in range(2))
    assert (first.bias, first.weights) == (second.bias, second.weights)


def test_a_group_stands_on_one_side_of_the_split() -> None:
    assert learning.fold_of("thread 7") == learning.fold_of("thread 7")
    sides = [learning.fold_of(str(number)) for number in range(1000)]
    assert all(sides.count(side) > 150 for side in range(learning.FOLDS))


def test_the_threshold_is_the_lowest_that_keeps_the_precision() -> None:
    rows = [True, True, False, True, False, False]
    made = [Example(features=(), label=label, group="", part="") for label in rows]
    scores = [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]
    assert learning.threshold_for(1.0, made, scores) == pytest.approx(5.0, abs=0.01)
    assert learning.threshold_for(0.75, made, scores) == pytest.approx(3.0, abs=0.01)


def test_a_recipe_makes_a_file_and_tells_its_figures(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "group": str(n), "text": text, "label": label, "source": "made up"}
        for n, (text, label) in enumerate(
            [(f"{text} number {n}", int(text in BAD)) for n in range(8) for text in GOOD + BAD]
        )
    ]
    clean = [{"group": "c", "text": "The ward round was long."}]
    for name, lines in (("spam", rows), ("clean_professional", clean)):
        text = "\n".join(map(json.dumps, lines))
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    said = train_detectors.make("spam", tmp_path, tmp_path)
    assert "| made up | " in said
    assert (tmp_path / "spam.txt").read_text(encoding="ascii").startswith("# Weights of")
