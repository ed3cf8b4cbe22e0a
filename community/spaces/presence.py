"""Who is here: counted in this process, merged with what the others report.

Told at most four times a second, and more slowly the more there are to tell.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import Any

from community.kernel.sockets import Visitor
from community.spaces.watchers import Watchers

SHOWN = 12
REPORTED = 50
EXPIRES_SECONDS = 70.0
PAUSE_SECONDS = 0.25
PAUSE_PER_SOCKET = 0.001

Place = tuple[int, int | None]
Here = dict[int, Visitor | dict[str, object]]  # those of other processes as they are told


@dataclass
class _Report:
    until: float
    threads: dict[int | None, list[dict[str, object]]]


@dataclass
class Presence:
    """Who watches which space and thread, in all processes as far as they have reported."""

    process: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    _changed: set[int] = field(default_factory=set)
    _due: dict[int, float] = field(default_factory=dict)
    _elsewhere: dict[int, dict[str, _Report]] = field(default_factory=lambda: defaultdict(dict))
    _told: dict[Place, tuple[int, tuple[object, ...]]] = field(default_factory=dict)

    def touch(self, space_id: int) -> None:
        """Note that somebody came to or left a space."""
        self._changed.add(space_id)

    def due(self, watchers: Watchers) -> list[int]:
        """Return the spaces of which it is time to tell, and take them as told."""
        now = time.monotonic()
        ready = [space for space in self._changed if self._due.get(space, 0.0) <= now]
        for space_id in ready:
            self._changed.discard(space_id)
            sockets = sum(len(seated) for _, seated in watchers.in_space(space_id))
            self._due[space_id] = now + PAUSE_SECONDS + PAUSE_PER_SOCKET * sockets
        return ready

    def report(self, watchers: Watchers, space_id: int) -> dict[str, Any]:
        """Return what other processes are to know of a space here."""
        threads = [
            [thread_id, [_told(member) for member in islice(here.values(), REPORTED)]]
            for thread_id, here in self._here(watchers, space_id).items()
        ]
        return {"process": self.process, "space": space_id, "threads": threads}

    def hear(self, report: dict[str, Any]) -> None:
        """Take in another process's report."""
        space_id: int = report["space"]
        if report["process"] != self.process:
            self._elsewhere[space_id][report["process"]] = _Report(
                time.monotonic() + EXPIRES_SECONDS,
                {thread_id: list(members) for thread_id, members in report["threads"]},
            )
            self._changed.add(space_id)

    def news(self, watchers: Watchers, space_id: int) -> list[tuple[Place, dict[str, Any]]]:
        """Return, for each place that somebody here watches, who is there, where that changed."""
        found = []
        merged = self._merged(watchers, space_id)
        for thread_id in {room.thread_id for room, _ in watchers.in_space(space_id)}:
            payload = _say(space_id, thread_id, merged.get(thread_id, {}))
            place = (space_id, thread_id)
            gist = (payload["count"], tuple(member["id"] for member in payload["members"]))
            if self._told.get(place) != gist:
                self._told[place] = gist
                found.append((place, payload))
        return found

    def at(self, watchers: Watchers, space_id: int, thread_id: int | None) -> dict[str, Any]:
        """Return who is in one place now."""
        return _say(space_id, thread_id, self._merged(watchers, space_id).get(thread_id, {}))

    def forget(self, watchers: Watchers) -> None:
        """Drop what is about spaces that nobody here watches any more."""
        watched = set(watchers.space_ids())
        for kept in (self._due, self._elsewhere):
            for space_id in [key for key in kept if key not in watched]:
                kept.pop(space_id, None)
        for place in [place for place in self._told if place[0] not in watched]:
            del self._told[place]

    def _here(self, watchers: Watchers, space_id: int) -> dict[int | None, Here]:
        threads: dict[int | None, Here] = defaultdict(dict)
        for room, sockets in watchers.in_space(space_id):
            for socket in sockets:
                threads[room.thread_id][socket.visitor.member_id] = socket.visitor
        return threads

    def _merged(self, watchers: Watchers, space_id: int) -> dict[int | None, Here]:
        threads = self._here(watchers, space_id)
        now = time.monotonic()
        reports = self._elsewhere.get(space_id, {})
        for process in [name for name, report in reports.items() if report.until < now]:
            del reports[process]
        for report in reports.values():
            for thread_id, members in report.threads.items():
                for member in members:
                    threads[thread_id].setdefault(int(str(member["id"])), member)
        everybody: Here = {}
        for here in threads.values():
            everybody.update(here)
        threads[None] = everybody  # who reads a thread is in the space as well
        return threads


def _say(space_id: int, thread_id: int | None, here: Here) -> dict[str, Any]:
    shown = [_told(here[member_id]) for member_id in nsmallest(SHOWN, here)]
    return {"space": space_id, "thread": thread_id, "count": len(here), "members": shown}


def _told(member: Visitor | dict[str, object]) -> dict[str, object]:
    return member.as_dict() if isinstance(member, Visitor) else member
