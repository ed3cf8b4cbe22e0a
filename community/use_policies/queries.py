"""Reads of use policies: what a member has still to accept, and what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from community.kernel import clock, paths, settings
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.use_policies.library import Asking, PolicyLibrary, UsePolicyText, UsePolicyVersion
from community.use_policies.loader import load_use_policies
from community.use_policies.models import Acceptance


@lru_cache(maxsize=8)
def _load(root: Path) -> PolicyLibrary:
    return load_use_policies(root)


def library() -> PolicyLibrary:
    """Return every use policy of this installation, read once."""
    return _load((settings.current().policies_dir or paths.POLICIES) / "use")


def today() -> date:
    """Return the day by which versions come into force: that of UTC."""
    return clock.now().date()


def asking(*, viewer: Member) -> Sequence[Asking]:
    """Return the versions that a member has still to accept, whether or not they block yet."""
    accepted = _last_accepted(viewer)
    policies = library()
    found = (
        policies.asking(
            policy,
            accepted=accepted.get(policy),
            on=today(),
            audience=viewer.affiliation.value,
        )
        for policy in policies.ids()
    )
    return [asked for asked in found if asked is not None]


def find_due(*, viewer: Member) -> UsePolicyVersion | None:
    """Return the version without which nothing else is shown, if there is one."""
    return next((asked.version for asked in asking(viewer=viewer) if asked.blocks), None)


def _last_accepted(viewer: Member) -> dict[str, str]:
    rows = session().execute(
        sa.select(Acceptance.policy, Acceptance.version)
        .where(Acceptance.member_id == viewer.id)
        .order_by(Acceptance.accepted_at, Acceptance.id)
    )
    return {row.policy: row.version for row in rows}


def current_texts(*, language: str, audience: str) -> Sequence[UsePolicyText]:
    """Return the texts in force for an audience, in a language or the nearest there is."""
    versions = library().all_in_force(on=today(), audience=audience)
    return [version.text(language) for version in versions]


def get_text(*, policy: str, version: str, language: str) -> UsePolicyText:
    """Return one version, for reading; old ones stay readable.

    Raises:
        NotFound: there is none, or it is not in force yet.
    """
    try:
        found = library().version(policy, version)
    except KeyError:
        raise NotFound from None
    if found.effective > today():
        raise NotFound
    return found.text(language)


def acceptances(*, viewer: Member) -> Sequence[Acceptance]:
    """Return what a member has accepted, the newest first."""
    return session().scalars(
        sa.select(Acceptance)
        .where(Acceptance.member_id == viewer.id)
        .order_by(Acceptance.accepted_at.desc(), Acceptance.id.desc())
    ).all()


def find_last_acceptance(*, viewer: Member, policy: str) -> Acceptance | None:
    """Return the last acceptance of a policy, to show the difference to."""
    return next((row for row in acceptances(viewer=viewer) if row.policy == policy), None)


def get_acceptance(*, viewer: Member, acceptance_id: int) -> Acceptance:
    """Return one's own acceptance, for reading and printing for ever."""
    row = session().get(Acceptance, acceptance_id)
    if row is None or row.member_id != viewer.id:
        raise NotFound
    return row
