"""A case's clock as it is drawn."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from community.kernel import faces
from community.kernel.faces import Face
from community.reviews.models import Review


def face_of(review: Review, now: datetime) -> Face:
    """Draw the clock of a case: that of its next deadline."""
    open_deadlines = [deadline for deadline in review.deadlines if deadline.met_at is None]
    if not review.is_open:
        return faces.stopped(gettext("Decided"))
    if not open_deadlines:
        return faces.stopped(gettext("Ready to close"))
    deadline = open_deadlines[0]
    return faces.draw(start=deadline.starts_at, due=deadline.due_at, now=now)
