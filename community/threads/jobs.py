"""What threads do about what was found out above them."""

from __future__ import annotations

from community.inquiries.models import Inquiry
from community.jobs.services import register
from community.kernel.db import Json, session
from community.members.models import Member
from community.threads import services
from community.threads.models import Thread


def lift_mark(args: Json) -> None:
    """Medical Information says that a question was within the label."""
    thread = session().get(Thread, args["thread"])
    if thread is not None:
        services.follow_inquiry(
            actor=session().get_one(Member, args["actor"]),
            thread=thread,
            number=session().get_one(Inquiry, args["inquiry"]).number,
        )


register("threads.lift_mark", lift_mark)
