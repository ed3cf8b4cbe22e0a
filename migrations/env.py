"""Runs the migrations on whatever database the program is set to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context

from community.kernel.db import Base, UTCDateTime
from community.kernel.migrations import is_compared, load_models

load_models()


def render_item(kind: str, item: Any, _autogen: object) -> str | bool:
    """Write our own types as the plain ones that they are in the database."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: sa.Connection) -> None:
    """Bring the schema up on an open connection.

    SQLite alters a table by copying it; with foreign keys on, dropping the old copy would take
    the child rows along, so they are off meanwhile and checked afterwards.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.exec_driver_sql("pragma foreign_keys=off")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        include_name=is_compared,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        broken = connection.exec_driver_sql("pragma foreign_key_check").all()
        if broken:
            raise RuntimeError(f"rows without their parents after the migration: {broken[:5]}")
        connection.commit()
        connection.exec_driver_sql("pragma foreign_keys=on")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.config.get_main_option("sqlalchemy.url")
    assert url is not None
    with sa.create_engine(url).connect() as opened:
        run(opened)
        opened.commit()
