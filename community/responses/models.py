"""Approved responses, their versions, and the posts that carry them."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel import markup
from community.kernel.db import Id, Json, Model, Names, Words

EXPIRES_SOON = timedelta(days=30)
STANDARD = "standard response"


class ResponseState(enum.Enum):
    """Where a version stands on a day. Only a current or expiring one may be put into a reply."""

    UNCONFIRMED = "unconfirmed"
    CURRENT = "current"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    COMING = "coming"
    REPLACED = "replaced"


class StandardResponse(Model):
    """One response under the name by which the company files it. Its words stand in its versions.

    `kind` is `standard response`, or `pointer` or `form` for texts that have their own buttons.
    `owner` is the team that keeps it up to date, in the words of the file.
    """

    __tablename__ = "standard_response"

    id: Mapped[Id] = mapped_column(init=False)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(32))
    product: Mapped[str] = mapped_column(sa.String(64))
    owner: Mapped[str]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    withdrawn_reason: Mapped[Words] = mapped_column(default="")

    versions: Mapped[list[ResponseVersion]] = relationship(
        back_populates="response",
        init=False,
        order_by="ResponseVersion.id.desc()",
        lazy="selectin",
    )

    @property
    def newest(self) -> ResponseVersion:
        """The version that was added last."""
        return self.versions[0]

    def find_standing(self, day: date) -> ResponseVersion | None:
        """Return the last confirmed version that has begun by a day."""
        begun = (v for v in self.versions if v.confirmed_at and v.approved_on <= day)
        return next(begun, None)


class ResponseVersion(Model):
    """One wording with its approval, never changed. `source` is the exact file.

    `references` are `{"id", "text"}`; `answers` the questions it answers. `confirmed_at`: when a
    second keeper had read it; what comes by the command line needs none. `told_at`: when its owners
    were told that it has expired.
    """

    __tablename__ = "response_version"

    id: Mapped[Id] = mapped_column(init=False)
    response_id: Mapped[int] = mapped_column(
        sa.ForeignKey("standard_response.id", ondelete="CASCADE"), init=False
    )
    response: Mapped[StandardResponse] = relationship(
        back_populates="versions", lazy="joined", innerjoin=True
    )
    version: Mapped[str] = mapped_column(sa.String(32))
    title: Mapped[str]
    countries: Mapped[Names]
    language: Mapped[str] = mapped_column(sa.String(16))
    approved_on: Mapped[date]
    approved_until: Mapped[date]
    approved_by: Mapped[Names]
    references: Mapped[list[Json]] = mapped_column(sa.JSON())
    answers: Mapped[Names]
    text: Mapped[Words]
    source: Mapped[Words] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)

    __table_args__ = (sa.UniqueConstraint("response_id", "version"),)

    @property
    def cited(self) -> str:
        """The response as it goes into a reply: its words, and under them its references."""
        if not self.references:
            return self.text
        lines = [f"- [{one['id']}] {one['text']}".rstrip() for one in self.references]
        return "\n".join([self.text, "", "References:", "", *lines])

    @property
    def html(self) -> str:
        """The response with its references, rendered as a reply would be."""
        return markup.render(self.cited, key=f"r{self.id}")

    def state_on(self, day: date) -> ResponseState:
        """Return where it stands on a day."""
        if self.confirmed_at is None:
            return ResponseState.UNCONFIRMED
        if self.response.withdrawn_at is not None:
            return ResponseState.WITHDRAWN
        if day < self.approved_on:
            return ResponseState.COMING
        if self.response.find_standing(day) is not self:
            return ResponseState.REPLACED
        if day > self.approved_until:
            return ResponseState.EXPIRED
        soon = day > self.approved_until - EXPIRES_SOON
        return ResponseState.EXPIRING if soon else ResponseState.CURRENT

    def has_lapsed_by(self, moment: datetime) -> bool:
        """Whether it was in use before a moment and no longer is: by then known to have ended."""
        if self.confirmed_at is None or self.approved_on > moment.date():
            return False
        response = self.response
        if response.withdrawn_at is not None and response.withdrawn_at <= moment:
            return True
        return moment.date() > self.approved_until or any(
            later.confirmed_at is not None
            and later.confirmed_at <= moment
            and later.approved_on <= moment.date()
            for later in response.versions
            if later.id > self.id
        )

    def may_be_used_on(self, day: date) -> bool:
        """Whether it may be put into a reply on a day."""
        return self.state_on(day) in {ResponseState.CURRENT, ResponseState.EXPIRING}


class ResponseUse(Model):
    """That a post carries a version; word for word only where it was approved then."""

    __tablename__ = "response_use"

    id: Mapped[Id] = mapped_column(init=False)
    version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("response_version.id", ondelete="CASCADE")
    )
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id", ondelete="CASCADE"))
    is_verbatim: Mapped[bool] = mapped_column(sa.Boolean())
    used_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("version_id", "post_id"),)
