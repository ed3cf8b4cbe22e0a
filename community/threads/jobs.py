"""What threads do about what was found out above them."""

from __future__ import annotations

from community.inquiries.models import Inquiry
from community.jobs.services import register
from community.kernel import letters
from community.kernel.db import Json, session
from community.members.models import Member
from community.threads import services
from community.threads.models import Post, Thread


def lift_mark(args: Json) -> None:
    """Medical Information says that a question was within the label."""
    thread = session().get(Thread, args["thread"])
    if thread is not None:
        services.follow_inquiry(
            actor=session().get_one(Member, args["actor"]),
            thread=thread,
            number=session().get_one(Inquiry, args["inquiry"]).number,
        )


def mail_author(args: Json) -> None:
    """Write to an author that somebody else has decided on a text of theirs, without its words."""
    post = session().get_one(Post, args["post"])
    if post.author.email and not post.author.is_closed:
        letters.write(
            "threads/mail_author.txt",
            to=post.author.email,
            language=post.author.language,
            key=args["key"],
            member=post.author,
            by=session().get_one(Member, args["actor"]),
            what=args["what"],
            path=f"/posts/{post.id}",
            space=post.thread.space,
        )


register("threads.lift_mark", lift_mark)
register("threads.mail_author", mail_author)
