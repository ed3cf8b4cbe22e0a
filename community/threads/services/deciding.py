"""What a decision does to a held post or a held edit. The desk calls these."""

from __future__ import annotations

from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.threads.models import Post, PostState, Revision, RevisionState
from community.threads.services.telling import number, record_post, tell_author, tell_post


def release_post(*, actor: Member, post: Post) -> None:
    """Let a held post into the room: at the end of its thread, now."""
    number(post, clock.now())
    revision = post.revisions[-1]
    revision.state = RevisionState.SHOWN
    record_post(actor, post, "post.released")
    tell_author(post, "released", actor=actor)


def return_post(*, actor: Member, post: Post, reason: str) -> None:
    """Give a held post back to its author, whose draft it becomes."""
    post.state = PostState.RETURNED
    post.revisions[-1].state = RevisionState.RETURNED
    record_post(actor, post, "post.returned", reason=reason)
    tell_author(post, "returned", actor=actor)


def refuse_post(*, actor: Member, post: Post, reason: str) -> None:
    """Take a held post away for good; its author still reads it, with the reason."""
    post.state = PostState.RETURNED
    post.revisions[-1].state = RevisionState.RETURNED
    post.removed_at = clock.now()
    post.removed_by_id = actor.id
    post.removed_reason = reason
    record_post(actor, post, "post.refused", reason=reason)
    tell_author(post, "refused", actor=actor)


def show_revision(*, actor: Member, revision: Revision) -> None:
    """Put a wording in the place of the one before.

    Raises:
        Conflict: the post was taken down meanwhile.
    """
    post = revision.post
    take_turn(post)
    if post.state is not PostState.PUBLISHED:
        raise Conflict(N_("The post has been taken down meanwhile. Close the case instead."))
    for other in post.revisions:
        if other.state is RevisionState.SHOWN:
            other.state = RevisionState.OLD
    revision.state = RevisionState.SHOWN
    post.text, post.html = revision.text, revision.html
    post.edited_at = clock.now()
    post.version += 1
    session().flush()
    tell_post(post)
    record_post(actor, post, "post.edited")
    if actor.id != post.author_id:
        tell_author(post, "released", actor=actor)


def return_revision(*, actor: Member, revision: Revision, reason: str) -> None:
    """Give a held edit back; the wording in the room stays."""
    revision.state = RevisionState.RETURNED
    record_post(actor, revision.post, "post.edit_returned", reason=reason)
    tell_author(revision.post, "edit_returned", actor=actor)
