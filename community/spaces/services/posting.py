"""The incident switch: stops what the company posts in a space or everywhere, and lets it go on.

Nothing is refused: while the switch is on, the guardrails hold what the company's people send, and
the held texts stay at their desk when it is lifted.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock, upserts
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict
from community.kernel.reasons import whole_reason
from community.kernel.words import N_
from community.members.models import Member
from community.spaces import access
from community.spaces.models import Membership, PostingPause, Role, Space
from community.spaces.queries.posting import place_of
from community.stream.services import append


def pause_posting(
    *, actor: Member, own: Membership | None, space: Space | None, reason: str
) -> PostingPause:
    """Hold everything that the company sends to a space, or to any, from now on.

    Args:
        actor: compliance, medical, an administrator, or a moderator of the space.
        own: the actor's place in the space, if there is one.
        space: which; None for everywhere.
        reason: for the company's people and the moderators.

    Raises:
        Invalid: no reason is given.
        Conflict: it is paused already.
    """
    require(access.may_pause_posting(actor, own if space is not None else None))
    reason = _whole(reason)
    started = session().scalar(
        upserts.insert(PostingPause)
        .values(
            place=place_of(space),
            space_id=space.id if space is not None else None,
            reason=reason,
            started_at=clock.now(),
            started_as=_capacity(actor),
            started_by_id=actor.id,
            lift_reason="",
        )
        .on_conflict_do_nothing(index_elements=["place"])
        .returning(PostingPause.id)
    )
    if started is None:
        raise Conflict(N_("Company posting is paused here already."))
    pause = session().get_one(PostingPause, started)
    _tell(actor, pause, "posting.paused", reason)
    enqueue("spaces.mail_posting_paused", {"pause_id": pause.id}, key=f"posting-pause-{pause.id}")
    return pause


def resume_posting(
    *, actor: Member, own: Membership | None, pause: PostingPause, reason: str
) -> None:
    """Let the company post again; what was held meanwhile stays at its desk.

    Args:
        actor: who may lift this pause.
        own: the actor's place in its space, if there is one.
        pause: which.
        reason: what was settled.

    Raises:
        Invalid: no reason is given.
        Conflict: somebody else was quicker.
    """
    require(access.may_resume_posting(actor, own, pause))
    reason = _whole(reason)
    lifted = session().scalar(
        sa.update(PostingPause)
        .where(PostingPause.id == pause.id, PostingPause.lifted_at.is_(None))
        .values(place=None, lifted_at=clock.now(), lifted_by_id=actor.id, lift_reason=reason)
        .returning(PostingPause.id)
        .execution_options(synchronize_session=False)
    )
    if lifted is None:
        raise Conflict(N_("Somebody else has lifted this pause already."))
    session().refresh(pause)
    _tell(actor, pause, "posting.resumed", reason)


def _whole(reason: str) -> str:
    missing = N_("Write why. The company's people and the moderators read it.")
    return whole_reason(reason, missing=missing)


def _capacity(actor: Member) -> str:
    """Return by which right the actor turns the switch."""
    held = (duty.value for duty in access.POSTING_DUTIES if actor.holds(duty))
    return next(held, Role.MODERATOR.value)


def _tell(actor: Member, pause: PostingPause, action: str, reason: str) -> None:
    """Let open pages show it or drop it, in every space that it is about; keep the proof."""
    for space in _spaces(pause):
        append(space_id=space.id, kind="space", subject_id=space.id, version=space.version)
    record(
        actor=actor,
        action=action,
        subject_kind="posting_pause",
        subject_id=pause.id,
        space_id=pause.space_id,
        reason=reason,
        new={"where": "everywhere" if pause.is_everywhere else "space", "as": pause.started_as},
    )


def _spaces(pause: PostingPause) -> Sequence[Space]:
    which = sa.true() if pause.is_everywhere else Space.id == pause.space_id
    return session().scalars(sa.select(Space).where(which).order_by(Space.id)).all()
