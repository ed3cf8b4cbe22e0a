"""Two servers on PostgreSQL with Redis between them, and each of these failing in its turn."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from tests.faults import laws
from tests.faults.conftest import Joined, Size, Tell
from tests.faults.crowd import Listener
from tests.faults.machines import wait_for
from tests.servers.redis import RedisServer

SLOW = """
    create function take_your_time() returns trigger language plpgsql as
    $$ begin perform pg_sleep(random() * 0.4); return null; end $$;
    create constraint trigger slow_commits after insert on post
    deferrable initially deferred for each row execute function take_your_time()
"""
STANDING_STILL = """
    select 1 from pg_stat_activity join pg_locks using (pid)
    where state = 'idle in transaction' and state_change < clock_timestamp() - interval '0.25 s'
    and relation = 'post'::regclass and mode = 'RowExclusiveLock'
"""
MOST_TRIES = 100
FAST = "drop trigger slow_commits on post; drop function take_your_time()"


def test_killed_at_random_servers_and_worker_lose_no_post_and_no_letter(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd, chance = joined.crowd(size.crowd), random.Random(turn)  # noqa: S311

    def kill_them() -> None:
        for server in chance.sample(joined.site.servers, 2):
            crowd.ledger.wait_for_more(chance.randrange(3, 9), seconds=120)
            server.kill_worker()
            joined.worker.kill()
        for server in joined.site.servers:
            server.wait_until_ready()

    joined.play(crowd, kill_them)
    tell(laws.check(joined, crowd))


def test_postgresql_crashes_and_comes_back_with_all_that_was_acknowledged(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd = joined.crowd(size.crowd)

    def crash_it() -> None:
        before = crowd.troubles.total()
        joined.postgres.crash()
        wait_for("somebody to notice", lambda: crowd.troubles.total() >= before + 5)
        joined.postgres.start()

    joined.play(crowd, crash_it)
    counts = laws.check(joined, crowd)
    assert crowd.troubles["500"] == 0, "an outage is called by its name"
    tell(counts)


def test_posts_go_on_without_redis_and_news_cross_again_when_it_is_back_empty(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd = joined.crowd(size.crowd)

    def take_it_away() -> None:
        with joined.redis.gone():
            until = time.monotonic() + size.away
            crowd.ledger.wait_for_more(size.crowd, seconds=120)
            while time.monotonic() < until and not crowd.ledger.refused:  # they go on all along
                crowd.ledger.wait_for_more(1, seconds=120)

    joined.play(crowd, take_it_away)
    counts = laws.check(joined, crowd)
    assert crowd.troubles["500"] == 0, "nobody should notice"
    tell(counts)


def test_posts_and_pages_go_on_while_redis_stands_still_and_news_cross_again_when_it_answers(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd, before = joined.crowd(size.crowd), [len(each.said()) for each in joined.site.servers]
    looking = crowd.readers[0].browser

    def let_it_stand_still() -> None:
        with joined.redis.standing_still():
            crowd.ledger.wait_for_more(size.crowd, seconds=120)
            for _ in joined.site.addresses:
                assert looking.get(f"/threads/{crowd.thread_id}").status == 200

    joined.play(crowd, let_it_stand_still)
    counts = laws.check(joined, crowd)
    assert crowd.troubles["500"] == 0, "nobody should notice"
    for server, start in zip(joined.site.servers, before, strict=True):
        spared = "not told to other processes: Redis is silent"
        assert spared in server.said()[start:], "who comes later does not wait"
    tell(counts)


@pytest.mark.parametrize("way", [RedisServer.gone, RedisServer.standing_still])
def test_who_signs_out_while_redis_is_away_hears_no_more_from_any_server(
    joined: Joined, way: Callable[[RedisServer], AbstractContextManager[None]]
) -> None:
    listener, elsewhere = _listener_and_another_server(joined)
    with way(joined.redis):
        _sign_out(listener, elsewhere)
        listener.hear_until_closed(seconds=30)


def test_who_signs_out_while_redis_stands_still_for_a_moment_hears_no_more_once_it_goes_on(
    joined: Joined,
) -> None:
    listener, elsewhere = _listener_and_another_server(joined)
    with joined.redis.standing_still():
        ready = replace(listener.browser, addresses=[elsewhere]).once("GET", "/readyz")
        assert ready.said["queue"] is False
        _sign_out(listener, elsewhere)
    listener.hear_until_closed(seconds=30)


def _listener_and_another_server(joined: Joined) -> tuple[Listener, str]:
    (listener,) = joined.crowd(2, sockets=1).listeners
    here, elsewhere = joined.site.addresses
    listener.browser.addresses = [here]
    listener.connect()
    return listener, elsewhere


def _sign_out(listener: Listener, address: str) -> None:
    said = replace(listener.browser, addresses=[address]).post("/sign-out", {})
    assert said.status in {200, 204, 303}


def test_a_server_that_stands_still_in_the_midst_of_a_write_holds_up_the_others_for_a_while_only(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd, tries = joined.crowd(size.crowd), iter(range(MOST_TRIES))

    def stop_it_while_it_writes() -> None:
        for _ in tries:
            with joined.site.servers[turn % 2].standing_still():
                if _a_write_stands_still(joined):
                    crowd.ledger.wait_for_more(size.crowd // 4, seconds=120)
                    return
            crowd.ledger.wait_for_more(1, seconds=120)
        raise AssertionError("it was never caught in a write")

    joined.play(crowd, stop_it_while_it_writes)
    tell(f"caught at try {next(tries)}, {laws.check(joined, crowd)}")


def _a_write_stands_still(joined: Joined) -> bool:
    with _connected(joined) as connection:
        connection.execute("select pg_sleep(0.3)")
        return connection.execute(STANDING_STILL).fetchone() is not None


def test_slow_commits_change_neither_order_nor_numbers(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd = joined.crowd(size.crowd)

    def slow_down() -> None:
        _do(joined, SLOW)
        try:
            crowd.ledger.wait_for_more(size.crowd // 2, seconds=120)
        finally:
            _do(joined, FAST)

    joined.play(crowd, slow_down)
    tell(laws.check(joined, crowd))


def _do(joined: Joined, statements: str) -> None:
    with _connected(joined) as connection:
        connection.execute(statements)


def _connected(joined: Joined) -> psycopg.Connection[Any]:
    return psycopg.connect(joined.postgres.url.replace("+psycopg", ""), autocommit=True)


def test_restarted_one_after_the_other_all_sockets_come_back_and_catch_up(
    joined: Joined, size: Size, turn: int, tell: Tell
) -> None:
    crowd = joined.crowd(size.crowd, sockets=size.sockets)
    seconds: list[float] = []

    def restart_them() -> None:
        for server in joined.site.servers:
            server.stop()
            begun = time.monotonic()
            wait_for("all to move over", crowd.all_are_seated)
            seconds.append(time.monotonic() - begun)
            server.start()
            server.wait_until_ready()

    joined.play(crowd, restart_them)
    counts = laws.check(joined, crowd)
    assert counts.sockets_back >= size.sockets
    tell(f"all back after {', '.join(f'{each:.1f} s' for each in seconds)}, {counts}")
