"""Showing once more who sits there, before something weighty: exports, signatures, new factors."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.errors import Invalid, NotFound, Refusal
from community.kernel.web import before_the_gate
from community.members import services, session
from community.members.forms import CodeForm, ConfirmForm
from community.members.models import Member
from community.members.views.answers import again
from community.members.views.asking import PAGE, form_for, sent_along, values_of
from community.members.views.blueprint import blueprint, for_second_factor


@blueprint.get("/confirm")
@before_the_gate
@for_second_factor
def confirm() -> ResponseReturnValue:
    """Ask for the second factor, or for the password where there is none."""
    member = session.current_member()
    form = form_for(member, next=session.next_place(""))
    return render_template(PAGE, form=form, **values_of(member))


@blueprint.post("/confirm")
@before_the_gate
@for_second_factor
def take_confirm() -> ResponseReturnValue:
    """Take it, and go on to what was asked for, or with the form that came along."""
    member, here, carried = session.current_member(), session.find_current_session(), sent_along()
    form = form_for(member)
    if here is None:
        raise NotFound
    if not form.validate():
        return again(PAGE, form, None, **values_of(member, carried))
    try:
        _show(member, form)
    except Refusal as refusal:
        return again(PAGE, form, refusal, **values_of(member, carried))
    session.confirm(here)
    if carried is not None:
        return render_template("members/go_on.html", carried=carried)
    return redirect(session.next_place(), 303)


def _show(member: Member, form: CodeForm | ConfirmForm) -> None:
    address = session.remote_address()
    if isinstance(form, CodeForm):
        services.show_code(actor=member, code=form.code.data or "", address=address)
        return
    try:
        services.confirm_password(actor=member, password=form.password.data or "", address=address)
    except services.NotRecognised:
        raise Invalid(gettext("That is not your password."), field="password") from None
