"""Adds versions of approved responses, withdraws them, and notes which posts carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.reasons import whole_reason
from community.kernel.words import N_
from community.members.models import Member
from community.responses import access, queries
from community.responses.models import (
    STANDARD,
    ResponseUse,
    ResponseVersion,
    StandardResponse,
)
from community.responses.response_file import ResponseFile, read_response

LEAST_SHARE = 1 / 3  # of a response's lines that must be left for a reply to carry it, changed


def add_version(
    *, actor: Member | None, source: str, citations: Mapping[str, str], code: str = ""
) -> ResponseVersion:
    """Add a version from its file; the same file again is the version that is there.

    What a member adds stays out of use until another keeper confirms it. What the command line
    brings was approved and checked in with the program's own files, and needs no second person.

    Args:
        actor: who adds it; None for the command line and the demo.
        source: the file: TOML between `+++`, then Markdown.
        citations: reference ids with the citation that a reader can look up.
        code: the response that it must be a version of, where one is at hand.

    Raises:
        Forbidden: the actor does not keep the library.
        Invalid: the file can't be read, or names references that a room must not read.
        Conflict: this version is there with other words.
    """
    if actor is not None:
        require(access.may_keep_library(actor))
    file = read_response(source)
    if code and file.code != code:
        raise Invalid(N_("This file is about %(other)s."), field="source", other=file.code)
    unknown = [name for name in file.references if name not in citations]
    if unknown:
        raise Invalid(
            N_("No product file lets %(names)s be cited in a room."),
            field="source",
            names=", ".join(unknown),
        )
    response = queries.find_response(file.code)
    if response is not None:
        same = next((one for one in response.versions if one.version == file.version), None)
        if same is not None:
            if same.sha256 == file.sha256:
                return same
            raise Conflict(
                N_("Version %(version)s is there with other words. Give this one a new number."),
                version=file.version,
            )
    return _keep(actor, file, response, citations)


def _keep(
    actor: Member | None,
    file: ResponseFile,
    response: StandardResponse | None,
    citations: Mapping[str, str],
) -> ResponseVersion:
    if response is None:
        response = StandardResponse(
            code=file.code, kind=file.kind, product=file.product, owner=file.owner
        )
        session().add(response)
    version = ResponseVersion(
        response=response,
        version=file.version,
        title=file.title,
        countries=list(file.countries),
        language=file.language,
        approved_on=file.approved_on,
        approved_until=file.approved_until,
        approved_by=list(file.approved_by),
        references=[{"id": name, "text": citations[name]} for name in file.references],
        answers=list(file.answers),
        text=file.text,
        source=file.source,
        sha256=file.sha256,
        added_at=clock.now(),
        added_by_id=actor.id if actor is not None else None,
    )
    session().add(version)
    session().flush()
    session().refresh(response, ["versions"])
    _record(actor, version, "added")
    if actor is None:
        _bring_into_use(version, file)
    return version


def confirm_version(*, actor: Member, version: ResponseVersion) -> None:
    """Say, as a second keeper, that a version is what was approved; from now on it can be used.

    Raises:
        Forbidden: the actor does not keep the library, or has added it.
        Conflict: somebody else confirms it at this moment.
    """
    require(access.may_confirm_version(actor, version))
    claimed = session().scalar(
        sa.update(ResponseVersion)
        .where(ResponseVersion.id == version.id, ResponseVersion.confirmed_at.is_(None))
        .values(confirmed_at=clock.now(), confirmed_by_id=actor.id)
        .returning(ResponseVersion.id)
        .execution_options(synchronize_session=False)
    )
    if claimed is None:
        raise Conflict(N_("This version is confirmed already."), code="confirmed")
    session().refresh(version)
    _bring_into_use(version, read_response(version.source))
    _record(actor, version, "confirmed")


def _bring_into_use(version: ResponseVersion, file: ResponseFile) -> None:
    """Let a version stand for its response, which is filed from now on as this file says."""
    version.confirmed_at = version.confirmed_at or clock.now()
    response = version.response
    response.kind, response.product, response.owner = file.kind, file.product, file.owner
    response.withdrawn_at = response.withdrawn_by_id = None
    response.withdrawn_reason = ""
    session().flush()


def _record(actor: Member | None, version: ResponseVersion, what: str) -> None:
    record(
        actor=actor,
        action=f"response.{what}",
        subject_kind="response",
        subject_id=version.response.id,
        new={
            "code": version.response.code,
            "version": version.version,
            "sha256": version.sha256,
        },
    )


def withdraw(*, actor: Member, response: StandardResponse, reason: str) -> None:
    """Take a response out of use at once. Posts that carry it stand, and are listed.

    Raises:
        Forbidden: the actor does not keep the library.
        Invalid: no reason, or too long.
        Conflict: it is withdrawn already.
    """
    require(access.may_keep_library(actor))
    reason = whole_reason(reason, missing=N_("Write a line why. Those who have used it read it."))
    withdrawn = session().scalar(
        sa.update(StandardResponse)
        .where(StandardResponse.id == response.id, StandardResponse.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now(), withdrawn_by_id=actor.id, withdrawn_reason=reason)
        .returning(StandardResponse.id)
        .execution_options(synchronize_session=False)
    )
    if withdrawn is None:
        raise Conflict(N_("This response is withdrawn already."))
    session().refresh(response)
    record(
        actor=actor,
        action="response.withdrawn",
        subject_kind="response",
        subject_id=response.id,
        reason=reason,
        new={"code": response.code},
    )


def note_uses(*, post_id: int, thread_id: int, text: str, countries: Iterable[str]) -> None:
    """Keep which responses a post carries now: word for word, changed, or no longer approved.

    A version that has lapsed is kept where nothing that may be used stands for its response, or
    where its own words stand whole: so whoever looks after a response finds it where it went out
    too late. It is never kept as word for word, which says of a post that its words are approved.
    """
    session().execute(sa.delete(ResponseUse).where(ResponseUse.post_id == post_id))
    said = queries.bare_words(text)
    usable = queries.usable_versions(countries)
    for response in queries.responses():
        if response.kind != STANDARD:
            continue
        version, is_lapsed = _carried(response, said, usable)
        if version is None:
            continue
        session().add(
            ResponseUse(
                version_id=version.id,
                post_id=post_id,
                thread_id=thread_id,
                is_verbatim=not is_lapsed and queries.stands_in(version, said),
                used_at=clock.now(),
            )
        )


def _carried(
    response: StandardResponse, said: str, usable: Sequence[ResponseVersion]
) -> tuple[ResponseVersion | None, bool]:
    """The version of a response that a text carries, and whether it has lapsed."""
    standing = next((version for version in response.versions if version in usable), None)
    lapsed = [version for version in response.versions if version.has_lapsed_by(clock.now())]
    if standing is not None and queries.stands_in(standing, said):
        return standing, False
    whole = next((version for version in lapsed if queries.stands_in(version, said)), None)
    if whole is not None:
        return whole, True
    candidates = lapsed if standing is None else [standing]
    found = next((version for version in candidates if _is_left_of(version, said)), None)
    return found, found is not standing


def _is_left_of(version: ResponseVersion, said: str) -> bool:
    """Whether so many lines of a version stand in a text that it is carried, changed."""
    lines = [line for line in map(queries.bare_words, version.text.splitlines()) if line]
    return sum(line in said for line in lines) >= len(lines) * LEAST_SHARE


def note_told(version: ResponseVersion) -> None:
    """Keep that the owners know that a version has expired."""
    version.told_at = clock.now()
