"""Carries word from one server process to the others, through Redis."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from redis import Redis, RedisError
from redis import TimeoutError as NoAnswer
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.retry import Retry
from socketio import RedisManager

from community.kernel.redis_line import PATIENCE_SECONDS, RedisLine

log = logging.getLogger(__name__)

METHOD = "community"
PAUSE_SECONDS = 1.0
QUIET_SECONDS = 2.0  # after which Redis is asked whether it is still there
UNANSWERED = 2  # calls, one after the other, before it counts as silent
LOST = "lost"


class Bus(RedisManager):
    """Socket.IO's queue, which also carries this program's own messages.

    A lost message costs time, never truth: browsers compare numbers and ask for what they miss,
    and the gate is asked again about everybody who is connected.
    """

    def __init__(self, line: RedisLine, hear: Callable[[str, Any], None]) -> None:
        """Set the bus up.

        Args:
            line: to the Redis server.
            hear: called with the name and the data of each message of another process.
        """
        super().__init__(line.url, channel="community")  # type: ignore[no-untyped-call]
        self._hear = hear
        self._line = line
        self._is_hearing = False
        self._has_missed = False
        self._has_lost = False

    def tell(self, what: str, data: Any) -> None:
        """Send a message to the other processes; it is lost while Redis is away."""
        message = {"method": METHOD, "what": what, "data": data, "host_id": self.host_id}
        try:
            self._line.ask(lambda: self._line.redis.publish(self.channel, json.dumps(message)))
        except RedisError as problem:
            self._has_lost = True
            log.warning("%s was not told to other processes: %s", what, problem)

    def own_up(self) -> None:
        """Tell the other processes that a message to them was lost, once they can be told."""
        if self._has_lost:
            self._has_lost = False
            self.tell(LOST, None)

    def is_up(self) -> bool:
        """Whether Redis answers now."""
        try:
            return self._line.ask(lambda: bool(self._line.redis.ping()))
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
                with Redis.from_url(
                    self.redis_url,
                    socket_timeout=PATIENCE_SECONDS,
                    socket_connect_timeout=PATIENCE_SECONDS,
                    health_check_interval=QUIET_SECONDS,
                    retry=Retry(NoBackoff(), 0),
                ) as server:
                    yield from self._hear_from(server)
            except (RedisError, OSError) as problem:
                log.warning("nothing is heard from other processes: %s", problem)
            time.sleep(PAUSE_SECONDS)

    def _hear_from(self, server: Redis) -> Iterator[Any]:
        with server.pubsub(ignore_subscribe_messages=True) as line:  # type: ignore[no-untyped-call]
            line.subscribe(self.channel)
            self._is_hearing = True
            try:
                yield from self._messages(line)
            finally:
                self._is_hearing, self._has_missed = False, True

    def _messages(self, line: PubSub) -> Iterator[Any]:
        while line.health_check_response_counter < UNANSWERED:
            message = line.get_message(timeout=PATIENCE_SECONDS)
            if message is not None:
                yield message
        raise NoAnswer("Redis is silent")

    def _listen(self) -> Generator[Any]:
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
        if message.get("what") == LOST:
            self._has_missed = True
            return
        try:
            self._hear(str(message["what"]), message["data"])
        except Exception:
            log.exception("could not act on a message from another process")
