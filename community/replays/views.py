"""The page of a draft's replay."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import access as guardrails_access
from community.guardrails import queries as guardrails
from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid
from community.kernel.web import sentence_of
from community.members.session import current_member
from community.replays import queries, services

blueprint = Blueprint("replays", __name__)


@blueprint.get("/drafts/<int:draft_id>/replay")
def replay(draft_id: int) -> ResponseReturnValue:
    """Show what a draft would have done with what was posted."""
    return _page(draft_id)


def _page(draft_id: int, problem: str = "") -> str:
    viewer = current_member()
    draft = guardrails.get_draft(viewer=viewer, draft_id=draft_id)
    return render_template(
        "replays/replay.html",
        sheet=guardrails.get_sheet_of_draft(viewer=viewer, draft=draft),
        draft=draft,
        found=queries.find_sheet(viewer=viewer, draft=draft),
        may_replay=bool(guardrails_access.may_write_drafts(viewer)),
        days=services.DAYS,
        most=services.MOST_POSTS,
        most_kept=services.MOST_KEPT,
        problem=problem,
    )


@blueprint.post("/drafts/<int:draft_id>/replay")
def start_replay(draft_id: int) -> ResponseReturnValue:
    """Begin a replay."""
    viewer = current_member()
    draft = guardrails.get_draft(viewer=viewer, draft_id=draft_id)
    require(guardrails_access.may_write_drafts(viewer))
    try:
        services.start_replay(actor=viewer, draft=draft)
    except (Conflict, Invalid) as refusal:
        return _page(draft_id, sentence_of(refusal)), refusal.status
    flash(gettext("The replay has begun. You can leave this page meanwhile."))
    return redirect(url_for(".replay", draft_id=draft_id), 303)
