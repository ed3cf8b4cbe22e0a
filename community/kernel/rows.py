"""Rows written past the part of SQLAlchemy that looks after objects, which takes most of the time.

For the deeds that are done most. Whatever else was changed in the session is written before, so
that the order of writes stays as it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import RelationshipDirection, Session, make_transient_to_detached

from community.kernel.db import Model, session
from community.kernel.prepared import run

_TAKEN_UP = "taken up"


def table_of(model: type[Model]) -> sa.Table:
    """Return a model's table, for statements that need rows and no objects."""
    return cast(sa.Table, model.__table__)


def write(statement: sa.UpdateBase, *values: dict[str, Any]) -> Sequence[Any]:
    """Run a writing statement that was built once, of a table and not of a model.

    Objects that stand for its rows are not told; who has one at hand mends it.

    Args:
        statement: its parameters are named, and not as the columns that it sets.
        values: of its parameters, once for each time that it is to be run.

    Returns:
        The rows that it gives back, where it says `returning`.
    """
    current = session()
    current.flush()
    connection = current.connection()
    return [row for each in values for row in run(connection, statement, each) or ()]


@dataclass(frozen=True)
class _Plan:
    """How a model's rows are written: the statement, the columns, and whose keys a row takes."""

    statement: sa.Insert
    columns: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def insert(*rows: Model) -> None:
    """Write new rows at once, and take them up as if they had been read.

    Args:
        rows: not in the session yet, each with a key named `id` that the database gives. A row may
            refer to those before it.
    """
    current = session()
    current.flush()
    connection = current.connection()
    for row in rows:
        plan, held = _plan(type(row)), vars(row)
        given = {name: getattr(row, name, None) for name in plan.columns}
        for relation, column in plan.links:
            if (other := held.get(relation)) is not None:
                given[column] = other.id
        ((key,),) = run(connection, plan.statement, given) or ()
        held.update(given, id=key)
        make_transient_to_detached(row)
    current.add_all(rows)
    current.info.setdefault(_TAKEN_UP, []).extend(rows)


def _forget(current: Session) -> None:
    current.info.pop(_TAKEN_UP, None)


def _take_out(current: Session) -> None:
    """Of rows that were rolled back the session knows only that they were read."""
    for row in current.info.pop(_TAKEN_UP, ()):
        if row in current:
            current.expunge(row)


event.listen(Session, "after_commit", _forget)
event.listen(Session, "after_rollback", _take_out)


@lru_cache(maxsize=64)
def _plan(model: type[Model]) -> _Plan:
    mapper = sa.inspect(model)
    links = (
        (relation.key, column.key)
        for relation in mapper.relationships
        if relation.direction is RelationshipDirection.MANYTOONE
        for column in relation.local_columns
        if column.key is not None
    )
    columns = (column.key for column in table_of(model).columns if column.key != "id")
    statement = sa.insert(table_of(model)).returning(table_of(model).c.id)
    return _Plan(statement, tuple(columns), tuple(links))
