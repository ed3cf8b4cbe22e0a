"""Library ids such as [ORT-01]: unknown to the product files, or not to be cited in a room."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look

_ID = re.compile(r"(?<![^\W_])([A-Za-z]{2,6})[ -]?(\d{1,4})(?![^\W_])")


def find(look: Look) -> Iterator[Hit]:
    """A hit for each id in the form of a product's library that is in the state asked for."""
    open_use = {
        reference: may_be_cited
        for product in look.guardrail_set.products
        for reference, may_be_cited in product.references.items()
    }
    prefixes = {reference.partition("-")[0] for reference in open_use}
    for match in _ID.finditer(look.text.clean):
        prefix, number = match[1].upper(), match[2]
        if prefix not in prefixes:
            continue
        reference = f"{prefix}-{number.zfill(2)}"
        state = {None: "unknown", False: "not_open"}.get(open_use.get(reference))
        if state == look.options["state"]:
            yield Hit(match.start(), match.end(), f"the reference {reference}")


DETECTOR = Detector(find, {"state": ("unknown", "not_open")})
