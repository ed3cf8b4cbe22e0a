"""The figures for Prometheus and the page for administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from community.jobs.models import Job
from community.kernel import clock
from community.kernel.db import db
from community.reviews.models import Deadline
from tests.stage import Stage, Visitor
from tests.threads.said import STAFF_HELD

Visit = Callable[[str | None], Visitor]
TOKEN = "a token for tests and nothing else"


def figures(text: str) -> dict[tuple[str, str], float]:
    """Return samples by name and their labels' values."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ask(app: Flask, **more: Any) -> Any:
    with app.app_context():
        return app.test_client().get("/metrics", **more)


@pytest.fixture
def with_token(app: Flask) -> Any:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, metrics_token=TOKEN)
    yield app
    app.config["SETTINGS"] = before


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8"])
def test_whoever_asks_on_this_machine_reads_the_figures(app: Flask, address: str) -> None:
    answer = ask(app, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200
    assert ("community_outbox_due", "") in figures(answer.text)


@pytest.mark.parametrize("address", ["10.0.0.7", "2001:db8::7", "127.0.0.1.example", "rubbish"])
def test_from_elsewhere_there_is_nothing_without_the_token(with_token: Flask, address: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN},
                    {"Authorization": "Bearer "}, {"Authorization": "Bearer ünfug"}):  # fmt: skip
        answer = ask(with_token, environ_base={"REMOTE_ADDR": address}, headers=headers)
        assert answer.status_code == 404, headers
    right = {"Authorization": f"Bearer {TOKEN}"}
    answer = ask(with_token, environ_base={"REMOTE_ADDR": address}, headers=right)
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_on_this_machine_passes_on_is_not_asked_here(app: Flask, header: str) -> None:
    answer = ask(app, environ_base={"REMOTE_ADDR": "127.0.0.1"}, headers={header: "127.0.0.1"})
    assert answer.status_code == 404


def test_an_empty_token_opens_nothing(app: Flask) -> None:
    answer = ask(
        app, environ_base={"REMOTE_ADDR": "10.0.0.7"}, headers={"Authorization": "Bearer "}
    )
    assert answer.status_code == 404


def test_requests_are_counted_by_rule_and_never_by_address(
    app: Flask, stage: Stage, visit: Visit
) -> None:
    thread = stage.start("amara")
    amara = visit("amara")
    asked = ("community_requests_total", "GET /threads/<int:thread_id> 200")
    before = figures(ask(app).text).get(asked, 0)
    amara.get(f"/threads/{thread.id}")
    amara.get("/no/such/Ortelvane")
    text = ask(app).text
    assert figures(text)[asked] == before + 1
    assert "Ortelvane" not in text
    assert figures(text)["community_requests_total", "GET none 404"] >= 1


def test_verdicts_are_timed_and_posts_are_counted(app: Flask, stage: Stage) -> None:
    judged = ("community_verdict_seconds_count", "sent")
    before = figures(ask(app).text)
    thread = stage.start("amara")
    stage.reply("bruno", thread)
    after = figures(ask(app).text)
    assert after[judged] >= before.get(judged, 0) + 2
    told = ("community_posts_total", "")
    assert after[told] == before[told] + 2


def test_work_that_waits_and_cases_that_are_late_show(app: Flask, stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("rosa", thread, STAFF_HELD)
    fresh = figures(ask(app).text)
    assert not [name for name, _ in fresh if name == "community_cases_overdue"]
    long_ago = clock.now() - timedelta(hours=5)
    db.session.execute(sa.update(Deadline).values(due_at=long_ago))
    db.session.execute(sa.delete(Job))
    db.session.add(Job(name="mail.send", args={}, created_at=long_ago, run_at=long_ago))
    db.session.commit()
    found = figures(ask(app).text)
    assert found["community_outbox_due", ""] == 1
    assert found["community_outbox_age_seconds", ""] == pytest.approx(5 * 3600, abs=60)
    assert sum(value for (name, _), value in found.items() if name == "community_cases_overdue")


def test_the_page_names_what_wants_attention_and_what_to_do(stage: Stage, visit: Visit) -> None:
    long_ago = clock.now() - timedelta(hours=5)
    db.session.execute(sa.delete(Job))
    db.session.add(Job(name="mail.send", args={}, created_at=long_ago, run_at=long_ago))
    db.session.add(
        Job(name="mail.send", args={}, created_at=long_ago, run_at=long_ago, failed_at=long_ago,
            error="OSError: what Amara wrote")
    )  # fmt: skip
    db.session.commit()
    page = visit("ada").get("/status").text
    assert "have been due for 300 minutes" in page
    assert "1 piece of work was given up" in page
    assert "No backup has been made yet." in page
    assert "what Amara wrote" not in page


def test_the_page_is_the_administrators_own(visit: Visit) -> None:
    assert visit("ada").get("/status").status_code == 200
    assert visit("paul").get("/status").status_code == 404
    assert visit("amara").get("/status").status_code == 404
