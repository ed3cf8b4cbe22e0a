"""One run of a draft over what was posted, beside the set in force."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.db import Id, Json, Model


class Replay(Model):
    """A replay and how far it has come, from the newest post to the oldest.

    `source_sha256` names the wording of the draft that it ran with. `found` posts lie in the time
    looked at, `total` of them are looked at, `done` have been. `counts` holds sums, `differences`
    one row a post that would fare otherwise: ids, rules and desks, never its words.
    """

    __tablename__ = "guardrail_replay"

    id: Mapped[Id] = mapped_column(init=False)
    draft_id: Mapped[int] = mapped_column(
        sa.ForeignKey("guardrail_draft.id", ondelete="CASCADE"), index=True
    )
    source_sha256: Mapped[str] = mapped_column(sa.String(64))
    set_version_id: Mapped[int] = mapped_column(sa.ForeignKey("guardrail_set_version.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    asked_at: Mapped[datetime]
    since: Mapped[datetime]
    total: Mapped[int]
    found: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    last_post_id: Mapped[int | None] = mapped_column(default=None)
    counts: Mapped[Json] = mapped_column(default_factory=dict)
    differences: Mapped[list[Json]] = mapped_column(sa.JSON(), default_factory=list)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_running(self) -> bool:
        """Whether there is more to look at."""
        return self.finished_at is None

    @property
    def is_overtaken(self) -> bool:
        """Whether the draft was changed before the end, so that the run stopped there."""
        return bool(self.counts.get("overtaken"))
