"""A browser of these tests: it asks again, anywhere, until it has an answer."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ANSWER_SECONDS = 10.0
LONGEST_PAUSE = 1.0
TOO_MANY = 429


@dataclass
class Answer:
    """What a server said: a status, and JSON where it was JSON."""

    status: int
    said: dict[str, Any]


class GaveUp(TimeoutError):
    """No server answered in time."""


@dataclass
class Browser:
    """A signed-in browser that knows every server.

    `troubles` counts what it met on the way, by kind: a status, or the name of an error.
    """

    addresses: Sequence[str]
    cookie: str
    token: str
    until: float
    troubles: Counter[str] = field(default_factory=Counter)
    place: itertools.count[int] = field(default_factory=itertools.count)
    waiting: threading.Event = field(default_factory=threading.Event)

    def next_address(self) -> str:
        """Return the server whose turn it is."""
        return self.addresses[next(self.place) % len(self.addresses)]

    def get(self, path: str) -> Answer:
        """Ask until somebody answers."""
        return self._persist("GET", path, None)

    def post(self, path: str, said: dict[str, Any]) -> Answer:
        """Send the very same request until somebody answers it.

        Raises:
            GaveUp: nobody did in time.
        """
        return self._persist("POST", path, said)

    def _persist(self, method: str, path: str, said: dict[str, Any] | None) -> Answer:
        pause = 0.1
        while time.monotonic() < self.until:
            try:
                answer = self.once(method, path, said)
            except (OSError, http.client.HTTPException, ValueError) as trouble:
                self.troubles[type(trouble).__name__] += 1
            else:
                if answer.status < 500 and answer.status != TOO_MANY:
                    return answer
                self.troubles[str(answer.status)] += 1
            self.waiting.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise GaveUp(f"{method} {path}: {dict(self.troubles)}")

    def once(self, method: str, path: str, said: dict[str, Any] | None = None) -> Answer:
        """Ask a single time.

        Raises:
            OSError, HTTPException, ValueError: there was no whole answer.
        """
        connection = http.client.HTTPConnection(self.next_address(), timeout=ANSWER_SECONDS)
        try:
            connection.request(
                method,
                path,
                body=None if said is None else json.dumps(said),
                headers={
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                    "X-CSRFToken": self.token,
                    "Cookie": self.cookie,
                    "Connection": "close",
                },
            )
            answer = connection.getresponse()
            body = answer.read()
            is_json = answer.headers.get_content_type() == "application/json"
            return Answer(answer.status, json.loads(body) if is_json else {})
        finally:
            connection.close()
