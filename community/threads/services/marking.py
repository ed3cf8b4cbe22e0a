"""The mark `off_label` on a thread: set by a question, lifted by who finds it within the label."""

from __future__ import annotations

from community.audit.services import record
from community.inquiries import queries as inquiries
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.reasons import whole_reason
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.spaces.models import Membership
from community.threads import access
from community.threads.models import Thread
from community.threads.services.telling import tell_thread

OFF_LABEL = "off_label"


def is_marked(thread: Thread) -> bool:
    """Whether the company answers a thread in private alone."""
    return OFF_LABEL in (thread.marks or ())


def mark_off_label(*, actor: Member, thread: Thread) -> None:
    """Let the company point to Medical Information in this thread, and say nothing else."""
    take_turn(thread)
    if OFF_LABEL in thread.marks:
        return
    _put(thread, [*thread.marks, OFF_LABEL])
    _record(actor, thread, "thread.marked_off_label")


def lift_mark(*, actor: Member, membership: Membership, thread: Thread, reason: str) -> None:
    """Take the mark off: the question was within the label after all.

    Raises:
        Forbidden: the actor does not moderate the space.
        Invalid: no reason.
        Conflict: there is no mark.
    """
    require(access.may_moderate_thread(actor, membership, thread))
    reason = whole_reason(reason)
    take_turn(thread)
    if OFF_LABEL not in thread.marks:
        raise Conflict(N_("This thread carries no mark."))
    _lift(actor, thread, reason)


def follow_inquiry(*, actor: Member, thread: Thread, number: str) -> None:
    """Take the mark off where Medical Information found each question to be within the label."""
    take_turn(thread)
    if OFF_LABEL in thread.marks and not inquiries.is_thread_off_label(thread.id):
        _lift(actor, thread, f"Within the label, says {number}.")


def _lift(actor: Member, thread: Thread, reason: str) -> None:
    _put(thread, [mark for mark in thread.marks if mark != OFF_LABEL])
    _record(actor, thread, "thread.mark_lifted", reason=reason)


def _put(thread: Thread, marks: list[str]) -> None:
    thread.marks = marks
    thread.version += 1
    session().flush()
    if thread.last_number:  # nobody else knows of a thread whose first post waits
        tell_thread(thread)


def _record(actor: Member, thread: Thread, action: str, *, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="thread",
        subject_id=thread.id,
        space_id=thread.space_id,
        reason=reason,
        new={"marks": thread.marks},
    )
