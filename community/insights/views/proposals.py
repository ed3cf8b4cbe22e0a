"""What second readers would change in the rules, and what becomes of it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import access as guardrails_access
from community.insights import queries, services
from community.insights.forms import AnswerForm
from community.insights.views import blueprint
from community.insights.views.page import page
from community.kernel.access import require
from community.kernel.errors import Invalid
from community.members.session import current_member
from community.members.views.answers import done


@blueprint.get("/proposals")
def proposals() -> ResponseReturnValue:
    """Show proposals, the open ones first."""
    return _page(AnswerForm(formdata=None))


def _page(form: AnswerForm, wrong: int | None = None) -> str:
    viewer = current_member()
    return page(
        "insights/proposals.html",
        "proposals",
        proposals=queries.proposals(viewer=viewer),
        may_answer=bool(guardrails_access.may_write_drafts(viewer)),
        form=form,
        wrong=wrong,
    )


@blueprint.post("/proposals/<int:proposal_id>")
def answer(proposal_id: int) -> ResponseReturnValue:
    """Close a proposal with what becomes of it."""
    viewer = current_member()
    queries.get_proposal(viewer=viewer, proposal_id=proposal_id)
    require(guardrails_access.may_write_drafts(viewer))
    form = AnswerForm()
    if not form.validate():
        return _page(form, proposal_id), 422
    try:
        services.answer_proposal(
            actor=viewer, proposal_id=proposal_id, answer=form.answer.data or ""
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form, proposal_id), 422
    return done(gettext("Answered."), "insights.proposals")
