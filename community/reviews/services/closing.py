"""Closes cases, and opens again what was closed too early.

What a decision does to its subject is done above, by the desk.
"""

from __future__ import annotations

from collections.abc import Mapping

from community.kernel import clock, realtime
from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid
from community.kernel.reasons import whole_reason
from community.kernel.turns import claim, take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import access, queries
from community.reviews.models import DecisionKind, Review, Settled
from community.reviews.services import steps
from community.reviews.services.recording import keep_deed
from community.spaces import queries as spaces

DECIDED = N_("Somebody else has just decided this case. Nothing was changed by you.")
CHANGED = N_("This case has changed since you opened it. Nothing was decided; open it again.")
NOTHING_WAITS = N_("Nothing of this waits any more: it was decided, or taken back, just before.")
ACTIONS = {
    DecisionKind.RELEASE: "review.released",
    DecisionKind.RETURN: "review.returned",
    DecisionKind.REMOVE: "review.removed",
    DecisionKind.CLOSE: "review.closed",
    DecisionKind.WITHDRAW: "review.withdrawn",
}


def close(
    *,
    actor: Member,
    review_id: int,
    version: int,
    decision: DecisionKind,
    reason: str,
    said: Mapping[int, Settled] | None = None,
) -> Review:
    """Decide a case, once.

    Args:
        actor: who decides.
        review_id: which case.
        version: the one that the actor looked at.
        decision: what was decided.
        reason: what the author reads; for a routed case, why it is closed.
        said: what became of each step that nobody has ticked off, by its key.

    Raises:
        NotFound: it is not the actor's to see.
        Conflict: somebody else was quicker.
        Invalid: no reason where one is needed, or steps that nothing was said about.
    """
    review, membership = queries.get_review(viewer=actor, review_id=review_id)
    take_turn(review)  # so that no step of it is taken up again meanwhile
    if not review.is_open:
        raise Conflict(DECIDED)
    if review.version != version:
        raise Conflict(CHANGED)
    require(access.may_decide_review(actor, membership, review))
    reason = whole_reason(reason, needed=decision is not DecisionKind.RELEASE)
    if not steps.are_all_said(review, said or {}):
        raise Invalid(N_("Say of each step whether it was done or does not apply."), field="steps")
    claim(review, version, DECIDED, Review.closed_at.is_(None))
    return _closed(actor, review, decision, reason, said or {})


def take_up_again(*, actor: Member, review_id: int, version: int, reason: str) -> Review:
    """Open a routed case again that was closed too early.

    Its steps stay as they were settled; who takes one of them up again has its first hour back.

    Args:
        actor: who holds its desk.
        review_id: which case.
        version: the one that the actor looked at.
        reason: why; for the record.

    Raises:
        NotFound: it is not the actor's to see.
        Forbidden: it is open, or was about a held text.
        Conflict: somebody else was quicker.
        Invalid: no reason, or too long a one.
    """
    review, membership = queries.get_review(viewer=actor, review_id=review_id)
    require(access.may_take_up_again(actor, membership, review))
    reason = whole_reason(reason)
    claim(review, version, DECIDED, Review.closed_at.is_not(None))
    was = {"state": "closed", "reason": review.decision_reason}
    review.closed_at, review.decision, review.decided_by_id = None, None, None
    review.decision_reason = ""
    keep_deed(actor, review, "review.reopened", reason=reason, old=was, new={"state": "open"})
    realtime.ring_members([member.id for member in queries.owners_of(review)], "reviews")
    return review


def withdraw(*, actor: Member, subject_kind: str, subject_id: int) -> Review:
    """Close the hold on a text of the actor's own, before anybody has decided it.

    Cases of other desks about it stay open: what they were told, they were told.

    Raises:
        Conflict: nothing waits; somebody was quicker.
    """
    review = queries.find_open_hold(subject_kind=subject_kind, subject_id=subject_id)
    if review is None or review.author_id != actor.id:
        raise Conflict(NOTHING_WAITS, code="decided")
    claim(review, review.version, NOTHING_WAITS, Review.closed_at.is_(None))
    return _closed(actor, review, DecisionKind.WITHDRAW, "", {})


def _closed(
    actor: Member,
    review: Review,
    decision: DecisionKind,
    reason: str,
    said: Mapping[int, Settled],
) -> Review:
    settled = {step.name: said[step.id].value for step in review.unsettled}
    steps.settle_rest(actor, review, said)
    review.closed_at = clock.now()
    review.decision = decision
    review.decided_by_id = actor.id
    review.decision_reason = reason
    keep_deed(
        actor,
        review,
        ACTIONS[decision],
        reason=reason,
        old={"state": "open"},
        new={
            "state": "closed",
            "decision": decision.value,
            **({"steps": settled} if settled else {}),
        },
    )
    realtime.ring_members([member.id for member in queries.owners_of(review)], "reviews")
    if spaces.find_membership_of(member_id=review.author_id, space_id=review.space_id):
        realtime.ring_members([review.author_id], "threads")
    return review
