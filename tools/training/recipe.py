"""What a recipe says: labelled examples as features, and how hard to train on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled text: its features, and the part of the data it is reported under.

    `group` keeps texts of one origin on one side of every split. `counted` false: learnt from, and
    shown as a part of its own, but not in the threshold. `weight` multiplies its pull. A feature
    counts as often as it comes.
    """

    features: tuple[str, ...]
    label: bool
    group: str
    part: str
    weight: float = 1.0
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one model is made. `precision` is what its threshold must reach on texts held out.

    A `threshold` given stands in its place, where the detector asks for more than the score.

    `rounds` passes over the data at learning rate `rate` with L2 strength `l2`; features in fewer
    than `rare` examples are left out; with `contrast` a feature moves the more, the more unevenly
    it comes with the two labels; `positive` weighs examples of label 1;
    weights below `slight` are left out of the file.
    """

    name: str
    note: str
    examples: Callable[[Path], Iterable[Example]]
    precision: float
    threshold: float | None = None
    rounds: int = 8
    rate: float = 0.2
    l2: float = 1e-4
    rare: int = 2
    contrast: bool = False
    positive: float = 1.0
    slight: float = 0.0
    scale: str = "root"
    bits: int = 24


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
