"""How often something may be tried, by whatever key: an address, a member, an e-mail."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network
from typing import TypeVar

from flask import Flask, current_app
from limits import parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from community.kernel.errors import TooMany
from community.kernel.redis_line import RedisLine
from community.kernel.words import N_

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
CUSTOMERS_BITS = 64

_SENTENCE = N_("That was a few too many in a short time. Wait a moment and try again.")


class _Tries:
    """Counts tries, in Redis where there is one; while it is away, each process counts its own."""

    def __init__(self, line: RedisLine | None) -> None:
        self.own = MovingWindowRateLimiter(MemoryStorage())
        self.shared = self.own
        self.line = line
        if line is not None:
            redis = RedisStorage(line.url, connection_pool=line.connections)
            self.shared = MovingWindowRateLimiter(redis)

    @property
    def storage(self) -> Storage:
        """Where the counts are kept."""
        return self.shared.storage

    def ask(self, question: Callable[[MovingWindowRateLimiter], Answer]) -> Answer:
        """Put a question to the counts of all processes, or else to one's own."""
        if self.line is None:
            return question(self.own)
        try:
            return self.line.ask(lambda: question(self.shared))
        except RedisError:
            log.warning("tries are counted by this process alone: Redis does not answer")
            return question(self.own)


def init_app(app: Flask, line: RedisLine | None) -> None:
    """Keep the counts in Redis where several processes share them, else in this process."""
    app.extensions["limiter"] = _Tries(line)


def spend(limit: str, *key: object) -> None:
    """Count one try.

    Args:
        limit: such as `10 per minute`.
        key: what is counted, such as the name of the deed and an address. Of an IPv6 address the
            network counts: one customer has a whole one (RFC 6177), with more addresses than tries.

    Raises:
        TooMany: the limit is reached.
    """
    item, parts = parse(limit), _parts(key)
    tries: _Tries = current_app.extensions["limiter"]

    def wait(limiter: MovingWindowRateLimiter) -> float | None:
        """Return until when to wait, None where the try is granted."""
        if limiter.hit(item, *parts):
            return None
        return limiter.get_window_stats(item, *parts).reset_time

    until = tries.ask(wait)
    if until is not None:
        raise TooMany(_SENTENCE, retry_after=max(1, int(until - time.time()) + 1))


def forget(limit: str, *key: object) -> None:
    """Forget the tries of a key, after one that was right."""
    item, parts = parse(limit), _parts(key)
    tries: _Tries = current_app.extensions["limiter"]
    tries.ask(lambda limiter: limiter.clear(item, *parts))


def _parts(key: tuple[object, ...]) -> list[str]:
    return [_network_of(part) if ":" in part else part for part in map(str, key)]


def _network_of(part: str) -> str:
    try:
        address = IPv6Address(part.partition("%")[0])
    except ValueError:
        return part
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, CUSTOMERS_BITS), strict=False))
