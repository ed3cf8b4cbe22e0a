"""Nobody waits for a Redis that is known to be silent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from community.kernel.redis_line import RedisLine
from tests.faults.machines import wait_for
from tests.servers.redis import RedisServer, running_redis


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that may be stopped."""
    with running_redis() as server:
        yield server


@pytest.fixture
def line(own_redis: RedisServer) -> Iterator[RedisLine]:
    """A line to it."""
    found = RedisLine(own_redis.url)
    yield found
    found.redis.close()


def _answers(line: RedisLine) -> bool:
    try:
        return line.ask(lambda: bool(line.redis.ping()))
    except redis.RedisError:
        return False


def test_one_who_waits_in_vain_spares_the_others_until_it_answers(
    own_redis: RedisServer, line: RedisLine
) -> None:
    asked: list[str] = []
    assert _answers(line)
    with own_redis.standing_still():
        with pytest.raises(redis.TimeoutError):
            line.ask(lambda: line.redis.get("something"))
        for _ in range(2):
            with pytest.raises(redis.TimeoutError):
                line.redis.ping()  # whoever insists waits on; meanwhile it is called aside as well
            with pytest.raises(redis.TimeoutError):
                line.ask(lambda: asked.append("again"))
        assert asked == []
    wait_for("an answer", lambda: _answers(line), seconds=10)


def test_one_that_ended_while_it_stood_still_is_asked_again(
    own_redis: RedisServer, line: RedisLine
) -> None:
    with own_redis.standing_still(), pytest.raises(redis.TimeoutError):
        line.ask(lambda: line.redis.get("something"))
    with own_redis.gone(), pytest.raises(redis.ConnectionError):
        wait_for("a refusal", lambda: _says_why(line), seconds=10)
    assert _answers(line)


def _says_why(line: RedisLine) -> bool:
    try:
        line.ask(line.redis.ping)
    except redis.TimeoutError:
        return False
    return True


def test_one_that_has_ended_is_asked_each_time_since_it_refuses_at_once(
    own_redis: RedisServer, line: RedisLine
) -> None:
    assert _answers(line)
    with own_redis.gone(), pytest.raises(redis.ConnectionError):
        line.ask(line.redis.ping)
    assert _answers(line)
