"""The door: sign in, sign out, wait, and what programs ask first."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from community.kernel.errors import Invalid, Refusal
from community.kernel.web import before_the_gate, public, wants_json
from community.members import services, session
from community.members.forms import SignInForm
from community.members.models import Member
from community.members.views.answers import again
from community.members.views.blueprint import blueprint


@blueprint.get("/session.json")
@public
def session_json() -> ResponseReturnValue:
    """Say who is signed in here, and the token that writes must carry."""
    member = session.find_member()
    return jsonify(csrf_token=generate_csrf(), member=_as_json(member) if member else None)


def _as_json(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "affiliation": member.affiliation.value,
        "language": member.language,
        "time_zone": member.time_zone,
    }


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the form; those who are signed in go on."""
    if session.find_half_session() is not None:
        return redirect(session.after_sign_in(session.next_place()), 303)
    if session.find_member() is not None:
        return redirect(session.next_place(), 303)
    form = SignInForm(next=session.next_place(""))
    return render_template("members/sign_in.html", form=form)


@blueprint.post("/sign-in")
@public
def take_sign_in() -> ResponseReturnValue:
    """Sign in by password."""
    form = SignInForm()
    if not form.validate():
        return again("members/sign_in.html", form, _as_refusal(form))
    try:
        member = services.check_password(
            email=form.email.data or "",
            password=form.password.data or "",
            address=session.remote_address(),
        )
    except Refusal as refusal:
        return again("members/sign_in.html", form, refusal)
    place = session.next_place()
    session.start(member, how="password")
    place = session.after_sign_in(place)
    return jsonify(next=place) if wants_json() else redirect(place, 303)


def _as_refusal(form: SignInForm) -> Refusal | None:
    return Invalid(form.first_error()) if wants_json() else None


@blueprint.post("/sign-out")
@before_the_gate
def sign_out() -> ResponseReturnValue:
    """Sign out in this browser."""
    session.end()
    flash(gettext("You are signed out."))
    return redirect(url_for("members.sign_in"), 303)


@blueprint.get("/waiting")
@before_the_gate
def waiting() -> ResponseReturnValue:
    """Say where the check of the credential stands; those who are checked go on."""
    member = session.current_member()
    if member.is_verified:
        return redirect(session.next_place(), 303)
    return render_template("members/waiting.html", member=member, credential=member.credential)


@blueprint.get("/closed")
@public
def closed() -> ResponseReturnValue:
    """Say to a closed member that and why; anybody else goes to the door."""
    member = session.find_member()
    if member is None or not member.is_closed:
        return redirect(url_for("members.sign_in"), 303)
    return render_template("members/closed.html", member=member), 403
