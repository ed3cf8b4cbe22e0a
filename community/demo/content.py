"""The demo's files, read into plain rows. Everybody and every medicine in them is invented."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from community.kernel import paths

LEFT_FOR_LATER = frozenset({"poll", "answer_first"})


@dataclass(frozen=True)
class Saying:
    """One text of the demo: who wrote it when, where, and what became of it."""

    thread: dict[str, Any]
    post: dict[str, Any]
    at: datetime

    @property
    def expects(self) -> dict[str, Any]:
        """What the file says that the guardrails do with it."""
        expected: dict[str, Any] = self.post.get("expect", {})
        return expected


def cast() -> list[dict[str, Any]]:
    """Return the members."""
    members: list[dict[str, Any]] = _toml("cast.toml")["member"]
    return members


def spaces() -> list[dict[str, Any]]:
    """Return the spaces with their charters."""
    found: list[dict[str, Any]] = _toml("spaces.toml")["space"]
    return found


def live_script() -> list[dict[str, Any]]:
    """Return what is said after the start, so that a newcomer sees posts arrive."""
    lines: list[dict[str, Any]] = _toml("live.toml")["line"]
    return lines


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((paths.DEMO / name).read_text("utf-8"))


def sayings(now: datetime) -> list[Saying]:
    """Return all texts in the order of time, as seen from `now`."""
    return sorted(_sayings(now), key=lambda saying: saying.at)


def _sayings(now: datetime) -> Iterator[Saying]:
    for line in (paths.DEMO / "threads.jsonl").read_text("utf-8").splitlines():
        thread = json.loads(line)
        if _waits(thread):
            continue
        start = now - timedelta(days=thread["days_ago"])
        for post in thread["posts"]:
            at = start + timedelta(minutes=post["minutes_after"])
            if at < now:
                yield Saying(thread, post, at)


def _waits(thread: dict[str, Any]) -> bool:
    """Polls and answer-first questions wait for their feature."""
    if thread["kind"] in LEFT_FOR_LATER:
        return True
    return any(not LEFT_FOR_LATER.isdisjoint(post) for post in thread["posts"])


def live_title() -> str:
    """Return the title of the thread in which the live script is said."""
    wanted = _toml("live.toml")["thread"]
    for line in (paths.DEMO / "threads.jsonl").read_text("utf-8").splitlines():
        thread = json.loads(line)
        if thread["id"] == wanted:
            return str(thread["title"])
    raise ValueError(f"demo/live.toml names the thread {wanted}, which is not there")
