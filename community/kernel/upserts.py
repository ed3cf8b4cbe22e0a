"""An insert that can say what happens where the row is there already, on either database."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy.dialects import postgresql, sqlite

from community.kernel.db import session


def insert(table: type[Any]) -> sqlite.Insert:
    """Return an insert with `on_conflict_do_nothing` and `on_conflict_do_update`.

    Two requests may both find no row and both write one; a plain insert fails the second.
    """
    if session().get_bind().dialect.name == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)
