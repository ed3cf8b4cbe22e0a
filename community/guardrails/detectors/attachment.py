"""Files that come with a text, by their media type."""

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
    """One hit on the whole text when a file of the kind asked for is attached."""
    if any(media_type.startswith(options["kind"] + "/") for media_type in context.attachments):
        yield Hit(what="a picture", whole=True)


DETECTOR = Detector(find, {"kind": ("image",)})
