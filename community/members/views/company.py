"""Signing in by the company's own OpenID provider: there, and back again."""

from __future__ import annotations

import flask
from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.config import CompanySignIn
from community.kernel import limits, settings, unit_of_work
from community.kernel.errors import NotFound, Refusal
from community.kernel.web import public, sentence_of
from community.members import services, session
from community.members.views.blueprint import blueprint

_PLACE = "company_next"


@blueprint.app_context_processor
def _offer() -> dict[str, bool]:
    return {"company_sign_in": settings.current().company_sign_in is not None}


@blueprint.get("/sign-in/company")
@public
def company_sign_in() -> ResponseReturnValue:
    """Go to the company's provider."""
    asked = _provider()
    from community.members.views import provider  # noqa: PLC0415 - see there

    limits.spend("30 per 5 minutes", "company_sign_in", session.remote_address())
    flask.session[_PLACE] = session.next_place()
    back = settings.current().base_url + url_for("members.company_back")
    try:
        return provider.lead_there(asked, back)
    except provider.Unsound:
        current_app.logger.exception("the company's sign-in can't be reached")
        return _refuse(gettext("The company's sign-in can not be reached just now."), 503)


@blueprint.get("/sign-in/company/back")
@public
def company_back() -> ResponseReturnValue:
    """Take the company's word. Its address works once, so this GET keeps what it does."""
    asked = _provider()
    from community.members.views import provider  # noqa: PLC0415 - see there

    try:
        claims = provider.take_claims(asked)
    except provider.Unsound as fault:
        current_app.logger.warning("the company's word was not taken: %s", fault)
        return _refuse(gettext("That did not come from the company's sign-in as it should."), 403)
    place = flask.session.get(_PLACE, "/")
    try:
        member = services.sign_in_by_company(provider=asked, claims=claims)
    except Refusal as refusal:
        current_app.logger.warning("the company's word let nobody in: %s", refusal.code)
        return _refuse(sentence_of(refusal), refusal.status)
    session.start(member, how="company", is_strong=services.vouches_for_second_factor(claims))
    place = session.after_sign_in(place)
    unit_of_work.commit()
    return redirect(place, 303)


def _provider() -> CompanySignIn:
    asked = settings.current().company_sign_in
    if asked is None:
        raise NotFound
    return asked


def _refuse(sentence: str, status: int) -> ResponseReturnValue:
    page = render_template("members/company_refused.html", sentence=sentence)
    return page, status
