"""One's own second factors: what there is, passkeys by name, codes on paper."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.errors import Refusal
from community.kernel.web import before_the_gate
from community.members import access, services
from community.members.forms import PasskeyNameForm
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.members.views.blueprint import blueprint, for_second_factor

_PAGE = "members/second_factor.html"


@blueprint.get("/profile/second-factor")
@before_the_gate
@for_second_factor
def second_factor() -> ResponseReturnValue:
    """Show what one has besides the password, and what can be added."""
    return render_template(_PAGE, form=PasskeyNameForm(None), **_values())


def _values() -> dict[str, object]:
    member = current_member()
    return {
        "member": member,
        "factors": services.second_factors_of(member),
        "is_needed": access.needs_second_factor(member),
        "reaches_far": member.is_company or bool(member.duties),
    }


def show_refused(refusal: Refusal, form: PasskeyNameForm) -> ResponseReturnValue:
    """Show the page again with why a deed on it was refused."""
    return again(_PAGE, form, refusal, **_values())


@blueprint.post("/profile/passkeys/<int:passkey_id>/name")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda **_: gettext("Give a passkey another name."))
def name_passkey(passkey_id: int) -> ResponseReturnValue:
    """Call a passkey something else."""
    form = PasskeyNameForm()
    if not form.validate():
        return again(_PAGE, form, None, **_values())
    services.name_passkey(actor=current_member(), passkey_id=passkey_id, name=form.name.data or "")
    return done(gettext("It has its new name."), "members.second_factor")


@blueprint.post("/profile/passkeys/<int:passkey_id>/remove")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda **_: gettext("Take one of your passkeys away."))
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Take a passkey away."""
    try:
        services.remove_passkey(actor=current_member(), passkey_id=passkey_id)
    except Refusal as refusal:
        return show_refused(refusal, PasskeyNameForm(None))
    sentence = gettext("The passkey opens nothing here any more. Delete it on your device, too.")
    return done(sentence, "members.second_factor")


@blueprint.post("/profile/recovery-codes")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda: gettext("Make new recovery codes. The old ones end."))
def make_recovery_codes() -> ResponseReturnValue:
    """Make new codes and show them, this once."""
    try:
        codes = services.make_recovery_codes(actor=current_member())
    except Refusal as refusal:
        return show_refused(refusal, PasskeyNameForm(None))
    return render_template("members/recovery_codes.html", codes=codes)
