"""Who follows what goes out: features above, which threads know nothing of.

They are asked in the transaction of the publication itself: what they write stands or falls
with it.
"""

from __future__ import annotations

from collections.abc import Callable

from community.threads.models import Revision

Follower = Callable[[Revision], None]
_followers: list[Follower] = []


def follow_unapproved(follower: Follower) -> None:
    """Register who is told of each wording that goes into the room without anybody's approval."""
    if follower not in _followers:
        _followers.append(follower)


def tell_unapproved(revision: Revision) -> None:
    """Tell them of one: a new post or an edit that was shown at once."""
    for follower in _followers:
        follower(revision)
