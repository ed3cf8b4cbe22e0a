"""Tries are counted, with Redis and while it is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from community.kernel import limits
from community.kernel.errors import TooMany
from community.kernel.redis_line import RedisLine
from tests.servers.redis import RedisServer, running_redis


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that may be stopped."""
    with running_redis() as server:
        yield server


@pytest.fixture
def with_redis(own_redis: RedisServer) -> Flask:
    """A program that counts in Redis."""
    app = Flask("counting")
    limits.init_app(app, RedisLine(own_redis.url))
    return app


@pytest.mark.parametrize("way", [RedisServer.gone, RedisServer.standing_still])
def test_without_redis_tries_are_granted_and_still_counted(
    with_redis: Flask,
    own_redis: RedisServer,
    way: Callable[[RedisServer], AbstractContextManager[None]],
) -> None:
    with with_redis.app_context():
        limits.spend("2 per minute", "posts", 1)
        with way(own_redis):
            for _ in range(2):
                limits.spend("2 per minute", "posts", 1)
            with pytest.raises(TooMany):
                limits.spend("2 per minute", "posts", 1)
            limits.forget("2 per minute", "posts", 1)
            limits.spend("2 per minute", "posts", 1)


def test_when_redis_is_back_it_counts_again_at_once(
    with_redis: Flask, own_redis: RedisServer
) -> None:
    with with_redis.app_context():
        limits.spend("1 per minute", "posts", 1)
        with own_redis.gone():
            limits.spend("1 per minute", "posts", 1)
        limits.spend("1 per minute", "posts", 1)
        with pytest.raises(TooMany):
            limits.spend("1 per minute", "posts", 1)


def test_all_addresses_of_one_customers_network_count_together(app: Flask) -> None:
    with app.app_context():
        limits.spend("2 per minute", "doors", "2001:db8:1:2::1")
        limits.spend("2 per minute", "doors", "2001:db8:1:2:ffff::9")
        with pytest.raises(TooMany):
            limits.spend("2 per minute", "doors", "2001:db8:1:2:abcd::3")
        limits.spend("2 per minute", "doors", "2001:db8:1:3::1")
        limits.spend("1 per minute", "doors", "::ffff:192.0.2.7")
        with pytest.raises(TooMany):
            limits.spend("1 per minute", "doors", "192.0.2.7")
        limits.spend("1 per minute", "doors", "a:name with colons")
