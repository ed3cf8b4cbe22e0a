"""The library as its pages show it: each response with its state and the threads it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.members.models import Member
from community.responses import access
from community.responses import queries as responses
from community.responses.models import (
    ResponseState,
    ResponseUse,
    ResponseVersion,
    StandardResponse,
)
from community.responses.ranking import ranked
from community.spaces import queries as spaces
from community.threads import access as thread_access
from community.threads import queries as threads
from community.threads.models import Thread

QUESTION_LENGTH = 2_000
USES_SHOWN = 500


@dataclass(frozen=True)
class Entry:
    """A response in the list: the version that stands for it today, and its state."""

    response: StandardResponse
    version: ResponseVersion
    state: ResponseState


@dataclass(frozen=True)
class Use:
    """A post that carries a response. `title` is empty where the viewer may not read the thread.

    `is_late`: the version had lapsed when the post was written.
    """

    use: ResponseUse
    version: str
    is_late: bool
    space: str
    title: str


@dataclass(frozen=True)
class Sheet:
    """One response with its versions, and the threads that used it.

    `uses` are the latest of `uses_count`. `waiting` are versions that a second keeper has to
    confirm; `adders` those who added them.
    """

    entry: Entry
    states: Mapping[int, ResponseState]
    uses: Sequence[Use]
    uses_count: int
    waiting: Sequence[ResponseVersion]
    adders: Mapping[int, Member]


@dataclass(frozen=True)
class Asked:
    """What a reply needs: the question, who reads it, and where it goes."""

    question: str
    countries: frozenset[str]
    products: tuple[str, ...]
    thread: Thread | None = None
    post_id: int | None = None


def entries(
    *,
    viewer: Member,
    question: str = "",
    product: str = "",
    country: str = "",
    state: str = "",
) -> list[Entry]:
    """Return the responses that fit, those first that answer the question best.

    Raises:
        NotFound: the viewer does not work for the company.
    """
    require(access.may_see_library(viewer))
    today = clock.today()
    every = [_entry(response, today) for response in responses.responses()]
    found = {entry.version.id: entry for entry in every}
    fitting = [
        entry.version
        for entry in found.values()
        if (not product or entry.response.product == product)
        and (not country or country in entry.version.countries)
        and (not state or entry.state.value == state)
    ]
    return [found[version.id] for version in ranked(fitting, question[:QUESTION_LENGTH])]


def _entry(response: StandardResponse, today: date) -> Entry:
    version = response.find_standing(today) or response.newest
    return Entry(response, version, version.state_on(today))


def choices() -> tuple[list[str], list[str]]:
    """Return the medicines and the countries that the library knows."""
    versions = [version for response in responses.responses() for version in response.versions]
    products = sorted({version.response.product for version in versions})
    return products, sorted({country for version in versions for country in version.countries})


def get_sheet(*, viewer: Member, code: str) -> Sheet:
    """Return one response with its history and its uses.

    Raises:
        NotFound: there is none, or the viewer does not work for the company.
    """
    response = responses.get_response(viewer=viewer, code=code)
    today = clock.today()
    states = {version.id: version.state_on(today) for version in response.versions}
    waiting = [version for version in response.versions if version.confirmed_at is None]
    return Sheet(
        entry=_entry(response, today),
        states=states,
        uses=uses(viewer=viewer, response=response),
        uses_count=responses.count_uses(response),
        waiting=waiting,
        adders=_members({one.added_by_id for one in waiting if one.added_by_id is not None}),
    )


def _members(ids: Iterable[int]) -> dict[int, Member]:
    found = session().scalars(sa.select(Member).where(Member.id.in_(set(ids))))
    return {member.id: member for member in found}


def uses(*, viewer: Member, response: StandardResponse) -> list[Use]:
    """Return where a response stands, the latest; titles only of threads the viewer may read."""
    found = responses.uses_of(response, most=USES_SHOWN)
    versions = {version.id: version for version in response.versions}
    title = sa.case((thread_access.threads_visible_to(viewer), Thread.title), else_="")
    rows = session().execute(
        sa.select(Thread.id, Thread.space_id, title.label("title")).where(
            Thread.id.in_({use.thread_id for use in found})
        )
    )
    threads_by_id = {row.id: row for row in rows}
    names = spaces.names_of({row.space_id for row in threads_by_id.values()})
    return [
        Use(
            use=use,
            version=versions[use.version_id].version,
            is_late=versions[use.version_id].has_lapsed_by(use.used_at),
            space=names[threads_by_id[use.thread_id].space_id],
            title=threads_by_id[use.thread_id].title,
        )
        for use in found
    ]


def asked(*, viewer: Member, thread_id: int, post_id: int | None, question: str) -> Asked:
    """Return what is asked where: the words given, else the post answered, else the thread's title.

    Raises:
        NotFound: the viewer may not see the thread, or does not work for the company.
    """
    require(access.may_see_library(viewer))
    thread = threads.get_thread(viewer=viewer, thread_id=thread_id).thread
    answered = None
    if post_id is not None:
        post, _ = threads.get_post(viewer=viewer, post_id=post_id)
        answered = post if post.thread_id == thread.id and post.state.value == "published" else None
    words = question.strip() or f"{thread.title} {answered.text if answered else ''}"
    return Asked(
        question=words[:QUESTION_LENGTH],
        countries=spaces.countries_of_readers(thread.space_id),
        products=tuple(thread.products or thread.space.products),
        thread=thread,
        post_id=answered.id if answered else None,
    )
