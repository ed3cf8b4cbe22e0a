"""References: ids of the library that are unknown or not for rooms, and forms that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.reference_form import malformed
from community.guardrails.rules import GuardrailSet


def find(look: Look) -> Iterator[Hit]:
    """A hit for each reference in the state asked for: unknown, not_open or malformed."""
    if look.options["state"] == "malformed":
        yield from malformed(look.text.clean)
        return
    for state, hit in _of_library(look):
        if state == look.options["state"]:
            yield hit


def _of_library(look: Look) -> list[tuple[str | None, Hit]]:
    """The ids of the library, each with its state; looked for once, though two rules ask."""
    known = look.text.memo.get("references")
    if isinstance(known, list):
        return known
    open_use, pattern = _library(look.guardrail_set)
    look.text.memo["references"] = found = list[tuple[str | None, Hit]]()
    for match in pattern.finditer(look.text.clean):
        reference = f"{match[1].upper()}-{match[2].zfill(2)}"
        state = {None: "unknown", False: "not_open"}.get(open_use.get(reference))
        found.append((state, Hit(match.start(), match.end(), f"the reference {reference}")))
    return found


@lru_cache(maxsize=16)
def _library(guardrail_set: GuardrailSet) -> tuple[dict[str, bool], re.Pattern[str]]:
    """Which ids may be cited, and their form."""
    open_use = {
        reference: may_be_cited
        for product in guardrail_set.products
        for reference, may_be_cited in product.references.items()
    }
    prefixes = sorted({reference.partition("-")[0].lower() for reference in open_use})
    return open_use, re.compile(_form(prefixes))


def _form(prefixes: Sequence[str]) -> str:
    """The form of ids; it begins with a letter itself, so that the search can leap to the next."""
    if not prefixes:
        return r"(?!)"
    firsts = "".join(sorted({letter for p in prefixes for letter in (p[0], p[0].upper())}))
    words = "|".join(f"(?<={re.escape(p[0])}){re.escape(p[1:])}" for p in prefixes)
    return rf"([{re.escape(firsts)}](?<![^\W_].)(?i:{words}))[ -]?(\d{{1,4}})(?![^\W_])"


DETECTOR = Detector(find, {"state": ("unknown", "not_open", "malformed")})
