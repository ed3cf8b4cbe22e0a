"""The switch that stops all company posting in a space or everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look


def find(look: Look) -> Iterator[Hit]:
    """One hit on the whole text while the switch is on."""
    if look.context.posting_paused:
        yield Hit(whole=True)


DETECTOR = Detector(find, {})
