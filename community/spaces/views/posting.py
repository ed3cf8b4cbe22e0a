"""The incident switch: where it stands, and turning it, in one space or everywhere."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.members.views.words import duty_name
from community.spaces import access, forms, queries, services
from community.spaces.forms import ReasonForm
from community.spaces.models import PostingPause, Role
from community.spaces.queries import Opened
from community.spaces.views.blueprint import blueprint

_BOARD, _PAGE = "spaces/posting_board.html", "spaces/posting.html"


@blueprint.app_template_filter()
def capacity_name(code: str) -> str:
    """Say by which right somebody paused the company's posting."""
    return forms.role_name(code) if code == Role.MODERATOR.value else duty_name(code)


@blueprint.get("/company-posting")
def posting_board() -> ResponseReturnValue:
    """Show where the company's posting is paused, and offer to pause it everywhere."""
    return render_template(_BOARD, form=ReasonForm(None), **_board())


def _board() -> dict[str, Any]:
    return {"board": queries.posting_board(viewer=current_member())}


@blueprint.post("/company-posting/pause")
def pause_everywhere() -> ResponseReturnValue:
    """Pause the company's posting in all spaces."""
    values, form = _board(), ReasonForm()
    if not form.validate():
        return again(_BOARD, form, None, **values)
    try:
        services.pause_posting(
            actor=current_member(), own=None, space=None, reason=form.reason.data or ""
        )
    except Invalid as refusal:
        return again(_BOARD, form, refusal, **values)
    return done(gettext("Company posting is paused everywhere."), "spaces.posting_board")


@blueprint.post("/company-posting/resume")
@asks_again
@named(lambda: gettext("Let the company post again everywhere."))
def resume_everywhere() -> ResponseReturnValue:
    """Let the company post again, where no space has a pause of its own."""
    values, form = _board(), ReasonForm()
    if not form.validate():
        return again(_BOARD, form, None, **values)
    try:
        services.resume_posting(
            actor=current_member(),
            own=None,
            pause=_running(queries.find_posting_pause(None)),
            reason=form.reason.data or "",
        )
    except Invalid as refusal:
        return again(_BOARD, form, refusal, **values)
    return done(gettext("The pause everywhere is lifted."), "spaces.posting_board")


def _running(pause: PostingPause | None) -> PostingPause:
    if pause is None:
        raise Conflict(N_("Somebody else has lifted this pause already."))
    return pause


@blueprint.get("/spaces/<slug>/company-posting")
def posting(slug: str) -> ResponseReturnValue:
    """Show whether the company's posting is paused in a space, and offer to turn the switch."""
    opened = queries.get_posting_place(viewer=current_member(), slug=slug)
    return render_template(_PAGE, form=ReasonForm(None), **_values(opened))


def _values(opened: Opened) -> dict[str, Any]:
    viewer = current_member()
    pause = queries.find_posting_pause(opened.space)
    return {
        "space": opened.space,
        "membership": opened.membership,
        "pause": pause,
        "everywhere": queries.find_posting_pause(None),
        "past": queries.past_posting_pauses(opened.space),
        "may_resume": access.may_resume_posting(viewer, opened.membership, pause)
        if pause is not None
        else None,
        "may_see_board": bool(access.may_see_posting_switch(viewer)),
    }


@blueprint.post("/spaces/<slug>/company-posting/pause")
def pause_posting(slug: str) -> ResponseReturnValue:
    """Pause the company's posting in a space."""
    opened = queries.get_posting_place(viewer=current_member(), slug=slug)
    form = ReasonForm()
    if not form.validate():
        return again(_PAGE, form, None, **_values(opened))
    try:
        services.pause_posting(
            actor=current_member(),
            own=opened.membership,
            space=opened.space,
            reason=form.reason.data or "",
        )
    except Invalid as refusal:
        return again(_PAGE, form, refusal, **_values(opened))
    return done(gettext("Company posting is paused here."), "spaces.posting", slug=slug)


@blueprint.post("/spaces/<slug>/company-posting/resume")
@asks_again
@named(lambda slug: gettext("Let the company post again in %(space)s.", space=slug))
def resume_posting(slug: str) -> ResponseReturnValue:
    """Let the company post in a space again."""
    viewer = current_member()
    opened = queries.get_posting_place(viewer=viewer, slug=slug)
    pause = _running(queries.find_posting_pause(opened.space))
    require(access.may_resume_posting(viewer, opened.membership, pause))
    form = ReasonForm()
    if not form.validate():
        return again(_PAGE, form, None, **_values(opened))
    try:
        services.resume_posting(
            actor=viewer, own=opened.membership, pause=pause, reason=form.reason.data or ""
        )
    except Invalid as refusal:
        return again(_PAGE, form, refusal, **_values(opened))
    return done(gettext("The pause is lifted. What was held stays at its desk."),
                "spaces.posting", slug=slug)  # fmt: skip
