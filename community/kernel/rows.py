"""Rows read and written past the part of SQLAlchemy that looks after objects: it takes most time.

For the deeds that are done most. Whatever else was changed in the session is written before, so
that the order of writes stays as it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import RelationshipDirection, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from community.kernel.db import Model, connection, read, session
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
    at_hand = connection()
    return [row for each in values for row in run(at_hand, statement, each) or ()]


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
    current, at_hand = session(), connection()
    for row in rows:
        plan, held = _plan(type(row)), vars(row)
        given = {name: getattr(row, name, None) for name in plan.columns}
        for relation, column in plan.links:
            if (other := held.get(relation)) is not None:
                given[column] = other.id
        ((key,),) = run(at_hand, plan.statement, given) or ()
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


@dataclass(frozen=True)
class _Shape:
    """How a model's rows are made objects: which columns are read, into which attributes."""

    make: Callable[[], Model]
    identity: Callable[[tuple[int]], Any]
    columns: tuple[sa.Column[Any], ...]
    names: tuple[str, ...]
    key: int


def columns_of(*models: type[Model]) -> tuple[sa.Column[Any], ...]:
    """Return what a statement asks for first, for `objects` to make objects of.

    What a model reads only where it is needed (`deferred`) is left out.
    """
    return tuple(column for model in models for column in _shape(model).columns)


def objects(
    statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any], *models: type[Model]
) -> list[tuple[Any, ...]]:
    """Return rows as objects of the session, as if it had been asked for them.

    What the session knows already stays as it is there, and only what it had forgotten is filled
    in. Of relations nothing is read; who has the other side at hand says so (`link`).

    Args:
        statement: built once, of `columns_of` the models and, behind them, of what it asks besides.
        values: of its parameters.
        models: each with a key named `id`; one that an outer join did not find is None.
    """
    shapes = [_shape(model) for model in models]
    return [tuple(_taken_up(row, shapes)) for row in read(statement, values)]


def _taken_up(row: Sequence[Any], shapes: Sequence[_Shape]) -> Iterator[Any]:
    end = 0
    for shape in shapes:
        start, end = end, end + len(shape.names)
        yield _object(shape, row[start:end])
    yield from row[end:]


def _object(shape: _Shape, values: Sequence[Any]) -> Model | None:
    key = values[shape.key]
    if key is None:
        return None
    current, identity = session(), shape.identity((key,))
    known: Model | None = current.identity_map.get(identity)
    if known is not None:
        for name, value in zip(shape.names, values, strict=True):
            link(known, name, value)
        return known
    # As SQLAlchemy's own loader takes a row up; `add` would look for what hangs on it first.
    made = shape.make()
    state = sa.inspect(made)
    state.key, state.session_id = identity, current.hash_key
    current.identity_map.add(state)
    vars(made).update(zip(shape.names, values, strict=True))
    return made


def link(row: Model, name: str, value: object) -> None:
    """Say what an attribute of a row is where it was not read yet: it is not read again then."""
    if name not in vars(row):
        set_committed_value(row, name, value)


@lru_cache(maxsize=64)
def _shape(model: type[Model]) -> _Shape:
    mapper = sa.inspect(model)
    read_at_once = [each for each in mapper.column_attrs if not each.deferred]
    columns = tuple(table_of(model).columns[each.columns[0].key] for each in read_at_once)
    names = tuple(each.key for each in read_at_once)
    return _Shape(
        make=mapper.class_manager.new_instance,
        identity=mapper.identity_key_from_primary_key,
        columns=columns,
        names=names,
        key=names.index("id"),
    )


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
