"""Processes tell each other what happens, and own up where word was lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import redis

from community.kernel.bus import Bus
from community.kernel.redis_line import RedisLine
from tests.faults.machines import wait_for
from tests.servers.redis import RedisServer, running_redis


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that may be stopped."""
    with running_redis() as server:
        yield server


@contextmanager
def _bus(server: RedisServer, heard: list[str]) -> Iterator[Bus]:
    """Give one process's end of the bus, which notes the names of what it hears."""
    line = RedisLine(server.url)
    try:
        yield Bus(line, lambda what, _data: heard.append(what))
    finally:
        line.redis.close()


@contextmanager
def _hearing(bus: Bus, server: RedisServer) -> Iterator[None]:
    """Have it listen, as the server does that it belongs to."""
    said = bus._listen()  # noqa: SLF001 - the name that Socket.IO calls
    thread = threading.Thread(target=next, args=(said,))
    thread.start()
    try:
        wait_for("it to hear", lambda: not bus.may_have_missed(), seconds=10)
        yield
    finally:
        with redis.Redis.from_url(server.url) as stranger:
            stranger.publish("community", "what is none of its own ends its turn")
        thread.join()
        said.close()


def test_word_that_was_lost_in_a_moment_of_silence_is_owned_up_to(own_redis: RedisServer) -> None:
    heard: list[str] = []
    with ExitStack() as both:
        here = both.enter_context(_bus(own_redis, []))
        there = both.enter_context(_bus(own_redis, heard))
        both.enter_context(_hearing(there, own_redis))
        here.tell("before", None)
        wait_for("word", lambda: heard == ["before"], seconds=10)
        with own_redis.standing_still():
            assert not here.is_up()
            here.tell("kick", None)
        wait_for("an answer", here.is_up, seconds=10)
        here.own_up()
        wait_for("it to know", there.may_have_missed, seconds=10)
        assert heard == ["before"]


def test_whoever_hears_nothing_for_long_does_not_trust_the_silence(own_redis: RedisServer) -> None:
    with _bus(own_redis, []) as bus, _hearing(bus, own_redis):
        assert not bus.may_have_missed()
        with own_redis.standing_still():
            wait_for("it to notice", bus.may_have_missed, seconds=20)
        wait_for("it to hear again", lambda: not bus.may_have_missed(), seconds=20)
