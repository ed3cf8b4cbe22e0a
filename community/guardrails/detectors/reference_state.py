"""References: ids of the library that are unknown or not for rooms, and forms that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.reference_form import malformed


def find(look: Look) -> Iterator[Hit]:
    """A hit for each reference in the state asked for: unknown, not_open or malformed."""
    if look.options["state"] == "malformed":
        yield from malformed(look.text.clean)
        return
    open_use = {
        reference: may_be_cited
        for product in look.guardrail_set.products
        for reference, may_be_cited in product.references.items()
    }
    prefixes = frozenset(reference.partition("-")[0] for reference in open_use)
    for match in _ids(prefixes).finditer(look.text.clean) if prefixes else ():
        reference = f"{match[1].upper()}-{match[2].zfill(2)}"
        state = {None: "unknown", False: "not_open"}.get(open_use.get(reference))
        if state == look.options["state"]:
            yield Hit(match.start(), match.end(), f"the reference {reference}")


@lru_cache(maxsize=64)
def _ids(prefixes: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(prefixes)))
    return re.compile(rf"(?<![^\W_])({words})[ -]?(\d{{1,4}})(?![^\W_])", re.IGNORECASE)


DETECTOR = Detector(find, {"state": ("unknown", "not_open", "malformed")})
