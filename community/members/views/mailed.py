"""Links by mail. A GET only shows a page, because scanners open links; the POST spends."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.errors import Gone, Refusal
from community.kernel.web import public
from community.members import services, session
from community.members.forms import AskForLinkForm, NewPasswordForm
from community.members.models import Purpose
from community.members.views.answers import again, done
from community.members.views.blueprint import blueprint

_ASK = "members/ask_for_link.html"
_NEW_PASSWORD = "members/new_password.html"  # noqa: S105 - a page


@blueprint.get("/sign-in/link")
@public
def ask_for_link() -> ResponseReturnValue:
    """Ask for the address to which a link may go."""
    return render_template(_ASK, form=AskForLinkForm(), purpose="sign_in", sent=False)


@blueprint.post("/sign-in/link")
@public
def take_ask_for_link() -> ResponseReturnValue:
    """Leave a link to be sent; the answer is the same for every address."""
    return _take_ask(Purpose.SIGN_IN)


@blueprint.get("/password/reset")
@public
def ask_for_reset() -> ResponseReturnValue:
    """Ask for the address to which a link to a new password may go."""
    return render_template(_ASK, form=AskForLinkForm(), purpose="password", sent=False)


@blueprint.post("/password/reset")
@public
def take_ask_for_reset() -> ResponseReturnValue:
    """Leave a link to be sent; the answer is the same for every address."""
    return _take_ask(Purpose.PASSWORD)


def _take_ask(purpose: Purpose) -> ResponseReturnValue:
    form, what = AskForLinkForm(), purpose.value
    if not form.validate():
        return again(_ASK, form, purpose=what, sent=False)
    try:
        services.normalise_email(form.email.data or "")
        services.ask_for_link(
            email=form.email.data or "", purpose=purpose, address=session.remote_address()
        )
    except Refusal as refusal:
        return again(_ASK, form, refusal, purpose=what, sent=False)
    return render_template(_ASK, form=form, purpose=what, sent=True)


@blueprint.get("/sign-in/link/<token>")
@public
def sign_in_link(token: str) -> ResponseReturnValue:
    """Show the button that lets in; nothing is spent yet."""
    if services.find_usable(token=token, purpose=Purpose.SIGN_IN) is None:
        return _gone("members.ask_for_link")
    return render_template("members/sign_in_link.html", next=session.next_place(""))


@blueprint.post("/sign-in/link/<token>")
@public
def take_sign_in_link(token: str) -> ResponseReturnValue:
    """Spend the link and sign in."""
    try:
        member = services.spend_sign_in_link(token=token)
    except Gone:
        return _gone("members.ask_for_link")
    place = session.next_place()
    session.start(member, how="link")
    return redirect(session.after_sign_in(place), 303)


@blueprint.get("/password/reset/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """Ask for the new password."""
    if services.find_usable(token=token, purpose=Purpose.PASSWORD) is None:
        return _gone("members.ask_for_reset")
    return render_template(_NEW_PASSWORD, form=NewPasswordForm())


@blueprint.post("/password/reset/<token>")
@public
def take_new_password(token: str) -> ResponseReturnValue:
    """Spend the link, set the password, and sign in with it here alone."""
    form = NewPasswordForm()
    if not form.validate():
        return again(_NEW_PASSWORD, form)
    try:
        member = services.reset_password(token=token, password=form.password.data or "")
    except Gone:
        return _gone("members.ask_for_reset")
    except Refusal as refusal:
        return again(_NEW_PASSWORD, form, refusal)
    session.start(member, how="link")
    return redirect(session.after_sign_in("/"), 303)


@blueprint.get("/profile/email/<token>")
@public
def new_email(token: str) -> ResponseReturnValue:
    """Show the button that confirms a new address."""
    link = services.find_usable(token=token, purpose=Purpose.EMAIL)
    if link is None:
        return _gone("members.security")
    return render_template("members/new_email.html", email=link.email)


@blueprint.post("/profile/email/<token>")
@public
def take_new_email(token: str) -> ResponseReturnValue:
    """Spend the link; the new address is the one to sign in with."""
    try:
        services.confirm_new_email(token=token)
    except Gone:
        return _gone("members.security")
    place = "members.security" if session.find_member() else "members.sign_in"
    return done(gettext("Your e-mail address is changed. Sign in with it from now on."), place)


def _gone(endpoint: str) -> ResponseReturnValue:
    again_at = url_for(endpoint, next=request.args.get("next"))
    return render_template("members/link_gone.html", again_at=again_at), 410
