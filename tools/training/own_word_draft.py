"""The model for drafts that speak on their author's own word, each learnt as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from community.guardrails.detectors.own_word.draft import features
from community.guardrails.engine import Context
from tools.training.own_drafts import clean, drafts, of_demo, ordinary, see, written_drafts
from tools.training.recipe import Example, Recipe

_CLEAN_PULL, _DEMO_PULL, _ORDINARY_PULL = 0.3, 2.0, 0.2


def examples(data: Path) -> Iterator[Example]:
    """Drafts of the staff that may be tuned on, professional text and ordinary talk."""
    for case in chain(drafts(), written_drafts()):
        yield Example(
            features=_whole(case.text, case.context),
            label=case.label == "stop",
            group=case.id,
            part=case.label,
        )
    others = (
        ("professional text", clean(data), _CLEAN_PULL),
        ("posts of the demo", of_demo(), _DEMO_PULL),
        ("ordinary talk", ordinary(), _ORDINARY_PULL),
    )
    for part, texts, weight in others:
        for told in texts:
            yield Example(
                features=_whole(told.text, told.context),
                label=told.label,
                group=told.group,
                part=part,
                counted=False,
                weight=weight,
            )


def _whole(text: str, context: Context) -> tuple[str, ...]:
    seen = see(text, context)
    return tuple(features(((words, kinds) for _, _, words, kinds in seen.sentences), seen.question))


RECIPE = Recipe(
    name="own_word_draft",
    note="drafts of the benchmark, written for this project, and clean professional text",
    examples=examples,
    precision=0.9,
    threshold=0.0,
    rounds=20,
    rate=0.15,
    l2=1e-3,
    bits=22,
)
