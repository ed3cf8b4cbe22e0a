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


def nonce() -> str:
    """Return 128 random bits as text."""
    return secrets.token_urlsafe(16)


def make(*, key: str, purpose: str, nonce: str) -> str:
    """Return the token of a purpose and a nonce: 43 characters that fit into an address."""
    mac = hmac.new(key.encode(), f"{purpose}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Return the SHA-256 under which a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
