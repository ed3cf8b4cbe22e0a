"""An insert that can say what happens where the row is there already, on either database."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from community.kernel.db import session


def insert(table: type[Any]) -> sqlite.Insert:
    """Return an insert with `on_conflict_do_nothing` and `on_conflict_do_update`.

    Two requests may both find no row and both write one; a plain insert fails the second.
    """
    return insert_for(dialect(), table)


def insert_for(dialect: str, table: type[Any] | sa.Table) -> sqlite.Insert:
    """Return that insert for a database of this kind, so that it can be built once for each."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - large, and not for SQLite

        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)


def dialect() -> str:
    """Return of which kind the database at hand is."""
    return session().get_bind().dialect.name
