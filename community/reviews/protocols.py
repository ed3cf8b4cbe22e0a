"""The escalation protocols of `policies/protocols`: who owns a case, and its clocks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from community.kernel import clock, paths, settings
from community.reviews.models import Review

BUSINESS_HOURS_A_DAY = 8
REPORT = "report."
"""Begins the code of a member's reason for a report, among the rules that led to a case."""
STARTS_WITH_THE_CASE = frozenset({"post time", "found"})


@dataclass(frozen=True)
class Clock:
    """What must have happened within `limit` `unit`s of a case's beginning."""

    id: str
    says: str
    starts: str
    limit: float
    unit: str
    only_countries: frozenset[str]
    only_rules: frozenset[str]

    def due(self, start: datetime, zone: str) -> datetime:
        """Return when the limit passes; business hours are those of `zone`."""
        match self.unit:
            case "minutes":
                return start + timedelta(minutes=self.limit)
            case "calendar hours":
                return start + timedelta(hours=self.limit)
            case "calendar days":
                return start + timedelta(days=self.limit)
            case "business hours":
                return clock.add_business_hours(start, self.limit, zone)
            case "business days":
                hours = self.limit * BUSINESS_HOURS_A_DAY
                return clock.add_business_hours(start, hours, zone)
            case _:
                raise ValueError(f"no such unit: {self.unit}")


@dataclass(frozen=True)
class Protocol:
    """How one kind of case is handled.

    `rules` are those that lead to it, and the reasons of members who report a post. `steps` are
    what its owner does, in order; `evidence` what the reason for closing it names.
    """

    id: str
    title: str
    owner: str
    deputy: str
    rules: frozenset[str]
    clocks: tuple[Clock, ...]
    principle: str
    steps: tuple[str, ...]
    evidence: tuple[str, ...]


# A held draft keeps somebody from speaking: a person reads it within an hour of office time.
HELD = Clock("read", "Read the held text", "found", 1, "business hours",
             frozenset(), frozenset())  # fmt: skip
# A routed case that no protocol names is looked at within a working day.
LOOKED_AT = Clock("seen", "Look at it", "post time", 8, "business hours",
                  frozenset(), frozenset())  # fmt: skip


@lru_cache(maxsize=4)
def load(folder: Path) -> tuple[Protocol, ...]:
    """Read every protocol of a folder, once."""
    return tuple(
        _protocol(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))
    )


def _protocol(content: dict[str, Any]) -> Protocol:
    return Protocol(
        id=content["id"],
        title=content["title"],
        owner=content["owner"],
        deputy=content["deputy"],
        rules=frozenset(content["rules"]) | _reasons(content.get("reports", ())),
        clocks=tuple(_clock(item) for item in content["clock"]),
        principle=content.get("principle", ""),
        steps=tuple(
            step["does"] for step in content.get("step", ()) if step.get("who") == content["owner"]
        ),
        evidence=tuple(content.get("close", {}).get("evidence", ())),
    )


def _clock(item: dict[str, Any]) -> Clock:
    return Clock(
        id=item["id"],
        says=item["says"],
        starts=item["from"],
        limit=item["limit"],
        unit=item["unit"],
        only_countries=frozenset(item.get("only_countries", ())),
        only_rules=frozenset(item.get("only_rules", ())) | _reasons(item.get("only_reports", ())),
    )


def _reasons(named: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{REPORT}{reason}" for reason in named)


def protocols_for(review: Review, desk: str) -> list[Protocol]:
    """Return how a routed case that is meant for a desk is handled, by the rules that led there."""
    return _protocols_by(review.rules, desk)


def _protocols_by(rules: frozenset[str], desk: str) -> list[Protocol]:
    folder = (settings.current().policies_dir or paths.POLICIES) / "protocols"
    return [
        protocol
        for protocol in load(folder)
        if protocol.owner == desk and not protocol.rules.isdisjoint(rules)
    ]


def clocks_for(review: Review, desk: str, countries: frozenset[str]) -> tuple[Clock, ...]:
    """Return the clocks that start with a routed case that is meant for a desk."""
    return clocks_by(review.rules, desk, countries)


def clocks_by(rules: frozenset[str], desk: str, countries: frozenset[str]) -> tuple[Clock, ...]:
    """Return the clocks that start at a desk with what these rules have found."""
    found = [
        item
        for protocol in _protocols_by(rules, desk)
        for item in protocol.clocks
        if item.starts in STARTS_WITH_THE_CASE
        and (not item.only_countries or not item.only_countries.isdisjoint(countries))
        and (not item.only_rules or not item.only_rules.isdisjoint(rules))
    ]
    return tuple(found) or (LOOKED_AT,)
