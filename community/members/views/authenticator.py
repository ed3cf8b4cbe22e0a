"""Setting up the app that shows six digits."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from community.kernel.errors import Gone, Refusal
from community.kernel.web import before_the_gate
from community.members import services, session
from community.members.forms import AuthenticatorForm, PasskeyNameForm
from community.members.session import current_member, remote_address
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.members.views.blueprint import blueprint, for_second_factor
from community.members.views.second_factor import show_refused

_PAGE = "members/authenticator.html"


@blueprint.get("/profile/authenticator")
@before_the_gate
@for_second_factor
@asks_again
def authenticator() -> ResponseReturnValue:
    """Show a new secret to scan; each look shows another, and none is in use yet."""
    offer = services.offer(actor=current_member())
    form = AuthenticatorForm(None, offer_key=offer.sealed)
    return render_template(_PAGE, form=form, **_values(offer))


@blueprint.post("/profile/authenticator")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda: gettext("Take an app for codes into use."))
def take_authenticator() -> ResponseReturnValue:
    """Take the app into use, once it shows the right digits."""
    form, member = AuthenticatorForm(), current_member()
    try:
        offer = services.offer_again(actor=member, sealed=form.offer_key.data or "")
    except Gone as refusal:
        offer = services.offer(actor=member)
        fresh = AuthenticatorForm(None, offer_key=offer.sealed)
        return again(_PAGE, fresh, refusal, **_values(offer))
    if not form.validate():
        return again(_PAGE, form, None, **_values(offer))
    try:
        services.set_up_authenticator(
            actor=member,
            sealed=offer.sealed,
            code=form.code.data or "",
            address=remote_address(),
        )
    except Refusal as refusal:
        return again(_PAGE, form, refusal, **_values(offer))
    here = session.find_current_session() or session.find_half_session()
    if here is not None:
        session.prove(here)
    return done(gettext("The app is in use from now on."), "members.second_factor")


@blueprint.post("/profile/authenticator/remove")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda: gettext("Use no app for codes any more."))
def remove_authenticator() -> ResponseReturnValue:
    """Use the app no more."""
    try:
        services.remove_authenticator(actor=current_member())
    except Refusal as refusal:
        return show_refused(refusal, PasskeyNameForm(None))
    sentence = gettext("The app opens nothing here any more. Delete the entry in it, too.")
    return done(sentence, "members.second_factor")


def _values(offer: services.Offer) -> dict[str, object]:
    import segno  # noqa: PLC0415 - large, and seldom needed

    drawn = segno.make(offer.address, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    groups = [offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4)]
    # Squares alone: nothing that somebody wrote stands in the picture as text.
    return {"picture": Markup(drawn), "secret": " ".join(groups)}  # noqa: S704
