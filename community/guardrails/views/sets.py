"""Pages about the sets of rules: in plain words, what they changed, and signing them."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import access, queries, services
from community.guardrails.forms import SignForm
from community.guardrails.queries import SetSheet
from community.guardrails.views.blueprint import blueprint
from community.kernel.access import require
from community.kernel.errors import Invalid, NotFound, TooMany
from community.members.session import current_member, remote_address
from community.members.views.asking import asks_again, named


@blueprint.get("/")
def sets() -> ResponseReturnValue:
    """List the sets of rules: in force, waiting for signatures, old."""
    viewer = current_member()
    return render_template(
        "guardrails/sets.html",
        sets=queries.shelf(viewer=viewer),
        sees_drafts=bool(access.may_see_drafts(viewer)),
        due=queries.find_due(viewer),
    )


@blueprint.get("/<int:version_id>")
def rules(version_id: int) -> ResponseReturnValue:
    """Show one set in plain words, with its signatures."""
    sheet = queries.get_sheet(viewer=current_member(), version_id=version_id)
    return render_template("guardrails/rules.html", sheet=sheet)


@blueprint.get("/<int:version_id>/changes")
def changes(version_id: int) -> ResponseReturnValue:
    """Show what a set changed against the one before it."""
    sheet = queries.get_sheet(viewer=current_member(), version_id=version_id)
    before = queries.find_set_before(sheet.version)
    return render_template(
        "guardrails/changes.html",
        sheet=sheet,
        before=before,
        draft=queries.find_draft_of(sheet.version),
        comparison=queries.what_changed(before, sheet.version),
    )


@blueprint.get("/<int:version_id>/files/<name>")
def file(version_id: int, name: str) -> ResponseReturnValue:
    """Hand out one of the files that are signed, as it is."""
    sheet = queries.get_sheet(viewer=current_member(), version_id=version_id)
    if name not in sheet.files:
        raise NotFound
    answer = Response(sheet.files[name].encode("utf-8"), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment"
    return answer


@blueprint.get("/<int:version_id>/sign")
@asks_again
def sign(version_id: int) -> ResponseReturnValue:
    """Show what signing means, to those whose duty may sign."""
    return _ask(_sheet_to_sign(version_id), SignForm(None), 200)


def _sheet_to_sign(version_id: int) -> SetSheet:
    viewer = current_member()
    sheet = queries.get_sheet(viewer=viewer, version_id=version_id)
    if not sheet.to_sign:
        missing = sheet.missing[0] if sheet.missing else sheet.version.needs[0]
        require(access.may_sign(viewer, sheet.version, missing))
    return sheet


def _ask(sheet: SetSheet, form: SignForm, status: int) -> Response:
    form.offer(sheet.to_sign)
    page = render_template(
        "guardrails/sign.html",
        sheet=sheet,
        form=form,
        meaning=gettext(services.MEANING),
        member=current_member(),
    )
    return make_response(page, status)


@blueprint.post("/<int:version_id>/sign")
@asks_again
@named(lambda **_: gettext("Sign a set of guardrails."))
def take_signature(version_id: int) -> ResponseReturnValue:
    """Sign, with the password typed for this signature."""
    sheet, form = _sheet_to_sign(version_id), SignForm()
    form.offer(sheet.to_sign)
    if not form.validate():
        return _ask(sheet, form, 422)
    try:
        _sign(sheet, form)
    except (Invalid, TooMany) as refusal:
        form.refuse(refusal)
        answer = _ask(sheet, form, refusal.status)
        if isinstance(refusal, TooMany):
            answer.headers["Retry-After"] = str(refusal.retry_after)
        return answer
    flash(gettext("Signed."))
    return redirect(url_for(".rules", version_id=version_id), 303)


def _sign(sheet: SetSheet, form: SignForm) -> None:
    services.sign_with_password(
        actor=current_member(),
        version=sheet.version,
        duty=form.duty.data,
        printed_name=form.printed_name.data or "",
        password=form.password.data or "",
        address=remote_address(),
    )
