"""Tells a case's owners by mail that it is there; what it says stays here.

Sees, too, that no case stays with a desk that has lost its last holder.
"""

from __future__ import annotations

from community.jobs.services import enqueue, register
from community.kernel import housekeeping, letters
from community.kernel.db import Json, session
from community.kernel.unit_of_work import transaction
from community.members.models import Member
from community.reviews import queries, services
from community.reviews.models import Review

SECONDS_BETWEEN_LOOKS = 60


def mail_owners(args: Json) -> None:
    """Leave a letter to each who may decide an open case: one that fails repeats no other."""
    review = session().get(Review, args["review"])
    if review is None or not review.is_open:
        return
    for owner in queries.owners_of(review):
        if owner.email:
            key = f"review-{review.id}-{owner.id}{args.get('occasion', '')}"
            letter = {"review": review.id, "member": owner.id, "key": key}
            enqueue("reviews.mail_owner", letter, key=key)


def mail_owner(args: Json) -> None:
    """Write to one of them, if the case still waits."""
    review = session().get_one(Review, args["review"])
    owner = session().get_one(Member, args["member"])
    if review.is_open and owner.email and owner in queries.owners_of(review):
        letters.write(
            "reviews/mail_owner.txt",
            to=owner.email,
            language=owner.language,
            key=args.get("key", f"review-{review.id}-{owner.id}"),
            member=owner,
            review=review,
        )


def hand_on() -> None:
    """Give the cases that nobody can decide any more to whoever stands in."""
    with transaction():
        services.hand_on()


register("reviews.mail_owners", mail_owners)
register("reviews.mail_owner", mail_owner)
housekeeping.every(SECONDS_BETWEEN_LOOKS, "hand on cases", hand_on, per_site=True)
