"""Accepting and declining a use policy: the acceptance is a row that never changes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from community.audit.services import record
from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.words import N_
from community.members.models import Member
from community.use_policies import queries
from community.use_policies.library import UsePolicyText
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

    Returns:
        The row; where the version was accepted before, the row from then.

    Raises:
        NotFound: there is no such version, or it is not for people like the actor.
        Conflict: another version is in force by now, or (code `accepted_twice`) the same version
            is being accepted elsewhere at this moment; the transaction can't go on then.
        Invalid: the hash is not that of the text.
    """
    text = _text_in_force(actor, policy, version, language)
    if text.sha256 != sha256:
        raise Invalid(N_("The text has changed since you opened the page. Read it again."))
    earlier = session().scalar(
        sa.select(Acceptance).where(
            Acceptance.member_id == actor.id,
            Acceptance.policy == policy,
            Acceptance.version == version,
        )
    )
    if earlier is not None:
        return earlier
    row = _keep(actor, text, shown_as, browser)
    record(
        actor=actor,
        action="use_policy.accepted",
        subject_kind="acceptance",
        subject_id=row.id,
        new={"policy": policy, "version": version, "language": text.language, "sha256": sha256},
    )
    return row


def _text_in_force(actor: Member, policy: str, version: str, language: str) -> UsePolicyText:
    asked_for = queries.get_version(policy=policy, version=version)
    if actor.affiliation.value not in asked_for.audience:
        raise NotFound
    if not queries.is_in_force(asked_for):
        raise Conflict(N_("A newer version has come into force. Read that one first."))
    return asked_for.text(language)


def _keep(actor: Member, text: UsePolicyText, shown_as: str, browser: str) -> Acceptance:
    row = Acceptance(
        member_id=actor.id,
        policy=text.id,
        version=text.version,
        language=text.language,
        sha256=text.sha256,
        text=text.exact,
        accepted_at=clock.now(),
        shown_as=shown_as,
        browser=browser[:255],
    )
    session().add(row)
    try:
        session().flush()
    except IntegrityError:
        raise Conflict(
            N_("You have accepted this version in another window."), code="accepted_twice"
        ) from None
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
