"""How one signs in: password, address, and the browsers in which one is signed in."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.utils import redirect

from community.kernel.errors import NotFound, Refusal
from community.kernel.forms import Form
from community.kernel.web import before_the_gate
from community.members import queries, services
from community.members.forms import ChangeEmailForm, ChangePasswordForm
from community.members.models import MemberSession
from community.members.session import current_member, find_current_session, remote_address
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.members.views.blueprint import blueprint

_PAGE = "members/security.html"


def _values() -> dict[str, object]:
    member = current_member()
    return {
        "member": member,
        "sessions": queries.sessions_of(viewer=member),
        "here": _here(),
        "password_form": ChangePasswordForm(None),
        "email_form": ChangeEmailForm(None),
    }


def _here() -> MemberSession:
    here = find_current_session()
    if here is None:
        raise NotFound
    return here


@blueprint.get("/profile/security")
@before_the_gate
def security() -> ResponseReturnValue:
    """Show how one signs in, and where one is signed in."""
    return render_template(_PAGE, **_values())


def _again(name: str, form: Form, refusal: Refusal | None = None) -> ResponseReturnValue:
    return again(_PAGE, form, refusal, **{**_values(), name: form})


@blueprint.post("/profile/password")
@before_the_gate
@asks_again
@named(lambda: gettext("Change your password."))
def change_password() -> ResponseReturnValue:
    """Change one's password and sign out everywhere else."""
    form = ChangePasswordForm()
    if not form.validate():
        return _again("password_form", form)
    try:
        services.change_password(
            actor=current_member(),
            current=form.current.data or "",
            password=form.password.data or "",
            address=remote_address(),
            here=_here(),
        )
    except Refusal as refusal:
        return _again("password_form", form, refusal)
    sentence = gettext("Your password is changed. Other browsers are signed out.")
    return done(sentence, "members.security")


@blueprint.post("/profile/email")
@before_the_gate
@asks_again
@named(lambda: gettext("Change your e-mail address."))
def change_email() -> ResponseReturnValue:
    """Send a link to the new address."""
    form = ChangeEmailForm()
    if not form.validate():
        return _again("email_form", form)
    try:
        services.ask_for_new_email(
            actor=current_member(),
            email=form.email.data or "",
            password=form.current.data or "",
            address=remote_address(),
        )
    except Refusal as refusal:
        return _again("email_form", form, refusal)
    sentence = gettext("We have written to the new address. The old one holds until you confirm.")
    return done(sentence, "members.security")


@blueprint.post("/profile/sessions/<int:session_id>/end")
@before_the_gate
@asks_again
@named(lambda **_: gettext("Sign one of your browsers out."))
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one browser; one's own goes to the door."""
    is_here = session_id == _here().id
    services.end_session(actor=current_member(), session_id=session_id)
    if is_here:
        return redirect(url_for("members.sign_in"), 303)
    return done(gettext("That browser is signed out."), "members.security")


@blueprint.post("/profile/sessions/end-others")
@before_the_gate
@asks_again
@named(lambda: gettext("Sign out everywhere but here."))
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    count = services.end_other_sessions(actor=current_member(), here=_here())
    sentence = ngettext(
        "One other browser is signed out.", "%(num)d other browsers are signed out.", count
    )
    return done(sentence if count else gettext("You were signed in only here."),
                "members.security")  # fmt: skip
