"""Letters to one member about something that was done to them or by them."""

from __future__ import annotations

from community.jobs.services import enqueue
from community.kernel import tokens
from community.members.models import Member


def tell(member: Member, what: str) -> None:
    """Leave a letter `members/mail_<what>.txt` to be written; none for those who never sign in.

    The random word makes each such letter one of its own, and its repetition the same one.
    """
    if member.email and member.sign_in_allowed:
        enqueue(f"members.mail_{what}", {"member_id": member.id, "letter": tokens.nonce()})
