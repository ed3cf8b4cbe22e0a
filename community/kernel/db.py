"""The database: one declarative base, types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import enum
import re
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from community.config import Settings
from community.kernel.prepared import run

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """A moment with its zone. SQLite forgets zones, so there it is stored as naive UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a zone; hand SQLite naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back a moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _by_value(kinds: type[enum.Enum]) -> list[str]:
    return [kind.value for kind in kinds]


Id = Annotated[
    int,
    mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
]
Words = Annotated[str, mapped_column(sa.Text())]
Json = dict[str, Any]
Names = list[str]


class Base(DeclarativeBase):
    """Every table's ancestor."""

    metadata = sa.MetaData(naming_convention=NAMING)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UTCDateTime(),
            enum.Enum: sa.Enum(enum.Enum, native_enum=False, length=32, values_callable=_by_value),
            str: sa.String(255),
            int: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            Json: sa.JSON(),
            Names: sa.JSON(),
        },
    )


class Model(MappedAsDataclass, Base, kw_only=True, eq=False, repr=False):
    """A row that is made with named values only; two rows are the same when they are."""

    __abstract__ = True


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def open_database(app: Flask, settings: Settings) -> None:
    """Give a program its database; SQLite's folder is made if it is missing."""
    if settings.database_url.startswith("sqlite:"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    # What a failing statement was given may be what somebody wrote: no error repeats it.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "hide_parameters": True,
        "connect_args": connect_arguments(settings.database_url),
    }
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def session() -> Session:
    """Return the session of the request, command or job at hand."""
    return db.session()


def read(statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[Any]:
    """Return rows of plain values as the transaction at hand sees them, what it wrote included.

    It goes past the part of SQLAlchemy that makes objects of rows and takes most of the time
    (`prepared`). For statements that are built once and ask for columns, on the pages that are read
    most.

    Args:
        statement: of columns alone.
        values: of its parameters.
    """
    return run(connection(), statement, values) or ()


_AT_HAND = "connection at hand"


def connection() -> sa.Connection:
    """Return the connection of the transaction at hand; what waits in the session is written first.

    A session looks for it anew each time, as if there could be several databases.
    """
    current = session()
    current.flush()
    begun = current.get_transaction()
    known: tuple[object, sa.Connection] | None = current.info.get(_AT_HAND)
    if begun is not None and begun.is_active and known is not None and known[0] is begun:
        return known[1]
    found = current.connection()
    current.info[_AT_HAND] = current.get_transaction(), found
    return found


# --- SQLite under cooperative threads ---------------------------------------------------------
#
# SQLite has one writer. A greenlet that waits for another's write lock inside the C library
# stops the whole process, so that the other can never finish. The gate makes them wait in
# Python instead: taken at the first writing statement, given back at the end of the transaction.

_WRITES = re.compile(r"\s*(?:insert|update|delete|replace|create|drop|alter|with)\b", re.IGNORECASE)
_GATE_SECONDS = 15


# A process that stands still in the midst of a write (a paused machine, a lost network) keeps its
# locks, and everybody else who writes waits. PostgreSQL is told to end such a transaction. Work
# that waits for a slow mail server within its own is not to be mistaken for it.
_STANDSTILL = "60s"


def connect_arguments(url: str) -> dict[str, str]:
    """Return what connections to a database are opened with; a URL's own `options` count first."""
    parts = sa.make_url(url)
    if parts.get_backend_name() != "postgresql" or "options" in parts.query:
        return {}
    return {"options": f"-c idle_in_transaction_session_timeout={_STANDSTILL}"}


def prepare(engine: Engine) -> None:
    """Set an engine up once: for SQLite pragmas and the write gate, for others nothing."""
    if engine.dialect.name == "sqlite":
        _set_pragmas(engine)
        _install_write_gate(engine)


def _set_pragmas(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: object) -> None:
        for pragma in (
            "journal_mode=wal",
            "busy_timeout=5000",
            "synchronous=full",
            "foreign_keys=on",
        ):
            connection.execute(f"pragma {pragma}")
        connection.create_function("translate", 3, _translate, deterministic=True)


def _translate(text: str | None, letters: str, others: str) -> str | None:
    """Do what PostgreSQL's `translate` does: letters that have no counterpart are left out."""
    if text is None:
        return None
    return text.translate(_table(letters, others))


@lru_cache(maxsize=16)
def _table(letters: str, others: str) -> dict[int, int | None]:
    return str.maketrans(letters[: len(others)], others, letters[len(others) :])


def _install_write_gate(engine: Engine) -> None:
    gate = threading.Lock()

    @event.listens_for(engine, "before_cursor_execute")
    def take(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not connection.info.get("gate") and _WRITES.match(statement):
            if not gate.acquire(timeout=_GATE_SECONDS):
                raise TimeoutError("the database is busy")
            connection.info["gate"] = True

    def releasing(end: Callable[[Any], None]) -> Callable[[Any], None]:
        def inner(connection: Any) -> None:
            try:
                end(connection)
            finally:
                # The very first call, made while the dialect sets itself up, has no record.
                record = getattr(connection, "_connection_record", None)
                if record is not None and record.info.pop("gate", None):
                    gate.release()

        return inner

    dialect: Any = engine.dialect
    dialect.do_commit = releasing(dialect.do_commit)
    dialect.do_rollback = releasing(dialect.do_rollback)
