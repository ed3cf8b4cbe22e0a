"""The line to Redis for whoever may not wait: where Redis is silent, that is said at once.

A Redis that has ended refuses connections, which costs nobody any time. One that stands still, or
that the network no longer reaches, takes what it is told and never answers: whoever asks first
waits for a second, and then nobody is let through until it has answered a call made aside.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from redis import ConnectionError as NoConnection
from redis import ConnectionPool, Redis, RedisError
from redis import TimeoutError as NoAnswer
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 1.0

Answer = TypeVar("Answer")


class RedisLine:
    """Connections to one Redis, shared by all of a process that asks it something."""

    def __init__(self, url: str) -> None:
        """Set the line up; nothing is connected yet.

        A connection that went stale is made anew once. The client's own way would be to pause and
        try again for many seconds, in the midst of somebody's request.

        Args:
            url: of the Redis server.
        """
        self.url = url
        self.connections = ConnectionPool.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 1, supported_errors=(NoConnection,)),
        )
        self.redis = Redis(connection_pool=self.connections)
        self._lock = threading.Lock()
        self._is_silent = False

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Put a question to Redis.

        Raises:
            RedisError: it is away, or did not answer; or it has been silent since before.
        """
        if self._is_silent:
            raise NoAnswer("Redis is silent")
        try:
            return question()
        except NoAnswer:
            self._fall_silent()
            raise

    def _fall_silent(self) -> None:
        with self._lock:
            if self._is_silent:
                return
            self._is_silent = True
        log.warning("Redis does not answer: it is asked nothing until it does")
        threading.Thread(target=self._call_until_it_answers, name="call Redis", daemon=True).start()

    def _call_until_it_answers(self) -> None:
        try:
            while not self._has_answered():
                pass  # each call takes its time
        finally:
            self._is_silent = False
            log.warning("Redis is asked again")

    def _has_answered(self) -> bool:
        try:
            self.redis.ping()
        except NoAnswer:
            return False
        except RedisError:
            return True  # it has ended, which it says at once
        return True
