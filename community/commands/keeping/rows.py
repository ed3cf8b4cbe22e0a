"""Carries every row of one database into another that has the same schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from psycopg import sql

from community.commands.keeping import Unfit
from community.kernel import migrations, schema
from community.kernel.db import Base

AT_ONCE = 1_000
MADE_BY_MIGRATIONS = ("alembic_version", "audit_head")


def tables() -> list[sa.Table]:
    """Return all tables, with texts where the program would read more into them.

    JSON and words of a fixed choice are carried as they are written, so that nothing changes.
    """
    migrations.load_models()
    bare = sa.MetaData()
    return [
        sa.Table(
            table.name,
            bare,
            *(
                sa.Column(each.name, _carried(each.type), primary_key=each.primary_key)
                for each in table.columns
            ),
        )
        for table in Base.metadata.sorted_tables
    ]


def _carried(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if isinstance(kind, sa.JSON | sa.Enum) else kind


def counts(connection: sa.Connection) -> dict[str, int]:
    """Return the number of rows of each table that is there; what is derived does not count."""
    quoted = connection.dialect.identifier_preparer.quote
    return {
        name: connection.exec_driver_sql(f"select count(*) from {quoted(name)}").scalar_one()  # noqa: S608
        for name in sorted(sa.inspect(connection).get_table_names())
        if not schema.is_derived(name)
    }


def is_filled(connection: sa.Connection) -> bool:
    """Whether anything is in a database that its migrations have not put there."""
    return any(
        count for name, count in counts(connection).items() if name not in MADE_BY_MIGRATIONS
    )


def into_sqlite(source: sa.Connection, target: sa.Connection) -> None:
    """Carry the rows of a PostgreSQL database into a SQLite file that has its tables."""
    for table in tables():
        target.execute(sa.delete(table))
        for some in _portions(source, as_written(table)):
            target.execute(sa.insert(table), some)


def as_written(table: sa.Table) -> sa.Select[Any]:
    """Return what reads all rows in the order of their keys; PostgreSQL would parse JSON."""
    columns = [
        sa.cast(each, sa.Text).label(each.name) if isinstance(each.type, sa.Text) else each
        for each in table.columns
    ]
    return sa.select(*columns).order_by(*table.primary_key.columns)


def _portions(source: sa.Connection, query: sa.Select[Any]) -> Iterator[list[dict[str, Any]]]:
    streamed = source.execution_options(yield_per=AT_ONCE).execute(query)
    for rows in streamed.mappings().partitions(AT_ONCE):
        yield [dict(row) for row in rows]


def into_postgresql(source: sa.Connection, target: sa.Connection) -> None:
    """Make the tables anew in PostgreSQL and fill them from a SQLite file, in one transaction.

    Ties between tables are taken off while the rows come in and are checked when they are tied
    again; triggers that guard proof look at changes only.

    Raises:
        Unfit: a table did not take all rows.
    """
    target.execute(sa.select(sa.func.pg_advisory_xact_lock(migrations.ADVISORY_LOCK)))
    _drop_tables(target)
    migrations.create_in(target)
    ties = _take_off_ties(target)
    for table in tables():
        if table.name in MADE_BY_MIGRATIONS:
            target.execute(sa.delete(table))
        _copy_in(source, target, table)
        _go_on_counting(target, table)
    for table_name, name, definition in ties:
        target.exec_driver_sql(f'alter table "{table_name}" add constraint "{name}" {definition}')
    if counts(target) != counts(source):
        raise Unfit("Not every row arrived. Nothing was changed.")


def _drop_tables(target: sa.Connection) -> None:
    ours = {table.name for table in tables()} | {"alembic_version"}
    for name in ours.intersection(sa.inspect(target).get_table_names()):
        target.exec_driver_sql(f'drop table "{name}" cascade')


def _take_off_ties(target: sa.Connection) -> list[tuple[str, str, str]]:
    rows = target.execute(
        sa.text(
            "select c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)"
            " from pg_constraint c where c.contype = 'f'"
            " and c.connamespace = current_schema()::regnamespace order by 1, 2"
        )
    ).all()
    found = [(table.strip('"'), name, definition) for table, name, definition in rows]
    for table, name, _definition in found:
        target.exec_driver_sql(f'alter table "{table}" drop constraint "{name}"')
    return found


def _copy_in(source: sa.Connection, target: sa.Connection, table: sa.Table) -> None:
    raw = target.connection.driver_connection
    assert raw is not None
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns.keys()))
    )
    with raw.cursor() as cursor, cursor.copy(statement) as taking:
        streamed = source.execution_options(yield_per=AT_ONCE).execute(sa.select(table))
        for row in streamed:
            taking.write_row(tuple(row))


def _go_on_counting(target: sa.Connection, table: sa.Table) -> None:
    """Let numbers that the database gives go on after the highest that came in."""
    for column in table.primary_key.columns:
        if not isinstance(column.type, sa.Integer):
            continue
        counter = sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        sequence = target.scalar(sa.select(counter))
        highest = target.scalar(sa.select(sa.func.max(column)))
        if sequence and highest:
            target.execute(sa.select(sa.func.setval(sequence, highest)))
