"""What was changed from one wording of a post to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from community.kernel.difference import DifferenceBlock, difference
from community.threads.models import Revision


@dataclass(frozen=True)
class Wording:
    """One wording of a post, with the difference to the one before; none for the first."""

    number: int
    at: datetime
    html: str
    changes: Sequence[DifferenceBlock] | None


def wordings(revisions: Sequence[Revision]) -> list[Wording]:
    """Return the wordings of a post, the newest first, each with its changes."""
    found: list[Wording] = []
    before: str | None = None
    for revision in revisions:
        changes = None if before is None else difference(before, revision.text)
        found.append(Wording(revision.number, revision.created_at, revision.html, changes))
        before = revision.text
    return found[::-1]
