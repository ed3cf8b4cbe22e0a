"""Every answer has a number, and the log has the same."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from flask import Flask

from community.config import Settings
from community.kernel.db import db
from tests.house import program_with
from tests.operations.heard import records
from tests.stage import Visitor

Visit = Callable[[str | None], Visitor]


def test_each_answer_bears_a_number_of_its_own_that_the_log_has_too(
    visit: Visit, lines: io.StringIO
) -> None:
    amara = visit("amara")
    first, second = amara.get("/"), amara.get("/")
    numbers = [answer.headers["X-Request-ID"] for answer in (first, second)]
    assert len(set(numbers)) == 2
    logged = [each["request"] for each in records(lines) if each["message"] == "GET / 200"]
    assert logged == numbers


def test_what_a_browser_says_its_number_is_counts_only_behind_a_proxy(
    settings: Settings, app: Flask
) -> None:
    asked = {"X-Request-ID": "from-the-proxy-1"}
    with app.app_context():
        assert app.test_client().get("/healthz", headers=asked).headers["X-Request-ID"] != (
            "from-the-proxy-1"
        )
    with program_with(replace(settings, trusted_proxies=1)) as behind, behind.app_context():
        client = behind.test_client()
        kept = client.get("/healthz", headers=asked).headers["X-Request-ID"]
        assert kept == "from-the-proxy-1"
        for unfit in ("short", 'x"}, {"level": "error', "a" * 65, "with space 12"):
            answer = client.get("/healthz", headers={"X-Request-ID": unfit})
            assert answer.headers["X-Request-ID"] != unfit


def test_the_page_of_an_error_shows_the_number_of_its_answer(
    app: Flask, visit: Visit, lines: io.StringIO
) -> None:
    amara = visit("amara")
    missing = amara.get("/no/such/page")
    assert missing.headers["X-Request-ID"] in missing.text
    with app.app_context():
        db.session.execute(sa.text("alter table member rename to gone"))
        db.session.commit()
    broken = amara.get("/")
    assert broken.status_code == 500
    assert broken.headers["X-Request-ID"] in broken.text
    (fault,) = [each for each in records(lines) if each["level"] == "error"]
    assert fault["request"] == broken.headers["X-Request-ID"]
