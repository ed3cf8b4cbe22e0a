"""Drawing on purpose what is else drawn by chance."""

from __future__ import annotations

import sqlalchemy as sa

from community.insights import queries, services
from community.insights.models import SecondReading
from community.kernel.db import db
from tests.stage import Stage


def draw(stage: Stage, percent: int = 100, *, slug: str = "cardiology") -> None:
    """Have compliance draw everything in a space from now on, or another share."""
    paul, space = stage.member("paul"), stage.space(slug)
    version = next(r.version for r in queries.rates(viewer=paul) if r.space.id == space.id)
    services.set_rate(actor=paul, space=space, percent=percent, version=version)
    stage.commit()


def drawn() -> list[SecondReading]:
    """Return what was drawn, in the order of drawing."""
    return list(db.session.scalars(sa.select(SecondReading).order_by(SecondReading.id)))


def draw_reply(
    stage: Stage, text: str = "The label says to wait for two weeks.", *, who: str = "rosa"
) -> SecondReading:
    """Have somebody of the company reply to a question of Amara's, and draw the reply."""
    thread = stage.start("amara", "What do you take away first?", title="Which first?")
    draw(stage)
    stage.reply(who, thread, text)
    return drawn()[-1]
