"""Triggers that make a database refuse to change or delete rows of proof, whoever asks."""

from __future__ import annotations

import sqlalchemy as sa

_SQLITE = """
create trigger {table}_no_{deed} before {deed} on {table}
begin select raise(abort, '{table} is append-only'); end
"""

_POSTGRESQL_FUNCTION = """
create or replace function refuse_change() returns trigger language plpgsql as $$
begin raise exception '% is append-only', tg_table_name; end $$
"""

_POSTGRESQL = """
create trigger {table}_no_{deed} before {deed} on {table}
for each statement execute function refuse_change()
"""


def protect(connection: sa.Connection, *tables: str) -> None:
    """Refuse updates and deletes on these tables; on PostgreSQL truncation too."""
    if connection.dialect.name == "sqlite":
        template = _SQLITE
    else:
        connection.execute(sa.text(_POSTGRESQL_FUNCTION))
        template = _POSTGRESQL
    for table in tables:
        for deed in _deeds(connection):
            connection.exec_driver_sql(template.format(table=table, deed=deed))


def unprotect(connection: sa.Connection, *tables: str) -> None:
    """Let these tables be changed again, for a migration that must."""
    sqlite = connection.dialect.name == "sqlite"
    for table in tables:
        for deed in _deeds(connection):
            place = "" if sqlite else f" on {table}"
            connection.exec_driver_sql(f"drop trigger {table}_no_{deed}{place}")


def _deeds(connection: sa.Connection) -> tuple[str, ...]:
    if connection.dialect.name == "sqlite":
        return ("update", "delete")
    return ("update", "delete", "truncate")
