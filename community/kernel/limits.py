"""How often something may be tried, by whatever key: an address, a member, an e-mail."""

from __future__ import annotations

import time

from flask import Flask, current_app
from limits import parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from community.kernel.errors import TooMany
from community.kernel.words import N_

_SENTENCE = N_("That was a few too many in a short time. Wait a moment and try again.")


def init_app(app: Flask, redis_url: str) -> None:
    """Keep the counts in Redis where several processes share them, else in this process."""
    storage: Storage = RedisStorage(redis_url) if redis_url else MemoryStorage()
    app.extensions["limiter"] = MovingWindowRateLimiter(storage)


def spend(limit: str, *key: object) -> None:
    """Count one try.

    Args:
        limit: such as `10 per minute`.
        key: what is counted, such as the name of the deed and an address.

    Raises:
        TooMany: the limit is reached.
    """
    item, parts = parse(limit), [str(part) for part in key]
    limiter: MovingWindowRateLimiter = current_app.extensions["limiter"]
    if not limiter.hit(item, *parts):
        reset = limiter.get_window_stats(item, *parts).reset_time
        raise TooMany(_SENTENCE, retry_after=max(1, int(reset - time.time()) + 1))


def forget(limit: str, *key: object) -> None:
    """Forget the tries of a key, after one that was right."""
    limiter: MovingWindowRateLimiter = current_app.extensions["limiter"]
    limiter.clear(parse(limit), *[str(part) for part in key])
