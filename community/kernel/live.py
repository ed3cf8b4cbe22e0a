"""What one process knows of its sockets, and what features have said is to be done about them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app
from flask_socketio import SocketIO

from community.kernel.bus import Bus
from community.kernel.sockets import Socket, Sockets, Visitor

Guard = Callable[[], Visitor | str]
Again = Callable[[Visitor], Visitor | str]
Handler = Callable[[Socket, dict[str, Any]], dict[str, Any] | None]
Hearer = Callable[[Any], None]
Renderer = Callable[[list[int], str], dict[int, str]]


@dataclass
class Live:
    """The sockets of one program, and what carries word to the others."""

    socketio: SocketIO
    server: Any
    bus: Bus | None
    sockets: Sockets = field(default_factory=Sockets)
    sending: threading.RLock = field(default_factory=threading.RLock)
    kept: dict[type, Any] = field(default_factory=dict)
    day: object = None
    unseated: dict[str, float] = field(default_factory=dict)

    def close(self) -> None:
        """Close every connection; browsers come back to whoever serves next."""
        for transport in list(self.server.eio.sockets.values()):
            transport.close(wait=False, reason=self.server.reason.SERVER_DISCONNECT)


@dataclass(frozen=True)
class Gate:
    """How the gate that requests pass is asked about a socket."""

    guard: Guard
    again: Again
    day: Callable[[], object]
    still_welcome: Callable[[list[int]], set[int]]


# What features register while the program is made: the same for every program of a process.
gates: list[Gate] = []
handlers: dict[str, Handler] = {}
leavers: list[Callable[[Socket], None]] = []
hearers: dict[str, Hearer] = {}
renderers: dict[str, Renderer] = {}


def current() -> Live:
    """Return the sockets of the program at work."""
    return cast(Live, current_app.extensions["realtime"])
