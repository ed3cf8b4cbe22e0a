"""Taking down and putting back, pinning and locking: each with a reason and its proof."""

from __future__ import annotations

from community.audit.services import record
from community.guardrails import services as guardrails
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.reasons import whole_reason
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.reviews.access import MODERATORS
from community.spaces.models import Membership
from community.threads import access
from community.threads.models import Post, PostState, Thread
from community.threads.services.telling import record_post, tell_author, tell_post, tell_thread


def remove_post(*, actor: Member, membership: Membership, post: Post, reason: str) -> None:
    """Take a post down. A line in its place says who did it and why; it can be put back.

    Raises:
        Forbidden: the actor is neither its author nor a moderator.
        Invalid: a moderator gave no reason, or one that could not stand in the room.
        Conflict: it is already down.
    """
    take_turn(post)
    require(access.may_remove_post(actor, membership, post))
    own = post.author_id == actor.id
    _take_down(actor, post, "author" if own else "moderator", whole_reason(reason, needed=not own))


def remove_reported(*, actor: Member, post: Post, desk: str, reason: str) -> None:
    """Take down a post that was reported, as whoever owns its case has decided.

    Args:
        actor: who decides.
        post: which.
        desk: that of the case: the moderators', or who stands in where there are none.
        reason: what all read in its place.

    Raises:
        Conflict: it is already down.
    """
    take_turn(post)
    role = "moderator" if desk == MODERATORS else desk
    _take_down(actor, post, role, whole_reason(reason))


def _take_down(actor: Member, post: Post, role: str, reason: str) -> None:
    _require_sayable(actor, post.thread, reason)
    if post.state is PostState.REMOVED:
        raise Conflict(N_("This post has already been taken down."))
    post.state = PostState.REMOVED
    post.removed_at = clock.now()
    post.removed_by_id = actor.id
    post.removed_role = role
    post.removed_reason = reason
    post.version += 1
    session().flush()
    tell_post(post)
    record_post(actor, post, "post.removed", reason=reason)
    if role != "author":
        tell_author(post, "removed", actor=actor)


def restore_post(*, actor: Member, membership: Membership, post: Post, reason: str = "") -> None:
    """Put a post back where it stood.

    Raises:
        Forbidden: the actor may not.
        Conflict: it stands in the room already.
    """
    take_turn(post)
    require(access.may_restore_post(actor, membership, post))
    if post.state is not PostState.REMOVED:
        raise Conflict(N_("This post stands in the room."))
    post.state = PostState.PUBLISHED
    post.removed_at = post.removed_by_id = None
    post.removed_role = post.removed_reason = ""
    post.version += 1
    session().flush()
    tell_post(post)
    record_post(actor, post, "post.restored", reason=whole_reason(reason, needed=False))
    if actor.id != post.author_id:
        tell_author(post, "restored", actor=actor)


def pin_thread(*, actor: Member, membership: Membership, thread: Thread, pinned: bool) -> None:
    """Keep a thread at the top of its space, or let it go."""
    require(access.may_moderate_thread(actor, membership, thread))
    take_turn(thread)
    thread.pinned_at = clock.now() if pinned else None
    _changed_thread(actor, thread, "thread.pinned" if pinned else "thread.unpinned")


def lock_thread(
    *, actor: Member, membership: Membership, thread: Thread, locked: bool, reason: str
) -> None:
    """Close a thread to replies, with a reason that all read, or open it again.

    Raises:
        Forbidden: the actor may not.
        Invalid: no reason, or one that could not stand in the room.
    """
    require(access.may_moderate_thread(actor, membership, thread))
    reason = whole_reason(reason, needed=locked)
    _require_sayable(actor, thread, reason if locked else "")
    take_turn(thread)
    thread.locked_at = clock.now() if locked else None
    thread.locked_reason = reason if locked else ""
    _changed_thread(actor, thread, "thread.locked" if locked else "thread.unlocked", reason)


def _require_sayable(actor: Member, thread: Thread, reason: str) -> None:
    """Demand that a reason which the room reads could stand in it."""
    guardrails.require_sayable(author=actor, space=thread.space, words=reason, field="reason")


def _changed_thread(actor: Member, thread: Thread, action: str, reason: str = "") -> None:
    thread.version += 1
    session().flush()
    tell_thread(thread)
    record(
        actor=actor,
        action=action,
        subject_kind="thread",
        subject_id=thread.id,
        space_id=thread.space_id,
        reason=reason,
    )
