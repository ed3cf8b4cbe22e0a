"""Pauses: proposed, confirmed by a second moderator, declined, lifted."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.access import require
from community.kernel.errors import Invalid
from community.members.session import current_member
from community.members.views.answers import again, done
from community.spaces import access, queries, services
from community.spaces.forms import PauseForm, VersionForm
from community.spaces.models import Membership
from community.spaces.queries import Opened
from community.spaces.views.blueprint import blueprint

_PAGE = "spaces/pause.html"


def _place(slug: str, membership_id: int) -> tuple[Opened, Membership]:
    viewer = current_member()
    opened = queries.get_space(viewer=viewer, slug=slug)
    place = queries.get_place(viewer=viewer, opened=opened, membership_id=membership_id)
    require(access.may_propose_pause(viewer, opened.membership, place))
    return opened, place


def _values(opened: Opened, place: Membership) -> dict[str, object]:
    return {"space": opened.space, "membership": opened.membership, "place": place}


@blueprint.get("/spaces/<slug>/members/<int:membership_id>/pause")
def pause(slug: str, membership_id: int) -> ResponseReturnValue:
    """Ask for how long and why a member should only read."""
    opened, place = _place(slug, membership_id)
    return render_template(_PAGE, form=PauseForm(None), **_values(opened, place))


@blueprint.post("/spaces/<slug>/members/<int:membership_id>/pause")
def take_pause(slug: str, membership_id: int) -> ResponseReturnValue:
    """Propose a pause."""
    opened, place = _place(slug, membership_id)
    form = PauseForm()
    if not form.validate():
        return again(_PAGE, form, None, **_values(opened, place))
    try:
        services.propose_pause(
            actor=current_member(),
            own=opened.membership,
            place=place,
            days=form.days.data or 0,
            reason=form.reason.data or "",
        )
    except Invalid as refusal:
        return again(_PAGE, form, refusal, **_values(opened, place))
    sentence = gettext("Proposed. It begins when a second moderator confirms it.")
    return done(sentence, "spaces.members", slug=slug)


@blueprint.post("/spaces/<slug>/pauses/<int:pause_id>/<any(confirm,decline,lift):deed>")
def decide_pause(slug: str, pause_id: int, deed: str) -> ResponseReturnValue:
    """Confirm, decline or lift a pause."""
    viewer = current_member()
    opened = queries.get_space(viewer=viewer, slug=slug)
    found = queries.get_pause(viewer=viewer, opened=opened, pause_id=pause_id)
    form = VersionForm()
    if not form.validate():
        return redirect(url_for("spaces.members", slug=slug), 303)
    decide, sentence = {
        "confirm": (services.confirm_pause, gettext("The pause has begun.")),
        "decline": (services.decline_pause, gettext("There will be no pause.")),
        "lift": (services.lift_pause, gettext("The pause is over.")),
    }[deed]
    decide(actor=viewer, own=opened.membership, pause=found, version=form.version.data or 0)
    return done(sentence, "spaces.members", slug=slug)
