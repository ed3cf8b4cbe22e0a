"""Links that are used once: made from the secret key, so that none lies in the database.

A token is the HMAC of what it is for and a random nonce. The row keeps its SHA-256 to find it by,
and the nonce to make it again where a mail has to be sent a second time; neither opens anything
without the key of the installation.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence


def nonce() -> str:
    """Return 128 random bits as text."""
    return secrets.token_urlsafe(16)


def make(*, key: str, purpose: str, nonce: str) -> str:
    """Return the token of a purpose and a nonce: 43 characters that fit into an address."""
    mac = hmac.new(key.encode(), f"{purpose}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def make_again(*, keys: Sequence[str], purpose: str, nonce: str, kept: str) -> str:
    """Return the token that lies as `kept`, with whichever key of the installation it was made.

    Args:
        keys: the present key first, then those before it.
        purpose: what the token is for.
        nonce: what it was made of.
        kept: its digest.
    """
    made = [make(key=key, purpose=purpose, nonce=nonce) for key in keys]
    return next((token for token in made if digest(token) == kept), made[0])


def mark(*, key: str, value: str) -> str:
    """Return 12 letters by which a value is known again; without the key nobody reads it there."""
    return make(key=key, purpose="mark", nonce=value)[:12]


def digest(token: str) -> str:
    """Return the SHA-256 under which a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
