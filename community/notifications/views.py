"""The page on which one says which letters one gets about what is said."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.errors import Invalid
from community.kernel.forms import sent_fields
from community.kernel.words import N_
from community.members.session import current_member
from community.spaces import queries as spaces
from community.spaces import services as spaces_services
from community.spaces.models import Letters

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/letters")
def choices() -> ResponseReturnValue:
    """Show for each space which letters one gets."""
    viewer = current_member()
    return render_template(
        "notifications/letters.html",
        member=viewer,
        places=spaces.viewer_memberships(viewer=viewer),
        levels=list(Letters),
    )


@blueprint.post("/letters")
def choose() -> ResponseReturnValue:
    """Keep for each space which letters one wants."""
    viewer = current_member()
    sent, known = sent_fields(), {level.value: level for level in Letters}
    for place in spaces.viewer_memberships(viewer=viewer):
        wanted = sent.get(f"space-{place.space_id}")
        if wanted is None:
            continue
        if wanted not in known:
            raise Invalid(N_("Choose one of the list."), field=f"space-{place.space_id}")
        spaces_services.choose_letters(actor=viewer, place=place, level=known[wanted])
    flash(gettext("Your choice is kept."))
    return redirect(url_for("notifications.choices"), 303)


@blueprint.app_template_filter()
def letters_name(level: Letters) -> str:
    """Say which letters one gets at a level."""
    match level:
        case Letters.ANSWERS:
            return gettext("When somebody answers me")
        case Letters.THREADS:
            return gettext("When somebody answers me, and for each new thread")
        case Letters.DAILY:
            return gettext("When somebody answers me, and a summary each morning")
        case Letters.WEEKLY:
            return gettext("When somebody answers me, and a summary on Mondays")
        case Letters.NONE:
            return gettext("None about posts")
