"""Brings files into the library, and tells its keepers what has expired."""

from __future__ import annotations

from pathlib import Path

from community.guardrails import queries as guardrails
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.errors import Invalid
from community.kernel.words import N_
from community.members import queries as members
from community.members.models import Member
from community.responses import access
from community.responses import queries as responses
from community.responses import services as response_services
from community.responses.models import ResponseVersion


def add_version(*, actor: Member | None, source: str, code: str = "") -> ResponseVersion:
    """Add a version from its file, and leave a letter to those who can confirm it.

    See `responses.services.add_version`.
    """
    version = response_services.add_version(
        actor=actor, source=source, citations=guardrails.citations_now(), code=code
    )
    if version.confirmed_at is None:
        for member_id in sorted(_keepers() - {version.added_by_id}):
            enqueue(
                "library.mail_waiting",
                {"member": member_id, "version": version.id},
                key=f"library-waiting-{version.id}-{member_id}",
            )
    return version


def _keepers() -> set[int]:
    return {member.id for duty in access.KEEPERS for member in members.holders(duty)}


def add_files(*, files: list[Path]) -> list[ResponseVersion]:
    """Add each file; one that was added before changes nothing.

    Raises:
        Invalid, Conflict: a file can't be added; nothing of the others is kept either.
    """
    return [add_version(actor=None, source=_read(path)) for path in files]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid(N_("%(name)s can't be read."), name=path.name) from None


def tell_of_expired() -> int:
    """Leave a letter to each keeper about what has expired since the last; return how many did."""
    expired = responses.expired_untold()
    if not expired:
        return 0
    for version in expired:
        response_services.note_told(version)
    day = clock.today().isoformat()
    for member_id in sorted(_keepers()):
        enqueue(
            "library.mail_expired",
            {"member": member_id, "versions": [version.id for version in expired]},
            key=f"library-expired-{day}-{expired[0].id}-{member_id}",
        )
    return len(expired)
