"""What shows who somebody is besides a password: app, passkeys, kept codes, the company's word."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.db import Id, Model, Names, Words


class Authenticator(Model):
    """The app that shows a member six digits anew every 30 seconds (RFC 6238).

    `sealed` is the secret, encrypted by the key of the installation. `last_step` is the number of
    the 30 seconds whose digits were used last; they and all before them count no more.
    """

    __tablename__ = "authenticator"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), unique=True
    )
    sealed: Mapped[Words]
    last_step: Mapped[int]
    created_at: Mapped[datetime]


class RecoveryCode(Model):
    """A code on paper that stands in once for a lost device; kept as a slow hash.

    Those made by the version before this one are kept as a quick one, with a key.
    """

    __tablename__ = "recovery_code"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(sa.String(128), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class Passkey(Model):
    """A key pair that lives in a member's device or key chain; here is its public half (WebAuthn).

    `sign_count` is what the device counted; one that counts and falls back is refused.
    """

    __tablename__ = "passkey"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary())
    sign_count: Mapped[int]
    transports: Mapped[Names]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class PasskeyChallenge(Model):
    """A question that a passkey answers once, within minutes; the browser's cookie names it."""

    __tablename__ = "passkey_challenge"

    id: Mapped[Id] = mapped_column(init=False)
    challenge_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(32))
    created_at: Mapped[datetime] = mapped_column(index=True)


class CompanyIdentity(Model):
    """Who a member is to the company's own sign-in (OpenID Connect: issuer and subject)."""

    __tablename__ = "company_identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime]
