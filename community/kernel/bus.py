"""Carries word from one server process to the others, through Redis."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from redis import ConnectionPool, Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio import RedisManager

log = logging.getLogger(__name__)

METHOD = "community"
PATIENCE_SECONDS = 1.0
PAUSE_SECONDS = 1.0


def prompt_connections(url: str) -> ConnectionPool:
    """Return connections to Redis that hold nobody up: while it is away, that is said at once.

    A connection that went stale is made anew once; without this the client would pause and try
    again for many seconds, in the midst of somebody's request.
    """
    return ConnectionPool.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


class Bus(RedisManager):
    """Socket.IO's queue, which also carries this program's own messages.

    A lost message costs time, never truth: browsers compare numbers and ask for what they miss,
    and the gate is asked again about everybody who is connected.
    """

    def __init__(self, url: str, hear: Callable[[str, Any], None]) -> None:
        """Set the bus up.

        Args:
            url: of the Redis server.
            hear: called with the name and the data of each message of another process.
        """
        super().__init__(url, channel="community")  # type: ignore[no-untyped-call]
        self._hear = hear
        self._prompt = Redis(connection_pool=prompt_connections(url))
        self._is_hearing = False
        self._has_missed = False

    def tell(self, what: str, data: Any) -> None:
        """Send a message to the other processes; it is lost while Redis is away."""
        message = {"method": METHOD, "what": what, "data": data, "host_id": self.host_id}
        try:
            self._prompt.publish(self.channel, json.dumps(message))
        except RedisError as problem:
            log.warning("%s was not told to other processes: %s", what, problem)

    def is_up(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(self._prompt.ping())
        except RedisError:
            return False

    def may_have_missed(self) -> bool:
        """Whether a message may have been lost since this was last asked."""
        missed = self._has_missed or not self._is_hearing
        self._has_missed = not self._is_hearing
        return missed

    def _redis_listen_with_retries(self) -> Iterator[Any]:
        """Yield what is said, for ever: Socket.IO's own pauses grow to a minute."""
        while True:
            try:
                with Redis.from_url(self.redis_url, retry=Retry(NoBackoff(), 0)) as server:
                    yield from self._hear_from(server)
            except (RedisError, OSError) as problem:
                log.warning("nothing is heard from other processes: %s", problem)
            time.sleep(PAUSE_SECONDS)

    def _hear_from(self, server: Redis) -> Iterator[Any]:
        with server.pubsub(ignore_subscribe_messages=True) as line:  # type: ignore[no-untyped-call]
            line.subscribe(self.channel)
            self._is_hearing = True
            try:
                yield from line.listen()
            finally:
                self._is_hearing, self._has_missed = False, True

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
