"""What becomes of a second reader's proposal for a rule."""

from __future__ import annotations

from community.audit.services import record
from community.guardrails import access as guardrails_access
from community.insights import queries
from community.kernel import clock
from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member

LONGEST_ANSWER = 2_000


def answer_proposal(*, actor: Member, proposal_id: int, answer: str) -> None:
    """Close a proposal with what became of it.

    Args:
        actor: somebody who drafts guardrail sets.
        proposal_id: which.
        answer: into which draft it went, or why it did not.

    Raises:
        Invalid: no answer is given.
        Conflict: somebody has answered it already.
    """
    proposal = queries.get_proposal(viewer=actor, proposal_id=proposal_id)
    require(guardrails_access.may_write_drafts(actor))
    take_turn(proposal)
    if proposal.closed_at is not None:
        raise Conflict(N_("Somebody has answered this proposal already."))
    answer = answer.strip()
    if not answer or len(answer) > LONGEST_ANSWER:
        raise Invalid(N_("Say in a line what becomes of it."), field="answer")
    proposal.closed_at, proposal.closed_by, proposal.answer = clock.now(), actor, answer
    proposal.version += 1
    record(
        actor=actor,
        action="rule_proposal.answered",
        subject_kind="rule_proposal",
        subject_id=proposal.id,
        reason=answer,
        new={"rule": proposal.rule},
    )
