"""Draws some of what the company publishes unapproved for a second reader, as it is published."""

from __future__ import annotations

import hashlib
import hmac

from community.audit.services import record
from community.insights import queries
from community.insights.models import SecondReading
from community.jobs.services import enqueue
from community.kernel import clock, realtime, settings
from community.kernel.db import session
from community.threads.models import Revision
from community.threads.services import follow_unapproved

BUSINESS_HOURS = 24  # three working days of eight hours
_SCALE = 2**64


def is_drawn(*, revision_id: int, percent: int, key: str) -> bool:
    """Whether a wording falls into a sample of `percent` in a hundred.

    The draw is the first 64 bits of HMAC-SHA256 over the wording's number, under the key of the
    installation: nobody foresees it who has not the key, and who has it can draw again and prove
    that none was picked by hand.
    """
    drawn = hmac.new(key.encode(), f"second-reading:{revision_id}".encode(), hashlib.sha256)
    return int.from_bytes(drawn.digest()[:8]) * 100 < percent * _SCALE


def draw(revision: Revision) -> None:
    """Draw a wording, or not, in the transaction that shows it.

    Only what the company's people wrote here: health professionals are not checked for what they
    think, and what came by an import was never judged.
    """
    post = revision.post
    if not post.author.is_company or post.origin == "import":
        return
    space, now = post.thread.space, clock.now()
    percent = queries.percent_of(space.id)
    key = settings.current().secret_key
    if not is_drawn(revision_id=revision.id, percent=percent, key=key):
        return
    reading = SecondReading(
        revision=revision,
        post=post,
        space_id=space.id,
        author_id=post.author_id,
        percent=percent,
        drawn_at=now,
        due_at=clock.add_business_hours(now, BUSINESS_HOURS, space.time_zone),
    )
    session().add(reading)
    session().flush()
    _tell(reading)


def _tell(reading: SecondReading) -> None:
    record(
        actor=None,
        action="second_reading.drawn",
        subject_kind="second_reading",
        subject_id=reading.id,
        space_id=reading.space_id,
        new={"post": reading.post_id, "percent": reading.percent},
    )
    realtime.ring_members([reader.id for reader in queries.readers_of(reading)], "readings")
    day = reading.drawn_at.date().isoformat()
    enqueue("insights.mail_readers", {"day": day}, key=f"second-readings-{day}")


follow_unapproved(draw)
