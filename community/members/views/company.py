"""Signing in by the company's own OpenID provider: there, and back again."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

import flask
import requests
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth, OAuthError
from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from joserfc.errors import JoseError

from community.config import CompanySignIn
from community.kernel import limits, settings, unit_of_work
from community.kernel.errors import NotFound, Refusal
from community.kernel.web import public, sentence_of
from community.members import services, session
from community.members.views.blueprint import blueprint

_PLACE = "company_next"
_SECONDS = 10
# Signatures by a key that only the provider has: never `none`, never a secret that two share.
_SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_ASKED = ("token_endpoint", "jwks_uri")  # each time; the userinfo_endpoint seldom
_SIGNED_BY = "id_token_signing_alg_values_supported"
_FAULTS = (OAuthError, JoseError, requests.RequestException, RuntimeError, ValueError, KeyError)


@blueprint.app_context_processor
def _offer() -> dict[str, bool]:
    return {"company_sign_in": settings.current().company_sign_in is not None}


@blueprint.get("/sign-in/company")
@public
def company_sign_in() -> ResponseReturnValue:
    """Go to the company's provider, with a question that only its answer fits (PKCE, nonce)."""
    client, _ = _client()
    limits.spend("30 per 5 minutes", "company_sign_in", session.remote_address())
    flask.session[_PLACE] = session.next_place()
    try:
        return cast(ResponseReturnValue, client.authorize_redirect(_back()))
    except _FAULTS:
        current_app.logger.exception("the company's sign-in can't be reached")
        return _refuse(gettext("The company's sign-in can not be reached just now."), 503)


@blueprint.get("/sign-in/company/back")
@public
def company_back() -> ResponseReturnValue:
    """Take the company's word. Its address works once, so this GET keeps what it does."""
    client, provider = _client()
    try:
        claims = _claims(client, provider)
    except _FAULTS as fault:
        current_app.logger.warning("the company's word was not taken: %s", fault)
        return _refuse(gettext("That did not come from the company's sign-in as it should."), 403)
    place = flask.session.get(_PLACE, "/")
    try:
        member = services.sign_in_by_company(provider=provider, claims=claims)
    except Refusal as refusal:
        current_app.logger.warning("the company's word let nobody in: %s", refusal.code)
        return _refuse(sentence_of(refusal), refusal.status)
    session.start(member, how="company", is_strong=services.vouches_for_second_factor(claims))
    place = session.after_sign_in(place)
    unit_of_work.commit()
    return redirect(place, 303)


def _claims(client: FlaskOAuth2App, provider: CompanySignIn) -> dict[str, Any]:
    """Return what the checked identity token says, and the groups if they come apart from it."""
    expected = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }
    _accept_sound_signatures(client)
    for place in _ASKED:
        _require_known_host(client, provider, place)
    token = client.authorize_access_token(claims_options=expected, timeout=_SECONDS)
    claims = dict(token["userinfo"])
    if provider.duties and provider.groups_claim not in claims:
        _require_known_host(client, provider, "userinfo_endpoint")
        more = dict(client.userinfo(token=token, timeout=_SECONDS))
        if more.get("sub") != claims["sub"]:
            raise ValueError("two answers about two people")
        claims = {**more, **claims}
    return claims


def _accept_sound_signatures(client: FlaskOAuth2App) -> None:
    said = client.load_server_metadata()
    said[_SIGNED_BY] = sorted(_SIGNATURES.intersection(said.get(_SIGNED_BY) or ["RS256"]))
    if not said[_SIGNED_BY]:
        raise ValueError("the provider signs in no way that is sound")


def _require_known_host(client: FlaskOAuth2App, provider: CompanySignIn, place: str) -> None:
    """Ask nobody but those whom the settings name, whatever the provider's description says.

    Raises:
        ValueError: a host that they do not name, or one without TLS while the issuer has it.
    """
    said = urlsplit(str(client.load_server_metadata().get(place, "")))
    issuer = urlsplit(provider.issuer)
    known = {issuer.hostname, *(host.lower() for host in provider.hosts)}
    if said.hostname not in known:
        raise ValueError(f"the settings do not name {said.hostname}, the host of the {place}")
    if said.scheme != "https" and issuer.scheme == "https":
        raise ValueError(f"{said.hostname}, the host of the {place}, is to be asked without TLS")


def _client() -> tuple[FlaskOAuth2App, CompanySignIn]:
    provider = settings.current().company_sign_in
    if provider is None:
        raise NotFound
    made = current_app.extensions.get("company_sign_in")
    if made is None or made[1] != provider:
        app = cast(flask.Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
        client = OAuth(app).register(
            "company",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": provider.scope,
                "code_challenge_method": "S256",
                "timeout": _SECONDS,
                "max_redirects": 0,
            },
        )
        made = current_app.extensions["company_sign_in"] = (client, provider)
    return cast(tuple[FlaskOAuth2App, CompanySignIn], made)


def _back() -> str:
    return settings.current().base_url + url_for("members.company_back")


def _refuse(sentence: str, status: int) -> ResponseReturnValue:
    page = render_template("members/company_refused.html", sentence=sentence)
    return page, status
