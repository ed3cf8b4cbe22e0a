"""Reads of who must acknowledge the set in force, what changed, and what they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.guardrails import access, loader, scenarios
from community.guardrails.comparing import Comparison
from community.guardrails.models import Acknowledgement, GuardrailSetVersion
from community.guardrails.queries.sets import (
    find_set_in_force,
    get_set_version,
    rules_of,
    what_changed,
)
from community.guardrails.scenarios import Scenario
from community.kernel import paths, settings
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Affiliation, Member
from community.spaces.models import Membership, MembershipState

MISSED = "set_acknowledgement.missed"


@dataclass(frozen=True)
class Due:
    """A set to be acknowledged: what changed since `before`, which this member knew.

    `before` is None for a member's first set; `comparison` is None where nothing can be compared.
    """

    version: GuardrailSetVersion
    title: str
    before: GuardrailSetVersion | None
    comparison: Comparison | None
    scenarios: Sequence[Scenario]
    done: Acknowledgement | None


def find_due(viewer: Member) -> GuardrailSetVersion | None:
    """Return the set in force where the viewer has still to acknowledge it."""
    if not access.must_acknowledge(viewer):
        return None
    version = find_set_in_force()
    if version is None or access.has_acknowledged(viewer, version):
        return None
    return version


def get_due(*, viewer: Member, version_id: int) -> Due:
    """Return a set with what changed and its questions, to be acknowledged or read again.

    Raises:
        NotFound: there is none, it is not in force, or the viewer is not bound by guardrails.
        Forbidden: the viewer posts nowhere.
    """
    require(access.may_see_guardrails(viewer))
    version = get_set_version(version_id=version_id)
    require(access.may_acknowledge(viewer))
    holds = find_set_in_force()
    done = _find(viewer, version)
    if done is None and (holds is None or holds.id != version.id):
        raise NotFound
    before = _known_before(viewer, version)
    comparison = changes_for(viewer, version)
    return Due(
        version=version,
        title=_title(version),
        before=before,
        comparison=comparison,
        scenarios=scenarios_for(viewer, version, comparison),
        done=done,
    )


def changes_for(viewer: Member, version: GuardrailSetVersion) -> Comparison | None:
    """Compare a set with the last one that this member acknowledged."""
    return what_changed(_known_before(viewer, version), version)


def scenarios_for(
    viewer: Member, version: GuardrailSetVersion, comparison: Comparison | None
) -> Sequence[Scenario]:
    """Return the questions for one member about one set; none where it can't be read any more."""
    try:
        rules = rules_of(version)
    except loader.GuardrailFileError:
        return []
    return scenarios.choose(
        rules,
        touched=comparison.touched if comparison is not None else (),
        training=training(),
        seed=f"{version.sha256}:{viewer.id}",
    )


def training() -> Sequence[Scenario]:
    """Return the questions of the training for liaisons."""
    return _training((settings.current().policies_dir or paths.POLICIES) / "training" / "msl.toml")


@lru_cache(maxsize=4)
def _training(path: Path) -> Sequence[Scenario]:
    try:
        return scenarios.parse_training(path.read_text("utf-8"))
    except OSError:
        return []


def members_who_must_acknowledge(version: GuardrailSetVersion) -> Sequence[Member]:
    """Return the company's people with a place in a space who have not acknowledged a set."""
    place = sa.select(Membership.member_id).where(Membership.state == MembershipState.ACTIVE)
    known = sa.select(Acknowledgement.member_id).where(Acknowledgement.set_version_id == version.id)
    return (
        session()
        .scalars(
            sa.select(Member)
            .where(
                Member.affiliation == Affiliation.COMPANY,
                Member.closed_at.is_(None),
                Member.sign_in_allowed.is_(True),
                Member.id.in_(place),
                Member.id.not_in(known),
            )
            .order_by(Member.id)
        )
        .all()
    )


def count_missed(member: Member, version: GuardrailSetVersion) -> int:
    """Return how often a member has answered a set's questions and not rightly, by the record."""
    query = sa.select(sa.func.count(AuditEntry.seq)).where(
        AuditEntry.action == MISSED,
        AuditEntry.actor_id == member.id,
        AuditEntry.subject_kind == "guardrail_set_version",
        AuditEntry.subject_id == str(version.id),
    )
    return session().scalar(query) or 0


def _find(member: Member, version: GuardrailSetVersion) -> Acknowledgement | None:
    return session().scalar(
        sa.select(Acknowledgement).where(
            Acknowledgement.member_id == member.id,
            Acknowledgement.set_version_id == version.id,
        )
    )


def _known_before(member: Member, version: GuardrailSetVersion) -> GuardrailSetVersion | None:
    """The last set that a member acknowledged before this one; for the first, none."""
    return session().scalar(
        sa.select(GuardrailSetVersion)
        .join(Acknowledgement, Acknowledgement.set_version_id == GuardrailSetVersion.id)
        .where(
            Acknowledgement.member_id == member.id,
            GuardrailSetVersion.id != version.id,
            sa.tuple_(GuardrailSetVersion.effective, GuardrailSetVersion.id)
            < sa.tuple_(sa.literal(version.effective), sa.literal(version.id)),
        )
        .order_by(GuardrailSetVersion.effective.desc(), GuardrailSetVersion.id.desc())
        .limit(1)
    )


def _title(version: GuardrailSetVersion) -> str:
    try:
        return rules_of(version).title
    except loader.GuardrailFileError:
        return version.name
