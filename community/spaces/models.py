"""Closed rooms with a charter, members' places in them, and pauses of the company's posting."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel import clock
from community.kernel.db import Id, Model, Names, Words
from community.members.models import Member


class Role(enum.Enum):
    """A member's place in one space."""

    MEMBER = "member"
    CONTRIBUTOR = "contributor"
    MODERATOR = "moderator"
    MSL = "msl"


class MembershipState(enum.Enum):
    """Whether the place is taken, or how it was left."""

    ACTIVE = "active"
    LEFT = "left"
    REMOVED = "removed"


class PauseState(enum.Enum):
    """Where a pause stands: one moderator proposes, another confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LIFTED = "lifted"


class Space(Model):
    """A closed room: nobody finds it, nobody can ask to join."""

    __tablename__ = "space"

    id: Mapped[Id] = mapped_column(init=False)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    purpose: Mapped[Words]
    value: Mapped[Words]
    offline: Mapped[Words] = mapped_column(default="")
    goals: Mapped[Names] = mapped_column(default_factory=list)
    company_use: Mapped[Words] = mapped_column(default="")
    not_for: Mapped[Words] = mapped_column(default="")
    topics: Mapped[Names] = mapped_column(default_factory=list)
    countries: Mapped[Names] = mapped_column(default_factory=list)
    products: Mapped[Names] = mapped_column(default_factory=list)
    languages: Mapped[Names] = mapped_column(default_factory=lambda: ["en"])
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    edit_minutes: Mapped[int] = mapped_column(default=30)
    archived_at: Mapped[datetime | None] = mapped_column(default=None)
    archived_reason: Mapped[Words] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class Letters(enum.StrEnum):
    """Which letters a member gets about what is said in a space; `none` leaves those that we owe.

    All others hold answers to what one wrote; besides them each new thread, or a summary.
    """

    ANSWERS = "answers"
    THREADS = "threads"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


class Membership(Model):
    """A member's place in a space. It is ended, never deleted: who could read when is proof.

    `notification_level` is one of `Letters`.
    """

    __tablename__ = "membership"

    id: Mapped[Id] = mapped_column(init=False)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"), init=False)
    space: Mapped[Space] = relationship(lazy="joined", innerjoin=True)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), index=True, init=False
    )
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True, foreign_keys=[member_id])
    role: Mapped[Role]
    joined_at: Mapped[datetime]
    state: Mapped[MembershipState] = mapped_column(default=MembershipState.ACTIVE)
    notification_level: Mapped[str] = mapped_column(sa.String(16), default=Letters.ANSWERS.value)
    read_seq: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None] = mapped_column(default=None)
    pause_reason: Mapped[Words] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    end_reason: Mapped[Words] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.UniqueConstraint("space_id", "member_id"),)

    @property
    def is_active(self) -> bool:
        """Whether the place is taken now."""
        return self.state is MembershipState.ACTIVE

    @property
    def is_paused(self) -> bool:
        """Whether the member may only read now."""
        return self.paused_until is not None and not clock.has_come(self.paused_until)


class Pause(Model):
    """A proposal that a member may only read for some days: by one moderator, for another."""

    __tablename__ = "pause"

    id: Mapped[Id] = mapped_column(init=False)
    membership_id: Mapped[int] = mapped_column(
        sa.ForeignKey("membership.id", ondelete="CASCADE"), index=True, init=False
    )
    membership: Mapped[Membership] = relationship(lazy="joined", innerjoin=True)
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    proposed_at: Mapped[datetime]
    days: Mapped[int]
    reason: Mapped[Words]
    state: Mapped[PauseState] = mapped_column(default=PauseState.PROPOSED)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)


class PostingPause(Model):
    """The incident switch: what the company writes in a space, or anywhere, waits for a person.

    `place` names what is paused, `everywhere` or `space:<id>`, and is empty once it is lifted: so
    there is never a second pause of the same place. `started_as` is the duty, or `moderator`, by
    which it was started.
    """

    __tablename__ = "posting_pause"

    id: Mapped[Id] = mapped_column(init=False)
    place: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    space_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("space.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[Words]
    started_at: Mapped[datetime]
    started_as: Mapped[str] = mapped_column(sa.String(32))
    started_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    lift_reason: Mapped[Words] = mapped_column(default="")

    started_by: Mapped[Member] = relationship(
        init=False, lazy="joined", innerjoin=True, foreign_keys=[started_by_id], viewonly=True
    )
    lifted_by: Mapped[Member | None] = relationship(
        init=False, lazy="joined", foreign_keys=[lifted_by_id], viewonly=True
    )

    @property
    def is_everywhere(self) -> bool:
        """Whether it is about all spaces."""
        return self.space_id is None
