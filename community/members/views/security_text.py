"""Whom to tell about a hole in the fence (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

from flask import Response
from flask.typing import ResponseReturnValue

from community.kernel import clock, locale, settings
from community.kernel.errors import NotFound
from community.kernel.web import public
from community.members.views.blueprint import blueprint

_HOLDS_FOR = timedelta(days=90)


@blueprint.get("/.well-known/security.txt")
@public
def security_text() -> ResponseReturnValue:
    """Name the contact of this installation; nothing, where none is set."""
    installed = settings.current()
    if not installed.security_contact:
        raise NotFound
    until = (clock.now() + _HOLDS_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {installed.security_contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(locale.LANGUAGES)}",
        f"Canonical: {installed.base_url}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
