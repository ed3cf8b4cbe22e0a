"""What the database was asked in the midst of some work, and whether it would answer the same.

The rows are taken down as they come from the driver. To ask again costs the database's time and
nothing of what objects are made of; and where nothing at all was committed since, not even that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from community.kernel.prepared import Answer


@dataclass
class Questions:
    """Statements, each with its values and the rows that it gave, in their order.

    `only_reads` is false once something was written among them. `stand` is the database's when the
    answers were last known to be right, None before they were asked again. While `listens` is
    false nothing is noted, and rows that are taken one by one stay so.
    """

    asked: list[tuple[str, Any, list[Any]]] = field(default_factory=list)
    only_reads: bool = True
    stand: object = None
    listens: bool = True

    @cached_property
    def weight(self) -> int:
        """About how many characters the rows hold; asked for once all is noted."""
        return sum(
            len(value)
            for _, _, rows in self.asked
            for row in rows
            for value in row
            if isinstance(value, str | bytes)
        )


_READS = "SELECT "

# Both become another with whatever is committed anywhere, and cost next to nothing to read:
# https://www.sqlite.org/pragma.html#pragma_data_version counts the commits of other connections;
# https://www.postgresql.org/docs/current/functions-info.html: from equal snapshots the same
# transactions are seen.
_STAND = {"sqlite": "pragma data_version", "postgresql": "select pg_current_snapshot()::text"}

MOST = {"sqlite": 1, "postgresql": 4}  # connections of a witness; SQLite keeps nobody waiting

_noting: ContextVar[Questions | None] = ContextVar("questions", default=None)


@contextmanager
def noting(noted: Questions) -> Iterator[Questions]:
    """Note within the block what the database is asked and what it answers."""
    before = _noting.set(noted)
    try:
        yield noted
    finally:
        _noting.reset(before)


def are_noted() -> bool:
    """Whether somebody notes what is asked now."""
    noted = _noting.get()
    return noted is not None and noted.listens


def call_witness(engine: Engine) -> Witness:
    """Return the one who asks a program's questions again, and note from now on what is asked."""
    _listen_to(engine)
    return Witness(engine)


def _listen_to(engine: Engine) -> None:
    """Take answers down as they come, for whoever notes them; what failed is no mere reading."""
    event.listen(engine, "after_cursor_execute", _note)
    event.listen(engine, "handle_error", _note_failure)


def _note(
    _connection: object,
    cursor: Any,
    statement: str,
    values: Any,
    context: Any,
    is_many: bool,  # noqa: FBT001 - so SQLAlchemy calls it
) -> None:
    noted = _noting.get()
    if noted is None or not noted.listens:
        return
    if is_many or not statement.startswith(_READS):
        noted.only_reads = False
        return
    if isinstance(context, Answer):
        noted.asked.append((statement, values, list(context.rows)))
        return
    rows = cursor.fetchall()
    noted.asked.append((statement, values, rows))
    # From here on SQLAlchemy takes the rows as it takes those that a dialect fetched beforehand.
    context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
        cursor, alternate_description=cursor.description, initial_buffer=rows
    )


def _note_failure(_error: object) -> None:
    noted = _noting.get()
    if noted is not None:
        noted.only_reads = False


class Witness:
    """Asks questions again, on connections that nobody else uses and that write nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        dialect = engine.dialect.name
        self._ask_stand = _STAND[dialect]
        self._counts_by_itself = dialect == "sqlite"  # each connection from where it began
        self._idle: list[Any] = [None] * MOST[dialect]  # None: still to be opened
        event.listen(engine, "engine_disposed", lambda _engine: self.leave())

    def agrees(self, questions: Questions) -> bool:
        """Whether every question has the answer that was noted.

        No answer counts as another, and nobody waits for one: whoever asks goes on, and meets what
        is wrong.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            return False
        try:
            connection = connection or self._come()
            return self._hears_the_same(connection, questions)
        except (self.engine.dialect.loaded_dbapi.Error, sa.exc.SQLAlchemyError):
            _close(connection)
            connection = None
            return False
        finally:
            self._idle.append(connection)

    def _hears_the_same(self, connection: Any, questions: Questions) -> bool:
        stand = connection if self._counts_by_itself else None, _ask(connection, self._ask_stand)
        if questions.stand != stand:
            if any(_ask(connection, *asked) != rows for *asked, rows in questions.asked):
                return False
            questions.stand = stand
        return True

    def leave(self) -> None:
        """Close what is open; the next question opens another."""
        idle, self._idle = self._idle, [None] * len(self._idle)
        for connection in idle:
            _close(connection)

    def _come(self) -> Any:
        own = self.engine.raw_connection()
        own.detach()
        if self.engine.dialect.name == "postgresql":
            own.dbapi_connection.autocommit = True  # type: ignore[union-attr]
        return own


def _close(connection: Any) -> None:
    if connection is not None:
        connection.close()


def _ask(connection: Any, statement: str, values: Any = ()) -> list[Any]:
    cursor = connection.cursor()
    try:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    finally:
        cursor.close()
    return rows
