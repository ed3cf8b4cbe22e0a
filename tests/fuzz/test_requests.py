"""Requests by the hundred, of any kind and by anybody: no page breaks and nothing leaks.

`make fuzz` asks ten thousand times.
"""

from __future__ import annotations

import itertools
import os
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests import cast
from tests.fuzz.asking import Asked, build, doors, request
from tests.fuzz.forms import read_forms
from tests.fuzz.laws import broken
from tests.fuzz.scene import PEOPLE, Scene, lay
from tests.home.doors import WHO_PASSES

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "1000"))


@dataclass
class Round:
    """What was asked so far, and which laws did not hold."""

    scene: Scene
    counts: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    others: Iterator[str | None] = field(default_factory=lambda: itertools.cycle(PEOPLE))

    def ask(self, asked: Asked) -> None:
        """Ask by one whom the door opens to, if it is known, and by the next of all people."""
        welcome = sorted(WHO_PASSES.get(asked.endpoint, cast.CAST)) or sorted(cast.CAST)
        for who in (welcome[self.counts.total() % len(welcome)], next(self.others)):
            self._ask_by(who, asked)
            self.scene.lay_again()

    def _ask_by(self, who: str | None, asked: Asked) -> None:
        scene = self.scene
        builder = build(asked, scene.cookies[who], scene.tokens[who])
        try:
            answer = scene.app.test_client(use_cookies=False).open(builder)
        except Exception as error:  # noqa: BLE001 - that none gets out is what is tested
            self._note(f"{asked.endpoint}: {error!r:.200}", who, asked)
            return
        changed = scene.changes()
        self.counts[f"{answer.status_code // 100}xx"] += 1
        self.counts["writing"] += bool(changed)
        for fault in broken(who, asked, answer, changed):
            self._note(fault, who, asked)

    def _note(self, fault: str, who: str | None, asked: Asked) -> None:
        self.faults[fault].append(f"{who} {asked}")

    def __str__(self) -> str:
        """Tell the counts, and each fault with the first request that showed it."""
        faults = [f"{len(by)} times {fault}\n    {by[0]}" for fault, by in self.faults.items()]
        return "\n".join([f"fuzz: {dict(sorted(self.counts.items()))}", *faults])


@pytest.fixture
def scene(app: Flask, premises: Path) -> Scene:
    return lay(app, premises / "community.sqlite3")


def test_no_request_breaks_a_page_sees_what_it_should_not_or_changes_where_it_is_refused(
    scene: Scene,
) -> None:
    fields, kept = read_forms(scene), Round(scene)
    places = doors(scene.app)
    each = settings(
        max_examples=max(1, REQUESTS // 2 // len(places)), database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for number, door in enumerate(places):
        chance = number if REQUESTS < 5_000 else secrets.randbits(32)
        seed(chance)(each(given(request(scene, fields, door))(kept.ask)))()
    print(kept)  # noqa: T201 - `make fuzz` shows it
    assert not kept.faults, str(kept)
