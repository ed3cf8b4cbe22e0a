"""Reports of posts: one's own, and those that a case is about."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from community.kernel.db import session
from community.members.models import Member
from community.reviews.models import Review, ReviewKind
from community.reviews.protocols import REPORT
from community.threads.models import Report, ReportReason


def own_reports_in(*, viewer: Member, thread_id: int) -> dict[int, Report]:
    """Return the viewer's last report of each post of a thread, for a line nobody else sees."""
    found = session().scalars(
        sa.select(Report)
        .where(Report.member_id == viewer.id, Report.thread_id == thread_id)
        .order_by(Report.id)
    )
    return {report.post_id: report for report in found}


def find_own_report(*, viewer: Member, post_id: int) -> Report | None:
    """Return the viewer's last report of a post."""
    return session().scalar(
        sa.select(Report)
        .where(Report.member_id == viewer.id, Report.post_id == post_id)
        .order_by(Report.id.desc())
        .limit(1)
    )


def find_report_by_key(*, member_id: int, client_key: str) -> Report | None:
    """Return what a member has reported under a key."""
    return session().scalar(
        sa.select(Report).where(Report.member_id == member_id, Report.client_key == client_key)
    )


def find_report_in(*, review_id: int, member_id: int) -> Report | None:
    """Return a member's report in a case."""
    return session().scalar(
        sa.select(Report).where(Report.review_id == review_id, Report.member_id == member_id)
    )


def reports_in(*, review_id: int) -> Sequence[Report]:
    """Return the reports that belong to a case, the first first."""
    return (
        session()
        .scalars(sa.select(Report).where(Report.review_id == review_id).order_by(Report.id))
        .all()
    )


def reports_behind(review: Review) -> Sequence[Report]:
    """Return the reports that led to a case: its own, or of Privacy's those that name a patient."""
    if review.kind is ReviewKind.REPORT:
        return reports_in(review_id=review.id)
    if not any(rule.startswith(REPORT) for rule in review.rules):
        return ()
    return (
        session()
        .scalars(
            sa.select(Report)
            .where(
                Report.post_id == review.subject_id,
                Report.reason == ReportReason.PATIENT,
                Report.at >= review.opened_at,
            )
            .order_by(Report.id)
        )
        .all()
    )
