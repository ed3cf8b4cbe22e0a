"""People with an account, the sessions they are signed in with, and proof of profession."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.kernel import clock
from community.kernel.db import Id, Model, Names, Words

# Members look in now and then from their own devices; staff and duties can see far more.
IDLE, LONGEST = timedelta(days=14), timedelta(days=90)
STAFF_IDLE, STAFF_LONGEST = timedelta(hours=12), timedelta(days=7)


class Affiliation(enum.Enum):
    """For whom a member works: in health care, or for the company that hosts."""

    HCP = "hcp"
    COMPANY = "company"


class Duty(enum.Enum):
    """A site-wide job. It opens cases and lists, never a space."""

    ADMINISTRATOR = "administrator"
    VERIFICATION = "verification"
    COMPLIANCE = "compliance"
    MEDICAL = "medical"
    LEGAL = "legal"
    REGULATORY = "regulatory"
    SAFETY = "safety"
    QUALITY = "quality"
    MEDICAL_INFORMATION = "medical_information"
    PRIVACY = "privacy"


class CredentialState(enum.Enum):
    """Where the check of a profession stands."""

    PENDING = "pending"
    CHECKED = "checked"
    REFUSED = "refused"


class Member(Model):
    """A person with an account.

    `sign_in_allowed` is false for authors who came with an import and never sign in.
    `email` is stored folded to lower case; empty for those who never sign in.
    `second_factor_since` is set while there is an authenticator app or a passkey.
    """

    __tablename__ = "member"

    id: Mapped[Id] = mapped_column(init=False)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    affiliation: Mapped[Affiliation]
    created_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(sa.String(64), default="")
    profession: Mapped[str] = mapped_column(default="")
    specialty: Mapped[str] = mapped_column(default="")
    institution: Mapped[str] = mapped_column(default="")
    job: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    interests: Mapped[Words] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    password_hash: Mapped[str] = mapped_column(default="")
    duties: Mapped[Names] = mapped_column(default_factory=list)
    photo_key: Mapped[str] = mapped_column(sa.String(64), default="")
    sign_in_allowed: Mapped[bool] = mapped_column(default=True)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_reason: Mapped[Words] = mapped_column(default="")
    second_factor_since: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    credential: Mapped[Credential | None] = relationship(
        back_populates="member",
        init=False,
        lazy="joined",
        uselist=False,
        foreign_keys="Credential.member_id",
    )

    @property
    def is_company(self) -> bool:
        """Whether the member works for the host."""
        return self.affiliation is Affiliation.COMPANY

    @property
    def is_closed(self) -> bool:
        """Whether the administrator has closed this member everywhere."""
        return self.closed_at is not None

    @property
    def is_verified(self) -> bool:
        """Whether a person has checked who this is; company members are by their creation."""
        if self.is_company:
            return True
        return self.credential is not None and self.credential.state is CredentialState.CHECKED

    @property
    def all_duties(self) -> frozenset[Duty]:
        """The site-wide jobs that this member holds."""
        return frozenset(Duty(name) for name in self.duties)

    def holds(self, *duties: Duty) -> bool:
        """Whether the member holds at least one of these duties."""
        return not self.all_duties.isdisjoint(duties)

    @property
    def initials(self) -> str:
        """Two letters for a face: of the first and the last name, without titles."""
        return initials_of(self.name)


@lru_cache(maxsize=1024)
def initials_of(name: str) -> str:
    """Return the first letters of the first and the last name, without titles."""
    parts = [part for part in name.partition(",")[0].split() if not part.endswith(".")]
    letters = [part[0] for part in parts if part not in {"Dr", "Prof", "Mr", "Ms", "Mrs"}]
    return (letters[0] + letters[-1]).upper() if letters else "?"


class Credential(Model):
    """Evidence of profession and country, checked by a person, to be checked again."""

    __tablename__ = "credential"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), unique=True, init=False
    )
    member: Mapped[Member] = relationship(back_populates="credential", foreign_keys=[member_id])
    profession: Mapped[str]
    licence_number: Mapped[str]
    issuing_body: Mapped[str]
    country: Mapped[str] = mapped_column(sa.String(2))
    submitted_at: Mapped[datetime]
    state: Mapped[CredentialState] = mapped_column(default=CredentialState.PENDING)
    note: Mapped[Words] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), default=None)
    decision_reason: Mapped[Words] = mapped_column(default="")
    recheck_on: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)


class MemberSession(Model):
    """One browser in which a member is signed in. Ending the row ends the session at once.

    `strong_at` is when the second factor was shown, or the company's sign-in vouched for one.
    `confirmed_at` is when the member last showed again that it is they who sit there.
    """

    __tablename__ = "member_session"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), index=True, init=False
    )
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    browser: Mapped[str] = mapped_column(default="")
    how: Mapped[str] = mapped_column(sa.String(32), default="password")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    strong_at: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to show: without that, nobody is signed in yet."""
        return self.strong_at is not None or self.member.second_factor_since is None

    @property
    def lasts_until(self) -> datetime:
        """The moment by which it was left alone for too long, or is too old."""
        idle, longest = lasting(self.member)
        return min(self.seen_at + idle, self.created_at + longest)

    def runs_at(self, moment: datetime) -> bool:
        """Whether it was neither ended, nor left alone for too long, nor is it too old."""
        return self.ended_at is None and moment < self.lasts_until

    @property
    def runs(self) -> bool:
        """Whether it does so now."""
        return self.ended_at is None and not clock.has_come(self.lasts_until)

    def was_confirmed_since(self, moment: datetime) -> bool:
        """Whether the member has signed in, or shown again who they are, since then."""
        shown = [self.created_at, self.strong_at, self.confirmed_at]
        return max(each for each in shown if each is not None) >= moment


def lasting(member: Member) -> tuple[timedelta, timedelta]:
    """Return how long a session may be left alone, and how long it lasts at most."""
    if member.is_company or member.duties:
        return STAFF_IDLE, STAFF_LONGEST
    return IDLE, LONGEST


class Purpose(enum.Enum):
    """What a link sent by mail is good for."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105 - what the link sets, not one
    EMAIL = "email"


class MailLink(Model):
    """A single-use link sent by mail. `email` is the new address that a link confirms.

    The token is made from `nonce` and the key of the installation; its hash finds the row.
    """

    __tablename__ = "mail_link"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[Purpose]
    nonce: Mapped[str] = mapped_column(sa.String(64))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    email: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class Photo(Model):
    """A member's picture, re-encoded here, without the data that came inside the file."""

    __tablename__ = "photo"

    id: Mapped[Id] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), unique=True
    )
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary())
    created_at: Mapped[datetime]
