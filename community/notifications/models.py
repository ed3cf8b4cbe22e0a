"""How far the news of a space has been looked through for letters, and when a summary went out."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.db import Model


class LookedThrough(Model):
    """The last number in a space's stream about which whom it concerns has been told."""

    __tablename__ = "looked_through"

    space_id: Mapped[int] = mapped_column(
        sa.ForeignKey("space.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int]


class Summary(Model):
    """When the last summary of a space was due to a member: the next tells of what came since."""

    __tablename__ = "summary"

    membership_id: Mapped[int] = mapped_column(
        sa.ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    due_at: Mapped[datetime]
