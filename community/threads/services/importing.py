"""Brings in threads of an earlier community, each text through the same door as any other.

An import can be stopped and run again: every post has a key made from where it came from, so it
comes in once, and a text that was blocked is not judged anew.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from community.guardrails.models import JudgedText
from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Conflict, Forbidden, Refusal
from community.kernel.unit_of_work import transaction
from community.kernel.words import N_
from community.members.models import Member
from community.members.services import create_imported
from community.spaces import queries as spaces
from community.spaces.models import Membership, Role, Space
from community.spaces.services import take_place
from community.threads.models import ImportedAuthor, Post, PostState, Thread
from community.threads.services.foreign import ForeignPost, ForeignThread
from community.threads.services.sending import Blocked, Published
from community.threads.services.whole import whole_text, whole_title
from community.threads.services.writing import publish_post, start_thread

KEYS = uuid.UUID("2b8f2c54-7a0e-4d0f-9a55-0d4f5f1f6a37")
POSTS_A_TRANSACTION = 50
PUBLISHED, HELD, REFUSED, THERE = "published", "held", "refused", "there"


@dataclass(frozen=True)
class Arrival:
    """What became of one post: `outcome` is one of the words above, `why` is said where refused.

    `place` counts the thread's posts from 1, as the file has them.
    """

    place: int
    outcome: str
    why: str = ""


@dataclass(frozen=True)
class _Arriving:
    """One post on its way: of which thread, at which place, when it was written."""

    space: Space
    thread: ForeignThread
    place: int
    at: datetime

    @property
    def post(self) -> ForeignPost:
        return self.thread.posts[self.place - 1]

    @property
    def key(self) -> str:
        return str(uuid.uuid5(KEYS, f"{self.space.id}:{self.thread.id}:{self.place}"))


def import_thread(*, space_id: int, thread: ForeignThread) -> Generator[Arrival]:
    """Bring in a thread; what has been yielded stands, also if the import is stopped.

    Nobody gets a letter; the clocks of cases begin now. Where the first post is refused or held,
    the later ones are refused with that reason; run again after its release, they follow.

    Args:
        space_id: where to.
        thread: what the file says.

    Raises:
        Forbidden: the space is archived.
    """
    moments = _moments(thread)
    for start in range(0, len(thread.posts), POSTS_A_TRANSACTION):
        with transaction():
            space = _queue_up(space_id)
            done = [
                _arrive(_Arriving(space, thread, place, moments[place - 1]))
                for place in range(start + 1, len(thread.posts) + 1)[:POSTS_A_TRANSACTION]
            ]
        yield from done


def _moments(thread: ForeignThread) -> list[datetime]:
    """Return when each post was written; without a time of its own, when the one before was."""
    moments: list[datetime] = []
    for post in thread.posts:
        moments.append(post.created or (moments[-1] if moments else clock.now()))
    return moments


def _queue_up(space_id: int) -> Space:
    """Make the imports into one space wait for each other, and take SQLite's lock at once."""
    session().execute(
        sa.update(Space)
        .where(Space.id == space_id)
        .values(version=Space.version)
        .execution_options(synchronize_session=False)
    )
    space = session().get_one(Space, space_id)
    if space.archived_at is not None:
        raise Forbidden(N_("This space is archived: it can be read, and nothing is added."))
    return space


def _arrive(arriving: _Arriving) -> Arrival:
    try:
        return _send(arriving)
    except Refusal as refusal:
        return Arrival(arriving.place, REFUSED, refusal.sentence % refusal.values)


def _send(arriving: _Arriving) -> Arrival:
    text = whole_text(arriving.post.text)
    whole_title(arriving.thread.title)
    thread = _find_thread(arriving)
    if arriving.place > 1:
        _require_begun(thread)
    author, membership = _author(arriving.space, arriving.post.author)
    earlier = _find_earlier(arriving, author, text)
    if earlier is not None:
        return earlier
    common: dict[str, Any] = {
        "actor": author,
        "membership": membership,
        "text": text,
        "client_key": arriving.key,
        "origin": "import",
        "at": arriving.at,
    }
    if thread is None:
        title, name = arriving.thread.title, arriving.thread.id
        result = start_thread(title=title, import_id=name, **common)
    else:
        result = publish_post(thread=thread, **common)
    return _said(arriving, result)


def _find_thread(arriving: _Arriving) -> Thread | None:
    return session().scalar(
        sa.select(Thread).where(
            Thread.space_id == arriving.space.id, Thread.import_id == arriving.thread.id
        )
    )


def _require_begun(thread: Thread | None) -> None:
    if thread is None:
        raise Conflict(N_("The first post of its thread was refused."))
    if thread.last_number == 0:
        raise Conflict(
            N_("The first post of its thread waits for a person. Import again when it is out.")
        )


def _author(space: Space, name: str) -> tuple[Member, Membership]:
    """Return who stands for an author here, and their place."""
    known = session().scalar(
        sa.select(ImportedAuthor).where(
            ImportedAuthor.space_id == space.id, ImportedAuthor.author == name
        )
    )
    if known is None:
        return _new_author(space, name)
    place = spaces.find_membership_of(member_id=known.member_id, space_id=space.id)
    if place is None:
        raise Forbidden(N_("Its author was removed from the space."))
    return place.member, place


def _new_author(space: Space, name: str) -> tuple[Member, Membership]:
    number = (session().scalar(sa.select(sa.func.max(ImportedAuthor.id))) or 0) + 1
    called = f"Imported member {number}" if name else "Imported, author not named"
    member = create_imported(actor=None, name=called)
    session().add(ImportedAuthor(space_id=space.id, author=name, member_id=member.id))
    return member, take_place(actor=member, space=space, member=member, role=Role.MEMBER)


def _find_earlier(arriving: _Arriving, author: Member, text: str) -> Arrival | None:
    """Return what an earlier run made of the same post.

    Raises:
        Conflict: the file said something else then.
    """
    post = session().scalar(
        sa.select(Post).where(Post.author_id == author.id, Post.client_key == arriving.key)
    )
    if post is not None:
        if post.revisions[0].text != text:
            raise Conflict(N_("It was imported before with other words, which stay."))
        return Arrival(arriving.place, HELD if post.state is PostState.HELD else THERE)
    verdict = session().scalar(
        sa.select(JudgedText).where(
            JudgedText.member_id == author.id,
            JudgedText.client_key == arriving.key,
            JudgedText.outcome == "block",
            JudgedText.text_sha256 == hashlib.sha256(text.encode()).hexdigest(),
        )
    )
    return Arrival(arriving.place, REFUSED, _why(verdict.findings)) if verdict else None


def _said(arriving: _Arriving, result: Published | Blocked) -> Arrival:
    if isinstance(result, Blocked):
        findings = [finding.as_json() for finding in result.judgement.findings]
        return Arrival(arriving.place, REFUSED, _why(findings))
    return Arrival(arriving.place, HELD if result.is_held else PUBLISHED)


def _why(findings: list[dict[str, object]]) -> str:
    """Name the rules that blocked a text, without its words."""
    blocking = [str(f["rule"]) for f in findings if f["outcome"] == "block"]
    return f"Blocked by the guardrails: {', '.join(dict.fromkeys(blocking))}."
