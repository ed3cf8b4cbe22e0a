"""Signed sets of rules, and what they said about each text."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Json, Model, Words


class GuardrailSetVersion(Model):
    """One version of all rules, with the exact files, readable for ever.

    Which set is in force is asked for each text; its files are read only where they are needed.
    """

    __tablename__ = "guardrail_set_version"

    id: Mapped[Id] = mapped_column(init=False)
    name: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[str] = mapped_column(sa.String(32))
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    source: Mapped[Words] = mapped_column(deferred=True)
    products: Mapped[dict[str, str]] = mapped_column(sa.JSON(), deferred=True)
    needs: Mapped[list[str]] = mapped_column(sa.JSON())
    effective: Mapped[date]
    created_at: Mapped[datetime]

    signatures: Mapped[list[Signature]] = relationship(
        back_populates="set_version", init=False, lazy="selectin"
    )


class Signature(Model):
    """A duty holder's signature under one set (21 CFR 11.50: name, time with zone, meaning)."""

    __tablename__ = "signature"

    id: Mapped[Id] = mapped_column(init=False)
    set_version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("guardrail_set_version.id", ondelete="RESTRICT"), init=False
    )
    set_version: Mapped[GuardrailSetVersion] = relationship(back_populates="signatures")
    duty: Mapped[str] = mapped_column(sa.String(32))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    printed_name: Mapped[str]
    signed_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    meaning: Mapped[str]

    __table_args__ = (sa.UniqueConstraint("set_version_id", "duty"),)


class JudgedText(Model):
    """The Verdict over one text as it was sent: outcome, findings, routes, and by which set."""

    __tablename__ = "verdict"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    outcome: Mapped[str] = mapped_column(sa.String(16))
    findings: Mapped[list[Json]] = mapped_column(sa.JSON())
    routes: Mapped[list[str]] = mapped_column(sa.JSON())
    at: Mapped[datetime]
    set_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("guardrail_set_version.id"), default=None
    )
    thread_id: Mapped[int | None] = mapped_column(default=None)
    client_key: Mapped[str] = mapped_column(sa.String(64), default="")
