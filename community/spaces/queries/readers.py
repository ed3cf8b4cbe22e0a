"""Who can read a space: by what they are, company staff and moderators by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext, ngettext

from community.kernel import settings
from community.kernel.db import read
from community.members.models import Affiliation, Member, initials_of
from community.spaces.models import Membership, MembershipState, Role, Space

MODERATORS_WANTED = 2


@dataclass(frozen=True)
class Reader:
    """One person who can read, as far as the room may know."""

    id: int
    name: str
    is_company: bool
    job: str
    institution: str
    country: str
    role: Role
    initials: str

    @property
    def moderates(self) -> bool:
        """Whether they look after the space."""
        return self.role is Role.MODERATOR


@dataclass(frozen=True)
class ReadersPanel:
    """Who can read a space. Counts are of people; `countries` are ISO 3166 codes.

    The desks that may open a single post are not the space's own: the rules in force name them.
    """

    peers: int
    contributors: int
    company: tuple[Reader, ...]
    moderators: tuple[Reader, ...]
    countries: tuple[str, ...]
    host: str

    @property
    def total(self) -> int:
        """How many people can read all of it."""
        return self.peers + len(self.company)

    @property
    def peer_moderators(self) -> int:
        """How many of the moderators do not work for the company."""
        return sum(not reader.is_company for reader in self.moderators)

    @property
    def lacks_moderators(self) -> bool:
        """Whether the use policy's promise of two moderators, one of them a peer, is broken."""
        return len(self.moderators) < MODERATORS_WANTED or not self.peer_moderators

    def peers_in_words(self) -> str:
        """Say how many peers there are."""
        return str(
            ngettext("%(num)d health professional", "%(num)d health professionals", self.peers)
        )

    def company_in_words(self) -> str:
        """Say how many people of the company there are."""
        return str(
            ngettext(
                "%(num)d person of %(host)s",
                "%(num)d people of %(host)s",
                len(self.company),
                host=self.host,
            )
        )

    def sentence(self) -> str:
        """Say in one sentence who can read."""
        peers, company = self.peers_in_words(), self.company_in_words()
        if not self.total:
            return str(gettext("Nobody can read this yet."))
        if not self.company:
            return str(gettext("%(who)s can read this.", who=peers))
        if not self.peers:
            return str(gettext("%(who)s can read this.", who=company))
        return str(
            gettext("%(peers)s and %(company)s can read this.", peers=peers, company=company)
        )


def readers_panel(space: Space) -> ReadersPanel:
    """Return who can read a space: counts and countries of all, the names of some.

    Authors who came with an import and never sign in read nothing and do not count.
    """
    rows = read(_READERS, {"space": space.id})
    named = [_reader(row) for row in rows if row.id is not None]
    peers = [row for row in rows if row.affiliation is Affiliation.HCP]
    return ReadersPanel(
        peers=sum(row.people for row in peers),
        contributors=sum(row.people for row in peers if row.role is Role.CONTRIBUTOR),
        company=tuple(reader for reader in named if reader.is_company),
        moderators=tuple(reader for reader in named if reader.moderates),
        countries=tuple(sorted({row.country for row in rows if row.country})),
        host=settings.current().host_name,
    )


def _readers() -> sa.Select[Any]:
    """Select those who are named, the company's staff and whoever moderates; of others how many."""
    is_named = sa.or_(Member.affiliation == Affiliation.COMPANY, Membership.role == Role.MODERATOR)
    shown = (
        sa.case((is_named, column)).label(column.key)
        for column in (Member.id, Member.name, Member.job, Member.institution)
    )
    one = (
        sa.select(*shown, Member.affiliation, Membership.role, Member.country)
        .select_from(Membership)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.space_id == sa.bindparam("space"),
            Membership.state == MembershipState.ACTIVE,
            Member.closed_at.is_(None),
            Member.sign_in_allowed.is_(True),
        )
        .subquery()
    )
    return (
        sa.select(*one.c, sa.func.count().label("people"))
        .group_by(*one.c)
        .order_by(one.c.name, one.c.id)
    )


_READERS = _readers()


def _reader(row: Any) -> Reader:
    return Reader(
        id=row.id,
        name=row.name,
        is_company=row.affiliation is Affiliation.COMPANY,
        job=row.job,
        institution=row.institution,
        country=row.country,
        role=row.role,
        initials=initials_of(row.name),
    )
