"""Brings the database to the schema that this program needs."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from community.kernel import paths
from community.kernel.db import Base, db


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


def upgrade(revision: str = "head") -> None:
    """Run the migrations that this database has not had, each whole or not at all."""
    with db.engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(revision: str) -> None:
    """Go back to an earlier schema."""
    with db.engine.connect() as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def is_current() -> bool:
    """Whether the database has had every migration that this program brings."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def differences() -> list[object]:
    """Return what the tables of the program have that those of the database lack, or else."""
    load_models()
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))
