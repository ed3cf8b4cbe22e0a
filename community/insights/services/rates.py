"""How much of what the company publishes in a space is read a second time."""

from __future__ import annotations

from community.audit.services import record
from community.insights import access, queries
from community.insights.models import SampleRate
from community.kernel import upserts
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.models import Member
from community.spaces.models import Space


def set_rate(*, actor: Member, space: Space, percent: int, version: int) -> None:
    """Draw another share from now on; what was drawn stays drawn.

    Args:
        actor: compliance or an administrator.
        space: where.
        percent: 0 to 100.
        version: of the rate, as the page showed it; 0 where none was set yet.

    Raises:
        Invalid: no share of a hundred.
        Conflict: somebody has changed it meanwhile.
    """
    require(access.may_set_rates(actor))
    if not 0 <= percent <= 100:
        raise Invalid(N_("Between none and all: 0 to 100."), field="percent")
    old = queries.percent_of(space.id)
    kept = session().scalar(
        upserts.insert(SampleRate)
        .values(space_id=space.id, percent=percent, version=1)
        .on_conflict_do_update(
            index_elements=["space_id"],
            set_={"percent": percent, "version": SampleRate.version + 1},
            where=SampleRate.version == version,
        )
        .returning(SampleRate.version)
    )
    if kept != version + 1:
        raise Conflict(N_("Somebody else has changed this meanwhile. Load the page again."))
    session().expire_all()
    if percent != old:
        record(
            actor=actor,
            action="sample_rate.changed",
            subject_kind="sample_rate",
            subject_id=space.id,
            space_id=space.id,
            old={"percent": old},
            new={"percent": percent},
        )
