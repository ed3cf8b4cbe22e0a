"""Statements that go past the session go by its transaction, whatever became of the one before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, PendingRollbackError

from community.kernel.db import connection, db, read
from community.members.models import Member
from community.spaces.models import Space
from tests.stage import Stage

NAME = sa.select(Space.name).where(Space.slug == sa.bindparam("slug"))


def name() -> str:
    return str(read(NAME, {"slug": "cardiology"})[0].name)


def test_all_statements_of_a_transaction_go_by_one_connection(stage: Stage) -> None:
    stage.space().name = "Hearts"
    first = connection()
    assert name() == "Hearts"
    assert connection() is first is db.session.connection()


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "remove"])
def test_the_next_transaction_has_its_own(stage: Stage, end: str) -> None:
    first = connection()
    getattr(db.session, end)()
    assert stage.space().slug == "cardiology"  # which begins it
    assert name() == "Cardiology"
    assert connection() is db.session.connection()
    assert connection() is not first


def test_what_failed_lets_nothing_through_until_it_was_rolled_back(stage: Stage) -> None:
    assert name() == "Cardiology"
    amara, bruno = stage.member("amara"), stage.member("bruno")
    amara.email = bruno.email
    with pytest.raises(IntegrityError):
        db.session.flush()
    with pytest.raises(PendingRollbackError):
        name()
    db.session.rollback()
    assert name() == "Cardiology"


def test_what_is_done_within_a_savepoint_falls_with_it(stage: Stage) -> None:
    assert name() == "Cardiology"
    part = db.session.begin_nested()
    stage.space().name = "Hearts"
    assert name() == "Hearts"
    part.rollback()
    assert name() == "Cardiology"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Member))
