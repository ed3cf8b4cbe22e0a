"""Who a patient is: the identifiers of the Safe Harbor list, in free text.

The kinds follow the HIPAA privacy rule, 45 CFR 164.514(b)(2): names (`name`, and `carer` for the
doctor who treats), places below a state (`place`, and streets under `contact`), dates (`birth`,
`care_date`), ages over 89 (`great_age`), telephone, fax and e-mail (`contact`), record and national
numbers (`record`), plan, account, licence, vehicle and device numbers (`account`), web and IP
addresses (`online`). `rare_traits` is what is left: traits that together point to one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.patient_identity.addresses import addresses
from community.guardrails.detectors.patient_identity.blocks import Found, forget, found_in
from community.guardrails.detectors.patient_identity.contacts import contacts
from community.guardrails.detectors.patient_identity.dates import dates, great_ages
from community.guardrails.detectors.patient_identity.names import names
from community.guardrails.detectors.patient_identity.numbers import (
    record_numbers,
    without_public_numbers,
)
from community.guardrails.detectors.patient_identity.online import (
    pages_and_machines,
    personal_pages,
)
from community.guardrails.detectors.patient_identity.places import places
from community.guardrails.detectors.patient_identity.rare_traits import rare_traits
from community.guardrails.phrases.text import Text

__all__ = ["DETECTOR", "find", "forget"]

_WORTH_A_LOOK = re.compile(r"\d|@|[(\[]at[)\]]")
_LIGHT = frozenset({"place", "carer"})
"""Kinds that never stand in the way of another one over the same words."""


def find(look: Look) -> Iterator[Hit]:
    """Hits of the kinds asked for; where two overlap, the wider one stands."""
    wanted = look.options["kinds"]
    for kind, hit in _all(look):
        if kind in wanted:
            yield hit


def _all(look: Look) -> Found:
    """What stands in the text, of every kind; looked for once, though several rules ask."""
    known = look.text.memo.get("patient_identity")
    if isinstance(known, list):
        return known
    own_hosts = look.guardrail_set.hosts.get("approved", frozenset())
    asked = _Asked(own_hosts, look.context.countries, look.context.member_names)
    look.text.memo["patient_identity"] = kept = found_in(
        look.text, asked, lambda part: _in_part(part, asked)
    )
    return kept


class _Asked(NamedTuple):
    """What is asked besides the text: `own_hosts` are of staff and agencies."""

    own_hosts: frozenset[str]
    countries: frozenset[str]
    members: tuple[str, ...]


def _in_part(text: Text, asked: _Asked) -> Found:
    found = [*names(text, asked.members), *_with_figures(text, asked)]
    found += [("online", hit) for hit in personal_pages(text.clean)]
    heavy = _widest(pair for pair in found if pair[0] not in _LIGHT)
    light = [pair for pair in found if pair[0] in _LIGHT]
    light += [("place", hit) for hit in places(text)]
    kept = _beside(_widest(light), heavy) + heavy
    return kept + [("rare_traits", hit) for hit in rare_traits(text)]


def _with_figures(text: Text, asked: _Asked) -> Iterator[tuple[str, Hit]]:
    """Kinds that hold a digit or an @."""
    if not _WORTH_A_LOOK.search(text.clean):
        yield from (("contact", hit) for hit in addresses(text, text.clean))
        return
    clean = without_public_numbers(text)
    yield from dates(text, clean)
    yield from record_numbers(text, clean)
    for kind, hits in (
        ("contact", contacts(clean, asked.own_hosts, asked.countries)),
        ("contact", addresses(text, clean)),
        ("online", pages_and_machines(clean)),
        ("great_age", great_ages(clean)),
    ):
        for hit in hits:
            yield kind, hit


def _widest(found: Iterable[tuple[str, Hit]]) -> Found:
    kept: Found = []
    for kind, hit in sorted(found, key=lambda pair: (pair[1].start, -pair[1].end)):
        if not kept or hit.start >= kept[-1][1].end:
            kept.append((kind, hit))
    return kept


def _beside(light: Found, heavy: Found) -> Found:
    """Those of the light kinds that no heavier hit covers in part."""
    return [
        (kind, hit)
        for kind, hit in light
        if all(hit.end <= other.start or other.end <= hit.start for _, other in heavy)
    ]


DETECTOR = Detector(
    find,
    {
        "kinds": (
            "name", "carer", "birth", "care_date", "great_age", "contact", "record", "account",
            "online", "place", "rare_traits",
        )
    },
)  # fmt: skip
