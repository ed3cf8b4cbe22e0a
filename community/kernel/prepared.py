"""Statements that are compiled once and then handed to the driver as they are.

SQLAlchemy looks at a statement anew whenever it is run, and makes an object of every answer; for
those that never change, and are asked on every page or written with every post, that takes several
times as long as the database does. Here a statement is compiled once for a database, with what
turns its values into the driver's and back, and then only run. The transaction, the listeners and
the errors stay SQLAlchemy's own: a driver's error is handed to the connection, which knows what it
means and whether the database has gone (`_handle_dbapi_exception`, the one private name).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

KEPT_STATEMENTS = 512

Statement = sa.Select[*tuple[Any, ...]] | sa.UpdateBase
Row = Any  # a tuple whose values also have their columns' names
_Convert = Callable[[Any], Any]


def run(
    connection: sa.Connection, statement: Statement, values: dict[str, Any]
) -> Sequence[Row] | None:
    """Run a statement; return the rows that it gives, None where it gives none by its nature.

    Args:
        connection: in the transaction that this belongs to.
        statement: built once, for what was found out about it is kept by it.
        values: of its parameters, by name.

    Raises:
        KeyError: a parameter has no value.
    """
    plan = _plan(statement, connection.dialect, tuple(values))
    if plan is None:
        done = connection.execute(statement, values)
        return done.all() if done.returns_rows else None
    return plan.run(connection, values)


@lru_cache(maxsize=KEPT_STATEMENTS)
def _plan(statement: Statement, dialect: Dialect, given: tuple[str, ...]) -> _Plan | None:
    """Return how a statement is run; None where that depends on its values or on defaults."""
    columns = None if isinstance(statement, sa.Select) else list(given)
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    if columns and (compiled.insert_prefetch or compiled.update_prefetch):
        return None  # SQLAlchemy works out the defaults of columns that are not given
    return _Plan(compiled, statement, dialect, given)


@dataclass(frozen=True, slots=True)
class Answer:
    """What listeners are told of a statement that was run: its rows as the driver gave them."""

    rows: Sequence[tuple[Any, ...]]


class _Plan:
    """A compiled statement, and what is done with its values and with its rows."""

    __slots__ = ("_binds", "_dialect", "_names", "_reading", "_sql", "_types")

    def __init__(
        self, compiled: Any, statement: Statement, dialect: Dialect, given: tuple[str, ...]
    ) -> None:
        self._sql = str(compiled)
        self._dialect = dialect
        self._names = None if compiled.positiontup is not None else tuple(compiled.binds)
        binds = (compiled.binds[name] for name in compiled.positiontup or compiled.binds)
        self._binds = [_bind(bind, dialect, given) for bind in binds]
        self._types = [column.type for column in statement.exported_columns]
        self._reading: tuple[Callable[..., Row], Sequence[tuple[int, _Convert]]] | None = None

    def run(self, connection: sa.Connection, values: dict[str, Any]) -> Sequence[Row] | None:
        """Run it with values for its parameters."""
        sql, parameters = self._sql, self._parameters(values)
        cursor: Any = None
        try:
            cursor = connection.connection.cursor()
            for listener in connection.dispatch.before_cursor_execute:
                sql, parameters = listener(connection, cursor, sql, parameters, None, False)
            cursor.execute(sql, parameters)
            rows = cursor.fetchall() if self._types else ()
            for listener in connection.dispatch.after_cursor_execute:
                listener(connection, cursor, sql, parameters, Answer(rows), False)
            found = self._read(rows, cursor) if self._types else None
            cursor.close()
        except BaseException as error:  # noqa: BLE001 - the connection raises it again
            connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # noqa: SLF001
        return found

    def _parameters(self, values: dict[str, Any]) -> Any:
        given = [
            value if convert is None else convert(value)
            for value, convert in (
                (own if key is None else values[key], convert) for key, own, convert in self._binds
            )
        ]
        return tuple(given) if self._names is None else dict(zip(self._names, given, strict=True))

    def _read(self, rows: Sequence[tuple[Any, ...]], cursor: Any) -> Sequence[Row]:
        make, converts = self._reading or self._learn(cursor.description)
        return [make(_converted(row, converts) if converts else row) for row in rows]

    def _learn(
        self, described: Sequence[Sequence[Any]]
    ) -> tuple[Callable[..., Row], Sequence[tuple[int, _Convert]]]:
        """Find out, from the first answer, what its columns are called and how they are read."""
        converts: list[tuple[int, _Convert]] = []
        for place, (kind, about) in enumerate(zip(self._types, described, strict=True)):
            convert = kind.dialect_impl(self._dialect).result_processor(self._dialect, about[1])
            if convert is not None:
                converts.append((place, convert))
        row: Any = namedtuple("Row", [about[0] for about in described], rename=True)  # type: ignore[misc]  # noqa: PYI024
        self._reading = row._make, converts
        return self._reading


def _bind(
    bind: sa.BindParameter[Any], dialect: Dialect, given: tuple[str, ...]
) -> tuple[str | None, Any, _Convert | None]:
    """Return where a parameter's value comes from, its own value, and how the driver takes it."""
    is_asked = bind.required or bind.key in given
    convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return bind.key if is_asked else None, bind.effective_value, convert


def _converted(row: tuple[Any, ...], converts: Sequence[tuple[int, _Convert]]) -> Sequence[Any]:
    converted = list(row)
    for place, convert in converts:
        converted[place] = convert(converted[place])
    return converted
