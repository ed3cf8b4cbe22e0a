"""One's own profile: what colleagues see, and how pages speak."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from community.audit.services import record
from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members.models import Member


@dataclass(frozen=True)
class Profile:
    """What a member says about themselves."""

    name: str
    title: str
    specialty: str
    institution: str
    job: str
    country: str
    interests: str
    time_zone: str
    language: str


def change_profile(*, actor: Member, profile: Profile) -> list[str]:
    """Change one's own profile; return the names of what changed.

    The country of those whose licence is checked follows the licence, because what they may read
    depends on it.

    Raises:
        Invalid: no name is left.
    """
    if not profile.name.strip():
        raise Invalid(N_("Write the name that colleagues know."), field="name")
    wanted = {name: value.strip() for name, value in asdict(profile).items()}
    wanted["name"] = " ".join(wanted["name"].split())
    if not actor.is_company:
        wanted["job"] = actor.job
    if actor.credential is not None:
        wanted["country"] = actor.country
    old = {name: getattr(actor, name) for name in wanted}
    changed = [name for name, value in wanted.items() if old[name] != value]
    for name in changed:
        setattr(actor, name, wanted[name])
    if changed:
        record(
            actor=actor,
            action="member.profile_changed",
            subject_kind="member",
            subject_id=actor.id,
            old={name: old[name] for name in changed},
            new={name: wanted[name] for name in changed},
        )
    return changed
