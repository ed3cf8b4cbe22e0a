"""Finds whom news concerns, and leaves a letter for each who wants one, soon or in a summary."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from community.jobs.services import enqueue
from community.kernel import clock, upserts
from community.kernel.db import Json, session
from community.kernel.turns import take_turn_at
from community.notifications import queries
from community.notifications.models import LookedThrough, Summary
from community.spaces.models import Letters, Membership
from community.threads.models import Post

WAIT = timedelta(minutes=10)  # whoever reads along by then needs no letter
OLD = timedelta(days=2)  # what is put back, or changed, after that is no news
MORNING, MONDAY = 7, 0
PERIODS = {Letters.DAILY: timedelta(days=1), Letters.WEEKLY: timedelta(days=7)}


def look_through_news() -> None:
    """Leave letters about the posts that have stood for ten minutes, each once.

    Of a thread a member gets one letter until they have read on: its key holds how far they read.
    """
    take_turn_at("look through news")
    now = clock.now()
    for space_id, after in queries.spaces_with_news():
        last = queries.last_number(space_id=space_id, after=after, until=now - WAIT)
        if last == after:
            continue
        for post in queries.posts_between(
            space_id=space_id, after=after, last=last, since=now - OLD
        ):
            for place, read in queries.concerned_by(post):
                _leave_letter(post, place, read)
        _note_looked_through(space_id, last)


def _leave_letter(post: Post, place: Membership, read: int) -> None:
    key = f"news-{place.member_id}-{post.thread_id}-{read}"
    args = {"member": place.member_id, "post": post.id, "key": key}
    enqueue("notifications.mail_news", args, key=key)


def _note_looked_through(space_id: int, seq: int) -> None:
    session().execute(
        upserts.insert(LookedThrough)
        .values(space_id=space_id, seq=seq)
        .on_conflict_do_update(index_elements=["space_id"], set_={"seq": seq})
    )


def leave_summaries() -> None:
    """Leave a summary for each whose morning it is: each day, or on Mondays, in their own time."""
    take_turn_at("leave summaries")
    now = clock.now()
    due = [
        (place, before)
        for place, before in queries.with_summaries()
        if is_due(Letters(place.notification_level), before, now, place.member.time_zone)
    ]
    for member_id, places in groupby(due, key=lambda each: each[0].member_id):
        since: Json = {}
        for place, before in places:
            period = PERIODS[Letters(place.notification_level)]
            since[str(place.space_id)] = (before or now - period).isoformat()
            _note_due(place, now)
        key = f"summary-{member_id}-{now:%Y-%m-%d}"
        args = {"member": member_id, "since": since, "key": key}
        enqueue("notifications.mail_summary", args, key=key)


def is_due(level: Letters, before: datetime | None, now: datetime, zone: str) -> bool:
    """Whether a summary is due: after seven in the morning, on Mondays where it is weekly.

    Args:
        level: how often.
        before: when the last one was due, if one was.
        now: the moment.
        zone: the reader's.
    """
    here = ZoneInfo(zone or "UTC")
    local = now.astimezone(here)
    if local.hour < MORNING or (level is Letters.WEEKLY and local.weekday() != MONDAY):
        return False
    return before is None or before.astimezone(here).date() < local.date()


def _note_due(place: Membership, now: datetime) -> None:
    session().execute(
        upserts.insert(Summary)
        .values(membership_id=place.id, due_at=now)
        .on_conflict_do_update(index_elements=["membership_id"], set_={"due_at": now})
    )
