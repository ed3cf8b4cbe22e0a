"""Deeds on one row take turns: of two that began alike, the second sees what the first has done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa

from community.kernel.db import Model, session
from community.kernel.errors import Conflict


def take_turn(row: Model) -> None:
    """Wait for other deeds on a row, hold it until the commit, and read it as it is by then.

    The row has an `id` and a `version`. It is an update that changes nothing, since
    `select … for update` holds nothing on SQLite.
    """
    kind = cast(Any, type(row))
    session().execute(
        sa.update(kind)
        .where(kind.id == cast(Any, row).id)
        .values(version=kind.version)
        .execution_options(synchronize_session=False)
    )
    session().refresh(row)


def take_turn_at(name: str) -> None:
    """Wait for other deeds of one name until they are done, where no row is there to wait at.

    On PostgreSQL it is an advisory lock until the commit. SQLite has one writer: whoever has
    written, as `take_turn` does, is alone.
    """
    if session().get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def claim(row: Model, version: int, sentence: str, *fits: sa.ColumnElement[bool]) -> None:
    """Take the right to change a row; of two who hold the same version, one succeeds.

    Args:
        row: has an `id` and a `version`, which is raised by one.
        version: the one that the actor looked at.
        sentence: what the other is told.
        fits: what must hold besides, asked of the row as it is in the database.

    Raises:
        Conflict: somebody else was quicker.
    """
    kind = cast(Any, type(row))
    claimed = session().scalar(
        sa.update(kind)
        .where(kind.id == cast(Any, row).id, kind.version == version, *fits)
        .values(version=kind.version + 1)
        .returning(kind.version)
        .execution_options(synchronize_session=False)
    )
    if claimed is None:
        raise Conflict(sentence)
    session().refresh(row)


def change(
    row: Model,
    version: int,
    sentence: str,
    values: Mapping[str, object],
    *fits: sa.ColumnElement[bool],
) -> None:
    """Claim a row, as `claim` does, and give it new values.

    Raises:
        Conflict: somebody else was quicker.
    """
    claim(row, version, sentence, *fits)
    for name, value in values.items():
        setattr(row, name, value)
    session().flush()
