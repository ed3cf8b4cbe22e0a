"""The page on which staff read what a set changed, answer three questions, and acknowledge it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import queries, services
from community.guardrails.forms import AcknowledgeForm
from community.guardrails.queries import Due
from community.guardrails.views.blueprint import blueprint
from community.kernel.errors import Conflict
from community.kernel.input import find_number
from community.members.session import current_member, next_place


@blueprint.get("/<int:version_id>/acknowledge")
def acknowledge(version_id: int) -> ResponseReturnValue:
    """Show what a set changed, and three questions about it."""
    due = queries.get_due(viewer=current_member(), version_id=version_id)
    return _page(due, AcknowledgeForm(None), {})


def _page(due: Due, form: AcknowledgeForm, chosen: dict[str, int]) -> str:
    wrong = [each.id for each in due.scenarios if chosen.get(each.id) != each.answer]
    return render_template(
        "guardrails/acknowledge.html",
        due=due,
        form=form,
        chosen=chosen,
        wrong=wrong if request.method == "POST" else [],
        next=next_place(""),
    )


@blueprint.post("/<int:version_id>/acknowledge")
def take_acknowledgement(version_id: int) -> ResponseReturnValue:
    """Keep that a set was read and understood, once all three answers are right."""
    viewer = current_member()
    due = queries.get_due(viewer=viewer, version_id=version_id)
    form = AcknowledgeForm()
    chosen = _chosen(due)
    wrong = services.wrong_answers(member=viewer, version=due.version, answers=chosen)
    if wrong:
        services.note_missed(actor=viewer, version=due.version, wrong=wrong)
    if not form.validate() or wrong:
        return _page(due, form, chosen), 422
    try:
        services.acknowledge(actor=viewer, version=due.version, answers=chosen)
    except Conflict:
        flash(gettext("You have acknowledged this set already."))
    else:
        flash(gettext("Thank you. You can post again; what you had begun is still there."))
    return redirect(next_place(url_for("home.home")), 303)


def _chosen(due: Due) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, scenario in enumerate(due.scenarios):
        option = find_number(request.form.get(f"answer-{number}", ""))
        if option is not None:
            found[scenario.id] = option
    return found
