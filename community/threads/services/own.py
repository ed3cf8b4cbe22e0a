"""What is one's own: drafts, and how far one has read. Neither is proven or told."""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa

from community.kernel import clock, upserts
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.rows import table_of, write
from community.kernel.words import N_
from community.members.models import Member
from community.threads.models import Draft, ReadPosition, Thread
from community.threads.services.whole import LONGEST_TITLE

LONGEST_DRAFT = 60_000


def save_draft(
    *, actor: Member, place: str, text: str, title: str = "", seq: int | None = None
) -> Draft:
    """Keep what the actor has begun to write in a place.

    Args:
        actor: who writes.
        place: `thread:<id>`, `space:<id>` or `post:<id>`, which the actor may see.
        text: Markdown, as far as it is.
        title: for a new thread.
        seq: the last number that this tab knows, 0 if none; None takes over whatever is there.

    Raises:
        Conflict: another tab has saved since; nothing was overwritten.
        Invalid: longer than what is kept.
    """
    if len(text) > LONGEST_DRAFT or len(title) > LONGEST_TITLE * 2:
        raise Invalid(N_("That is too long to be kept as a draft."), field="text")
    words = {"text": text, "title": title, "saved_at": clock.now()}
    known = sa.true() if seq is None else Draft.seq <= seq
    saved = session().scalar(
        upserts.insert(Draft)
        .values(member_id=actor.id, place=place, seq=1, **words)
        .on_conflict_do_update(
            index_elements=["member_id", "place"],
            set_={**words, "seq": Draft.seq + 1},
            where=known,
        )
        .returning(Draft.id)
    )
    if saved is None:
        raise Conflict(
            N_("You have written more in another window. Nothing was overwritten."),
            code="newer_draft",
        )
    return session().get_one(Draft, saved, populate_existing=True)


def place_of_edit(post_id: int) -> str:
    """Return where another wording of a post is kept until it is sent."""
    return f"post:{post_id}"


_DRAFT = table_of(Draft).c
_FORGET = sa.delete(table_of(Draft)).where(
    _DRAFT.member_id == sa.bindparam("member"), _DRAFT.place == sa.bindparam("place")
)


def forget_draft(*, actor: Member, place: str) -> None:
    """Let go of a draft that has been sent."""
    write(_FORGET, {"member": actor.id, "place": place})


def note_read(*, actor: Member, thread: Thread, number: int) -> None:
    """Keep how far the actor has read; it never goes back."""
    number = min(number, thread.last_number)
    if number <= 0:
        return
    seen = {"number": number, "at": clock.now()}
    write(_note(upserts.dialect()), {"member_id": actor.id, "thread_id": thread.id, **seen})


@lru_cache
def _note(dialect: str) -> sa.Insert:
    noted = upserts.insert_for(dialect, table_of(ReadPosition))
    return noted.on_conflict_do_update(
        index_elements=["member_id", "thread_id"],
        set_={"number": noted.excluded.number, "at": noted.excluded.at},
        where=table_of(ReadPosition).c.number < noted.excluded.number,
    )
