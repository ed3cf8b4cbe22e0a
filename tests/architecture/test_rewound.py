"""What a test does to its PostgreSQL database is not there for the next one."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.house import program_with
from tests.servers.postgres import PostgresServer
from tests.servers.rewound import rewound_postgres
from tests.stage import Stage, settings_for

Turn = Callable[[], AbstractContextManager[str]]

WRITTEN = [
    "update member set name = 'Somebody' where id = (select min(id) from member)",
    "delete from job",
    "set session_replication_role = replica; delete from acceptance; delete from member",
    "select nextval('job_id_seq'), setval('post_id_seq', 1000)",
    "set session_replication_role = replica; update audit_entry set reason = 'another'",
]
ALTERED = [
    "create table more (id integer)",
    "create view more as select 1",
    "create function more() returns integer language sql as 'select 1'",
    "alter table post add column more integer",
    "alter table audit_entry disable trigger all",
    "alter table post alter column number set default 7",
    "drop table draft cascade",
    "create index more on post (id)",
    "truncate draft",
    "grant select on post to public",
    "alter default privileges grant select on tables to public",
    "alter database {database} set statement_timeout = 1",
    "alter sequence job_id_seq increment by 2",
    "analyze member",
]

_TABLES = (
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
)
_ROWS = "select ctid, * from {}"
_COUNTERS = "select sequencename, last_value from pg_sequences order by 1"
_PRESENT = "select pid from pg_stat_activity where datname = %s"
_SELF = "select oid from pg_database where datname = current_database()"


@pytest.fixture
def turn(postgres_server: PostgresServer, postgres_cast: str) -> Turn:
    """Have a turn in a database that only this file uses."""
    return lambda: rewound_postgres(
        postgres_server, template=postgres_cast, name=f"turns_{os.getpid()}"
    )


def entered(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def found(url: str) -> dict[str, Any]:
    """Return all rows and where on disk they lie, and where the counters stand."""
    with entered(url) as connection:
        tables = sorted(name for (name,) in connection.execute(_TABLES))
        rows = {name: connection.execute(_ROWS.format(name)).fetchall() for name in tables}
        return {**rows, "counters": connection.execute(_COUNTERS).fetchall()}


def identity(url: str) -> int:
    """Return the number that a database keeps as long as it is not made anew."""
    with entered(url) as connection:
        return int(connection.execute(_SELF).fetchall()[0][0])


def test_what_was_said_and_proven_in_one_turn_is_not_there_in_the_next(
    turn: Turn, tmp_path: Path
) -> None:
    seen, numbers = [], []
    for _ in range(3):
        with turn() as url:
            seen.append((identity(url), found(url)))
            with program_with(settings_for(url, tmp_path)) as app, app.app_context():
                thread = Stage(app).start("amara")
                Stage(app).reply("bruno", thread)
                numbers.append(thread.id)
            assert len(found(url)["audit_entry"]) > len(seen[0][1]["audit_entry"])
    assert seen[0] == seen[1] == seen[2]
    assert len(set(numbers)) == 1


@pytest.mark.parametrize("deed", WRITTEN)
def test_rows_and_counters_are_brought_back_in_the_same_database(turn: Turn, deed: str) -> None:
    with turn() as url, entered(url) as connection:
        before = identity(url), found(url)
        connection.execute(deed)
        assert found(url) != before[1]
    with turn() as url:
        assert (identity(url), found(url)) == before


@pytest.mark.parametrize("deed", ALTERED)
def test_what_was_altered_costs_a_new_database(turn: Turn, deed: str) -> None:
    with turn() as url, entered(url) as connection:
        before = identity(url), found(url)
        connection.execute(deed.format(database=connection.info.dbname))
    with turn() as url:
        assert identity(url) != before[0]
        assert found(url) == before[1]


def test_who_is_still_in_there_is_cut_off_with_his_locks(turn: Turn) -> None:
    with turn() as url:
        before = identity(url), found(url)
        holder = entered(url)
        holder.execute("begin; lock table post; update member set name = 'Somebody'")
    with turn() as url:
        assert (identity(url), found(url)) == before
    with pytest.raises(psycopg.OperationalError):
        holder.execute("commit")
    holder.close()


def test_nobody_is_in_there_when_a_turn_begins(turn: Turn, postgres_server: PostgresServer) -> None:
    with postgres_server.connect() as outside:
        for _ in range(20):
            with turn() as url:
                assert outside.execute(_PRESENT, [make_url(url).database]).fetchall() == []
