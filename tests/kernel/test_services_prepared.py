"""Statements that are compiled once and then handed to the driver as they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from community.kernel.db import db, read
from community.kernel.prepared import Answer, run
from community.kernel.rows import table_of, write
from community.members.models import Affiliation, Member
from community.threads.models import Post, Thread
from tests.stage import Stage

_MEMBER = sa.select(Member.id, Member.name, Member.affiliation, Member.created_at).where(
    Member.id == sa.bindparam("id", type_=Member.id.type)
)
_SINCE = sa.select(Member.name).where(
    Member.created_at > sa.bindparam("at", type_=Member.created_at.type)
)
_SOME = sa.select(Member.id).where(Member.id.in_(sa.bindparam("ids", expanding=True)))
_TWO_NAMES = sa.select(Thread.title, Member.name, sa.literal("x").label("mark")).join(
    Member, Member.id == Thread.author_id
)


def test_a_row_is_as_sqlalchemy_would_read_it(stage: Stage) -> None:
    amara = stage.member("amara")
    (row,) = read(_MEMBER, {"id": amara.id})
    (whole,) = db.session.execute(_MEMBER, {"id": amara.id})
    assert tuple(row) == tuple(whole)
    assert (row.name, row.affiliation) == (amara.name, Affiliation.HCP)
    assert row.created_at.tzinfo is UTC


def test_a_value_is_given_to_the_database_as_sqlalchemy_would(stage: Stage) -> None:
    assert stage.member("amara").name in {
        row.name for row in read(_SINCE, {"at": datetime(1990, 1, 1, tzinfo=UTC)})
    }
    assert not read(_SINCE, {"at": datetime(2990, 1, 1, tzinfo=UTC)})
    with pytest.raises(ValueError, match="without a zone"):
        read(_SINCE, {"at": datetime(1990, 1, 1)})  # noqa: DTZ001 - that is the point


def test_a_statement_whose_text_depends_on_its_values_is_run_all_the_same(stage: Stage) -> None:
    both = [stage.member("amara").id, stage.member("bruno").id]
    assert {row.id for row in read(_SOME, {"ids": both})} == set(both)
    assert [row.id for row in read(_SOME, {"ids": both[:1]})] == both[:1]


def test_a_value_of_the_statement_s_own_needs_not_be_given(stage: Stage) -> None:
    thread = stage.start("amara")
    assert (thread.title, stage.member("amara").name, "x") in map(tuple, read(_TWO_NAMES, {}))


def test_a_value_that_is_missing_is_no_null(stage: Stage) -> None:
    with pytest.raises(KeyError, match="id"):
        read(_MEMBER, {})
    assert not read(_MEMBER, {"id": stage.member("amara").id * -1})


def test_a_fault_of_the_database_is_the_one_that_everybody_knows(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("bruno", thread)
    one_number = sa.update(table_of(Post)).values(number=sa.bindparam("same"))
    with pytest.raises(IntegrityError) as caught:
        write(one_number, {"same": 1})
    assert "parameters hidden" in str(caught.value)
    db.session.rollback()
    assert read(_MEMBER, {"id": stage.member("amara").id})


def test_who_listens_is_told_of_the_statement_and_its_rows(stage: Stage) -> None:
    amara, heard = stage.member("amara"), []

    def hear(_connection: object, _cursor: object, sql: str, *rest: object) -> None:
        heard.append((sql, rest[1]))

    sa.event.listen(db.engine, "after_cursor_execute", hear)
    try:
        read(_MEMBER, {"id": amara.id})
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", hear)
    ((sql, answer),) = heard
    assert sql.startswith("SELECT")
    assert isinstance(answer, Answer)
    assert [row[:2] for row in answer.rows] == [(amara.id, amara.name)]


def test_a_connection_that_is_lost_is_thrown_away(stage: Stage) -> None:
    amara = stage.member("amara").id
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.close()  # type: ignore[union-attr]
    else:
        own = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
        with db.engine.connect() as other:
            other.exec_driver_sql(f"select pg_terminate_backend({own}, 5000)")
    with pytest.raises(DBAPIError) as caught:
        run(connection, _MEMBER, {"id": amara})
    assert caught.value.connection_invalidated
    db.session.rollback()
    assert read(_MEMBER, {"id": amara})
