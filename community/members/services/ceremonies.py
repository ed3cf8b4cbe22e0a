"""What a browser is asked for a passkey, and whether its answer is right (WebAuthn).

The only module that knows the library. It is loaded when somebody first makes or shows a passkey,
for with what it needs it takes several megabytes.

Source: Web Authentication Level 2, W3C 2021, sections 5.4, 5.5, 7.1 and 7.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from community.kernel.db import Json
from community.members.models import Member, Passkey

_FAULTS = (WebAuthnException, ValueError, KeyError, TypeError)


class NotRight(Exception):
    """An answer that does not fit what was asked; for which reason stays unsaid."""


@dataclass(frozen=True)
class Made:
    """The public half of a passkey, as it is kept. `transports` are those that we know."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]


def to_make(
    *, base_url: str, actor: Member, handle: bytes, challenge: bytes, known: Iterable[Passkey]
) -> Json:
    """Return what the browser needs to make a passkey that is none of those known."""
    options = webauthn.generate_registration_options(
        rp_id=_host(base_url),
        rp_name="Roundtable",
        user_name=actor.email or actor.name,
        user_display_name=actor.name,
        user_id=handle,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return _as_json(options)


def to_show(*, base_url: str, challenge: bytes, known: Iterable[Passkey] | None) -> Json:
    """Return what the browser needs to show a passkey.

    Args:
        base_url: of the site, where alone it holds.
        challenge: what it must sign.
        known: those of which it must be one; None where it is to say whose it is, which takes the
            finger, face or PIN as well.
    """
    options = webauthn.generate_authentication_options(
        rp_id=_host(base_url),
        challenge=challenge,
        allow_credentials=_described(known or ()),
        user_verification=UserVerificationRequirement.REQUIRED
        if known is None
        else UserVerificationRequirement.PREFERRED,
    )
    return _as_json(options)


def check_made(*, base_url: str, answer: Mapping[str, Any], challenge: bytes) -> Made:
    """Return what is kept of a passkey that was just made.

    Raises:
        NotRight: the answer does not fit.
    """
    try:
        made = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(base_url),
            expected_origin=_origin(base_url),
        )
    except _FAULTS:
        raise NotRight from None
    return Made(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(answer),
    )


def check_shown(
    *,
    base_url: str,
    answer: Mapping[str, Any],
    challenge: bytes,
    passkey: Passkey,
    must_know_person: bool,
) -> int:
    """Return how often the passkey says that it has signed.

    Raises:
        NotRight: the answer does not fit.
    """
    try:
        shown = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(base_url),
            expected_origin=_origin(base_url),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=must_know_person,
        )
    except _FAULTS:
        raise NotRight from None
    return shown.new_sign_count


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""


def _origin(base_url: str) -> str:
    place = urlsplit(base_url)
    return f"{place.scheme}://{place.netloc}"


def _as_json(options: Any) -> Json:
    told: Json = json.loads(webauthn.options_to_json(options))
    return told


def _described(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    known = {kind.value for kind in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential_id),
            transports=[AuthenticatorTransport(way) for way in each.transports if way in known],
        )
        for each in passkeys
    ]


def _transports(answer: Mapping[str, Any]) -> list[str]:
    response = answer.get("response")
    said = response.get("transports") if isinstance(response, Mapping) else None
    known = {kind.value for kind in AuthenticatorTransport}
    return [way for way in said if way in known] if isinstance(said, list) else []
