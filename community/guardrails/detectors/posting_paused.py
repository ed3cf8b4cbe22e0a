"""The switch that stops all company posting in a space or everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from community.guardrails.detectors.hit import Detector, Hit
from community.guardrails.text import Text

if TYPE_CHECKING:
    from community.guardrails.engine import Context, GuardrailSet


def find(
    text: Text, context: Context, guardrail_set: GuardrailSet, options: Mapping[str, Any]
) -> Iterator[Hit]:
    """One hit on the whole text while the switch is on."""
    if context.posting_paused:
        yield Hit(whole=True)


DETECTOR = Detector(find, {})
