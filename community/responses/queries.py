"""Reads of approved responses: what may be used today, for whom, and where it was used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.responses import access
from community.responses.models import (
    STANDARD,
    ResponseState,
    ResponseUse,
    ResponseVersion,
    StandardResponse,
)
from community.responses.ranking import ranked

_NOT_WORDS = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"https?://\S+")


def get_response(*, viewer: Member, code: str) -> StandardResponse:
    """Return one response with all its versions; old ones stay readable.

    Raises:
        NotFound: there is none, or the viewer does not work for the company.
    """
    require(access.may_see_library(viewer))
    found = find_response(code)
    if found is None:
        raise NotFound
    return found


def find_response(code: str) -> StandardResponse | None:
    """Return the response that is filed under a name."""
    return session().scalar(sa.select(StandardResponse).where(StandardResponse.code == code))


def responses() -> Sequence[StandardResponse]:
    """Return every response, by its name."""
    return session().scalars(sa.select(StandardResponse).order_by(StandardResponse.code)).all()


def usable_versions(countries: Iterable[str] = ()) -> list[ResponseVersion]:
    """Return the versions in use today that are approved in each of these countries."""
    today, wanted = clock.today(), set(countries)
    versions = [version for response in responses() for version in response.versions]
    return [
        version
        for version in versions
        if version.may_be_used_on(today) and wanted <= set(version.countries)
    ]


def find_usable(version_id: int, countries: Iterable[str]) -> ResponseVersion | None:
    """Return a version if it may be put into a reply that these countries read, today."""
    usable = usable_versions(countries)
    return next((v for v in usable if v.id == version_id and v.response.kind == STANDARD), None)


def usable_text(code: str) -> str | None:
    """Return the words of a pointer or a form, while its approval lasts."""
    response, today = find_response(code), clock.today()
    versions = response.versions if response is not None else ()
    return next((version.text for version in versions if version.may_be_used_on(today)), None)


def search(
    *, viewer: Member, question: str, countries: Iterable[str] = (), products: Iterable[str] = ()
) -> list[ResponseVersion]:
    """Return the standard responses that may be used and answer a question, the closest first.

    Args:
        viewer: who looks.
        question: in anybody's words.
        countries: of all who will read the reply.
        products: of the room; none given, all.
    """
    require(access.may_see_library(viewer))
    about = set(products)
    usable = [
        version
        for version in usable_versions(countries)
        if version.response.kind == STANDARD and (not about or version.response.product in about)
    ]
    return ranked(usable, question)


def approved_texts(countries: Iterable[str], *, text: str) -> tuple[str, ...]:
    """Return the approved texts that stand in a reply, whole and in one piece.

    A response is agreed as a whole, with its limits and its safety: a sentence taken out of it is
    the author's own. Its references may be left out.

    Args:
        countries: of all who will read the reply.
        text: the reply.
    """
    said = bare_words(text)
    return tuple(
        version.cited
        for version in usable_versions(countries)
        if version.response.kind in {STANDARD, "pointer"} and stands_in(version, said)
    )


def stands_in(version: ResponseVersion, said: str) -> bool:
    """Whether a version stands word for word in a text, given as its bare words."""
    return f" {bare_words(version.text)} " in f" {said} "


def bare_words(text: str) -> str:
    """Return the words of a text: marks, blanks and case aside, and addresses: links hide them."""
    return _NOT_WORDS.sub(" ", _ADDRESS.sub(" ", text)).strip().lower()


def unconfirmed(*, viewer: Member) -> list[ResponseVersion]:
    """Return the versions that wait for this keeper to confirm them, the oldest first."""
    waiting = session().scalars(
        sa.select(ResponseVersion)
        .where(ResponseVersion.confirmed_at.is_(None))
        .order_by(ResponseVersion.id)
    )
    return [version for version in waiting if access.may_confirm_version(viewer, version)]


def get_version(*, viewer: Member, code: str, version_id: int) -> ResponseVersion:
    """Return one version of a response.

    Raises:
        NotFound: there is none, or the viewer does not work for the company.
    """
    response = get_response(viewer=viewer, code=code)
    found = next((one for one in response.versions if one.id == version_id), None)
    if found is None:
        raise NotFound
    return found


def uses_of(response: StandardResponse, *, most: int) -> Sequence[ResponseUse]:
    """Return the posts that carry any version of a response, the latest first, so many at most."""
    latest = _uses(response).order_by(ResponseUse.used_at.desc(), ResponseUse.id.desc())
    return session().scalars(latest.limit(most)).all()


def count_uses(response: StandardResponse) -> int:
    """Return how many posts carry any version of a response."""
    return session().scalar(_uses(response).with_only_columns(sa.func.count(ResponseUse.id))) or 0


def _uses(response: StandardResponse) -> sa.Select[ResponseUse]:
    versions = [version.id for version in response.versions]
    return sa.select(ResponseUse).where(ResponseUse.version_id.in_(versions))


def expired_untold() -> list[ResponseVersion]:
    """Return the versions that have expired since somebody was last told."""
    today = clock.today()
    due = session().scalars(
        sa.select(ResponseVersion).where(
            ResponseVersion.told_at.is_(None), ResponseVersion.approved_until < today
        )
    )
    return [version for version in due if version.state_on(today) is ResponseState.EXPIRED]
