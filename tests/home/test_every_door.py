"""The access matrix: every address of the program, asked by every kind of person.

Who passes stands in one table (`doors.py`). A new address fails here until it has its line.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.home.doors import (
    EVERYBODY,
    SHUT_OUT,
    WHO_PASSES,
    Place,
    Visit,
    inner_rules,
    is_marked,
    rules_of,
    set_up,
)
from tests.stage import Stage, Visitor


@pytest.fixture
def place(stage: Stage) -> Place:
    """Things that exist behind the addresses."""
    return set_up(stage)


def ask(visitor: Visitor, method: str, address: str) -> tuple[int, str]:
    """Return the status of an address, and where it leads."""
    answer = visitor.get(address) if method == "GET" else visitor.post(address)
    return answer.status_code, answer.headers.get("Location", "")


def test_every_address_has_its_line_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule, _ in inner_rules(app)} == set(WHO_PASSES)


def test_a_stranger_passes_nowhere_but_where_it_says_public(
    app: Flask, place: Place, visit: Visit
) -> None:
    stranger = visit(None)
    for rule, method in rules_of(app):
        status, leads_to = ask(stranger, method, place.address(rule, app))
        turned_away = status == 303 and leads_to.startswith("/sign-in")
        if not is_marked(app, rule, "is_public"):
            assert turned_away, (rule.endpoint, method, status)


def test_whom_a_door_is_shut_to_is_led_to_that_door(app: Flask, place: Place, visit: Visit) -> None:
    for who, door in SHUT_OUT.items():
        visitor = visit(who)
        for rule, method in inner_rules(app):
            status, leads_to = ask(visitor, method, place.address(rule, app))
            assert (status, leads_to.partition("?")[0]) == (303, door), (who, rule.endpoint, method)


def test_each_page_opens_for_those_in_the_table_and_for_nobody_else(
    app: Flask, place: Place, visit: Visit
) -> None:
    for who in sorted(EVERYBODY):
        visitor = visit(who)
        for rule, method in inner_rules(app):
            if method == "GET":
                status, _ = ask(visitor, method, place.address(rule, app))
                expected = {200, 303, 422} if who in WHO_PASSES[rule.endpoint] else {403, 404}
                assert status in expected, (who, rule.endpoint, status)


def test_each_deed_is_refused_to_those_who_are_not_in_the_table(
    app: Flask, place: Place, visit: Visit
) -> None:
    for who in sorted(EVERYBODY):
        visitor = visit(who)
        token = visitor.token
        for rule, method in inner_rules(app):
            if method == "POST" and who not in WHO_PASSES[rule.endpoint]:
                address = place.address(rule, app)
                with app.app_context():
                    answer = visitor.client.post(address, data={"csrf_token": token})
                assert answer.status_code in {403, 404}, (who, rule.endpoint, answer.status_code)


def test_what_one_may_not_see_and_what_is_not_there_read_the_same(
    place: Place, visit: Visit
) -> None:
    ines = visit("ines")
    for foreign, missing in (
        (f"/threads/{place.values['thread_id']}", "/threads/987654"),
        (f"/posts/{place.values['post_id']}", "/posts/987654"),
        ("/spaces/cardiology", "/spaces/nowhere"),
        ("/spaces/cardiology/charter", "/spaces/nowhere/charter"),
        (f"/reviews/{place.values['review_id']}", "/reviews/987654"),
        (f"/members/{place.values['member_id']}", "/members/987654"),
    ):
        headers = {"Accept": "application/json"}
        found, absent = ines.get(foreign, headers=headers), ines.get(missing, headers=headers)
        assert (found.status_code, found.data) == (absent.status_code, absent.data)
        assert found.status_code == 404
