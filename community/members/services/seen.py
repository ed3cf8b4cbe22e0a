"""When a session was last seen: kept in memory and written once a minute, as GET keeps nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from community.kernel import clock
from community.kernel.unit_of_work import transaction
from community.members.models import MemberSession

_seen: dict[int, datetime] = {}


def note_seen(session_id: int) -> None:
    """Remember that a session asked for something just now."""
    _seen[session_id] = clock.now()


def write_seen() -> int:
    """Write what was remembered, in a transaction of its own; return how many sessions that were.

    What can't be written now is kept for the next time.
    """
    noted = dict(_seen)
    if not noted:
        return 0
    with transaction() as current:
        for session_id, moment in sorted(noted.items()):
            current.execute(
                sa.update(MemberSession)
                .where(MemberSession.id == session_id, MemberSession.seen_at < moment)
                .values(seen_at=moment)
            )
    for session_id, moment in noted.items():
        if _seen.get(session_id) == moment:
            del _seen[session_id]
    return len(noted)
