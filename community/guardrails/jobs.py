"""Letters about sets of rules, and the moment in which one comes into force by its day."""

from __future__ import annotations

from community.guardrails import access, queries, services
from community.guardrails.models import GuardrailSetVersion
from community.jobs.services import enqueue, register
from community.kernel import housekeeping, letters
from community.kernel.db import Json, session
from community.kernel.unit_of_work import transaction
from community.members.models import Member

SECONDS_BETWEEN_LOOKS = 30


def _mail_asked_to_sign(args: Json) -> None:
    version = session().get_one(GuardrailSetVersion, args["version_id"])
    member = session().get_one(Member, args["member_id"])
    if access.duties_to_sign(member, version):
        _write("asked_to_sign", member, version)


def _tell_in_force(args: Json) -> None:
    """Leave a letter for everybody who posts for the company and does not know the set yet."""
    version = session().get_one(GuardrailSetVersion, args["version_id"])
    for member in queries.members_who_must_acknowledge(version):
        letter = {"member_id": member.id, "version_id": version.id}
        enqueue("guardrails.mail_in_force", letter, key=f"know-{version.id}-{member.id}")


def _mail_in_force(args: Json) -> None:
    version = session().get_one(GuardrailSetVersion, args["version_id"])
    member = session().get_one(Member, args["member_id"])
    if access.must_acknowledge(member) and not access.has_acknowledged(member, version):
        _write("in_force", member, version)


def _write(what: str, member: Member, version: GuardrailSetVersion) -> None:
    if not member.email or member.is_closed or not member.sign_in_allowed:
        return
    letters.write(
        f"guardrails/mail_{what}.txt",
        to=member.email,
        language=member.language,
        key=f"guardrails-{what}-{version.id}-{member.id}",
        member=member,
        version=version,
    )


def look_at_the_day() -> None:
    """See whether the day of a signed set has come."""
    with transaction():
        services.announce_set_in_force()


register("guardrails.mail_asked_to_sign", _mail_asked_to_sign)
register("guardrails.tell_in_force", _tell_in_force)
register("guardrails.mail_in_force", _mail_in_force)
housekeeping.every(SECONDS_BETWEEN_LOOKS, "guardrails", look_at_the_day, per_site=True)
