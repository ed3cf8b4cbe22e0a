"""Who a patient is: birth dates, record and national numbers, contacts, days of care, great ages.

The kinds follow the Safe Harbor list of the HIPAA privacy rule (45 CFR 164.514(b)(2)), as far as a
form or a check digit can tell. Names are not looked for here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.contacts import contacts
from community.guardrails.detectors.dates import dates, great_ages
from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.numbers import record_numbers, without_public_numbers

_WORTH_A_LOOK = re.compile(r"\d|@|[(\[]at[)\]]")


def find(look: Look) -> Iterator[Hit]:
    """Hits of the kinds asked for; where two overlap, the wider one stands."""
    wanted = look.options["kinds"]
    for kind, hit in _all(look):
        if kind in wanted:
            yield hit


def _all(look: Look) -> list[tuple[str, Hit]]:
    """What stands in the text, of every kind; looked for once, though several rules ask."""
    known = look.text.memo.get("patient_identity")
    if isinstance(known, list):
        return known
    found: list[tuple[str, Hit]] = []
    if _WORTH_A_LOOK.search(look.text.clean):
        clean = without_public_numbers(look.text.clean)
        own_hosts = look.guardrail_set.hosts.get("approved", frozenset())
        found += dates(clean)
        found += [("record", hit) for hit in record_numbers(clean)]
        found += [("contact", hit) for hit in contacts(clean, own_hosts, look.context.countries)]
        found += [("great_age", hit) for hit in great_ages(clean)]
    look.text.memo["patient_identity"] = found = _widest(found)
    return found


def _widest(found: list[tuple[str, Hit]]) -> list[tuple[str, Hit]]:
    kept: list[tuple[str, Hit]] = []
    for kind, hit in sorted(found, key=lambda pair: (pair[1].start, -pair[1].end)):
        if not kept or hit.start >= kept[-1][1].end:
            kept.append((kind, hit))
    return kept


DETECTOR = Detector(find, {"kinds": ("birth", "record", "contact", "care_date", "great_age")})
