"""A question to Medical Information, and what was written to and fro about it."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Json, Model, Words
from community.members.models import Member
from community.reviews.models import Review

WITHIN_LABEL = "within_label"


class InquiryState(enum.Enum):
    """Where an inquiry stands. `begun` has a first answer, and the full one is owed."""

    OPEN = "open"
    BEGUN = "begun"
    ANSWERED = "answered"
    CLOSED = "closed"


STILL_OWED = (InquiryState.OPEN, InquiryState.BEGUN)


class Inquiry(Model):
    """One question of one member. The member and who holds the case read it; nobody else.

    `origin` is `question` (a post on a use that is not approved), `member` (asked under a post) or
    `company` (opened by an author of the company). `about` is the title of the thread it came from.
    `outcome` is `closed` where it needed no answer, `within_label` where the room may talk of it.
    """

    __tablename__ = "inquiry"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True, foreign_keys=[member_id])
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"), index=True)
    about: Mapped[str]
    origin: Mapped[str] = mapped_column(sa.String(16))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    thread_id: Mapped[int | None] = mapped_column(default=None, index=True)
    post_id: Mapped[int | None] = mapped_column(default=None)
    product: Mapped[str] = mapped_column(sa.String(64), default="")
    state: Mapped[InquiryState] = mapped_column(default=InquiryState.OPEN)
    review_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("review.id"), default=None, init=False
    )
    review: Mapped[Review | None] = relationship(lazy="joined", default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(sa.String(16), default="")
    closed_reason: Mapped[Words] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    messages: Mapped[list[InquiryMessage]] = relationship(
        back_populates="inquiry", init=False, order_by="InquiryMessage.id", lazy="select"
    )

    __table_args__ = (sa.UniqueConstraint("member_id", "post_id"),)

    @property
    def number(self) -> str:
        """The name under which both sides speak of it."""
        return f"MI-{self.id:05d}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.state in STILL_OWED

    @property
    def owner(self) -> str:
        """The desk that answers: Medical Information, or who stands in for it."""
        return self.review.owner if self.review is not None else "medical_information"


class InquiryMessage(Model):
    """One letter of the exchange. `delivery` says how an answer also reached the member."""

    __tablename__ = "inquiry_message"

    id: Mapped[Id] = mapped_column(init=False)
    inquiry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inquiry.id", ondelete="CASCADE"), index=True, init=False
    )
    inquiry: Mapped[Inquiry] = relationship(back_populates="messages")
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    author: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    text: Mapped[Words]
    html: Mapped[Words]
    sent_at: Mapped[datetime]
    client_key: Mapped[str] = mapped_column(sa.String(64))
    references: Mapped[list[Json]] = mapped_column(sa.JSON(), default_factory=list)
    delivery: Mapped[str] = mapped_column(default="")

    __table_args__ = (sa.UniqueConstraint("author_id", "client_key"),)
