"""Decides a case and does to its subject what was decided."""

from __future__ import annotations

from collections.abc import Mapping

from community.desk import queries
from community.inquiries import services as inquiries
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.reviews.models import DecisionKind, Review, ReviewKind, Settled
from community.threads import services as threads
from community.threads.models import Revision, RevisionState

HOLD_DECISIONS = frozenset({DecisionKind.RELEASE, DecisionKind.RETURN, DecisionKind.REMOVE})
REPORT_DECISIONS = frozenset({DecisionKind.CLOSE, DecisionKind.REMOVE})


def decide(
    *,
    actor: Member,
    review_id: int,
    version: int,
    decision: DecisionKind,
    reason: str,
    said: Mapping[int, Settled] | None = None,
) -> Review:
    """Decide a case, once, and carry it out in the same transaction.

    Args:
        actor: who decides; never the author.
        review_id: which case.
        version: the one that the actor looked at.
        decision: release, return or remove for a held text; close for a routed one; remove or
            close for a post that was reported.
        reason: what the author reads, or, where a reported post stays, those who reported it.
        said: what became of each step of a routed case that nobody has ticked off, by its key.

    Raises:
        NotFound: it is not the actor's to see.
        Conflict: somebody else was quicker.
        Invalid: the decision does not fit the case, lacks its reason, or leaves steps open.
    """
    case = queries.get_case(viewer=actor, review_id=review_id)
    _require_fitting(case, decision)
    inquiries.hold_for_case(review_id)  # before the case, as whoever answers the inquiry does
    review = reviews.close(
        actor=actor,
        review_id=review_id,
        version=version,
        decision=decision,
        reason=reason,
        said=said,
    )
    inquiries.close_with_case(actor=actor, review=review)
    if case.may_decide_hold:
        _require_open_space(case, decision)
        _carry_out(actor, review, decision)
    elif review.kind is ReviewKind.HOLD:
        _give_back_edit(actor, review)
    if review.kind is ReviewKind.REPORT:
        _carry_out_report(actor, review, decision)
    return review


def _require_fitting(case: queries.Case, decision: DecisionKind) -> None:
    if decision in _decisions_on(case) or not case.review.is_open:
        return
    if case.review.kind is ReviewKind.REPORT and decision is DecisionKind.REMOVE:
        raise Conflict(N_("The post has been taken down meanwhile. Close the case instead."))
    if case.review.kind is ReviewKind.HOLD and not case.is_live:
        raise Conflict(N_("The held text is gone by now. Close the case instead."))
    raise Invalid(N_("That is no decision for this kind of case."), field="decision")


def _decisions_on(case: queries.Case) -> frozenset[DecisionKind]:
    if case.may_decide_hold:
        return HOLD_DECISIONS
    return REPORT_DECISIONS if case.may_take_down else frozenset({DecisionKind.CLOSE})


def _require_open_space(case: queries.Case, decision: DecisionKind) -> None:
    if decision is DecisionKind.RELEASE and case.space.archived_at is not None:
        raise Conflict(N_("The space is archived, so nothing is added to it. Return it instead."))


def _carry_out_report(actor: Member, review: Review, decision: DecisionKind) -> None:
    post, _ = queries.subject_of(review)
    if decision is DecisionKind.REMOVE and post is not None:
        threads.remove_reported(
            actor=actor, post=post, desk=review.owner, reason=review.decision_reason
        )
    threads.answer_reports(actor=actor, review=review)


def _give_back_edit(actor: Member, review: Review) -> None:
    """Let no held wording wait on for a decision that nobody will take: its post is down."""
    _, revision = queries.subject_of(review)
    if revision is not None and revision.state is RevisionState.HELD:
        threads.return_revision(actor=actor, revision=revision, reason=review.decision_reason)


def _carry_out(actor: Member, review: Review, decision: DecisionKind) -> None:
    post, revision = queries.subject_of(review)
    if post is None:
        raise NotFound
    reason = review.decision_reason
    match decision, revision:
        case DecisionKind.RELEASE, None:
            threads.release_post(actor=actor, post=post)
        case DecisionKind.RELEASE, Revision() as held:
            threads.show_revision(actor=actor, revision=held)
        case DecisionKind.RETURN, None:
            threads.return_post(actor=actor, post=post, reason=reason)
        case _, None:
            threads.refuse_post(actor=actor, post=post, reason=reason)
        case _, Revision() as held:
            threads.return_revision(actor=actor, revision=held, reason=reason)
