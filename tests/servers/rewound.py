"""A PostgreSQL database that tests take turns in, brought back to its template between two of them.

Making a database and dropping it moves some six hundred files, for a test that writes a dozen rows.
Here the tables that a test has touched are emptied, on disk too, and get their rows again in the
same order; nothing is kept for that in the database itself. What was altered beyond rows and
counters (a table, a trigger, a grant) costs a new database.

That nothing was touched is certain: a row that was written since bears the number of a later
transaction, and where one was only deleted there is one less.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.servers.postgres import PostgresServer

Connection = psycopg.Connection[Any]

_NAMES = """
SELECT oid::regclass::text FROM pg_class WHERE relkind = '{kind}'
AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
"""
_TABLES, _SEQUENCES = _NAMES.format(kind="r"), _NAMES.format(kind="S")
_OURS = "(SELECT oid FROM pg_database WHERE datname = current_database())"
_CATALOGUE = (  # where tables, types, functions, triggers, grants and the planner's figures stand
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_default_acl", "pg_enum"),
    *("pg_event_trigger", "pg_extension", "pg_index", "pg_inherits", "pg_largeobject"),
    *("pg_namespace", "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_statistic"),
    *("pg_trigger", "pg_type"),
    f"pg_database WHERE oid = {_OURS}",
    f"pg_db_role_setting WHERE setdatabase = {_OURS}",
)

_ROWS = """
SELECT '{place}', count(*), coalesce(min(age(xmin)) < age('{mark}'::xid), false) FROM {place}
"""
_LYING = "SELECT name FROM unnest(%s::text[]) AS name WHERE pg_relation_size(name::regclass) > 0"
_EMPTY = "DELETE FROM {table}"
_COUNTER = "SELECT format('setval(''{name}'', %s, %L)', last_value, is_called) FROM {name}"
_MARK = "SELECT pg_current_xact_id()::xid::text"
_END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
_PATIENCE = 5000  # looks, a millisecond apart


class Altered(Exception):
    """A database differs from its template in more than rows and counters."""


@dataclass(frozen=True)
class _Origin:
    """What a database began with."""

    catalogue: dict[str, int]  # numbers of rows
    filled: dict[str, int]
    empty: list[str]  # tables without rows
    rows: dict[str, bytes]  # as COPY writes them
    counters: str  # the statement that sets them

    @property
    def tables(self) -> list[str]:
        """All tables."""
        return [*self.filled, *self.empty]


class RewoundDatabase:
    """A copy of a template, at one URL for as long as the process lives."""

    def __init__(self, server: PostgresServer, template: str, name: str) -> None:
        self._server, self._template, self._name = server, template, name
        self._outside = server.connect()
        self._database = server.create(template=template, name=name)
        self.url = server.url_of(self._database)
        with self._entered() as connection:
            self._origin = _origin(connection)
            self._refill(connection, self._origin.tables)  # the first turn shall be as all others

    def rewind(self) -> None:
        """Make it as it was; whoever is still in there is cut off."""
        self._end_all()
        try:
            with self._entered() as connection:
                self._refill(connection, self._touched(connection))
        except (psycopg.Error, Altered):
            self._renew()

    def _renew(self) -> None:
        self._server.drop(self._database)
        self._server.create(template=self._template, name=self._name)
        with self._entered() as connection:
            self._refill(connection, self._origin.tables)

    def _end_all(self) -> None:
        """Return when those who are in there are gone, and their locks with them."""
        for _ in range(_PATIENCE):  # the server itself would look once in 100 ms
            if not self._outside.execute(_END_ALL, [self._database]).rowcount:
                return
            time.sleep(0.001)
        raise TimeoutError(f"somebody does not leave {self._database}")

    @contextlib.contextmanager
    def _entered(self) -> Iterator[Connection]:
        """Enter as one whom no trigger hinders, who does not wait long, and is gone afterwards."""
        options = "-c session_replication_role=replica -c lock_timeout=5s"
        with self._server.connect(self._database, options=options) as connection:
            yield connection
        self._end_all()  # that is us: tests may count who is there

    def _touched(self, connection: Connection) -> list[str]:
        altered = _changed(connection, self._origin.catalogue, self._mark)
        if altered:
            raise Altered(altered)
        changed = _changed(connection, self._origin.filled, self._mark)
        return changed + _column(connection, _LYING, self._origin.empty)

    def _refill(self, connection: Connection, tables: list[str]) -> None:
        """Let nothing lie in these tables but their first rows, in the order they had."""
        if tables:
            connection.execute(";".join(_EMPTY.format(table=table) for table in tables))
            connection.execute(f"VACUUM (INDEX_CLEANUP ON) {', '.join(tables)}")
            if _column(connection, _LYING, tables):
                raise Altered(tables)
        with connection.transaction():
            for table in tables:
                _put_back(connection, table, self._origin.rows.get(table, b""))
            connection.execute(self._origin.counters)
            (self._mark,) = _column(connection, _MARK)


@functools.cache
def _database(server: PostgresServer, template: str, name: str) -> RewoundDatabase:
    return RewoundDatabase(server, template, name)


@contextlib.contextmanager
def rewound_postgres(server: PostgresServer, *, template: str, name: str) -> Iterator[str]:
    """Give the SQLAlchemy URL of a database that holds what `template` does, each time the same."""
    database = _database(server, template, name)
    try:
        yield database.url
    finally:
        database.rewind()


def _origin(connection: Connection) -> _Origin:
    tables = _counts(connection, _column(connection, _TABLES))
    filled = {table: count for table, count in tables.items() if count}
    counters = (_COUNTER.format(name=name) for name in _column(connection, _SEQUENCES))
    return _Origin(
        catalogue=_counts(connection, _CATALOGUE),
        filled=filled,
        empty=[table for table in tables if table not in filled],
        rows={table: _taken(connection, table) for table in filled},
        counters=f"SELECT {', '.join(_column(connection, ' UNION ALL '.join(counters)))}",
    )


def _counts(connection: Connection, places: Iterable[str]) -> dict[str, int]:
    return {place: count for place, count, _ in _rows(connection, places, mark="3")}


def _changed(connection: Connection, counts: dict[str, int], mark: str) -> list[str]:
    """Name the places whose rows are not those that they had at a mark."""
    seen = _rows(connection, counts, mark)
    return [place for place, count, newer in seen if newer or count != counts[place]]


def _rows(connection: Connection, places: Iterable[str], mark: str) -> list[tuple[str, int, bool]]:
    """Tell of each place how many rows it has, and whether one is newer than the mark."""
    each = (_ROWS.format(place=place, mark=mark) for place in places)
    return connection.execute(" UNION ALL ".join(each)).fetchall()


def _column(connection: Connection, query: str, *values: list[str]) -> list[str]:
    return [row[0] for row in connection.execute(query, values or None)]


def _taken(connection: Connection, table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
        return b"".join(copy)


def _put_back(connection: Connection, table: str, rows: bytes) -> None:
    if rows:
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
            copy.write(rows)
