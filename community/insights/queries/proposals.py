"""What second readers would change in the rules."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from community.guardrails import access as guardrails_access
from community.insights.models import RuleProposal
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member

SHOWN = 100


def proposals(*, viewer: Member) -> Sequence[RuleProposal]:
    """Return proposals for those who write guardrails together: open ones first, then the latest.

    Raises:
        NotFound: the viewer is none of them.
    """
    require(guardrails_access.may_see_drafts(viewer))
    order = (RuleProposal.closed_at.is_not(None), RuleProposal.at.desc(), RuleProposal.id.desc())
    return session().scalars(sa.select(RuleProposal).order_by(*order).limit(SHOWN)).all()


def get_proposal(*, viewer: Member, proposal_id: int) -> RuleProposal:
    """Return one of them.

    Raises:
        NotFound: there is none, or the viewer may not see it.
    """
    require(guardrails_access.may_see_drafts(viewer))
    found = session().get(RuleProposal, proposal_id)
    if found is None:
        raise NotFound
    return found
