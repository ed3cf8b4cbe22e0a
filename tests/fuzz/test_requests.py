"""Requests by the hundred, of any kind and by anybody: no page breaks and nothing leaks.

`make fuzz` asks ten thousand times.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.asking import Asked, build, doors, request
from tests.fuzz.forms import read_forms
from tests.fuzz.laws import broken
from tests.fuzz.scene import Scene, lay

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "600"))


@dataclass
class Round:
    """What was asked so far, and which laws did not hold."""

    scene: Scene
    counts: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def ask(self, asked: Asked) -> None:
        """Ask once, judge the answer, and put back what it changed."""
        scene = self.scene
        builder = build(asked, scene.cookies[asked.who], scene.tokens[asked.who])
        try:
            answer = scene.app.test_client(use_cookies=False).open(builder)
        except Exception as error:  # noqa: BLE001 - that none gets out is what is tested
            self._note(f"{asked.endpoint}: {error!r:.200}", asked)
        else:
            changed = scene.changes()
            self.counts[f"{answer.status_code // 100}xx"] += 1
            self.counts["writing"] += bool(changed)
            for fault in broken(asked, answer, changed):
                self._note(fault, asked)
        scene.lay_again()

    def _note(self, fault: str, asked: Asked) -> None:
        self.faults[fault].append(str(asked))

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
        max_examples=max(1, REQUESTS // len(places)), derandomize=REQUESTS < 1_000, database=None,
        deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for door in places:
        each(given(request(scene, fields, door))(kept.ask))()
    print(kept)  # noqa: T201 - `make fuzz` shows it
    assert not kept.faults, str(kept)
