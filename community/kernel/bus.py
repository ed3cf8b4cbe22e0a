"""Carries word from one server process to the others, through Redis."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

from redis import Redis, RedisError
from socketio import RedisManager

log = logging.getLogger(__name__)

METHOD = "community"


class Bus(RedisManager):
    """Socket.IO's queue, which also carries this program's own messages.

    A lost message costs time, never truth: browsers compare numbers and ask for what they miss.
    """

    def __init__(self, url: str, hear: Callable[[str, Any], None]) -> None:
        """Set the bus up.

        Args:
            url: of the Redis server.
            hear: called with the name and the data of each message of another process.
        """
        super().__init__(url, channel="community")  # type: ignore[no-untyped-call]
        self._hear = hear

    def tell(self, what: str, data: Any) -> None:
        """Send a message to the other processes."""
        message = {"method": METHOD, "what": what, "data": data, "host_id": self.host_id}
        self._publish(message)  # type: ignore[no-untyped-call]

    def is_up(self) -> bool:
        """Whether Redis answers now."""
        try:
            with Redis.from_url(
                self.redis_url, socket_timeout=2, socket_connect_timeout=2
            ) as asked:
                return bool(asked.ping())
        except RedisError:
            return False

    def _listen(self) -> Iterator[Any]:
        for raw in super()._listen():  # type: ignore[no-untyped-call]
            message = self._own(raw)
            if message is None:
                yield raw
            elif message.get("host_id") != self.host_id:
                self._hear_safely(message)

    def _own(self, raw: Any) -> dict[str, Any] | None:
        if not isinstance(raw, bytes) or f'"{METHOD}"'.encode() not in raw:
            return None
        try:
            message = json.loads(raw)
        except ValueError:
            return None
        return message if message.get("method") == METHOD else None

    def _hear_safely(self, message: dict[str, Any]) -> None:
        try:
            self._hear(str(message["what"]), message["data"])
        except Exception:
            log.exception("could not act on a message from another process")
