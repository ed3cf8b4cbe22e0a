"""Who may read and answer an inquiry: its member, and who holds the desk that answers."""

from __future__ import annotations

import sqlalchemy as sa

from community.inquiries.models import Inquiry
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Duty, Member
from community.reviews.models import Review

MEDICAL_INFORMATION = Duty.MEDICAL_INFORMATION.value


def may_ask(viewer: Member) -> Decision:
    """Health professionals ask; the company's people ask each other elsewhere."""
    if viewer.is_closed:
        return UNSEEN
    if viewer.is_company:
        return no("company", N_("Medical Information answers health professionals here."))
    return YES


def may_see_inquiry(viewer: Member, inquiry: Inquiry) -> Decision:
    """The member who asks, and those who answer. Nobody else knows that it is there."""
    if viewer.is_closed:
        return UNSEEN
    if inquiry.member_id == viewer.id or inquiry.owner in viewer.duties:
        return YES
    return UNSEEN


def may_answer_inquiry(viewer: Member, inquiry: Inquiry) -> Decision:
    """Who holds the desk that answers, and never the member who asks."""
    seen = may_see_inquiry(viewer, inquiry)
    if not seen:
        return seen
    if inquiry.member_id == viewer.id:
        return no("own", N_("Somebody else answers your own question."))
    return YES


def answers_inquiries(viewer: Member) -> bool:
    """Whether the viewer belongs to those who answer."""
    return not viewer.is_closed and MEDICAL_INFORMATION in viewer.duties


def inquiries_answered_by(viewer: Member) -> sa.ColumnElement[bool]:
    """The list twin of `may_answer_inquiry`, for a query that joins `Inquiry` with its `Review`."""
    if viewer.is_closed:
        return sa.false()
    owner = sa.func.coalesce(Review.owner, MEDICAL_INFORMATION)
    return sa.and_(owner.in_(viewer.duties), Inquiry.member_id != viewer.id)
