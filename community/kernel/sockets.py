"""The sockets open in this process: whose they are, and how to find them."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

EVENTS = 60
WINDOW_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who connected, as the gate let them in. `key_hash` is of the key that the browser showed."""

    member_id: int
    session_id: int
    key_hash: str
    name: str
    initials: str
    is_company: bool
    language: str

    def as_dict(self) -> dict[str, object]:
        """Return what others in the room may know of this visitor."""
        return {
            "id": self.member_id,
            "name": self.name,
            "initials": self.initials,
            "company": self.is_company,
        }


class Wire(Protocol):
    """A connection that takes frames at once."""

    def write(self, ready: bytes) -> None:
        """Send a frame."""


@dataclass(eq=False, slots=True)
class Socket:
    """One open connection. `sid` is Socket.IO's name for it, `eio_sid` the transport's.

    `wire` is its direct line, where it has one.
    """

    sid: str
    eio_sid: str
    visitor: Visitor
    wire: Wire | None = None
    _began: float = field(default_factory=time.monotonic)
    _spent: int = 0

    def may_speak(self) -> bool:
        """Count one event from this socket and say whether it still keeps to the measure."""
        now = time.monotonic()
        if now - self._began > WINDOW_SECONDS:
            self._began, self._spent = now, 0
        self._spent += 1
        return self._spent <= EVENTS


class Sockets:
    """All open sockets, found by name, by member and by session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sid: dict[str, Socket] = {}
        self._by_member: dict[int, dict[str, Socket]] = defaultdict(dict)
        self._by_session: dict[int, dict[str, Socket]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, socket: Socket) -> None:
        """Take a socket in."""
        with self._lock:
            self._by_sid[socket.sid] = socket
            self._by_member[socket.visitor.member_id][socket.sid] = socket
            self._by_session[socket.visitor.session_id][socket.sid] = socket

    def drop(self, sid: str) -> Socket | None:
        """Forget a socket; return what was known of it."""
        with self._lock:
            socket = self._by_sid.pop(sid, None)
            if socket is None:
                return None
            for shelf, key in (
                (self._by_member, socket.visitor.member_id),
                (self._by_session, socket.visitor.session_id),
            ):
                shelf[key].pop(sid, None)
                if not shelf[key]:
                    del shelf[key]
            return socket

    def find(self, sid: str) -> Socket | None:
        """Return the socket of that name, if it is open here."""
        return self._by_sid.get(sid)

    def of_member(self, member_id: int) -> list[Socket]:
        """Return a member's sockets."""
        with self._lock:
            return list(self._by_member.get(member_id, {}).values())

    def of_members(self, member_ids: Iterable[int]) -> list[Socket]:
        """Return the sockets of several members."""
        return [socket for member_id in member_ids for socket in self.of_member(member_id)]

    def of_session(self, session_id: int) -> list[Socket]:
        """Return the sockets of one signed-in browser."""
        with self._lock:
            return list(self._by_session.get(session_id, {}).values())

    def all(self) -> list[Socket]:
        """Return every open socket."""
        with self._lock:
            return list(self._by_sid.values())
