"""Threads, posts, their wordings, drafts, and how far each member has read."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Model, Names, Words
from community.members.models import Member
from community.reviews.models import Review
from community.spaces.models import Space


class PostState(enum.Enum):
    """Whether a text is in the room, waits for a person, or was taken down."""

    PUBLISHED = "published"
    HELD = "held"
    RETURNED = "returned"
    REMOVED = "removed"


class RevisionState(enum.Enum):
    """Whether one wording is the one shown, was it before, waits, or was sent back.

    `covered` was shown before, and is kept out of sight: what it says too much, nobody reads again.
    """

    SHOWN = "shown"
    OLD = "old"
    COVERED = "covered"
    HELD = "held"
    RETURNED = "returned"


class ReportReason(enum.Enum):
    """Why a member reports a post, in the terms of the protocols."""

    PATIENT = "patient"
    WRONG = "wrong"
    UNKIND = "unkind"
    ADVERT = "advert"
    PURPOSE = "purpose"
    OTHER = "other"


class Thread(Model):
    """A question and its posts. The first post carries the thread's opening text.

    `last_number` is the highest number given to a post here: dense, given at publication.
    A thread whose first post is held has none yet and is seen by nobody else. `marks` holds
    `off_label` where a question in it is for Medical Information to answer, in private.
    """

    __tablename__ = "thread"

    id: Mapped[Id] = mapped_column(init=False)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"), init=False)
    space: Mapped[Space] = relationship(lazy="joined", innerjoin=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    author: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    title: Mapped[str]
    created_at: Mapped[datetime]
    news_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(32), default="discussion")
    tags: Mapped[Names] = mapped_column(default_factory=list)
    products: Mapped[Names] = mapped_column(default_factory=list)
    marks: Mapped[Names] = mapped_column(default_factory=list)
    last_number: Mapped[int] = mapped_column(default=0)
    pinned_at: Mapped[datetime | None] = mapped_column(default=None)
    locked_at: Mapped[datetime | None] = mapped_column(default=None)
    locked_reason: Mapped[Words] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    import_id: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        sa.UniqueConstraint("space_id", "import_id"),
        sa.Index("ix_thread_news", "space_id", "pinned_at", "news_at", "id"),
        sa.Index("ix_thread_latest", "space_id", "news_at", "id"),
    )


class Post(Model):
    """One text in a thread. `number` is its place, given when it is published."""

    __tablename__ = "post"

    id: Mapped[Id] = mapped_column(init=False)
    thread_id: Mapped[int] = mapped_column(
        sa.ForeignKey("thread.id", ondelete="CASCADE"), init=False
    )
    thread: Mapped[Thread] = relationship(lazy="joined", innerjoin=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    author: Mapped[Member] = relationship(lazy="joined", innerjoin=True, foreign_keys=[author_id])
    client_key: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[PostState]
    text: Mapped[Words]
    html: Mapped[Words]
    created_at: Mapped[datetime]
    number: Mapped[int | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    edited_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    removed_role: Mapped[str] = mapped_column(sa.String(32), default="")
    removed_reason: Mapped[Words] = mapped_column(default="")
    reply_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"), default=None)
    reply_type: Mapped[str] = mapped_column(sa.String(32), default="")
    origin: Mapped[str] = mapped_column(sa.String(16), default="member")
    guardrail_set: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    revisions: Mapped[list[Revision]] = relationship(
        back_populates="post", init=False, order_by="Revision.number", lazy="select"
    )

    __table_args__ = (
        sa.UniqueConstraint("thread_id", "number"),
        sa.UniqueConstraint("author_id", "client_key"),
        sa.Index("ix_post_own", "author_id", "state"),
    )


class Revision(Model):
    """One wording of a post, kept for good. `html` is rendered once, when it was written."""

    __tablename__ = "revision"

    id: Mapped[Id] = mapped_column(init=False)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), init=False)
    post: Mapped[Post] = relationship(back_populates="revisions")
    number: Mapped[int]
    editor_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    text: Mapped[Words]
    html: Mapped[Words]
    created_at: Mapped[datetime]
    state: Mapped[RevisionState]
    verdict_id: Mapped[int | None] = mapped_column(sa.ForeignKey("verdict.id"), default=None)
    client_key: Mapped[str] = mapped_column(sa.String(64), default="")

    __table_args__ = (
        sa.UniqueConstraint("post_id", "number"),
        sa.Index("ix_revision_own", "editor_id", "state"),
    )


class Draft(Model):
    """What a member has begun to write in one place, kept on the server.

    `place` is `thread:<id>`, `space:<id>` or `post:<id>`. `seq` rises with each save; a tab
    that saves on an older one is told, so that it overwrites nothing.
    """

    __tablename__ = "draft"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[Words]
    saved_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(default="")
    seq: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.UniqueConstraint("member_id", "place"),)


class ReadPosition(Model):
    """The number of the last post that a member has seen in a thread."""

    __tablename__ = "read_position"

    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        sa.ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    number: Mapped[int]
    at: Mapped[datetime]


class Report(Model):
    """That a member asked the moderators to look at a post. Whoever decides its case reads it.

    `words` are the reporter's own, and stand nowhere else. All reports of a post that come while
    its case is open belong to that case, one a member.
    """

    __tablename__ = "report"

    id: Mapped[Id] = mapped_column(init=False)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    review_id: Mapped[int] = mapped_column(
        sa.ForeignKey("review.id", ondelete="CASCADE"), init=False
    )
    review: Mapped[Review] = relationship(lazy="joined", innerjoin=True)
    reason: Mapped[ReportReason]
    words: Mapped[Words]
    at: Mapped[datetime]
    client_key: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (
        sa.UniqueConstraint("member_id", "client_key"),
        sa.UniqueConstraint("review_id", "member_id"),
        sa.Index("ix_report_own", "member_id", "thread_id"),
    )


class ImportedAuthor(Model):
    """Which member stands for an author of an earlier community, in one space.

    `author` is the name that the import's file uses; empty for posts without one.
    """

    __tablename__ = "imported_author"

    id: Mapped[Id] = mapped_column(init=False)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"))
    author: Mapped[str]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))

    __table_args__ = (sa.UniqueConstraint("space_id", "author"),)
