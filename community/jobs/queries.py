"""Reads of work that was left: what was given up in the end."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from community.jobs.models import Job
from community.kernel.db import session


def given_up_for(name: str, key: str, ids: Collection[int]) -> frozenset[int]:
    """Return the rows whose last work of this name was tried as often as may be, in vain.

    Args:
        name: of the work, such as `invitations.mail_invitation`.
        key: under which the work's arguments name the row, such as `invitation_id`.
        ids: of the rows that are asked about.
    """
    about = Job.args[key].as_integer()
    last = sa.select(sa.func.max(Job.id)).where(Job.name == name, about.in_(ids)).group_by(about)
    found = session().scalars(
        sa.select(about).where(Job.id.in_(last), Job.failed_at.is_not(None), Job.done_at.is_(None))
    )
    return frozenset(found)
