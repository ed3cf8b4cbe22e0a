"""Which socket watches what: rooms named by space, access generation, thread and language.

The generation is part of a room's name so that a socket which lost access, and which for any
reason was not disconnected, listens to a room in which nothing is ever said again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from community.kernel.sockets import Socket


@dataclass(frozen=True)
class Room:
    """The name of one audience: all in it are sent the very same bytes."""

    space_id: int
    generation: int
    thread_id: int | None
    language: str


class Watchers:
    """The audiences of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rooms: dict[int, dict[Room, dict[str, Socket]]] = defaultdict(dict)
        self._room_of: dict[str, Room] = {}

    def put(self, socket: Socket, room: Room) -> Room | None:
        """Seat a socket in a room; return the one it leaves for it."""
        with self._lock:
            before = self._take(socket.sid)
            self._rooms[room.space_id].setdefault(room, {})[socket.sid] = socket
            self._room_of[socket.sid] = room
            return before

    def drop(self, sid: str) -> Room | None:
        """Take a socket out of its room; return which that was."""
        with self._lock:
            return self._take(sid)

    def _take(self, sid: str) -> Room | None:
        room = self._room_of.pop(sid, None)
        if room is None:
            return None
        seats = self._rooms[room.space_id][room]
        del seats[sid]
        if not seats:
            del self._rooms[room.space_id][room]
            if not self._rooms[room.space_id]:
                del self._rooms[room.space_id]
        return room

    def room_of(self, sid: str) -> Room | None:
        """Return where a socket sits."""
        return self._room_of.get(sid)

    def space_ids(self) -> list[int]:
        """Return the spaces that anybody watches."""
        with self._lock:
            return list(self._rooms)

    def in_space(self, space_id: int) -> list[tuple[Room, list[Socket]]]:
        """Return a space's rooms and who sits in them."""
        with self._lock:
            rooms = self._rooms.get(space_id, {})
            return [(room, list(seats.values())) for room, seats in rooms.items()]

    def living(self, space_id: int, generation: int) -> Iterator[tuple[Room, list[Socket]]]:
        """Yield the rooms that news of an access generation may be told in."""
        for room, sockets in self.in_space(space_id):
            if room.generation >= generation:
                yield room, sockets

    def languages(self, space_id: int, thread_id: int) -> set[str]:
        """Return the languages in which a thread is being read."""
        return {room.language for room, _ in self.in_space(space_id) if room.thread_id == thread_id}

    def generation(self, space_id: int) -> int | None:
        """Return the oldest access generation that sockets of a space still sit in."""
        return min((room.generation for room, _ in self.in_space(space_id)), default=None)

    def move(self, space_id: int, generation: int, allowed: Collection[int]) -> list[Socket]:
        """Reseat the sockets of members who still have access; return those of the others.

        Args:
            space_id: whose access changed.
            generation: the new one.
            allowed: keys of the members who may still read.
        """
        turned_away: list[Socket] = []
        for room, sockets in self.in_space(space_id):
            if room.generation >= generation:
                continue
            for socket in sockets:
                if socket.visitor.member_id in allowed:
                    self.put(socket, replace(room, generation=generation))
                else:
                    self.drop(socket.sid)
                    turned_away.append(socket)
        return turned_away
