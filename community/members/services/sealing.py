"""Secrets that must be read again: encrypted, so that a copy of the database alone opens none."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from community.kernel import settings


def seal(text: str, *, purpose: str) -> str:
    """Return a text as only this installation can read it, for this purpose alone.

    Fernet (AES-128-CBC with HMAC-SHA256); its key is made from the installation's by HKDF
    (RFC 5869), one for each purpose. What an earlier key has sealed can still be read.
    """
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str, seconds: int | None = None) -> str | None:
    """Return what was sealed, or None where it was not, not here, or too long ago.

    Args:
        sealed: what `seal` gave.
        purpose: the same as then.
        seconds: how old it may be; any age where None.
    """
    try:
        return _box(purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> MultiFernet:
    return MultiFernet([_made_of(key, purpose) for key in settings.current().secret_keys])


def _made_of(key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))
