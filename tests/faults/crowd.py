"""Those who post and those who read while something breaks, each in a thread of its own."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import websocket

from tests.faults.browser import Browser, GaveUp
from tests.stage import new_key
from tests.threads.said import HELD, PLAIN

PAUSE = 0.25
QUICK, SLOW_PAUSE = 6, 5.0  # a member may send twenty in a minute
ACKNOWLEDGED = {200, 201}


@dataclass(frozen=True)
class Kept:
    """A post that a server has acknowledged."""

    key: str
    id: int
    text: str
    number: int | None
    is_held: bool


@dataclass
class Ledger:
    """What was acknowledged, what was refused, and who gave up."""

    kept: list[Kept] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    repeated: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, kept: Kept, *, repeated: bool) -> None:
        """Keep a post that was acknowledged."""
        with self.changed:
            self.kept.append(kept)
            self.repeated += repeated
            self.changed.notify_all()

    def wait_for_more(self, count: int, *, seconds: float) -> None:
        """Wait until so many more have been acknowledged than now.

        Raises:
            TimeoutError: it went on too slowly, or not at all.
        """
        with self.changed:
            wanted = len(self.kept) + count
            if not self.changed.wait_for(
                lambda: len(self.kept) >= wanted or self.refused, timeout=seconds
            ):
                raise TimeoutError(f"{len(self.kept)} of {wanted} posts after {seconds} seconds")


@dataclass
class Poster:
    """Sends one reply after the other, each until it is acknowledged."""

    name: str
    browser: Browser
    thread_id: int
    ledger: Ledger

    def run(self, stop: threading.Event) -> None:
        """Post until told to stop; what was begun is brought to its end."""
        for count in itertools.count():
            words = HELD if count % 3 == 1 else PLAIN
            try:
                self.send(f"{words} ({self.name}, {count})")
            except GaveUp as problem:
                self.ledger.refused.append(str(problem))
            if stop.wait(PAUSE if count < QUICK else SLOW_PAUSE):
                return

    def send(self, text: str) -> None:
        """Send one reply until it is acknowledged."""
        key, before = new_key(), self.browser.troubles.total()
        answer = self.browser.post(
            f"/threads/{self.thread_id}/posts", {"text": text, "client_key": key}
        )
        said = answer.said
        if answer.status not in ACKNOWLEDGED:
            self.ledger.refused.append(f"{answer.status} {said}")
            return
        kept = Kept(key, said["id"], text, said["number"], said["state"] == "held")
        tried_before = self.browser.troubles.total() > before
        self.ledger.note(kept, repeated=tried_before and answer.status == 200)


@dataclass
class Reader:
    """A page as its script keeps it: what it shows, in the order in which it learned of it."""

    browser: Browser
    space_id: int
    thread_id: int
    last: int
    posts: dict[int, tuple[int, str]] = field(default_factory=dict)
    line: list[tuple[int, int]] = field(default_factory=list)
    highest: int = 0
    heard: int = 0
    shut_out: bool = False
    came_back: int = 0

    def run(self, stop: threading.Event) -> None:
        """Ask every little while what is new."""
        while not stop.is_set() and not self.shut_out:
            with contextlib.suppress(GaveUp):
                self.catch_up()
            stop.wait(PAUSE)

    def catch_up(self) -> None:
        """Ask what came since, until nothing is left."""
        while True:
            path = f"/spaces/cardiology/stream?after={self.last}&thread={self.thread_id}"
            answer = self.browser.get(path)
            if answer.status != 200:
                self.shut_out = True
                return
            self.take_up(answer.said)
            if self.last >= answer.said["head"]:
                return

    def take_up(self, missed: dict[str, Any]) -> None:
        """Show what came since."""
        assert not missed["reset"], missed
        for event in missed["events"]:
            self.show(event)
        self.last = max(self.last, missed["next"])

    def show(self, event: dict[str, Any]) -> None:
        """Put a post in its place, unless a newer wording is there."""
        self.highest = max(self.highest, event["seq"])
        if event["kind"] != "post" or event["thread"] != self.thread_id:
            return
        shown = self.posts.get(event["id"])
        if shown is None:
            self.line.append((event["seq"], event["id"]))
        if shown is None or event["version"] > shown[0]:
            self.posts[event["id"]] = (event["version"], event["html"])


@dataclass
class Listener(Reader):
    """A page that hears the news by its socket, and asks only where there is a hole."""

    wire: websocket.WebSocket | None = None
    seated: threading.Event = field(default_factory=threading.Event)

    def run(self, stop: threading.Event) -> None:
        """Listen, and come back as often as the connection ends."""
        while not stop.is_set() and not self.shut_out:
            try:
                self.connect()
                self.seated.set()
                self.came_back += 1
                self._listen(stop)
            except (OSError, websocket.WebSocketException, GaveUp, ValueError) as trouble:
                self.browser.troubles[f"socket: {type(trouble).__name__}"] += 1
            finally:
                self.seated.clear()
                self._close()
            stop.wait(PAUSE)

    def connect(self) -> None:
        """Open the socket and say where the page is."""
        address = self.browser.next_address()
        self.wire = websocket.create_connection(
            f"ws://{address}/socket.io/?EIO=4&transport=websocket",
            cookie=self.browser.cookie,
            origin=f"http://{address}",
            timeout=10,
        )
        self.wire.send("40" + json.dumps({"csrf": self.browser.token}))
        welcome = self._next(lambda said: said.startswith(("40", "44")))
        if welcome.startswith("44"):
            raise ConnectionError(welcome)
        place = {"space": self.space_id, "thread": self.thread_id, "after": self.last}
        self.wire.send("421" + json.dumps(["watch", place]))
        answer = json.loads(self._next(lambda said: said.startswith("431"))[3:])[0]
        if answer.get("error") == "not_found":
            self.shut_out = True
        if not answer["ok"]:
            raise ConnectionError(str(answer))
        if "missed" in answer:
            self.take_up(answer["missed"])
        if self.last < answer["head"]:
            self.catch_up()

    def hear_until_closed(self, *, seconds: float) -> None:
        """Wait until the server has closed the socket.

        Raises:
            WebSocketTimeoutException: it has not in time.
        """
        assert self.wire is not None
        until = time.monotonic() + seconds
        with contextlib.suppress(ConnectionError, websocket.WebSocketConnectionClosedException):
            while True:
                self.wire.settimeout(max(0.01, until - time.monotonic()))
                self._hear(self._receive())
        self._close()

    def _next(self, wanted: Callable[[str], bool]) -> str:
        while not wanted(said := self._receive()):
            self._hear(said)
        return said

    def _receive(self) -> str:
        assert self.wire is not None
        said = self.wire.recv()
        if not said:
            raise ConnectionError("the server closed the connection")
        if said == "2":
            self.wire.send("3")
        return str(said)

    def _listen(self, stop: threading.Event) -> None:
        assert self.wire is not None
        self.wire.settimeout(0.5)
        while not stop.is_set():
            with contextlib.suppress(websocket.WebSocketTimeoutException):
                self._hear(self._receive())

    def _hear(self, said: str) -> None:
        if not said.startswith("42["):
            return
        name, payload = json.loads(said[2:])
        if name == "head" and payload["seq"] > self.last:
            self.catch_up()
        if name != "event":
            return
        self.heard += 1
        self.highest = max(self.highest, payload["seq"])
        if payload["seq"] == self.last + 1:
            self._take(payload)
        elif payload["seq"] > self.last:
            self.catch_up()

    def _take(self, event: dict[str, Any]) -> None:
        if event["kind"] == "post" and event["thread"] == self.thread_id and "html" not in event:
            self.catch_up()
            return
        self.show(event)
        self.last = event["seq"]

    def _close(self) -> None:
        wire, self.wire = self.wire, None
        if wire is not None:
            wire.shutdown()  # type: ignore[no-untyped-call]
