"""Reads of inquiries: one's own, and those that one answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from community.inquiries import access
from community.inquiries.models import STILL_OWED, WITHIN_LABEL, Inquiry, InquiryMessage
from community.kernel.access import require
from community.kernel.db import read, session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.reviews.models import Review

MOST = 200
DONE_A_PAGE = 50


def get_inquiry(*, viewer: Member, inquiry_id: int) -> Inquiry:
    """Return an inquiry of one's own, or one that one answers.

    Raises:
        NotFound: there is none, or it is not the viewer's to see.
    """
    inquiry = session().get(Inquiry, inquiry_id)
    if inquiry is None:
        raise NotFound
    require(access.may_see_inquiry(viewer, inquiry))
    return inquiry


def own_inquiries(*, viewer: Member) -> Sequence[Inquiry]:
    """Return what the viewer has asked, the latest first."""
    return (
        session()
        .scalars(
            sa.select(Inquiry)
            .where(Inquiry.member_id == viewer.id)
            .options(selectinload(Inquiry.messages))
            .order_by(Inquiry.id.desc())
            .limit(MOST)
        )
        .all()
    )


def waiting_for(*, viewer: Member) -> Sequence[Inquiry]:
    """Return the inquiries that wait for the viewer's answer, the most urgent first."""
    waiting = _answered_by(viewer).where(Inquiry.state.in_(STILL_OWED))
    return session().scalars(waiting.order_by(Inquiry.due_at, Inquiry.id).limit(MOST)).all()


@dataclass(frozen=True)
class DonePage:
    """Inquiries that nobody waits for, the last first; `next_before` continues, 0 ends it."""

    inquiries: Sequence[Inquiry]
    next_before: int


def done_by(*, viewer: Member, before: int = 0) -> DonePage:
    """Return the inquiries of the viewer's desk that are answered or closed, a page at a time.

    Args:
        viewer: who answers them.
        before: the key of the inquiry that the page before ended with; 0 for the first page.
    """
    query = _answered_by(viewer).where(Inquiry.state.not_in(STILL_OWED))
    if before:
        query = query.where(Inquiry.id < before)
    found = session().scalars(query.order_by(Inquiry.id.desc()).limit(DONE_A_PAGE + 1)).all()
    more = len(found) > DONE_A_PAGE
    return DonePage(found[:DONE_A_PAGE], found[DONE_A_PAGE - 1].id if more else 0)


def _answered_by(viewer: Member) -> sa.Select[Inquiry]:
    return (
        sa.select(Inquiry)
        .outerjoin(Review, Review.id == Inquiry.review_id)
        .where(access.inquiries_answered_by(viewer))
    )


def count_waiting(*, viewer: Member) -> int:
    """Return how many inquiries wait for the viewer's answer."""
    query = (
        _answered_by(viewer)
        .where(Inquiry.state.in_(STILL_OWED))
        .with_only_columns(sa.func.count(Inquiry.id))
    )
    return session().scalar(query) or 0


def own_in_thread(*, viewer: Member, thread_id: int) -> Sequence[Inquiry]:
    """Return what the viewer has asked in a thread, for a quiet line that nobody else sees."""
    return (
        session()
        .scalars(
            sa.select(Inquiry)
            .where(Inquiry.member_id == viewer.id, Inquiry.thread_id == thread_id)
            .order_by(Inquiry.id)
        )
        .all()
    )


_FOR_POST = sa.select(Inquiry).where(
    Inquiry.member_id == sa.bindparam("member"), Inquiry.post_id == sa.bindparam("post")
)

_ID_FOR_POST = _FOR_POST.with_only_columns(Inquiry.id)


def find_for_post(*, member_id: int, post_id: int) -> Inquiry | None:
    """Return the inquiry that a member has about a post."""
    return session().scalar(_FOR_POST, {"member": member_id, "post": post_id})


def find_id_for_post(*, member_id: int, post_id: int) -> int | None:
    """Return the key of that inquiry, where nothing else of it is wanted."""
    rows = read(_ID_FOR_POST, {"member": member_id, "post": post_id})
    return rows[0].id if rows else None


def is_within_label(post_id: int) -> bool:
    """Whether Medical Information found a question within the label, so the room may talk of it."""
    found = sa.exists().where(Inquiry.post_id == post_id, Inquiry.outcome == WITHIN_LABEL)
    return bool(session().scalar(sa.select(found)))


def is_key_used(*, author_id: int, client_key: str) -> bool:
    """Whether a member has sent a letter under this key."""
    return bool(
        session().scalar(
            sa.select(
                sa.exists().where(
                    InquiryMessage.author_id == author_id, InquiryMessage.client_key == client_key
                )
            )
        )
    )


def find_for_review(review_id: int) -> Inquiry | None:
    """Return the inquiry that a case stands for."""
    return session().scalar(sa.select(Inquiry).where(Inquiry.review_id == review_id))


def is_thread_off_label(thread_id: int) -> bool:
    """Whether a question of a thread is taken to be off-label: nobody found it within the label."""
    return bool(
        session().scalar(
            sa.select(
                sa.exists().where(
                    Inquiry.thread_id == thread_id,
                    Inquiry.origin != "member",
                    Inquiry.outcome != WITHIN_LABEL,
                )
            )
        )
    )
