"""A member's profile: what colleagues see of one, how pages speak, and who may say what."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock, tokens
from community.kernel.access import require
from community.kernel.errors import Invalid
from community.kernel.turns import claim
from community.kernel.unseen import DROPPED, IGNORED
from community.kernel.words import N_
from community.members import access
from community.members.models import Member
from community.members.services.addresses import UNREADABLE
from community.members.services.administration import CHANGED
from community.members.services.credentials import DECIDED
from community.members.services.notices import tell, tell_administrators

NO_JOB = N_("Write the role. It stands beside everything they write, and nothing goes out without.")


@dataclass(frozen=True)
class Profile:
    """What a member says about themselves."""

    name: str
    title: str
    specialty: str
    institution: str
    country: str
    interests: str
    time_zone: str
    language: str


def change_profile(*, actor: Member, profile: Profile) -> list[str]:
    """Change one's own profile; return the names of what changed.

    The country of those whose licence is checked follows the licence, because what they may read
    depends on it. Whoever checks licences looks again where the name on one has changed, and the
    administrators are told where it is one that signs or speaks for the company. What somebody
    does at the company is the administrator's to say, not their own.

    Raises:
        Invalid: no name is left, or one that can't be read.
    """
    wanted = {name: value.strip() for name, value in asdict(profile).items()}
    wanted["name"] = clean_name(profile.name)
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
    if "name" in changed:
        _have_name_checked(actor, old["name"], clock.now())
        _tell_of_name(actor, old["name"])
    return changed


def _tell_of_name(actor: Member, before: str) -> None:
    if access.name_stands_for_more(actor):
        facts = {"old": before, "new": actor.name}
        tell_administrators("name_of_staff_changed", member=actor, actor=actor, facts=facts)


def changes_weighty_name(*, actor: Member, name: str) -> bool:
    """Whether this is a new name for one who signs or speaks for the company.

    Raises:
        Invalid: it is no name.
    """
    return access.name_stands_for_more(actor) and clean_name(name) != actor.name


def _have_name_checked(actor: Member, before: str, now: datetime) -> None:
    """Put a checked licence before those who check: it was looked up for another name."""
    credential = actor.credential
    if credential is None or not actor.is_verified:
        return
    claim(credential, credential.version, DECIDED)
    said = f"The name was {before} until {now:%Y-%m-%d}, and is {actor.name} since."
    credential.note = "\n".join(filter(None, (credential.note, said)))
    credential.recheck_on = now.date()
    word = tokens.nonce()
    enqueue("members.mail_name_changed", {"credential_id": credential.id, "letter": word})


# Two names must not look the same and be different. What joins letters (U+200C, U+200D) is
# needed in some scripts, and stays between letters.
_INVISIBLE = re.compile(
    rf"(?![\u200c\u200d])[{DROPPED}{IGNORED}\u3164]"
    r"|(?<!\w)[\u200c\u200d]|[\u200c\u200d](?!\w)"
)


# It stands in the subject of letters and beside posts: no address, and no desk of the host.
_NO_NAME = re.compile(r"[:/@<>]|\bwww\.|\bdesk\b|\bsupport\b|\bmoderator\b", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return a name as it is kept.

    Raises:
        Invalid: it is empty, holds an address or more than a name, or a character that stands for
            one which could not be read.
    """
    name = " ".join(_INVISIBLE.sub("", name).split())
    if not name:
        raise Invalid(N_("Write the name that colleagues know."), field="name")
    if "\N{REPLACEMENT CHARACTER}" in name:
        raise Invalid(UNREADABLE, field="name")
    if _NO_NAME.search(name):
        raise Invalid(N_("That is no person's name. Write yours, without addresses."), field="name")
    return name[:255]


def set_job(*, actor: Member, member: Member, job: str, version: int) -> bool:
    """Say what a member does at the company; return whether that is news.

    Args:
        actor: the administrator.
        member: of the company.
        job: in words that colleagues understand, such as "Medical Science Liaison".
        version: of the member, as the page showed it.

    Raises:
        Invalid: it is empty.
        Conflict: another administrator was quicker.
    """
    require(access.may_set_job(actor, member))
    old, new = member.job, clean_job(job)
    if old == new:
        return False
    claim(member, version, CHANGED)
    member.job = new
    record(
        actor=actor,
        action="member.job_changed",
        subject_kind="member",
        subject_id=member.id,
        old={"job": old},
        new={"job": new},
    )
    tell(member, "job_changed")
    return True


def clean_job(job: str) -> str:
    """Return a role as it is kept.

    Raises:
        Invalid: it is empty.
    """
    if not (job := " ".join(job.split())):
        raise Invalid(NO_JOB, field="job")
    return job[:255]
