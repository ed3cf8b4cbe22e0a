"""The letters themselves; each is asked for once more when it goes out: much is read by then."""

from __future__ import annotations

from datetime import datetime

from community.jobs.services import register
from community.kernel import housekeeping, letters
from community.kernel.db import Json, session
from community.kernel.unit_of_work import transaction
from community.members.models import Member
from community.notifications import queries, services
from community.threads.models import Post, PostState

A_MINUTE, AN_HOUR = 60, 3_600


def mail_news(args: Json) -> None:
    """Write that somebody has answered, or begun a thread, unless it is read, or gone, by now."""
    member, post = session().get_one(Member, args["member"]), session().get(Post, args["post"])
    if post is None or post.state is not PostState.PUBLISHED:
        return
    place = queries.find_concerned(member_id=member.id, post=post)
    if place is not None:
        _write("news", member, key=args["key"], post=post, space=place.space)


def mail_summary(args: Json) -> None:
    """Write in how many threads there is something new, unless there is nothing."""
    member = session().get_one(Member, args["member"])
    since = {int(key): datetime.fromisoformat(at) for key, at in args["since"].items()}
    news = queries.news_since(member=member, since=since)
    if news:
        _write("summary", member, key=args["key"], news=news)


def _write(what: str, member: Member, *, key: str, **values: object) -> None:
    if not member.email or member.is_closed or not member.sign_in_allowed:
        return
    letters.write(
        f"notifications/mail_{what}.txt",
        to=member.email,
        language=member.language,
        key=f"notifications-{key}",
        member=member,
        **values,
    )


def look_through_news() -> None:
    """See whom the news of the last minutes concerns."""
    with transaction():
        services.look_through_news()


def leave_summaries() -> None:
    """See whose morning it is."""
    with transaction():
        services.leave_summaries()


register("notifications.mail_news", mail_news)
register("notifications.mail_summary", mail_summary)
housekeeping.every(A_MINUTE, "look through news", look_through_news, per_site=True)
housekeeping.every(AN_HOUR / 4, "leave summaries", leave_summaries, per_site=True)
