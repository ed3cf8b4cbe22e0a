"""One process on SQLite, with its clock, its disk and its line to the browsers failing it."""

from __future__ import annotations

import random

from tests.faults import laws
from tests.faults.conftest import Alone, Size, Tell
from tests.faults.cutting import cutting_line
from tests.faults.machines import wait_for


def test_killed_in_the_midst_of_posts_it_loses_none_and_doubles_none(
    alone: Alone, size: Size, turn: int, tell: Tell
) -> None:
    crowd, chance = alone.crowd(size.crowd), random.Random(turn)  # noqa: S311

    def kill_it() -> None:
        for _ in range(size.kills):
            crowd.ledger.wait_for_more(chance.randrange(3, 9), seconds=120)
            alone.server.kill_worker()
            alone.server.wait_until_ready()

    alone.play(crowd, kill_it)
    tell(laws.check(alone, crowd))


def test_where_answers_are_cut_off_the_same_request_makes_one_post(
    alone: Alone, size: Size, turn: int, tell: Tell
) -> None:
    with cutting_line(alone.server.port, seed=turn) as line:
        crowd = alone.crowd(size.crowd, addresses=[line.address])
        alone.play(crowd, lambda: wait_for("cuts", lambda: line.cut >= size.crowd // 2))
    counts = laws.check(alone, crowd)
    assert counts.answered_twice
    tell(f"cut {line.cut}, {counts}")


def test_with_a_full_disk_it_says_so_loses_nothing_and_goes_on_when_there_is_room(
    alone: Alone, size: Size, turn: int, tell: Tell
) -> None:
    crowd = alone.crowd(size.crowd)
    browser = crowd.posters[0].browser

    def fill_the_disk() -> None:
        with alone.server.without_room():
            wait_for("refusals", lambda: crowd.troubles["507"] >= 5)
            news = browser.once("GET", f"/spaces/cardiology/stream?after={crowd.head}")
            assert news.status == 200, "what is there can be read"

    alone.play(crowd, fill_the_disk)
    counts = laws.check(alone, crowd)
    tell(f"told of the full disk {crowd.troubles['507']}, {counts}")


def test_with_its_clock_set_back_and_forth_it_keeps_everybody_and_every_post(
    alone: Alone, size: Size, turn: int, tell: Tell
) -> None:
    crowd = alone.crowd(size.crowd)

    def set_the_clock() -> None:
        for seconds in (-3600, 1800, -5, 0):
            alone.set_clock(seconds)
            crowd.ledger.wait_for_more(4, seconds=120)

    alone.play(crowd, set_the_clock)
    tell(laws.check(alone, crowd))
