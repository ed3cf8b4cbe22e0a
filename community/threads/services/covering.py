"""Covers an earlier wording: an edit alone leaves to be read what should not have been written."""

from __future__ import annotations

from community.kernel.access import require
from community.kernel.errors import Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.spaces.models import Membership
from community.threads import access
from community.threads.models import Post, Revision, RevisionState
from community.threads.services.telling import record_post


def cover_wording(
    *, actor: Member, membership: Membership, post: Post, number: int | None
) -> Revision:
    """Take an earlier wording out of the room's sight; it is kept, and nobody reads it there.

    Args:
        actor: a moderator, or the author of a member's post.
        membership: the actor's place in the space.
        post: whose wording.
        number: of the wording, as the page of wordings shows it.

    Raises:
        Forbidden: the actor may not.
        Invalid: there is no such wording, or it is the one that stands.
    """
    take_turn(post)
    require(access.may_cover_wording(actor, membership, post))
    wording = next((each for each in post.revisions if each.number == number), None)
    if wording is None or wording.state not in {RevisionState.OLD, RevisionState.COVERED}:
        raise Invalid(N_("Only an earlier wording can be covered. Edit the post first."))
    if wording.state is RevisionState.OLD:
        wording.state = RevisionState.COVERED
        record_post(actor, post, "post.wording_covered")
    return wording
