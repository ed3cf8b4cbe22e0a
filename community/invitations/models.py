"""Invitations: who was asked into which spaces, by whom, and what came of it."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Model, Words
from community.members.models import Affiliation, Member
from community.spaces.models import Role, Space


class InvitationState(enum.Enum):
    """Where an invitation stands. That it has expired is told by the clock, not stored."""

    ISSUED = "issued"
    OPENED = "opened"
    REDEEMED = "redeemed"
    DECLINED = "declined"
    REVOKED = "revoked"


class Invitation(Model):
    """A single-use right to join, bound to one address. Only the token's hash is kept."""

    __tablename__ = "invitation"

    id: Mapped[Id] = mapped_column(init=False)
    email: Mapped[str] = mapped_column(index=True)
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), init=False)
    invited_by: Mapped[Member] = relationship(foreign_keys=[invited_by_id], lazy="joined")
    note: Mapped[Words]
    nonce: Mapped[str] = mapped_column(sa.String(64))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    affiliation: Mapped[Affiliation] = mapped_column(default=Affiliation.HCP)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.ISSUED)
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    decline_reason: Mapped[Words] = mapped_column(default="")
    revoke_reason: Mapped[Words] = mapped_column(default="")
    redeemed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    version: Mapped[int] = mapped_column(default=1)

    places: Mapped[list[InvitedPlace]] = relationship(
        back_populates="invitation", init=False, lazy="selectin", cascade="all, delete-orphan"
    )


class InvitedPlace(Model):
    """One space that an invitation opens, and the role in it."""

    __tablename__ = "invited_place"

    id: Mapped[Id] = mapped_column(init=False)
    invitation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("invitation.id", ondelete="CASCADE"), index=True, init=False
    )
    invitation: Mapped[Invitation] = relationship(back_populates="places")
    space_id: Mapped[int] = mapped_column(
        sa.ForeignKey("space.id", ondelete="CASCADE"), index=True, init=False
    )
    space: Mapped[Space] = relationship(lazy="joined", innerjoin=True)
    role: Mapped[Role]

    __table_args__ = (sa.UniqueConstraint("invitation_id", "space_id"),)
