"""Credentials to be checked: the list and one of them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.errors import Invalid
from community.kernel.forms import Form
from community.members import licences, queries, services
from community.members.forms import CheckForm, ReasonForm
from community.members.models import Credential
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.blueprint import blueprint

_PAGE = "members/check.html"


@blueprint.get("/credentials")
def credentials() -> ResponseReturnValue:
    """List what waits to be checked, and what is due again."""
    desk = queries.credential_desk(viewer=current_member())
    return render_template("members/credentials.html", desk=desk, today=clock.today())


@blueprint.get("/credentials/<int:credential_id>")
def check(credential_id: int) -> ResponseReturnValue:
    """Show one credential with what helps to check it."""
    found = queries.get_credential(viewer=current_member(), credential_id=credential_id)
    return render_template(_PAGE, **_values(found))


def _values(credential: Credential) -> dict[str, object]:
    day = clock.today() + services.RECHECK_AFTER
    number = credential.licence_number
    return {
        "credential": credential,
        "member": credential.member,
        "hint": licences.hint(country=credential.country, number=number),
        "decided_by": queries.find_name(credential.decided_by_id),
        "check_form": CheckForm(None, recheck_on=day, version=credential.version),
        "refuse_form": ReasonForm(None, version=credential.version),
    }


def _again(
    found: Credential, name: str, form: Form, refusal: Invalid | None = None
) -> ResponseReturnValue:
    return again(_PAGE, form, refusal, **{**_values(found), name: form})


@blueprint.post("/credentials/<int:credential_id>/check")
def take_check(credential_id: int) -> ResponseReturnValue:
    """Say that a credential is right."""
    found = queries.get_credential(viewer=current_member(), credential_id=credential_id)
    form = CheckForm()
    if not form.validate() or form.recheck_on.data is None:
        return _again(found, "check_form", form)
    try:
        services.check_credential(
            actor=current_member(),
            credential=found,
            note=form.note.data or "",
            recheck_on=form.recheck_on.data,
            version=form.version.data or 0,
        )
    except Invalid as refusal:
        return _again(found, "check_form", form, refusal)
    sentence = gettext("Checked. %(name)s can go in.", name=found.member.name)
    return done(sentence, "members.credentials")


@blueprint.post("/credentials/<int:credential_id>/refuse")
def take_refusal(credential_id: int) -> ResponseReturnValue:
    """Say what is missing from a credential."""
    found = queries.get_credential(viewer=current_member(), credential_id=credential_id)
    form = ReasonForm()
    if not form.validate():
        return _again(found, "refuse_form", form)
    try:
        services.refuse_credential(
            actor=current_member(),
            credential=found,
            reason=form.reason.data or "",
            version=form.version.data or 0,
        )
    except Invalid as refusal:
        return _again(found, "refuse_form", form, refusal)
    sentence = gettext("Returned to %(name)s with your reason.", name=found.member.name)
    return done(sentence, "members.credentials")
