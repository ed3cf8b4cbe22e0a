"""Cases that a person must decide, with their clocks, whatever they are about."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel.db import Id, Json, Model, Words

SEEN = "seen"
"""Of a protocol's clocks the one that opening the case stops."""

DECIDED = "decided"
"""Of a protocol's clocks the one that closing the case stops."""

COVER = "\N{FULL BLOCK}"
"""Stands for each letter of a text that a desk does not read."""


class ReviewKind(enum.Enum):
    """A held text waits for a decision; a routed case tells its owner of a text that stands.

    A report is such a text's as well: a member asks for it to be looked at, and reads the answer.
    """

    HOLD = "hold"
    ROUTED = "routed"
    REPORT = "report"


class DecisionKind(enum.Enum):
    """What was decided on a case.

    `withdraw` is its author's, who took the text back before, or put other words in its place.
    """

    RELEASE = "release"
    RETURN = "return"
    REMOVE = "remove"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Settled(enum.Enum):
    """What became of a step: it was done, or the case turned out not to need it."""

    DONE = "done"
    WAIVED = "waived"


class Review(Model):
    """One case. `owner` is a desk: a duty's name, or `moderators` for those of the space.

    `desk` is the one that was wanted; where nobody holds it, `owner` is who stands in.

    `subject_kind` is `post` (a post as it stands), `revision` (a held edit), `draft` (a blocked
    text that never became a post) or `inquiry` (a letter to Medical Information); `text` is the
    wording when the case was opened, with what may show who a patient is covered where the desk
    need not know it.
    """

    __tablename__ = "review"

    id: Mapped[Id] = mapped_column(init=False)
    kind: Mapped[ReviewKind]
    desk: Mapped[str] = mapped_column(sa.String(32))
    owner: Mapped[str] = mapped_column(sa.String(32), index=True)
    reason_code: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[Words]
    findings: Mapped[list[Json]] = mapped_column(sa.JSON())
    subject_kind: Mapped[str] = mapped_column(sa.String(16))
    subject_id: Mapped[int]
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    text: Mapped[Words]
    client_key: Mapped[str] = mapped_column(sa.String(64))
    opened_at: Mapped[datetime]
    clock_from: Mapped[datetime]
    thread_id: Mapped[int | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    decision: Mapped[DecisionKind | None] = mapped_column(default=None)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    decision_reason: Mapped[Words] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    deadlines: Mapped[list[Deadline]] = relationship(
        back_populates="review", init=False, lazy="selectin", order_by="Deadline.due_at"
    )

    __table_args__ = (
        # One case per wording, desk and kind: a repeated request opens none anew.
        sa.UniqueConstraint("author_id", "client_key", "desk", "kind", name="uq_review_once"),
        sa.Index("ix_review_open", "closed_at", "owner"),
        sa.Index("ix_review_subject", "subject_kind", "subject_id", "closed_at"),
    )

    @property
    def is_covered(self) -> bool:
        """Whether what may show who a patient is does not concern this desk, and is covered."""
        return COVER in self.text

    @property
    def rules(self) -> frozenset[str]:
        """The rules that led here."""
        return frozenset(str(finding["rule"]) for finding in self.findings)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.closed_at is None

    @property
    def steps(self) -> list[Deadline]:
        """What an owner ticks off; a held text has none, its decision is the step."""
        return [] if self.kind is ReviewKind.HOLD else list(self.deadlines)

    @property
    def unsettled(self) -> list[Deadline]:
        """The steps that wait for somebody's word; that a case was looked at shows by itself.

        So does that it is decided.
        """
        return [step for step in self.steps if step.met_at is None and not step.shows_by_itself]

    @property
    def is_no_case(self) -> bool:
        """Whether it was closed with the word that nothing of what it asks for applies."""
        asked = [step for step in self.steps if not step.shows_by_itself]
        return bool(asked) and all(step.settled_as is Settled.WAIVED for step in asked)


class Deadline(Model):
    """One step of a case with its clock: what must have happened by when.

    `step` is the clock's name in its protocol. `settled_as` is None while it waits, and in steps
    that were met before this was kept.
    """

    __tablename__ = "deadline"

    id: Mapped[Id] = mapped_column(init=False)
    review_id: Mapped[int] = mapped_column(
        sa.ForeignKey("review.id", ondelete="CASCADE"), index=True, init=False
    )
    review: Mapped[Review] = relationship(back_populates="deadlines")
    name: Mapped[Words]
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    step: Mapped[str] = mapped_column(sa.String(32), default="", server_default=sa.text("''"))
    met_at: Mapped[datetime | None] = mapped_column(default=None)
    met_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    settled_as: Mapped[Settled | None] = mapped_column(default=None)

    @property
    def is_look(self) -> bool:
        """Whether opening the case is the step."""
        return self.step == SEEN

    @property
    def shows_by_itself(self) -> bool:
        """Whether opening or closing the case is the step: nobody ticks it off or takes it back."""
        return self.step in {SEEN, DECIDED}
