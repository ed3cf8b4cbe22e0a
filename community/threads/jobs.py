"""What threads do about what was found out above them."""

from __future__ import annotations

from community.inquiries.models import Inquiry
from community.jobs.services import register
from community.kernel import letters
from community.kernel.db import Json, session
from community.members.models import Member
from community.threads import services
from community.threads.models import Post, PostState, Report, Thread


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
            by_moderator=post.removed_role in {"", "moderator"},
            path=f"/posts/{post.id}",
            space=post.thread.space,
        )


def mail_reporter(args: Json) -> None:
    """Write to who reported a post what came of it, without a word of what was said."""
    report = session().get_one(Report, args["report"])
    if report.review.is_open or not report.member.email or report.member.is_closed:
        return
    post = session().get_one(Post, report.post_id)
    letters.write(
        "threads/mail_reporter.txt",
        to=report.member.email,
        language=report.member.language,
        key=args["key"],
        member=report.member,
        is_down=post.state is PostState.REMOVED,
        path=f"/posts/{post.id}/report",
        space=post.thread.space,
    )


register("threads.lift_mark", lift_mark)
register("threads.mail_author", mail_author)
register("threads.mail_reporter", mail_reporter)
