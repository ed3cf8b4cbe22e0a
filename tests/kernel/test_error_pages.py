"""What a person reads when something went wrong."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from community.kernel.db import db
from tests.stage import Visitor

Visit = Callable[[str | None], Visitor]


def test_an_address_that_is_none_says_so_with_the_way_home(visit: Visit) -> None:
    page = visit("amara").get("/threads/999999")

    assert page.status_code == 404
    assert "There is nothing for you here" in page.text
    assert 'href="/"' in page.text


def test_an_error_without_a_database_is_a_page_with_a_number(app: Flask, visit: Visit) -> None:
    visitor = visit("amara")
    with app.app_context():
        db.session.execute(sa.text("alter table member rename to gone"))
        db.session.commit()

    page = visitor.get("/")

    assert page.status_code == 500
    assert "give us this number" in page.text
    assert "Traceback" not in page.text
    assert page.headers["Content-Security-Policy"]
