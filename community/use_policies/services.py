"""Accepting and declining a use policy: the acceptance is a row that never changes."""

from __future__ import annotations

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.members.models import Member
from community.use_policies import queries
from community.use_policies.models import Acceptance


def accept(
    *,
    actor: Member,
    policy: str,
    version: str,
    language: str,
    sha256: str,
    shown_as: str,
    browser: str = "",
) -> Acceptance:
    """Keep that a member has accepted exactly this text.

    Args:
        actor: who accepts.
        policy: its id.
        version: its version, which must be the one in force.
        language: in which it was read.
        sha256: of the exact text that was shown, as the page carried it.
        shown_as: how, such as `page`, `page with differences`, `command`.
        browser: what the browser calls itself.

    Raises:
        Conflict: another text is in force by now.
        Invalid: the hash is not that of the text.
    """
    text = queries.get_text(policy=policy, version=version, language=language)
    found = queries.library().in_force(policy, on=queries.today())
    if found is None or found.version != version:
        raise Conflict(N_("A newer version has come into force. Read that one, please."))
    if text.sha256 != sha256:
        raise Invalid(N_("The text has changed since you opened the page. Read it again, please."))
    earlier = session().scalar(
        sa.select(Acceptance).where(
            Acceptance.member_id == actor.id,
            Acceptance.policy == policy,
            Acceptance.version == version,
        )
    )
    if earlier is not None:
        return earlier
    row = Acceptance(
        member_id=actor.id,
        policy=policy,
        version=version,
        language=text.language,
        sha256=text.sha256,
        text=text.exact,
        accepted_at=clock.now(),
        shown_as=shown_as,
        browser=browser[:255],
    )
    session().add(row)
    session().flush()
    record(
        actor=actor,
        action="use_policy.accepted",
        subject_kind="acceptance",
        subject_id=row.id,
        new={"policy": policy, "version": version, "language": text.language, "sha256": sha256},
    )
    return row


def decline(*, actor: Member, policy: str, version: str) -> None:
    """Keep that a member read a version and said no; nothing is taken from them by it."""
    record(
        actor=actor,
        action="use_policy.declined",
        subject_kind="member",
        subject_id=actor.id,
        new={"policy": policy, "version": version},
    )
