"""What the library tells its keepers by itself: what has expired, and what waits for them."""

from __future__ import annotations

from community.jobs.services import register
from community.kernel import housekeeping, letters
from community.kernel.db import Json, session
from community.kernel.unit_of_work import transaction
from community.library import services
from community.members.models import Member
from community.responses import access
from community.responses import queries as responses
from community.responses.models import ResponseVersion

A_DAY = 24 * 60 * 60


def mail_expired(args: Json) -> None:
    """Write to a keeper which responses have expired, and where they stand."""
    member = session().get_one(Member, args["member"])
    if not member.email or member.is_closed:
        return
    versions = [session().get_one(ResponseVersion, one) for one in args["versions"]]
    letters.write(
        "library/mail_expired.txt",
        to=member.email,
        language=member.language,
        key=f"library-expired-{member.id}-{'-'.join(str(one.id) for one in versions)}"[:200],
        member=member,
        expired=[(one, responses.count_uses(one.response)) for one in versions],
    )


def mail_waiting(args: Json) -> None:
    """Write to a keeper that a version waits for a second one, unless it no longer does."""
    member = session().get_one(Member, args["member"])
    version = session().get_one(ResponseVersion, args["version"])
    if not member.email or not access.may_confirm_version(member, version):
        return
    letters.write(
        "library/mail_waiting.txt",
        to=member.email,
        language=member.language,
        key=f"library-waiting-{version.id}-{member.id}",
        member=member,
        version=version,
    )


def tell_of_expired() -> None:
    """The daily chore."""
    with transaction():
        services.tell_of_expired()


register("library.mail_expired", mail_expired)
register("library.mail_waiting", mail_waiting)
housekeeping.every(A_DAY / 24, "library", tell_of_expired, per_site=True)
