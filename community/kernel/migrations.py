"""Brings the database to the schema that this program needs: once, however many start at once."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from flask import Flask

from community.config import Settings
from community.kernel import paths, schema
from community.kernel.db import Base, db, open_database
from community.kernel.schema import State

log = logging.getLogger(__name__)

# Any number, the same for all: who holds the lock of this number in a database migrates it.
ADVISORY_LOCK = 7_283_114_205
# A change of a table waits this long for those who read it. Whoever comes after it waits behind
# it, so it must give up before they do.
LOCK_SECONDS = 10


def load_models() -> None:
    """Import every feature's tables, so that the metadata knows them all."""
    for feature in iter_modules([str(paths.PACKAGE)]):
        if feature.ispkg:
            try:
                import_module(f"community.{feature.name}.models")
            except ModuleNotFoundError as missing:
                if missing.name != f"community.{feature.name}.models":
                    raise


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(settings: Settings) -> None:
    """Upgrade the database of these settings, without loading the program that works on it."""
    app = Flask("community")
    open_database(app, settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()


def upgrade(revision: str = "head") -> None:
    """Run the migrations that this database has not had, each whole or not at all.

    Several processes may ask at the same time: one migrates, the others wait and find it done.
    A database that a newer program has migrated is left as it is.
    """
    with _one_at_a_time(), db.engine.connect() as connection:
        found = schema.state_of(connection)
        connection.rollback()  # a migration begins a transaction of its own
        if found is State.CURRENT and revision == "head":
            return
        if found is State.AHEAD:
            log.warning("the database has been migrated by a newer program; it is left as it is")
            return
        _give_up_early(connection)
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(revision: str) -> None:
    """Go back to an earlier schema."""
    with _one_at_a_time(), db.engine.connect() as connection:
        _give_up_early(connection)
        command.downgrade(_config(connection), revision)
        connection.commit()


def create_in(connection: sa.Connection) -> None:
    """Make all tables within a transaction that somebody else ends; on PostgreSQL only."""
    command.upgrade(_config(connection), "head")


def _give_up_early(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"set lock_timeout = '{LOCK_SECONDS}s'"))
        connection.commit()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the lock of this database; it is given back when this process ends, however it does."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
            holder.execute(sa.select(sa.func.pg_advisory_lock(ADVISORY_LOCK)))
            try:
                yield
            finally:
                holder.execute(sa.select(sa.func.pg_advisory_unlock(ADVISORY_LOCK)))
        return
    database = db.engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether something of the database is to be found among the program's tables."""
    return kind != "table" or name is None or not schema.is_derived(name)


def differences() -> list[object]:
    """Return what the tables of the program have that those of the database lack, or else."""
    load_models()
    with db.engine.connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_name": is_compared,
        }
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))
