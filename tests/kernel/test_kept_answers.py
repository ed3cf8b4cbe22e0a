"""What is worked out once for many is what the database would say now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from community.kernel import clock, kept_answers, questions
from community.kernel.db import db, read
from community.spaces.models import Space
from tests.stage import Stage, Visitor

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
NAME = sa.select(Space.name).where(Space.slug == sa.bindparam("slug"))


class Clerk:
    """Works a text out, and counts how often."""

    def __init__(self, act: Callable[[], str]) -> None:
        self.act, self.times = act, 0

    def ask(self, key: str = "name") -> str:
        """Ask for the text as whoever hands it out does."""
        return kept_answers.get(key, self._work_out)

    def _work_out(self) -> str:
        self.times += 1
        return self.act()


def name() -> str:
    return str(read(NAME, {"slug": "cardiology"})[0].name)


@pytest.fixture
def clerk(stage: Stage) -> Clerk:
    stage.commit()
    return Clerk(name)


def test_it_is_worked_out_once_for_all_who_ask(clerk: Clerk) -> None:
    assert {clerk.ask() for _ in range(5)} == {"Cardiology"}
    assert clerk.times == 1
    assert clerk.ask("another key") == "Cardiology"
    assert clerk.times == 2


def test_whatever_was_committed_shows_at_once(stage: Stage, clerk: Clerk) -> None:
    assert clerk.ask() == "Cardiology"
    for said in ("Hearts", "Cardiology", "Hearts"):
        stage.space().name = said
        stage.commit()
        assert clerk.ask() == said


def test_what_was_committed_elsewhere_is_asked_for_and_no_more(stage: Stage, clerk: Clerk) -> None:
    clerk.ask()
    stage.space("neurology").name = "Nerves"
    stage.commit()
    assert clerk.ask() == "Cardiology"
    assert clerk.times == 1


def test_what_the_clock_ends_is_worked_out_anew(stage: Stage) -> None:
    stage.commit()
    noon = clock.now().replace(hour=12)
    clerk = Clerk(lambda: f"{clock.has_come(noon + timedelta(hours=1))}")
    with clock.moved(noon):
        assert [clerk.ask(), clerk.ask()] == ["False", "False"]
    assert clerk.times == 1
    with clock.moved(noon + timedelta(hours=1)):
        assert clerk.ask() == "True"


def test_what_wrote_is_worked_out_each_time(stage: Stage) -> None:
    stage.commit()

    def write() -> str:
        db.session.execute(sa.update(Space).values(value="Written"))
        return "written"

    clerk = Clerk(write)
    assert [clerk.ask(), clerk.ask()] == ["written", "written"]
    assert clerk.times == 2


def test_what_was_never_committed_is_told_to_nobody_else(stage: Stage, clerk: Clerk) -> None:
    stage.space().name = "Not yet"
    assert clerk.ask() == "Not yet"
    db.session.rollback()
    assert clerk.ask() == "Cardiology"


def test_a_page_that_is_kept_is_kept_with_the_questions_of_its_parts(clerk: Clerk) -> None:
    clerk.ask()
    with questions.noting(questions.Questions()) as noted:
        assert clerk.ask() == "Cardiology"
    assert [rows for _, _, rows in noted.asked] == [[("Cardiology",)]]


def test_short_answers_without_end_take_up_no_more_than_is_given_them(
    app: Flask, clerk: Clerk
) -> None:
    for number in range(100 + kept_answers.KEPT_CHARACTERS // kept_answers.LEAST):
        clerk.ask(f"{number}")
    assert clerk.ask("0") == "Cardiology"
    assert app.extensions["kept_answers"].kept.size <= kept_answers.KEPT_CHARACTERS


def test_pages_and_answers_have_one_witness(
    clerk: Clerk, visit: Callable[[str | None], Visitor]
) -> None:
    taken: list[object] = []

    def note(connection: object, _record: object) -> None:
        taken.append(connection)

    page = visit("amara")
    event.listen(db.engine, "detach", note)
    try:
        for _ in range(3):
            assert page.get("/spaces/cardiology").status_code == 200
            clerk.ask()
    finally:
        event.remove(db.engine, "detach", note)
    assert len(taken) == 1


def test_operations_say_how_many_connections_a_process_takes_at_most() -> None:
    engine = sa.create_engine("postgresql+psycopg://nobody@nowhere/nothing")
    assert isinstance(engine.pool, sa.QueuePool)
    most = engine.pool.size() + engine.pool._max_overflow  # noqa: SLF001 - it tells nobody else
    said = OPERATIONS.read_text()
    assert f"at most {most + questions.MOST['postgresql']} connections of PostgreSQL" in said
