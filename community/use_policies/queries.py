"""Reads of use policies: what a member has still to accept, and what was accepted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from community.kernel import clock, markup, paths, settings
from community.kernel.access import require
from community.kernel.db import read, session
from community.kernel.difference import DifferenceBlock, difference, only_changes
from community.kernel.errors import NotFound
from community.members import access as members_access
from community.members.models import Member
from community.use_policies.library import Asking, PolicyLibrary, UsePolicyText, UsePolicyVersion
from community.use_policies.loader import PolicyFileError, load_use_policies, parse_use_policy
from community.use_policies.models import Acceptance

_CLAUSE = re.compile(r"^## (?:(\d+)\. +)?(.+)$", re.MULTILINE)
_DEEPER = re.compile(r"^##(#+ )", re.MULTILINE)


@dataclass(frozen=True)
class Clause:
    """One numbered part of a text, with its words as HTML; `title` is empty before the first."""

    number: str
    title: str
    anchor: str
    html: str


@dataclass(frozen=True)
class Changes:
    """What is new since a member's last acceptance.

    `points` are the plain sentences of every version since, the oldest first; `blocks` the same
    word by word, headings included. `is_translated` says that another language was accepted.
    """

    accepted: Acceptance
    points: tuple[tuple[str, tuple[str, ...]], ...]
    blocks: tuple[DifferenceBlock, ...]
    is_translated: bool


@dataclass(frozen=True)
class Asked:
    """What a member is asked to accept next, in one language, and how it is shown."""

    text: UsePolicyText
    version: UsePolicyVersion
    blocks: bool
    changes: Changes | None

    @property
    def shown_as(self) -> str:
        """How the acceptance says that the text was shown."""
        has_differences = self.changes is not None and bool(self.changes.blocks)
        return "page with differences" if has_differences else "page"


@lru_cache(maxsize=8)
def _load(policies: Path) -> PolicyLibrary:
    return load_use_policies(policies / "use")


def library() -> PolicyLibrary:
    """Return every use policy of this installation, read once."""
    return _load(settings.current().policies_dir or paths.POLICIES)


def today() -> date:
    """Return the day by which versions come into force: that of UTC."""
    return clock.today()


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


_ACCEPTED = (
    sa.select(Acceptance.policy, Acceptance.version)
    .where(Acceptance.member_id == sa.bindparam("viewer"))
    .order_by(Acceptance.accepted_at, Acceptance.id)
)


def _last_accepted(viewer: Member) -> dict[str, str]:
    return dict(read(_ACCEPTED, {"viewer": viewer.id}))


def current_texts(*, language: str, audience: str) -> Sequence[UsePolicyText]:
    """Return the texts in force for an audience, in a language or the nearest there is."""
    versions = library().all_in_force(on=today(), audience=audience)
    return [version.text(language) for version in versions]


def get_text(*, policy: str, version: str, language: str) -> UsePolicyText:
    """Return one version, for reading; old ones stay readable.

    Raises:
        NotFound: there is none, or it is not in force yet.
    """
    return get_version(policy=policy, version=version).text(language)


def get_version(*, policy: str, version: str) -> UsePolicyVersion:
    """Return a version that is or was in force.

    Raises:
        NotFound: there is none, or it is not in force yet.
    """
    found = next((each for each in past_versions(policy=policy) if each.version == version), None)
    if found is None:
        raise NotFound
    return found


def past_versions(*, policy: str) -> Sequence[UsePolicyVersion]:
    """Return the versions that are or were in force, the newest first."""
    policies, today_ = library(), today()
    return [
        version
        for version in reversed(policies.versions(policy))
        if version.effective <= today_
        and policies.in_force(policy, on=version.effective) is version
    ]


def is_in_force(version: UsePolicyVersion) -> bool:
    """Whether a version holds today."""
    return library().in_force(version.id, on=today()) is version


@lru_cache(maxsize=32)
def clauses(text: UsePolicyText) -> tuple[Clause, ...]:
    """Cut a text behind its summary into its clauses, for a page."""
    parts = _CLAUSE.split(text.body)
    found = [("", "", parts[0]), *zip(parts[1::3], parts[2::3], parts[3::3], strict=True)]
    return tuple(
        Clause(
            number=number or "",
            title=title,
            anchor=f"clause-{place}",
            # A clause's own heading is the page's second level, so those in it are the third.
            html=markup.render(_DEEPER.sub(r"\1", words.strip()), key=f"clause-{place}"),
        )
        for place, (number, title, words) in enumerate(found)
        if title or words.strip()
    )


def find_asked(*, viewer: Member, language: str) -> Asked | None:
    """Return what a member has to accept next, in a language; what blocks comes first."""
    waiting = sorted(asking(viewer=viewer), key=lambda each: not each.blocks)
    if not waiting:
        return None
    text = waiting[0].version.text(language)
    return Asked(
        text=text,
        version=waiting[0].version,
        blocks=waiting[0].blocks,
        changes=find_changes(viewer=viewer, text=text),
    )


def find_changes(*, viewer: Member, text: UsePolicyText) -> Changes | None:
    """Return what is new in a text since its reader last accepted one of its kind.

    Where another language was accepted, that version's text in this language is compared.
    """
    accepted = find_last_acceptance(viewer=viewer, policy=text.id)
    if accepted is None or accepted.version == text.version:
        return None
    versions = [version.version for version in library().versions(text.id)]
    since = versions.index(accepted.version) + 1 if accepted.version in versions else len(versions)
    new = library().versions(text.id)[since : versions.index(text.version) + 1]
    older = _text_to_compare(accepted, text.language)
    return Changes(
        accepted=accepted,
        points=tuple((version.version, version.text(text.language).changes) for version in new),
        blocks=_differences(older, text.markdown) if older is not None else (),
        is_translated=accepted.language != text.language,
    )


def _text_to_compare(accepted: Acceptance, language: str) -> str | None:
    if accepted.language == language:
        text = find_accepted_text(accepted)
        return text.markdown if text else None
    try:
        other = library().text(accepted.policy, accepted.version, language)
    except KeyError:
        return None
    return other.markdown if other.language == language else None


@lru_cache(maxsize=16)
def _differences(older: str, newer: str) -> tuple[DifferenceBlock, ...]:
    return tuple(only_changes(difference(older, newer)))


def find_accepted_text(accepted: Acceptance) -> UsePolicyText | None:
    """Return an accepted text from its stored file; None where today's reader can't take it apart.

    The stored file itself can always be shown.
    """
    try:
        return parse_use_policy(accepted.text, name=f"{accepted.policy}/{accepted.version}")
    except PolicyFileError:
        return None


def acceptances(*, viewer: Member) -> Sequence[Acceptance]:
    """Return what a member has accepted, the newest first."""
    return (
        session()
        .scalars(
            sa.select(Acceptance)
            .where(Acceptance.member_id == viewer.id)
            .order_by(Acceptance.accepted_at.desc(), Acceptance.id.desc())
        )
        .all()
    )


def last_acceptances_of(*, viewer: Member, member: Member) -> Sequence[Acceptance]:
    """Return what a member has accepted of each policy last.

    Raises:
        NotFound: the viewer does not look after members.
    """
    require(members_access.may_look_after_members(viewer))
    last = {row.policy: row for row in reversed(acceptances(viewer=member))}
    return list(last.values())


def find_last_acceptance(*, viewer: Member, policy: str) -> Acceptance | None:
    """Return the last acceptance of a policy, to show the difference to."""
    return next((row for row in acceptances(viewer=viewer) if row.policy == policy), None)


def get_acceptance(*, viewer: Member, acceptance_id: int) -> Acceptance:
    """Return one's own acceptance, for reading and printing for ever."""
    row = session().get(Acceptance, acceptance_id)
    if row is None or row.member_id != viewer.id:
        raise NotFound
    return row
