"""References: ids of the library that are unknown or not for rooms, and forms that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.reference_form import malformed
from community.guardrails.rules import GuardrailSet


def find(look: Look) -> Iterator[Hit]:
    """A hit for each reference in the state asked for: unknown, not_open or malformed."""
    if look.options["state"] == "malformed":
        yield from malformed(look.text.clean)
        return
    open_use, prefixes, pattern = _library(look.guardrail_set)
    lowered = look.text.clean.lower()
    for match in pattern.finditer(look.text.clean) if any(p in lowered for p in prefixes) else ():
        reference = f"{match[1].upper()}-{match[2].zfill(2)}"
        state = {None: "unknown", False: "not_open"}.get(open_use.get(reference))
        if state == look.options["state"]:
            yield Hit(match.start(), match.end(), f"the reference {reference}")


@lru_cache(maxsize=16)
def _library(
    guardrail_set: GuardrailSet,
) -> tuple[dict[str, bool], tuple[str, ...], re.Pattern[str]]:
    """Which ids may be cited, how ids begin in small letters, and their form."""
    open_use = {
        reference: may_be_cited
        for product in guardrail_set.products
        for reference, may_be_cited in product.references.items()
    }
    prefixes = sorted({reference.partition("-")[0].lower() for reference in open_use})
    words = "|".join(map(re.escape, prefixes))
    form = re.compile(rf"(?<![^\W_])({words})[ -]?(\d{{1,4}})(?![^\W_])", re.IGNORECASE)
    return open_use, tuple(prefixes), form


DETECTOR = Detector(find, {"state": ("unknown", "not_open", "malformed")})
