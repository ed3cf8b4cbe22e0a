"""The people of the tests: always the same, so that a name says what somebody may do.

amara   member of Cardiology, a cardiologist in Leeds       bruno   contributor of Cardiology, Lyon
mika    moderator of Cardiology, a health professional      cora    moderator of Cardiology, company
rosa    MSL in Cardiology, company                          ines    member of Neurology only
safi    safety and quality                                  paul    compliance, legal, privacy
dora    medical information, regulatory                     olga    medical
ada     administrator, in no space                          vera    verification of credentials
nora    member of Cardiology, has not accepted the policy   pia     invited, credential pending
sven    member of Cardiology, paused                        rex     member of Cardiology, closed
gone    was removed from Cardiology
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from community.members.models import (
    Affiliation,
    Credential,
    CredentialState,
    Member,
)
from community.spaces.models import Membership, MembershipState, Role, Space
from community.stream.models import Stream
from community.use_policies import queries as use_policies
from community.use_policies.models import Acceptance

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Part:
    """One person of the cast."""

    name: str
    affiliation: Affiliation = Affiliation.HCP
    country: str = "GB"
    duties: tuple[str, ...] = ()
    roles: dict[str, Role] = field(default_factory=dict)
    credential: CredentialState | None = CredentialState.CHECKED
    accepted: bool = True


H, C = Affiliation.HCP, Affiliation.COMPANY

CAST: dict[str, Part] = {
    "amara": Part("Dr Amara Okafor", roles={"cardiology": Role.MEMBER}),
    "bruno": Part("Dr Bruno Lefèvre", country="FR", roles={"cardiology": Role.CONTRIBUTOR}),
    "mika": Part("Dr Mika Lindqvist", country="GB", roles={"cardiology": Role.MODERATOR}),
    "cora": Part("Cora Whitfield", C, roles={"cardiology": Role.MODERATOR,
                                             "neurology": Role.MODERATOR}),
    "rosa": Part("Dr Rosa Bianchi", C, roles={"cardiology": Role.MSL}),
    "ines": Part("Dr Inês Tavares", roles={"neurology": Role.MEMBER}),
    "safi": Part("Dr Safi Rahman", C, duties=("safety", "quality")),
    "paul": Part("Paul Maddern", C, duties=("compliance", "legal", "privacy")),
    "dora": Part("Dora Klein", C, duties=("medical_information", "regulatory")),
    "olga": Part("Dr Olga Petrov", C, duties=("medical",)),
    "ada": Part("Ada Quinn", C, duties=("administrator",)),
    "vera": Part("Vera Novak", C, duties=("verification",)),
    "nora": Part("Dr Nora Haas", roles={"cardiology": Role.MEMBER}, accepted=False),
    "pia": Part("Dr Pia Keller", roles={"cardiology": Role.MEMBER},
                credential=CredentialState.PENDING),
    "sven": Part("Dr Sven Aalto", roles={"cardiology": Role.MEMBER}),
    "rex": Part("Dr Rex Moran", roles={"cardiology": Role.MEMBER}),
    "gone": Part("Dr Greta Holm", roles={"cardiology": Role.MEMBER}),
}  # fmt: skip


def address_of(who: str) -> str:
    """Return the e-mail address of a member of the cast."""
    return f"{who}@example.org"


def set_the_stage(session: Session, password_hash: str) -> None:
    """Fill an empty database with two spaces and the cast."""
    spaces = {
        "cardiology": _space("cardiology", "Cardiology", ["GB", "FR"], ["ortelvane"]),
        "neurology": _space("neurology", "Neurology", ["GB"], ["brenquive"]),
    }
    session.add_all(spaces.values())
    session.flush()
    session.add_all(Stream(space_id=space.id) for space in spaces.values())
    for who, part in CAST.items():
        member = _member(who, part, password_hash)
        session.add(member)
        session.flush()
        if part.affiliation is H and part.credential is not None:
            session.add(_credential(member, part))
        if part.accepted:
            session.add_all(_acceptances(member))
        for slug, role in part.roles.items():
            session.add(_membership(spaces[slug], member, role, who))


def add_colleague(session: Session, who: str) -> None:
    """Add a member of Cardiology who may read and write, for crowds."""
    part = Part(f"Dr {who.title()}")
    member = _member(who, part, "")
    session.add(member)
    session.flush()
    session.add(_credential(member, part))
    session.add_all(_acceptances(member))
    space = session.scalars(sa.select(Space).where(Space.slug == "cardiology")).one()
    session.add(_membership(space, member, Role.MEMBER, who))


def add_another(session: Session, number: int) -> None:
    """Add a member of Cardiology whose credential waits, and a space of their own."""
    part = Part(f"Dr Another Number {number}", credential=CredentialState.PENDING)
    member = _member(f"another-{number}", part, "")
    space = _space(f"room-{number}", f"Room {number}", ["GB"], [])
    session.add_all([member, space])
    session.flush()
    session.add(_credential(member, part))
    session.add(Stream(space_id=space.id))
    for place in (space, session.scalars(sa.select(Space).where(Space.slug == "cardiology")).one()):
        session.add(_membership(place, member, Role.MEMBER, "another"))


def _space(slug: str, name: str, countries: list[str], products: list[str]) -> Space:
    return Space(
        slug=slug,
        name=name,
        created_at=START - timedelta(days=30),
        purpose="Where the gap between guideline and clinic is talked about.",
        value="- Colleagues with the same patient in front of them.",
        offline="It grew out of the spring workshop.",
        goals=["No question without an answer after one working day."],
        company_use="We learn why titration stops, without names.",
        not_for="Patients who need help today.",
        topics=["Titration", "Trials"],
        countries=countries,
        products=products,
    )


def _member(who: str, part: Part, password_hash: str) -> Member:
    return Member(
        email=address_of(who),
        name=part.name,
        affiliation=part.affiliation,
        created_at=START - timedelta(days=20),
        profession="physician" if part.affiliation is H else "pharmacist",
        specialty="cardiology" if part.affiliation is H else "",
        institution="a teaching hospital" if part.affiliation is H else "",
        job="Medical Affairs" if part.affiliation is C else "",
        country=part.country,
        time_zone="Europe/London",
        password_hash=password_hash,
        duties=list(part.duties),
        closed_at=START if who == "rex" else None,
        closed_reason="Left the profession." if who == "rex" else "",
    )


def _credential(member: Member, part: Part) -> Credential:
    checked = part.credential is CredentialState.CHECKED
    return Credential(
        member=member,
        profession="physician",
        licence_number=f"GMC {member.id:07d}",
        issuing_body="General Medical Council",
        country=part.country,
        state=part.credential or CredentialState.PENDING,
        submitted_at=START - timedelta(days=20),
        decided_at=START - timedelta(days=19) if checked else None,
    )


def _acceptances(member: Member) -> list[Acceptance]:
    texts = use_policies.current_texts(language="en", audience=member.affiliation.value)
    return [
        Acceptance(
            member_id=member.id,
            policy=text.id,
            version=text.version,
            language=text.language,
            sha256=text.sha256,
            text=text.exact,
            accepted_at=START - timedelta(days=18),
            shown_as="page",
        )
        for text in texts
    ]


def _membership(space: Space, member: Member, role: Role, who: str) -> Membership:
    paused, removed = who == "sven", who == "gone"
    return Membership(
        space=space,
        member=member,
        role=role,
        joined_at=START - timedelta(days=17),
        paused_until=datetime(2100, 1, 1, tzinfo=UTC) if paused else None,
        pause_reason="Third insult within 90 days." if paused else "",
        state=MembershipState.REMOVED if removed else MembershipState.ACTIVE,
        ended_at=START if removed else None,
        end_reason="Shared screenshots." if removed else "",
    )
