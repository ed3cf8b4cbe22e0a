"""Which answers are kept and sent again, and which are made anew each time."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g, session
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from community import create_app
from community.config import Settings
from community.kernel import clock, kept_pages, unit_of_work, web
from community.kernel.db import db
from community.spaces.models import Space

NOON = clock.now().replace(hour=12)


def plain() -> str:
    return "plain"


def tells_time() -> str:
    return f"{clock.now():%Y}"


def tells_day() -> str:
    return f"{clock.today():%Y}"


def sets_cookie() -> str:
    session["noted"] = secrets.token_hex()
    return "noted"


def writes() -> str:
    db.session.execute(sa.update(Space).values(name="Renamed"))
    return "written"


def refuses() -> ResponseReturnValue:
    return "not here", 404


def is_fresh() -> str:
    g.word = kept_pages.fresh(lambda: secrets.token_hex(8))
    return f"<{g.word}> and <{g.word}>"


deeds: list[str] = []


def acts() -> str:
    kept_pages.each_time(lambda: deeds.append(f"{clock.now():%Y}"))
    return "acted"


VIEWS = (plain, tells_time, tells_day, sets_cookie, writes, refuses, is_fresh, acts)
drawn: Counter[str] = Counter()


def _counting(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    def counted() -> ResponseReturnValue:
        drawn[view.__name__] += 1
        return view()

    return web.public(kept_pages.kept(counted))


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    """A browser on a program with these pages."""
    app: Flask = create_app(settings)
    deeds.clear()
    drawn.clear()
    for view in VIEWS:
        app.add_url_rule(f"/test/{view.__name__}", view.__name__, _counting(view))
    yield app.test_client()
    with app.app_context():
        unit_of_work.rollback()
        db.engine.dispose()


def times_drawn(client: FlaskClient, name: str, **more: Any) -> int:
    """Ask three times; return how often it was drawn so far."""
    for _ in range(3):
        client.get(f"/test/{name}", **more)
    return drawn[name]


def test_a_page_is_drawn_once(client: FlaskClient) -> None:
    assert times_drawn(client, "plain") == 1
    assert client.get("/test/plain").text == "plain"


@pytest.mark.parametrize("name", ["tells_time", "sets_cookie", "writes", "refuses"])
def test_what_can_not_be_known_to_hold_is_drawn_each_time(client: FlaskClient, name: str) -> None:
    assert times_drawn(client, name) == 3


def test_an_address_that_asks_for_something_is_drawn_each_time(client: FlaskClient) -> None:
    assert times_drawn(client, "plain", query_string={"from": "3"}) == 3


def test_who_asks_otherwise_is_shown_a_page_of_their_own(client: FlaskClient) -> None:
    assert times_drawn(client, "plain") == 1
    assert times_drawn(client, "plain", headers={"Accept-Language": "de"}) == 2
    client.set_cookie("roundtable", "another")
    assert times_drawn(client, "plain") == 3
    assert times_drawn(client, "plain", base_url="https://localhost") == 4


def test_a_page_ends_with_its_day_and_after_a_minute(client: FlaskClient) -> None:
    midnight = NOON.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with clock.moved(midnight - timedelta(seconds=2)):
        assert times_drawn(client, "tells_day") == 1
    with clock.moved(midnight - timedelta(seconds=1)):
        assert times_drawn(client, "tells_day") == 1
    with clock.moved(midnight):
        assert times_drawn(client, "tells_day") == 2
    with clock.moved(midnight + kept_pages.LONGEST):
        assert times_drawn(client, "tells_day") == 3


def test_what_is_fresh_is_new_each_time_and_the_same_throughout_a_page(client: FlaskClient) -> None:
    pages = [client.get("/test/is_fresh").text for _ in range(5)]
    assert drawn["is_fresh"] == 1
    words = [page.split("> and <") for page in pages]
    assert all(first == f"<{second[:-1]}" for first, second in words)
    assert len(set(pages)) == len(pages)


def test_what_is_done_each_time_is_done_also_where_nothing_is_drawn(client: FlaskClient) -> None:
    assert times_drawn(client, "acts") == 1
    assert len(deeds) == 3
