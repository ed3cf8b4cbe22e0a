"""Signed sets of rules, and what they said about each text."""

from __future__ import annotations

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Json, Model, Words
from community.members.models import Member


class GuardrailSetVersion(Model):
    """One version of all rules, with the exact files, readable for ever.

    Which set is in force is asked for each text; its files are read only where they are needed.
    `announced_at` is when staff were told that it had come into force.
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
    announced_at: Mapped[datetime | None] = mapped_column(default=None)

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
    """The Verdict over one text as it was sent: outcome, findings, routes, and by which set.

    `confirmed` are the rules whose advice the author has read and sent the text all the same, with
    a reason where one was given. `judged_as` is the role whose rules were asked, which tells who
    spoke for Medical Affairs then; empty in verdicts older than the column.
    """

    __tablename__ = "verdict"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    outcome: Mapped[str] = mapped_column(sa.String(16))
    findings: Mapped[list[Json]] = mapped_column(sa.JSON())
    routes: Mapped[list[str]] = mapped_column(sa.JSON())
    at: Mapped[datetime] = mapped_column(index=True)
    set_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("guardrail_set_version.id"), default=None
    )
    thread_id: Mapped[int | None] = mapped_column(default=None)
    client_key: Mapped[str] = mapped_column(sa.String(64), default="")
    confirmed: Mapped[list[str]] = mapped_column(sa.JSON(), default_factory=list)
    advice_reason: Mapped[Words] = mapped_column(default="")
    judged_as: Mapped[str] = mapped_column(sa.String(16), default="", server_default=sa.text("''"))


class DraftState(enum.Enum):
    """Whether a draft of a set is written on, waits for signatures as a set, or was given up."""

    OPEN = "open"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


class SetDraft(Model):
    """A set of rules while it is written: the text of its file, which may still hold faults.

    `purpose` says in plain words what is to change and why. `products` are the product files that
    it is checked with, those of the set it is based on. `version` rises with each change.
    """

    __tablename__ = "guardrail_draft"

    id: Mapped[Id] = mapped_column(init=False)
    purpose: Mapped[Words]
    source: Mapped[Words] = mapped_column(deferred=True)
    products: Mapped[dict[str, str]] = mapped_column(sa.JSON(), deferred=True)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    changed_at: Mapped[datetime]
    based_on_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("guardrail_set_version.id"), default=None
    )
    state: Mapped[DraftState] = mapped_column(default=DraftState.OPEN)
    set_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("guardrail_set_version.id"), default=None, index=True
    )
    version: Mapped[int] = mapped_column(default=1)

    authors: Mapped[list[DraftAuthor]] = relationship(
        back_populates="draft", init=False, lazy="selectin"
    )

    @property
    def is_open(self) -> bool:
        """Whether it can still be written on."""
        return self.state is DraftState.OPEN

    @property
    def author_ids(self) -> frozenset[int]:
        """Who has written in it, and so can't sign it."""
        return frozenset(author.member_id for author in self.authors)


class DraftAuthor(Model):
    """That a member has written in a draft; kept for good, since authors don't sign."""

    __tablename__ = "guardrail_draft_author"

    draft_id: Mapped[int] = mapped_column(
        sa.ForeignKey("guardrail_draft.id", ondelete="CASCADE"), primary_key=True, init=False
    )
    draft: Mapped[SetDraft] = relationship(back_populates="authors")
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)
    first_at: Mapped[datetime]


class DraftComment(Model):
    """A co-author's remark on a draft or, where `rule_id` names one, on a rule of it."""

    __tablename__ = "guardrail_draft_comment"

    id: Mapped[Id] = mapped_column(init=False)
    draft_id: Mapped[int] = mapped_column(
        sa.ForeignKey("guardrail_draft.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    member: Mapped[Member] = relationship(lazy="joined", foreign_keys=[member_id])
    text: Mapped[Words]
    created_at: Mapped[datetime]
    rule_id: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it."""
        return self.settled_at is None


class Acknowledgement(Model):
    """That a member has read what a set changed and answered its questions rightly, then.

    `answers` holds each question's id with how often it was answered before it was right.
    """

    __tablename__ = "set_acknowledgement"

    id: Mapped[Id] = mapped_column(init=False)
    set_version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("guardrail_set_version.id", ondelete="RESTRICT")
    )
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    at: Mapped[datetime]
    answers: Mapped[Json]

    __table_args__ = (sa.UniqueConstraint("set_version_id", "member_id"),)
