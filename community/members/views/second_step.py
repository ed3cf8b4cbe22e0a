"""The second step of signing in, for whoever has a second factor: digits, a code, or a passkey."""

from __future__ import annotations

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from community.kernel.errors import Invalid, NotFound, Refusal
from community.kernel.web import public, wants_json
from community.members import services, session
from community.members.forms import CodeForm
from community.members.models import MemberSession
from community.members.views.answers import again
from community.members.views.blueprint import blueprint

_PAGE = "members/second_step.html"


@blueprint.get("/sign-in/second")
@public
def second_step() -> ResponseReturnValue:
    """Ask for the second factor; whoever has nothing to show goes on or to the door."""
    here = session.find_half_session()
    if here is None:
        place = session.next_place() if session.find_member() else url_for("members.sign_in")
        return redirect(place, 303)
    form = CodeForm(next=session.next_place(""))
    return render_template(_PAGE, form=form, **_values(here))


@blueprint.post("/sign-in/second")
@public
def take_second_step() -> ResponseReturnValue:
    """Take six digits or a recovery code, and sign in."""
    here, form = session.find_half_session(), CodeForm()
    if here is None:
        if wants_json():
            raise NotFound
        return redirect(url_for("members.sign_in"), 303)
    if not form.validate():
        refusal = Invalid(form.first_error()) if wants_json() else None
        return again(_PAGE, form, refusal, **_values(here))
    try:
        services.show_code(
            actor=here.member, code=form.code.data or "", address=session.remote_address()
        )
    except Refusal as refusal:
        return again(_PAGE, form, refusal, **_values(here))
    place = session.next_place()
    session.prove(here)
    return jsonify(next=place) if wants_json() else redirect(place, 303)


def _values(here: MemberSession) -> dict[str, object]:
    return {"factors": services.second_factors_of(here.member)}
