"""Tells staff that a set has come into force, and keeps that they have understood it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.exc import IntegrityError

from community.audit.services import record
from community.guardrails import access, queries
from community.guardrails.models import Acknowledgement, GuardrailSetVersion
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.models import Member


def announce_set_in_force() -> None:
    """Tell staff, once, that another set is in force: by its last signature, or by its day."""
    version = queries.find_set_in_force()
    if version is None or version.announced_at is not None:
        return
    version.announced_at = clock.now()
    session().flush()
    record(
        actor=None,
        action="guardrail_set.in_force",
        subject_kind="guardrail_set_version",
        subject_id=version.id,
        new={"name": version.name, "version": version.version, "sha256": version.sha256},
    )
    enqueue("guardrails.tell_in_force", {"version_id": version.id}, key=f"in-force-{version.id}")


def wrong_answers(
    *, member: Member, version: GuardrailSetVersion, answers: Mapping[str, int]
) -> list[str]:
    """Return the ids of a member's questions that are not answered rightly.

    `answers` holds the option chosen, counted from 0, by the question's id.
    """
    asked = queries.scenarios_for(member, version, queries.changes_for(member, version))
    return [each.id for each in asked if answers.get(each.id) != each.answer]


def note_missed(*, actor: Member, version: GuardrailSetVersion, wrong: Sequence[str]) -> None:
    """Keep that the actor answered some questions, named by their ids, and not rightly."""
    record(
        actor=actor,
        action=queries.MISSED,
        subject_kind="guardrail_set_version",
        subject_id=version.id,
        new={"questions": sorted(wrong)},
    )


def acknowledge(
    *,
    actor: Member,
    version: GuardrailSetVersion,
    answers: Mapping[str, int],
) -> Acknowledgement:
    """Keep that the actor has read what a set changed and answered its questions rightly.

    How often they answered is counted by what `note_missed` has kept.

    Args:
        actor: who acknowledges.
        version: the set.
        answers: the option chosen, counted from 0, by the question's id.

    Raises:
        Forbidden: the actor posts nowhere.
        Invalid: an answer is not right.
        Conflict: the actor has acknowledged it already.
    """
    require(access.may_acknowledge(actor))
    wrong = wrong_answers(member=actor, version=version, answers=answers)
    if wrong:
        raise Invalid(N_("Not yet: read what is said under the answers that are not right."))
    if access.has_acknowledged(actor, version):
        raise _done()
    kept = Acknowledgement(
        set_version_id=version.id,
        member_id=actor.id,
        at=clock.now(),
        answers={
            "tries": 1 + queries.count_missed(actor, version),
            "questions": sorted(answers),
        },
    )
    session().add(kept)
    try:
        session().flush()
    except IntegrityError:
        raise _done() from None
    record(
        actor=actor,
        action="set_acknowledgement.made",
        subject_kind="guardrail_set_version",
        subject_id=version.id,
        new={"sha256": version.sha256, **kept.answers},
    )
    return kept


def _done() -> Conflict:
    return Conflict(N_("You have acknowledged this set already."), code="acknowledged")
