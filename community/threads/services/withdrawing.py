"""Taking back what waits for a person, before that person has decided."""

from __future__ import annotations

from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.turns import take_turn
from community.members.models import Member
from community.reviews import services as reviews
from community.spaces.models import Membership
from community.threads import access, queries
from community.threads.models import Post, PostState, Revision, RevisionState
from community.threads.services.telling import record_post


def withdraw_post(*, actor: Member, membership: Membership, post: Post) -> None:
    """Take back one's own held post, or the held change to one's own post in the room.

    The words are its author's again, to be changed and sent anew. The case is claimed first, as
    whoever decides does: of the two, one is told that the other was quicker.

    Raises:
        Forbidden: it is not the actor's.
        Conflict: nothing of it waits, or somebody has just decided.
    """
    require(access.may_withdraw_post(actor, membership, post))
    revision = None if post.number is None else queries.find_held_edit(viewer=actor, post=post)
    if revision is None:
        reviews.withdraw(actor=actor, subject_kind="post", subject_id=post.id)
    else:
        reviews.withdraw(actor=actor, subject_kind="revision", subject_id=revision.id)
    take_turn(post)
    _give_back(post, revision)
    session().flush()
    record_post(actor, post, "post.withdrawn" if revision is None else "post.edit_withdrawn")


def _give_back(post: Post, revision: Revision | None) -> None:
    held = revision or post.revisions[-1]
    if revision is None and post.state is not PostState.HELD:
        raise Conflict(reviews.NOTHING_WAITS, code="decided")
    if held.state is not RevisionState.HELD:
        raise Conflict(reviews.NOTHING_WAITS, code="decided")
    held.state = RevisionState.RETURNED
    if revision is None:
        post.state = PostState.RETURNED
