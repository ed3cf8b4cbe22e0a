"""How the database stands to this program: which migrations it has had, and which there are.

Asked by every probe and by the page of the status, so it knows nothing of Alembic, which only
`migrations` needs: it costs a process 11 MB and a fifth of a second.
"""

from __future__ import annotations

import enum

import sqlalchemy as sa

from community.kernel import paths
from community.kernel.db import db

_DERIVED = "words_of_"
_HAD = sa.table("alembic_version", sa.column("version_num", sa.String))


class State(enum.Enum):
    """How the database stands to this program."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"  # a newer program has been here; what it adds does not disturb this one


def known_revisions() -> list[str]:
    """Return the migrations that this program brings, in their order: their files bear them."""
    files = (paths.MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def is_known(revision: str) -> bool:
    """Whether this program brings a migration of that name."""
    return revision in known_revisions()


def revision_of(connection: sa.Connection) -> str | None:
    """Return the last migration that a database has had."""
    found: str | None = None
    if sa.inspect(connection).has_table(_HAD.name):
        found = connection.scalar(sa.select(_HAD.c.version_num))
    return found


def is_derived(table: str) -> bool:
    """Whether the database keeps a table by itself, from others: a word index, and its parts.

    Such a table is no model's: it is not compared with any, nor counted or carried in a backup.
    """
    return table.startswith(_DERIVED)


def state_of(connection: sa.Connection) -> State:
    """Return how a database stands to this program."""
    found, known = revision_of(connection), known_revisions()
    if found == known[-1]:
        return State.CURRENT
    return State.BEHIND if found is None or found in known else State.AHEAD


def state() -> State:
    """Return how the database of this program stands to it."""
    with db.engine.connect() as connection:
        return state_of(connection)


def is_current() -> bool:
    """Whether the database has had every migration that this program brings, and no other."""
    return state() is State.CURRENT


def is_ready() -> bool:
    """Whether the database has had every migration that this program brings, perhaps more."""
    return state() is not State.BEHIND
