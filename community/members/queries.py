"""Reads about members: who there is, what waits to be checked, where one is signed in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members import access
from community.members.models import (
    Affiliation,
    Credential,
    CredentialState,
    Duty,
    Member,
    MemberSession,
    Photo,
)

PAGE = 50
DUE_WITHIN = timedelta(days=30)
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_NOT_COMPOSED = dict(zip("ßæðøþđłœ", "sadotdlo", strict=True))


def _plain_letters() -> tuple[str, str]:
    """Return the accented letters, large and small, and the plain one that each is sorted under.

    SQLite makes no accented letter small. Accents without a letter come last and have no
    counterpart, so that they are left out.
    """
    plain = {}
    for letter in map(chr, _LATIN):
        small = letter.lower()
        base = _NOT_COMPOSED.get(small, unicodedata.normalize("NFD", small)[0])
        if base.isascii() and base.isalpha():
            plain[letter] = base
    loose_accents = "".join(map(chr, range(0x300, 0x370)))
    return "".join(plain) + loose_accents, "".join(plain.values())


_PLAIN = _plain_letters()


@dataclass(frozen=True)
class MemberFilter:
    """What the administrator looks for. Empty fields ask nothing."""

    words: str = ""
    affiliation: Affiliation | None = None
    state: str = ""
    after: int = 0


@dataclass(frozen=True)
class MemberList:
    """One page of members by name; `next_after` continues it, 0 ends it."""

    members: list[Member]
    next_after: int


def get_member(*, viewer: Member, member_id: int) -> Member:
    """Return a member whom the viewer may see.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    member = session().scalar(
        sa.select(Member).where(Member.id == member_id, access.members_visible_to(viewer))
    )
    if member is None:
        raise NotFound
    return member


def members(*, viewer: Member, wanted: MemberFilter) -> MemberList:
    """Return the members that the administrator looks for, by name, a page at a time.

    Raises:
        NotFound: the viewer does not look after members.
    """
    require(access.may_look_after_members(viewer))
    name = name_in_lists()
    query = sa.select(Member).order_by(name, Member.id).limit(PAGE + 1)
    for condition in _conditions(wanted):
        query = query.where(condition)
    if wanted.after:
        last = sa.select(name).where(Member.id == wanted.after).scalar_subquery()
        query = query.where(sa.tuple_(name, Member.id) > sa.tuple_(last, wanted.after))
    found = list(session().scalars(query))
    more = len(found) > PAGE
    return MemberList(found[:PAGE], found[PAGE - 1].id if more else 0)


def name_in_lists() -> sa.ColumnElement[str]:
    """Return the name by which lists are sorted: half would stand under `Dr`, É after Z."""
    name: sa.ColumnElement[str] = sa.func.lower(Member.name)
    for titles in (("prof. ", "prof "), ("dr. ", "dr ")):
        without = ((name.startswith(t), sa.func.substr(name, len(t) + 1)) for t in titles)
        name = sa.case(*without, else_=name)
    return sa.func.translate(name, *_PLAIN)


def _conditions(wanted: MemberFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.words.strip():
        words = wanted.words.strip()
        conditions.append(
            sa.or_(
                Member.name.icontains(words, autoescape=True),
                Member.email.icontains(words, autoescape=True),
                Member.institution.icontains(words, autoescape=True),
            )
        )
    if wanted.affiliation is not None:
        conditions.append(Member.affiliation == wanted.affiliation)
    if wanted.state == "closed":
        conditions.append(Member.closed_at.is_not(None))
    elif wanted.state == "duty":
        conditions.append(sa.or_(*(access.holds_duty(duty) for duty in Duty)))
    elif wanted.state == "pending":
        conditions.append(_is_unverified())
    return conditions


def _is_unverified() -> sa.ColumnElement[bool]:
    checked = sa.select(Credential.member_id).where(Credential.state == CredentialState.CHECKED)
    return sa.and_(
        Member.affiliation == Affiliation.HCP,
        Member.sign_in_allowed.is_(True),
        Member.closed_at.is_(None),
        Member.id.not_in(checked),
    )


def holders(duty: Duty) -> list[Member]:
    """Return who holds a duty and is not closed, the longest-standing first."""
    query = sa.select(Member).where(access.holds_duty(duty)).order_by(Member.id)
    return list(session().scalars(query))


def unheld_duties() -> Sequence[str]:
    """Return the duties that somebody should hold and nobody does, in their usual order.

    Verification is left out: where nobody holds it, it is compliance's (`access`).
    """
    held = session().scalars(
        sa.select(Member.duties).where(
            Member.closed_at.is_(None), sa.cast(Member.duties, sa.Text) != "[]"
        )
    )
    there = {duty for duties in held for duty in duties}
    return [
        duty.value for duty in Duty if duty.value not in there and duty is not Duty.VERIFICATION
    ]


def those_who_check_credentials() -> list[Member]:
    """Return who checks credentials: verification, else compliance, else the administrators."""
    desks = (Duty.VERIFICATION, Duty.COMPLIANCE, Duty.ADMINISTRATOR)
    return next(filter(None, map(holders, desks)), [])


def sessions_of(*, viewer: Member) -> list[MemberSession]:
    """Return where the viewer is signed in, the latest seen first."""
    return list(
        session().scalars(
            sa.select(MemberSession)
            .where(MemberSession.member_id == viewer.id, MemberSession.ended_at.is_(None))
            .order_by(MemberSession.seen_at.desc(), MemberSession.id.desc())
        )
    )


def count_running_sessions(*, viewer: Member, member: Member) -> int:
    """Return in how many browsers a member is signed in; 0 for those who may not know."""
    if not access.may_sign_out(viewer, member):
        return 0
    open_ones = session().scalars(
        sa.select(MemberSession).where(
            MemberSession.member_id == member.id, MemberSession.ended_at.is_(None)
        )
    )
    now = clock.now()
    return sum(each.runs_at(now) for each in open_ones)


def get_photo(*, viewer: Member, member_id: int, key: str) -> bytes:
    """Return a photo by its member and its key, as WebP.

    Raises:
        NotFound: there is none, it was replaced, or it is not for this viewer.
    """
    content = session().scalar(
        sa.select(Photo.content)
        .join(Member, Member.id == Photo.member_id)
        .where(Photo.member_id == member_id, Photo.key == key, access.members_visible_to(viewer))
    )
    if content is None:
        raise NotFound
    return content


@dataclass(frozen=True)
class CredentialDesk:
    """What there is to check: those who wait, the oldest first, and those due again."""

    waiting: list[Credential]
    due: list[Credential]
    refused: list[Credential]


def credential_desk(*, viewer: Member) -> CredentialDesk:
    """Return what waits for whoever checks credentials.

    Raises:
        NotFound: the viewer does not.
    """
    require(access.may_check_credentials(viewer))
    state, soon = Credential.state, clock.today() + DUE_WITHIN
    return CredentialDesk(
        waiting=_credentials(viewer, state == CredentialState.PENDING, Credential.submitted_at),
        due=_credentials(
            viewer,
            sa.and_(state == CredentialState.CHECKED, Credential.recheck_on <= soon),
            Credential.recheck_on,
        ),
        refused=_credentials(viewer, state == CredentialState.REFUSED, Credential.decided_at),
    )


def count_credentials_to_check(*, viewer: Member) -> int:
    """Return how many credentials wait for the viewer today: new ones, and those due again."""
    if not access.may_check_credentials(viewer):
        return 0
    state, today = Credential.state, clock.today()
    wanted = sa.or_(
        state == CredentialState.PENDING,
        sa.and_(state == CredentialState.CHECKED, Credential.recheck_on <= today),
    )
    count = sa.select(sa.func.count(Credential.id)).join(Credential.member)
    return session().scalar(count.where(wanted, Member.closed_at.is_(None))) or 0


def _credentials(
    viewer: Member, which: sa.ColumnElement[bool], order: InstrumentedAttribute[Any]
) -> list[Credential]:
    return list(
        session().scalars(
            sa.select(Credential)
            .join(Credential.member)
            .options(contains_eager(Credential.member))
            .where(which, access.credentials_visible_to(viewer), Member.closed_at.is_(None))
            .order_by(order, Credential.id)
            .limit(200)
        )
    )


def get_credential(*, viewer: Member, credential_id: int) -> Credential:
    """Return a credential that the viewer may check or has checked.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    credential = session().scalar(
        sa.select(Credential).where(
            Credential.id == credential_id, access.credentials_visible_to(viewer)
        )
    )
    if credential is None:
        raise NotFound
    return credential


def find_name(member_id: int | None) -> str:
    """Return a member's name for a line that says who decided; empty where nobody did."""
    if member_id is None:
        return ""
    return session().scalar(sa.select(Member.name).where(Member.id == member_id)) or ""
