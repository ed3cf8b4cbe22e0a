"""A page that listens: a socket in the name of a member of the cast, and what it heard."""

from __future__ import annotations

from typing import Any

from flask import Flask

from community.kernel import realtime
from tests.stage import Visitor


class Listener:
    """One open page: connects as its script would, keeps what it is told."""

    def __init__(self, app: Flask, visitor: Visitor, *, token: str | None = None) -> None:
        """Connect with the visitor's cookies; `token` None means the right one."""
        self.app = app
        with app.app_context():
            self.socket: Any = realtime.socketio.test_client(
                app,
                flask_test_client=visitor.client,
                auth={"csrf": visitor.token if token is None else token},
            )

    @property
    def is_connected(self) -> bool:
        """Whether the gate let it in, and nobody has closed it since."""
        return bool(self.socket.is_connected())

    def say(self, event: str, *data: Any) -> Any:
        """Send an event; return the acknowledgement."""
        with self.app.app_context():
            return self.socket.emit(event, *data, callback=True)

    def watch(self, space: Any, thread: Any = None, after: Any = None) -> dict[str, Any]:
        """Say where the page is, and up to which number it is fresh."""
        answer = self.say("watch", {"space": space, "thread": thread, "after": after})
        assert isinstance(answer, dict)
        return answer

    def heard(self, event: str) -> list[dict[str, Any]]:
        """Return what was told under a name since one last listened; the rest is forgotten."""
        received = self.socket.get_received() if self.is_connected else self.socket.queue
        return [one["args"][0] for one in received if one["name"] == event]
