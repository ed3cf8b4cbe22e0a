"""What a detector gives back, and what it must tell about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from community.guardrails.phrases.text import Text

if TYPE_CHECKING:
    from community.guardrails.rules import Context, GuardrailSet


@dataclass(frozen=True, slots=True)
class Hit:
    """One find in the folded text: `start` to `end` of `Text.clean`, half-open.

    `what` says in a few words what was seen ("an NHS number"); `instead` may stand in its place.
    `whole` marks a hit on the whole text.
    """

    start: int = 0
    end: int = 0
    what: str = ""
    instead: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """All that a detector may look at; `options` are those that the rule gives it."""

    text: Text
    context: Context
    guardrail_set: GuardrailSet
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detector:
    """A pure function over a text, and the options a rule file may give it.

    `options` maps a name to the words it may take (for a list: each of them), or to `int`.
    """

    find: Callable[[Look], Iterable[Hit]]
    options: Mapping[str, tuple[str, ...] | type[int]]
