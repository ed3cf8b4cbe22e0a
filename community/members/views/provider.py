"""The company's OpenID provider: asked who somebody is, and believed as far as its answer is sound.

The only module that knows the library. It is loaded when somebody first comes that way, for with
what it needs it takes several megabytes.
"""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

import flask
import requests
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth, OAuthError
from flask import current_app
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from community.config import CompanySignIn

_SECONDS = 10
# Signatures by a key that only the provider has: never `none`, never a secret that two share.
_SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_ASKED = ("token_endpoint", "jwks_uri")  # each time; the userinfo_endpoint seldom
_SIGNED_BY = "id_token_signing_alg_values_supported"
_FAULTS = (OAuthError, JoseError, requests.RequestException, RuntimeError, ValueError, KeyError)


class Unsound(Exception):
    """The provider can't be reached, or what it says is not as it should be."""


def lead_there(provider: CompanySignIn, back: str) -> ResponseReturnValue:
    """Go to the provider, with a question that only its answer fits (PKCE, nonce).

    Raises:
        Unsound: it can't be reached.
    """
    try:
        return cast(ResponseReturnValue, _client(provider).authorize_redirect(back))
    except _FAULTS as fault:
        raise Unsound(str(fault)) from fault


def take_claims(provider: CompanySignIn) -> dict[str, Any]:
    """Return what the provider's answer, in the request at hand, says of somebody.

    Raises:
        Unsound: it does not come from there as it should.
    """
    try:
        return _claims(_client(provider), provider)
    except _FAULTS as fault:
        raise Unsound(str(fault)) from fault


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


def _client(provider: CompanySignIn) -> FlaskOAuth2App:
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
    return cast(FlaskOAuth2App, made[0])
