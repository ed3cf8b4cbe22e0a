"""Train the small models of the guardrails: `python tools/train_detectors.py --data DIR [names…]`.

Prints for each how well it does on texts it has not seen (five-fold, split by group) and writes
`community/guardrails/weights/<name>.txt`. The same data give the same file.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

from community.guardrails.detectors.linear import WEIGHTS, dump  # noqa: E402
from tools.training.learning import held_out_scores, threshold_for, train  # noqa: E402
from tools.training.recipe import Example, Recipe  # noqa: E402

NOT_RECIPES = ("__init__", "recipe", "learning", "own_words", "own_drafts")


def names() -> list[str]:
    """The names of all models, one file each in `tools/training/`."""
    folder = ROOT / "tools" / "training"
    return sorted(path.stem for path in folder.glob("*.py") if path.stem not in NOT_RECIPES)


def recipe_of(name: str) -> Recipe:
    """The recipe in `tools/training/<name>.py`."""
    recipe: Recipe = import_module(f"tools.training.{name}").RECIPE
    return recipe


def make(name: str, data: Path, folder: Path = WEIGHTS) -> str:
    """Train one model, write its weights into `folder`, and give its figures as a table."""
    recipe = recipe_of(name)
    examples = list(recipe.examples(data))
    scores = held_out_scores(recipe, examples)
    threshold = recipe.threshold
    if threshold is None:
        threshold = threshold_for(recipe.precision, examples, scores)
    model = train(recipe, examples, threshold)
    text = dump(model)
    (folder / f"{name}.txt").write_text(text, encoding="ascii")
    size = f"{len(model.weights)} weights, {len(text) // 1024} kB, threshold {threshold:.3f}"
    return f"{name}: {size}\n{figures(examples, scores, threshold)}"


def figures(examples: Sequence[Example], scores: Sequence[float], threshold: float) -> str:
    """Rows of a table: part of the data, precision and recall with counts."""
    counts: dict[str, Counter[tuple[bool, bool]]] = {"all": Counter()}
    for example, score in zip(examples, scores, strict=True):
        for part in ("all", example.part) if example.counted else (example.part,):
            counts.setdefault(part, Counter())[example.label, score >= threshold] += 1
    rows = ["| Part | Precision | Recall | False alarms |", "|---|---|---|---|"]
    for part, seen in counts.items():
        right, missed = seen[True, True], seen[True, False]
        wrong, quiet = seen[False, True], seen[False, False]
        cells = (_share(right, right + wrong), _share(right, right + missed))
        rows.append(f"| {part} | {cells[0]} | {cells[1]} | {_share(wrong, wrong + quiet)} |")
    return "\n".join(rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "none"


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    parser.add_argument("names", nargs="*", help="which models; all where none is named")
    asked = parser.parse_args()
    for name in asked.names or names():
        print(make(name, asked.data), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
