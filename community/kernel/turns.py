"""Deeds on one row take turns: of two that began alike, the second sees what the first has done."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from community.kernel.db import Model, session


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
