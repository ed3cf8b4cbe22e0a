"""What pages may say over their sockets, with whatever in it: no break, and no news of others."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.asking import odd_json, values
from tests.fuzz.laws import words_not_for
from tests.fuzz.scene import Scene, lay
from tests.listening import Listener
from tests.stage import Stage

EVENTS = int(os.environ.get("FUZZ_EVENTS", "200"))
EACH = settings(
    max_examples=EVENTS, derandomize=EVENTS < 1_000, database=None, deadline=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
LISTENERS = ("amara", "ines", "cora", "ada", "sven", "gone")
NAMES = ("watch", "typing", "connect", "disconnect", "message", "told", "ring", "leave")


def _numbers(*real: int) -> st.SearchStrategy[Any]:
    return st.one_of(st.sampled_from([*real, 0, 987654, 2**63, str(real[0])]), odd_json)


def _said(spaces: list[int], threads: list[int]) -> st.SearchStrategy[list[Any]]:
    places = st.fixed_dictionaries(
        {}, optional={"space": _numbers(*spaces), "thread": _numbers(*threads), "x": odd_json}
    )
    return st.one_of(places.map(lambda said: [said]), st.lists(odd_json, max_size=3))


def test_no_event_breaks_a_socket_or_tells_of_a_room_one_is_not_in(
    app: Flask, premises: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scene = lay(app, premises / "community.sqlite3")
    with app.app_context():
        stage = Stage(app)
        spaces = [stage.space(slug).id for slug in ("cardiology", "neurology")]
        stage.commit()
    threads = [int(str(key)) for key in scene.places["thread_id"][:3:2]]
    open_pages = {who: Listener(app, scene.browsers[who]) for who in LISTENERS}
    counts: Counter[str] = Counter()

    @EACH
    @given(
        who=st.sampled_from(LISTENERS),
        event=st.one_of(st.sampled_from(NAMES[:2]), st.sampled_from(NAMES), values),
        said=_said(spaces, threads),
    )
    def say(who: str, event: str, said: list[Any]) -> None:
        answer = open_pages[who].say(event, *said) if open_pages[who].is_connected else None
        counts["answered" if answer else "left unanswered"] += 1
        for listener, page in open_pages.items():
            if page.is_connected:
                heard = [answer if listener == who else None, page.socket.get_received()]
                assert words_not_for(listener, json.dumps(heard, default=str)) == set()
        app.extensions["limiter"].storage.reset()

    with caplog.at_level(logging.ERROR):
        say()
    print(f"fuzz: {counts.total()} events, {dict(counts)}")  # noqa: T201
    assert [record.getMessage() for record in caplog.records] == []
    assert scene.changes() == set()
    for who in ("amara", "cora"):
        page = Listener(app, scene.browsers[who])
        assert page.watch(spaces[0], threads[0])["ok"], f"{who} can no more watch"
    assert_nobody_watches_elsewhere(scene, spaces, threads)


def assert_nobody_watches_elsewhere(scene: Scene, spaces: list[int], threads: list[int]) -> None:
    """See that after all this the doors of rooms are as they were."""
    for who, space, thread in (("ines", spaces[0], threads[0]), ("gone", spaces[0], None),
                               ("ada", spaces[1], threads[1])):  # fmt: skip
        page = Listener(scene.app, scene.browsers[who])
        assert "head" not in page.watch(space, thread), who
