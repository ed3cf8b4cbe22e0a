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
from community.members.views.blueprint import blueprint, for_second_factor

_PAGE = "members/confirm.html"


@blueprint.get("/confirm")
@before_the_gate
@for_second_factor
def confirm() -> ResponseReturnValue:
    """Ask for the second factor, or for the password where there is none."""
    member = session.current_member()
    form = _form_for(member, next=session.next_place(""))
    return render_template(_PAGE, form=form, **_values(member))


@blueprint.post("/confirm")
@before_the_gate
@for_second_factor
def take_confirm() -> ResponseReturnValue:
    """Take it, and go on to what was asked for."""
    member, here = session.current_member(), session.find_current_session()
    form = _form_for(member)
    if here is None:
        raise NotFound
    if not form.validate():
        return again(_PAGE, form, None, **_values(member))
    try:
        _show(member, form)
    except Refusal as refusal:
        return again(_PAGE, form, refusal, **_values(member))
    session.confirm(here)
    return redirect(session.next_place(), 303)


def _form_for(member: Member, **values: str) -> CodeForm | ConfirmForm:
    kind = CodeForm if member.second_factor_since else ConfirmForm
    return kind(**values)


def _show(member: Member, form: CodeForm | ConfirmForm) -> None:
    address = session.remote_address()
    if isinstance(form, CodeForm):
        services.show_code(actor=member, code=form.code.data or "", address=address)
        return
    try:
        services.confirm_password(actor=member, password=form.password.data or "", address=address)
    except services.NotRecognised:
        raise Invalid(gettext("That is not your password."), field="password") from None


def _values(member: Member) -> dict[str, object]:
    return {"member": member, "factors": services.second_factors_of(member)}
