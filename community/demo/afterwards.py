"""What came after the posts of the demo: second readings with notes, and a pause that is over."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

import sqlalchemy as sa

from community.insights import services as insights
from community.insights.models import Opinion, SecondReading
from community.insights.services import Judging
from community.kernel import clock, paths
from community.kernel.db import session
from community.kernel.unit_of_work import transaction
from community.members.models import Member
from community.spaces import services as spaces
from community.spaces.models import Space

READ_AFTER = timedelta(hours=20)
STILL_WAITS = timedelta(days=4)
READ_BY_AUTHOR = timedelta(days=16)

FindMember = Callable[[str], Member]


def _content() -> dict[str, Any]:
    return tomllib.loads((paths.DEMO / "second_readings.toml").read_text("utf-8"))


def draw_more(*, find: FindMember) -> None:
    """Have compliance draw more than is usual, so that there is something to see.

    Args:
        find: gives a member by their name in `demo/cast.toml`.
    """
    with transaction():
        for space in session().scalars(sa.select(Space).order_by(Space.id)):
            insights.set_rate(
                actor=find("maddox"), space=space, percent=_content()["percent"], version=0
            )


def read_again(*, find: FindMember, now: datetime) -> None:
    """Have what was drawn some time ago read, and most of the notes by their authors."""
    rows = session().execute(
        sa.select(SecondReading.id, SecondReading.drawn_at).order_by(
            SecondReading.drawn_at, SecondReading.id
        )
    )
    drawn = [(row.id, row.drawn_at) for row in rows][:-1]  # the last one waits in any case
    said_before: list[str] = []
    for (reading_id, at), again in zip(drawn, cycle(_content()["reading"])):
        if at > now - STILL_WAITS:
            break
        # Nobody proposes the same twice.
        said = {**again, "proposal": ""} if again.get("proposal") in said_before else again
        said_before.append(said.get("proposal", ""))
        with clock.moved(at + READ_AFTER), transaction():
            _judge(reading_id, find(said["by"]), said)
        if at < now - READ_BY_AUTHOR:
            with clock.moved(at + 2 * READ_AFTER), transaction():
                author = session().get_one(SecondReading, reading_id).post.author
                insights.note_noticed(actor=author, reading_id=reading_id)


def _judge(reading_id: int, reader: Member, said: dict[str, Any]) -> None:
    taken = insights.take_reading(actor=reader, reading_id=reading_id)
    insights.judge_reading(
        actor=reader,
        reading_id=reading_id,
        version=taken.version,
        judging=Judging(
            opinion=Opinion(said["opinion"]),
            note=said["note"],
            proposal=said.get("proposal", ""),
            proposal_rule=said.get("rule", "") if said.get("proposal") else "",
        ),
    )


def pause_and_resume(*, find: FindMember, now: datetime) -> None:
    """Lay a pause of the company's posting that is over."""
    pause = _content()["pause"]
    start = now - timedelta(days=pause["days_ago"])
    with clock.moved(start), transaction():
        space = session().scalars(sa.select(Space).where(Space.slug == pause["space"])).one()
        made = spaces.pause_posting(
            actor=find(pause["by"]), own=None, space=space, reason=pause["reason"]
        )
    with clock.moved(start + timedelta(hours=pause["hours"])), transaction():
        spaces.resume_posting(actor=find(pause["by"]), own=None, pause=made, reason=pause["lifted"])
