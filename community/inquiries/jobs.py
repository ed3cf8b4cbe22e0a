"""Tells a member by mail that Medical Information has written; what it wrote stays here."""

from __future__ import annotations

from community.inquiries.models import Inquiry
from community.jobs.services import register
from community.kernel import letters
from community.kernel.db import Json, session


def mail_member(args: Json) -> None:
    """Write to the member who asked."""
    inquiry = session().get_one(Inquiry, args["inquiry"])
    member = inquiry.member
    if not member.email or member.is_closed or not member.sign_in_allowed:
        return
    letters.write(
        "inquiries/mail_member.txt",
        to=member.email,
        language=member.language,
        key=f"inquiry-{inquiry.id}-{args['message']}",
        member=member,
        inquiry=inquiry,
    )


register("inquiries.mail_member", mail_member)
