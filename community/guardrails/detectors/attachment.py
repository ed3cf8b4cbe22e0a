"""Files that come with a text, by their media type."""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look


def find(look: Look) -> Iterator[Hit]:
    """One hit on the whole text when a file of the kind asked for is attached."""
    if any(
        media_type.startswith(look.options["kind"] + "/") for media_type in look.context.attachments
    ):
        yield Hit(what="a picture", whole=True)


DETECTOR = Detector(find, {"kind": ("image",)})
