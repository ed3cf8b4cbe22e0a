"""How much is read a second time, space by space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.insights import access
from community.insights.models import SampleRate
from community.kernel.access import require
from community.kernel.db import session
from community.members.models import Member
from community.spaces.models import Space

DEFAULT_PERCENT = 5


@dataclass(frozen=True)
class ListedRate:
    """A space, of a hundred texts how many are drawn there, and the version of that."""

    space: Space
    percent: int
    version: int


def percent_of(space_id: int) -> int:
    """Return of a hundred texts of the company how many are drawn in a space."""
    found = session().scalar(sa.select(SampleRate.percent).where(SampleRate.space_id == space_id))
    return DEFAULT_PERCENT if found is None else found


def rates(*, viewer: Member) -> Sequence[ListedRate]:
    """Return the rate of every open space, by name.

    Raises:
        NotFound: the viewer does not set them.
    """
    require(access.may_set_rates(viewer))
    rows = session().execute(
        sa.select(
            Space,
            sa.func.coalesce(SampleRate.percent, DEFAULT_PERCENT).label("percent"),
            sa.func.coalesce(SampleRate.version, 0).label("version"),
        )
        .outerjoin(SampleRate, SampleRate.space_id == Space.id)
        .where(Space.archived_at.is_(None))
        .order_by(sa.func.lower(Space.name), Space.id)
    )
    return [ListedRate(row.Space, row.percent, row.version) for row in rows]
