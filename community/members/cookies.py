"""The session's cookie, for machines whose clocks do not agree and clocks that are set back."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class _Signer(TimestampSigner):
    """Takes what was signed later than now for as good as what was signed just now.

    Flask's own signs everybody out whose cookie another machine made a second ahead of this one,
    or this one before its clock was set back. How long a session lasts, its row decides.
    """

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, *more: Any, **others: Any
    ) -> Any:
        """Return the value that was signed.

        Raises:
            BadSignature: it was signed by somebody else, or longer ago than `max_age` seconds.
        """
        unsign: Any = super().unsign
        try:
            return unsign(signed_value, max_age, *more, **others)
        except SignatureExpired as problem:
            signed, now = problem.date_signed, self.timestamp_to_datetime(self.get_timestamp())
            if signed is None or signed <= now:
                raise
        return unsign(signed_value, None, *more, **others)


class Cookies(SecureCookieSessionInterface):
    """Flask's own way of keeping a session in a signed cookie, by SHA-256, patient with clocks.

    What the version before this one signed by SHA-1 is read, until the next; none is made.
    """

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie and reads it."""
        keys = (app.secret_key, *app.config["SECRET_KEY_FALLBACKS"])
        if keys not in self._made:
            serializer = super().get_signing_serializer(app)
            if serializer is not None:
                serializer.signer = _Signer
                before = {"key_derivation": self.key_derivation, "digest_method": hashlib.sha1}
                serializer.fallback_signers = [before]
            self._made = {keys: serializer}
        return self._made[keys]
