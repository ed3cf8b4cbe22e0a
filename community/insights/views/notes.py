"""What second readers wrote to the author of a post."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from community.insights import queries, services
from community.insights.forms import NothingForm
from community.insights.views import blueprint
from community.members.session import current_member
from community.spaces import queries as spaces


@blueprint.get("/notes")
def notes() -> ResponseReturnValue:
    """Show what was said of the viewer's own posts."""
    found = queries.notes(viewer=current_member())
    return render_template(
        "insights/notes.html",
        notes=found,
        names=spaces.names_of({reading.space_id for reading in found}),
    )


@blueprint.post("/notes/<int:reading_id>/noticed")
def notice(reading_id: int) -> ResponseReturnValue:
    """Keep that the author has read it."""
    viewer = current_member()
    queries.get_note(viewer=viewer, reading_id=reading_id)
    if NothingForm().validate():
        services.note_noticed(actor=viewer, reading_id=reading_id)
    return redirect(url_for("insights.notes"), 303)
