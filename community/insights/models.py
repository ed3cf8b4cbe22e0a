"""Second readings of what the company published, how many are drawn, and proposals for rules."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Model, Names, Words
from community.members.models import Member
from community.threads.models import Post, Revision


class Opinion(enum.Enum):
    """What a second reader thinks of a text that went out by itself."""

    WITHIN = "within"
    IMPROVABLE = "improvable"
    OUTSIDE = "outside"


class SampleRate(Model):
    """Of a hundred texts that the company publishes in a space, how many get a second reader."""

    __tablename__ = "sample_rate"

    space_id: Mapped[int] = mapped_column(
        sa.ForeignKey("space.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    percent: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class SecondReading(Model):
    """One wording that went out without anybody's approval, drawn to be read once more.

    `percent` is the rate at which it was drawn. `needed` and `needless` are the rules whose advice
    on the text the reader found right, or not. `noticed_at` is when the author has read the note.
    """

    __tablename__ = "second_reading"

    id: Mapped[Id] = mapped_column(init=False)
    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("revision.id", ondelete="CASCADE"), unique=True, init=False
    )
    revision: Mapped[Revision] = relationship(lazy="joined", innerjoin=True)
    post_id: Mapped[int] = mapped_column(
        sa.ForeignKey("post.id", ondelete="CASCADE"), index=True, init=False
    )
    post: Mapped[Post] = relationship(lazy="joined", innerjoin=True)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    percent: Mapped[int]
    drawn_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reader_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("member.id"), default=None, init=False
    )
    reader: Mapped[Member | None] = relationship(
        lazy="joined", foreign_keys=[reader_id], default=None
    )
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    opinion: Mapped[Opinion | None] = mapped_column(default=None)
    note: Mapped[Words] = mapped_column(default="")
    needed: Mapped[Names] = mapped_column(default_factory=list)
    needless: Mapped[Names] = mapped_column(default_factory=list)
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review.id"), default=None)
    noticed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.Index("ix_second_reading_open", "read_at", "due_at"),)

    @property
    def is_read(self) -> bool:
        """Whether a second reader has said what they think."""
        return self.read_at is not None

    @property
    def has_news(self) -> bool:
        """Whether there is more to tell the author than that all is well."""
        return bool(self.note) or self.opinion not in (None, Opinion.WITHIN)


class RuleProposal(Model):
    """What a second reader would change in the rules, for those who draft the next set.

    `rule` is the id of the rule it is about; empty for one that is still missing.
    """

    __tablename__ = "rule_proposal"

    id: Mapped[Id] = mapped_column(init=False)
    reading_id: Mapped[int] = mapped_column(
        sa.ForeignKey("second_reading.id", ondelete="CASCADE"), unique=True
    )
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    by: Mapped[Member] = relationship(lazy="joined", innerjoin=True, foreign_keys=[by_id])
    at: Mapped[datetime]
    text: Mapped[Words]
    rule: Mapped[str] = mapped_column(sa.String(64), default="")
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("member.id"), default=None, init=False
    )
    closed_by: Mapped[Member | None] = relationship(
        lazy="joined", foreign_keys=[closed_by_id], default=None
    )
    answer: Mapped[Words] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
