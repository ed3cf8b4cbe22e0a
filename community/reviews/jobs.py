"""Tells a case's owners by mail that it is there; what it says stays here."""

from __future__ import annotations

from community.jobs.services import register
from community.kernel import letters
from community.kernel.db import Json, session
from community.reviews import queries
from community.reviews.models import Review


def mail_owners(args: Json) -> None:
    """Write to everyone who may decide an open case."""
    review = session().get(Review, args["review"])
    if review is None or not review.is_open:
        return
    for owner in queries.owners_of(review):
        if owner.email:
            letters.write(
                "reviews/mail_owner.txt",
                to=owner.email,
                language=owner.language,
                key=f"review-{review.id}-{owner.id}",
                member=owner,
                review=review,
            )


register("reviews.mail_owners", mail_owners)
