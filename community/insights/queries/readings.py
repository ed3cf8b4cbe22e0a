"""Second readings: what waits, what is done, and one of them with all that it takes to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.guardrails.engine import Note, notes_on_case
from community.guardrails.models import JudgedText
from community.insights import access
from community.insights.models import RuleProposal, SecondReading
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members import queries as members
from community.members.models import Member
from community.threads import queries as threads
from community.threads.models import Post, PostState
from community.threads.queries import PostView

SHOWN = 50


@dataclass(frozen=True)
class Sheet:
    """A reading with what is needed to judge it.

    `question` is the post that was answered, or the one that opens the thread; None where the text
    itself opens it. `advice` are the notes that its author has read and sent it all the same.
    """

    reading: SecondReading
    question: PostView | None
    context: Sequence[PostView]
    advice: Sequence[Note]
    advice_reason: str
    proposal: RuleProposal | None


def waiting_readings(*, viewer: Member) -> Sequence[SecondReading]:
    """Return what is drawn and not read yet, the least time left first."""
    return (
        session()
        .scalars(_visible(viewer).where(SecondReading.read_at.is_(None)).order_by(*_BY_DUE))
        .all()
    )


_BY_DUE = (SecondReading.due_at, SecondReading.id)


def _visible(viewer: Member) -> sa.Select[SecondReading]:
    require(access.may_see_readings(viewer))
    return sa.select(SecondReading).where(access.readings_visible_to(viewer))


def read_readings(*, viewer: Member) -> Sequence[SecondReading]:
    """Return what was read last."""
    return (
        session()
        .scalars(
            _visible(viewer)
            .where(SecondReading.read_at.is_not(None))
            .order_by(SecondReading.read_at.desc(), SecondReading.id.desc())
            .limit(SHOWN)
        )
        .all()
    )


def count_waiting(*, viewer: Member) -> int:
    """Return how many wait for the viewer or a colleague; none for who does not read."""
    if not access.may_see_readings(viewer):
        return 0
    query = sa.select(sa.func.count(SecondReading.id)).where(
        access.readings_visible_to(viewer), SecondReading.read_at.is_(None)
    )
    return session().scalar(query) or 0


def get_reading(*, viewer: Member, reading_id: int) -> SecondReading:
    """Return one.

    Raises:
        NotFound: there is none, or it is not the viewer's to see.
    """
    found = session().get(SecondReading, reading_id)
    if found is None:
        raise NotFound
    require(access.may_see_reading(viewer, found))
    return found


def sheet_of(reading: SecondReading) -> Sheet:
    """Return a reading with the question, five posts before it, and the advice that was given."""
    post = reading.post
    judged = _judged(reading)
    return Sheet(
        reading=reading,
        question=_question(post),
        context=threads.context_around(post=post),
        advice=advice_on(reading),
        advice_reason=judged.advice_reason if judged is not None else "",
        proposal=session().scalar(
            sa.select(RuleProposal).where(RuleProposal.reading_id == reading.id)
        ),
    )


def _question(post: Post) -> PostView | None:
    asked = post.reply_to_id
    if asked is None:
        asked = session().scalar(
            sa.select(Post.id)
            .where(Post.thread_id == post.thread_id, Post.state == PostState.PUBLISHED)
            .order_by(Post.number)
            .limit(1)
        )
    if asked is None or asked == post.id:
        return None
    return next(iter(threads.post_views([asked])), None)


def _judged(reading: SecondReading) -> JudgedText | None:
    verdict_id = reading.revision.verdict_id
    return session().get(JudgedText, verdict_id) if verdict_id is not None else None


def advice_on(reading: SecondReading) -> list[Note]:
    """Return the advice that the rules gave on the drawn wording, each rule with all its words."""
    judged = _judged(reading)
    given = [f for f in (judged.findings if judged else []) if f["outcome"] == "advise"]
    return notes_on_case(reading.revision.text, given, reading.post.thread.title)


def readers_of(reading: SecondReading) -> Sequence[Member]:
    """Return who may read it: the holders of the readers' duties, without its author."""
    found = {member.id: member for duty in access.READERS for member in members.holders(duty)}
    return [member for member in found.values() if member.id != reading.author_id]


def notes(*, viewer: Member) -> Sequence[SecondReading]:
    """Return what second readers said of the viewer's own posts, the latest first.

    Raises:
        NotFound: the viewer does not work for the company.
    """
    require(access.may_see_own_notes(viewer))
    return (
        session()
        .scalars(
            sa.select(SecondReading)
            .where(SecondReading.author_id == viewer.id, SecondReading.read_at.is_not(None))
            .order_by(SecondReading.read_at.desc(), SecondReading.id.desc())
            .limit(SHOWN)
        )
        .all()
    )


def get_note(*, viewer: Member, reading_id: int) -> SecondReading:
    """Return what a second reader said of one of the viewer's own posts.

    Raises:
        NotFound: there is none.
    """
    found = session().get(SecondReading, reading_id)
    if found is None:
        raise NotFound
    require(access.may_notice(viewer, found))
    return found


def count_notes(*, viewer: Member) -> int:
    """Return how many of them the viewer has not read."""
    if not access.may_see_own_notes(viewer):
        return 0
    query = sa.select(sa.func.count(SecondReading.id)).where(
        SecondReading.author_id == viewer.id,
        SecondReading.read_at.is_not(None),
        SecondReading.noticed_at.is_(None),
    )
    return session().scalar(query) or 0
