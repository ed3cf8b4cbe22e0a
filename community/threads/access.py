"""Who may read, write and change threads and posts. Each check has its list twin beside it.

All of them ask for the viewer's membership in the space: without one nothing here exists.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from community.inquiries import queries as inquiries
from community.kernel import clock
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Member
from community.spaces import access as spaces
from community.spaces.models import Membership, MembershipState, Role, Space
from community.threads.models import Post, PostState, Thread


def may_see_thread(viewer: Member, membership: Membership | None, thread: Thread) -> Decision:
    """A thread is seen by the space's members; until its first post is out, by its author."""
    if membership is None or membership.space_id != thread.space_id:
        return UNSEEN
    if not spaces.may_read(viewer, membership):
        return UNSEEN
    if thread.last_number == 0 and thread.author_id != viewer.id:
        return UNSEEN
    return YES


def threads_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """The list twin of `may_see_thread`."""
    return sa.false() if viewer.is_closed else is_thread_seen_by(viewer.id)


def is_thread_seen_by(member_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Return that condition for whoever is not closed; with a parameter, for one of many."""
    place = (
        sa.select(Membership.id)
        .where(
            Membership.space_id == Thread.space_id,
            Membership.member_id == member_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .exists()
    )
    return sa.and_(place, sa.or_(Thread.last_number > 0, Thread.author_id == member_id))


def may_see_post(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """A post with a number is seen by the space's members, one without by its author."""
    seen = may_see_thread(viewer, membership, post.thread)
    if not seen:
        return seen
    if post.number is None and post.author_id != viewer.id:
        return UNSEEN
    return YES


def posts_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """The list twin of `may_see_post`, for a query that joins `Post` with `Thread`."""
    return sa.and_(
        threads_visible_to(viewer),
        sa.or_(Post.number.is_not(None), Post.author_id == viewer.id),
    )


def may_start_thread(viewer: Member, membership: Membership | None) -> Decision:
    """Whoever may write in the space may start a thread in it."""
    return spaces.may_post_here(viewer, membership)


def may_reply(viewer: Member, membership: Membership | None, thread: Thread) -> Decision:
    """Whoever may write in the space may reply, while the thread is open."""
    seen = may_see_thread(viewer, membership, thread)
    if not seen:
        return seen
    here = spaces.may_post_here(viewer, membership)
    if not here:
        return here
    if thread.locked_at is not None and not _moderates(membership):
        return no("locked", N_("This thread is locked: %(why)s"), why=thread.locked_reason)
    if thread.last_number == 0:
        return no("not_out", N_("This thread waits for a person to look at it first."))
    return YES


def may_point(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """The company's authors point a member's question to Medical Information."""
    if not (seen := may_see_post(viewer, membership, post)):
        return seen
    if not viewer.is_company or post.author.is_company:
        return no("not_a_question", N_("The company points a member's question there."))
    if inquiries.is_within_label(post.id):
        return no(
            "within_label",
            N_("Medical Information found this question within the label. Answer it in the room."),
        )
    return may_reply(viewer, membership, post.thread)


def may_correct(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """The company's authors and the moderators put a false statement of fact right."""
    if not (seen := may_see_post(viewer, membership, post)):
        return seen
    if not viewer.is_company and not _moderates(membership):
        return no("not_moderator", N_("The moderators of this space and the company do that."))
    if post.author_id == viewer.id:
        return no("own", N_("Say in words of your own what you want to put right."))
    return may_reply(viewer, membership, post.thread)


def may_report_post(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """Whoever reads a post in the room may ask the moderators to look at it, in a pause as well."""
    if not (seen := may_see_post(viewer, membership, post)):
        return seen
    if post.author_id == viewer.id:
        return no("own", N_("This is your own post. You can edit it, or take it down."))
    if post.number is None:
        return UNSEEN
    return YES


def may_edit_post(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """One's own post, while the space's window is open and nobody has taken it down."""
    if not (seen := may_see_post(viewer, membership, post)):
        return seen
    if post.author_id != viewer.id:
        return no("not_yours", N_("Only its author can change a post."))
    if post.state is not PostState.PUBLISHED:
        return no("not_out", N_("This post is not in the room, so it can't be edited there."))
    if not (here := may_reply(viewer, membership, post.thread)):
        return here
    if not is_edit_window_open(post):
        minutes = post.thread.space.edit_minutes
        return no(
            "too_late",
            N_("A post can be edited for %(minutes)s minutes. Write a new one that corrects it."),
            minutes=minutes,
        )
    return YES


def is_edit_window_open(post: Post) -> bool:
    """Whether the space still lets the author change the post."""
    if post.published_at is None:
        return False
    return not is_window_over(post.published_at, post.thread.space)


def is_window_over(published_at: datetime, space: Space) -> bool:
    """Whether a post that came into the room at a moment can't be edited any more."""
    return clock.has_come(published_at + timedelta(minutes=space.edit_minutes))


def may_remove_post(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """Moderators take posts down; an author takes down one's own."""
    seen = may_see_post(viewer, membership, post)
    if not seen:
        return seen
    if post.number is None:
        return no("not_out", N_("This post is not in the room."))
    if post.author_id == viewer.id or _moderates(membership):
        return YES
    return no("not_moderator", N_("The moderators of this space do that."))


def may_cover_wording(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """Moderators cover what a post said before, members what their own did; the company's stays."""
    removable = may_remove_post(viewer, membership, post)
    if removable and post.author.is_company and not _moderates(membership):
        return no("company", N_("What the company said before stays to be read."))
    return removable


def may_withdraw_post(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """An author takes back what waits for a person, in a pause as well."""
    if not (seen := may_see_post(viewer, membership, post)):
        return seen
    if post.author_id != viewer.id:
        return no("not_yours", N_("Only its author can take a text back."))
    return YES


def may_restore_post(viewer: Member, membership: Membership | None, post: Post) -> Decision:
    """Moderators put back what a moderator took down, an author what the author did."""
    seen = may_see_post(viewer, membership, post)
    if not seen:
        return seen
    withdrawn = post.removed_by_id == post.author_id
    if withdrawn and post.author_id != viewer.id:
        return no("withdrawn", N_("Its author took this post back. Only its author can return it."))
    if not withdrawn and (post.author_id == viewer.id or not _moderates(membership)):
        return no("not_moderator", N_("The moderators of this space do that."))
    return (
        spaces.may_post_here(viewer, membership)
        if withdrawn
        else spaces.may_change_here(membership)
    )


def may_moderate_thread(viewer: Member, membership: Membership | None, thread: Thread) -> Decision:
    """The space's moderators pin and lock."""
    seen = may_see_thread(viewer, membership, thread)
    if not seen:
        return seen
    if not _moderates(membership):
        return no("not_moderator", N_("The moderators of this space do that."))
    return spaces.may_change_here(membership)


def _moderates(membership: Membership | None) -> bool:
    return membership is not None and membership.role is Role.MODERATOR and membership.is_active
