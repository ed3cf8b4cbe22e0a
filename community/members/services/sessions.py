"""Sessions that were left alone for too long, or are too old: ended, with their sockets."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from community.kernel import clock
from community.kernel.realtime import after_commit_disconnect_session
from community.kernel.unit_of_work import transaction
from community.members.models import (
    IDLE,
    LONGEST,
    STAFF_IDLE,
    STAFF_LONGEST,
    Affiliation,
    Member,
    MemberSession,
)
from community.members.services.passkeys import forget_old_challenges

_AT_ONCE = 500
_WRITTEN_WITHIN = timedelta(minutes=2)  # when one was seen is written once a minute


def end_worn_out_sessions() -> int:
    """End what no longer runs, in a transaction of its own; return how many sessions that were.

    Each request asks by itself whether its session runs; this closes sockets that ask nothing.
    """
    with transaction() as current:
        ids = list(current.scalars(_worn_out().limit(_AT_ONCE)))
        if ids:
            current.execute(
                sa.update(MemberSession)
                .where(MemberSession.id.in_(ids))
                .values(ended_at=clock.now())
            )
        for session_id in ids:
            after_commit_disconnect_session(session_id)
        forget_old_challenges()
    return len(ids)


def _worn_out() -> sa.Select[int]:
    is_staff = sa.or_(
        Member.affiliation == Affiliation.COMPANY, sa.cast(Member.duties, sa.Text) != "[]"
    )
    return (
        sa.select(MemberSession.id)
        .join(Member, Member.id == MemberSession.member_id)
        .where(
            MemberSession.ended_at.is_(None),
            sa.or_(
                _is_older_than(IDLE, LONGEST),
                sa.and_(is_staff, _is_older_than(STAFF_IDLE, STAFF_LONGEST)),
            ),
        )
    )


def _is_older_than(idle: timedelta, longest: timedelta) -> sa.ColumnElement[bool]:
    now = clock.now()
    return sa.or_(
        MemberSession.seen_at < now - idle - _WRITTEN_WITHIN,
        MemberSession.created_at < now - longest,
    )
