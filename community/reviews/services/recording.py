"""What was done with a case, as the record keeps it."""

from __future__ import annotations

from community.audit.services import record
from community.kernel.db import Json
from community.members.models import Member
from community.reviews.models import Review


def keep_deed(
    actor: Member | None,
    review: Review,
    action: str,
    *,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    """Write an entry about a case into the record; `actor` is None for the software itself."""
    record(
        actor=actor,
        action=action,
        subject_kind="review",
        subject_id=review.id,
        space_id=review.space_id,
        reason=reason,
        old=old,
        new=new,
    )
