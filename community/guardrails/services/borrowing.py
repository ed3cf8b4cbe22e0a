"""Finds whose words a change takes over from another draft, so that nobody signs what they wrote.

A draft that was given up, or waits unsigned, can be copied by somebody else's hand. Its authors
are authors of the copy then: the words are theirs, and no second person has answered for them.
"""

from __future__ import annotations

import sqlalchemy as sa

from community.guardrails import blocks, queries
from community.guardrails.models import SetDraft
from community.kernel.db import session

LEAST_CHARACTERS = 12  # of a line that tells its writer; shorter ones look alike everywhere


def authors_of_words_added(draft: SetDraft, before: str) -> frozenset[int]:
    """Return who wrote, in other drafts, lines that a change brings into this one.

    Args:
        draft: with its new text.
        before: its text until now.
    """
    others = sa.select(SetDraft).where(SetDraft.id != draft.id)
    return _authors(_lines(draft.source) - _lines(before), others)


def authors_of_words_in(source: str) -> frozenset[int]:
    """Return who wrote, in any draft, lines of a file for which nobody else has answered yet."""
    return _authors(_lines(source), sa.select(SetDraft))


def _authors(lines: frozenset[str], drafts: sa.Select[SetDraft]) -> frozenset[int]:
    added = lines and lines - _signed_lines()
    if not added:
        return frozenset()
    others = session().scalars(drafts)
    return frozenset(
        member_id
        for other in others
        if added & _lines(other.source)
        for member_id in other.author_ids
    )


def _signed_lines() -> frozenset[str]:
    """The lines of every set that all have signed, and of the one that comes with the software."""
    shipped, _ = queries.shipped_files()
    signed = [each for each in queries.set_versions() if not queries.missing_signatures(each)]
    return _lines(shipped).union(*(_lines(version.source) for version in signed))


def _lines(source: str) -> frozenset[str]:
    """The lines of rules and lists; name, version and day at the top are alike by chance."""
    rest = source.splitlines()[len(blocks.head(source).splitlines()) :]
    lines = (line.strip() for line in rest)
    return frozenset(
        line for line in lines if len(line) >= LEAST_CHARACTERS and not line.startswith("#")
    )
