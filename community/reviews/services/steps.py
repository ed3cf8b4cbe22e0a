"""The steps of a case: what its protocol wants done by when, who did it, and what did not apply."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, NotFound
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import access, queries
from community.reviews.models import Deadline, Review, Settled
from community.reviews.services.recording import keep_deed


def settle(*, actor: Member, review_id: int, step_id: int, how: Settled) -> Review:
    """Tick a step of an open case off; the same again changes nothing.

    Raises:
        NotFound: there is no such case or step, or it is not the actor's to see.
        Conflict: the case is closed, or somebody has settled the step otherwise.
    """
    review, step = _get_step(actor, review_id, step_id)
    if step.settled_as is how:
        return review
    if not _write(step, Deadline.met_at.is_(None), how, actor):
        raise Conflict(N_("Somebody has just settled this step. Look at it again."))
    _record(actor, review, step, "review.step_settled", how)
    return review


def take_up_again(*, actor: Member, review_id: int, step_id: int) -> Review:
    """Let a step of an open case wait again; its clock goes on as if it had never stopped.

    Raises:
        NotFound: there is no such case or step, or it is not the actor's to see.
        Conflict: the case is closed.
    """
    review, step = _get_step(actor, review_id, step_id)
    if _write(step, Deadline.met_at.is_not(None), None, actor):
        _record(actor, review, step, "review.step_reopened", None)
    return review


def note_seen(actor: Member, review: Review) -> None:
    """Stop the clock on looking at a routed case: whoever may decide it has it open.

    That it was opened stands in the record already, as read.
    """
    for step in review.steps:
        if review.is_open and step.is_look:
            _write(step, Deadline.met_at.is_(None), Settled.DONE, actor)


def note_done(actor: Member, review: Review, names: Collection[str]) -> None:
    """Tick off the steps that a deed of the actor's has just done, where they still wait.

    Args:
        actor: whose deed it was, at whichever desk.
        review: the case.
        names: those of the clocks in its protocol.
    """
    for step in review.unsettled:
        is_new = step.step in names and _write(step, Deadline.met_at.is_(None), Settled.DONE, actor)
        if is_new:
            _record(actor, review, step, "review.step_settled", Settled.DONE)


def all_alike(review: Review, how: Settled) -> dict[int, Settled]:
    """Return the same word on each step that waits, where one deed answers for all of them."""
    return {step.id: how for step in review.unsettled}


def are_all_said(review: Review, said: Mapping[int, Settled]) -> bool:
    """Whether there is a word on each step that waits, so that the case can be closed."""
    return all(step.id in said for step in review.unsettled)


def settle_rest(actor: Member, review: Review, said: Mapping[int, Settled]) -> None:
    """Settle what is left when a case is decided; where the decision is a step, it is done."""
    waiting = review.unsettled
    for step in review.deadlines:
        how = said[step.id] if step in waiting else Settled.DONE
        _write(step, Deadline.met_at.is_(None), how, actor)


def _get_step(actor: Member, review_id: int, step_id: int) -> tuple[Review, Deadline]:
    review, membership = queries.get_review(viewer=actor, review_id=review_id)
    step = next((each for each in review.steps if each.id == step_id), None)
    if step is None or step.shows_by_itself:
        raise NotFound
    take_turn(review)  # of who closes a case and who takes a step of it up, one is first
    require(access.may_decide_review(actor, membership, review))
    return review, step


def _write(
    step: Deadline, still: sa.ColumnElement[bool], how: Settled | None, actor: Member
) -> bool:
    """Settle a step, or let it wait again, where it still is as it was; say whether it was."""
    changed = session().execute(
        sa.update(Deadline)
        .where(Deadline.id == step.id, still)
        .values(
            met_at=clock.now() if how is not None else None,
            met_by_id=actor.id if how is not None else None,
            settled_as=how,
        )
        .returning(Deadline.id)
    )
    was_so = changed.first() is not None
    session().refresh(step)
    return was_so


def _record(
    actor: Member, review: Review, step: Deadline, action: str, how: Settled | None
) -> None:
    said = how.value if how is not None else "open"
    keep_deed(actor, review, action, new={"step": step.name, "settled": said})
