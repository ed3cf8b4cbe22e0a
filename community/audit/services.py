"""Adds entries to the chain of proof and walks it.

Not every write is proven: read positions, drafts, verdicts while typing, last-seen times, states
of the outbox and counters change nothing that another may see or do (`UNPROVEN`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from community.audit import queries
from community.audit.models import AuditEntry, AuditHead
from community.kernel import clock
from community.kernel.db import Json, session
from community.kernel.rows import table_of, write
from community.kernel.unit_of_work import collect, write_before_commit

GENESIS = "0" * 64
RANK = 90  # the head is every writer's bottleneck: locked last, held shortest

UNPROVEN = frozenset(
    {"draft", "read_position", "verdict", "member_session", "job", "stream", "event", "mail_link"}
)


class Actor(Protocol):
    """Whoever did it: anything with a number and a name."""

    id: int
    name: str


@dataclass(frozen=True)
class _Pending:
    actor_id: int | None
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str
    space_id: int | None
    reason: str
    at: datetime
    old: Json
    new: Json


def record(
    *,
    actor: Actor | None,
    action: str,
    subject_kind: str,
    subject_id: object,
    space_id: int | None = None,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    """Add an entry with this transaction.

    Args:
        actor: who did it; None for the software itself.
        action: `<subject>.<past tense>`, such as `post.removed`.
        subject_kind: table name of what it was done to.
        subject_id: its key.
        space_id: in which space, where there is one.
        reason: in the actor's words.
        old: values before, without patients' data or secrets.
        new: values after, likewise.
    """
    collect(
        "audit",
        _Pending(
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "Roundtable",
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            space_id=space_id,
            reason=reason,
            old=old or {},
            new=new or {},
            at=clock.now(),
        ),
    )


_HEAD = table_of(AuditHead).c
_LENGTHEN = (
    sa.update(table_of(AuditHead))
    .where(_HEAD.id == 1)
    .values(seq=_HEAD.seq + sa.bindparam("more"))
    .returning(_HEAD.seq, _HEAD.hash)
)
_CLOSE = sa.update(table_of(AuditHead)).where(_HEAD.id == 1).values(hash=sa.bindparam("last"))
_ADD = sa.insert(table_of(AuditEntry))
_HEAD_NOW = sa.select(AuditHead.seq, AuditHead.hash)


def _write(_current: Session, items: list[object]) -> None:
    (head,) = write(_LENGTHEN, {"more": len(items)})
    seq, last = head.seq - len(items), head.hash
    rows: list[Json] = []
    for item in cast(list[_Pending], items):
        seq += 1
        row = {**vars(item), "seq": seq, "previous_hash": last}
        row["hash"] = last = _fingerprint(row)
        rows.append(row)
    write(_ADD, *rows)
    write(_CLOSE, {"last": last})


write_before_commit("audit", rank=RANK, writer=_write)


# Named, and not taken from the table: a column added must not change what is proven of old entries.
_PROVEN = tuple(
    "seq at actor_id actor_name action subject_kind subject_id space_id reason old new"
    " previous_hash".split()
)


def fingerprint(entry: AuditEntry) -> str:
    """Return the SHA-256 over the canonical JSON (sorted keys, no spaces) of an entry."""
    return _fingerprint(_proven(entry))


def as_line(entry: AuditEntry) -> str:
    """Return an entry as canonical JSON with its hash.

    Whoever takes the hash out, writes the rest as canonical JSON again and takes the SHA-256 of it,
    has the hash: so that a file of entries can be checked without this program.
    """
    return _canonical({**_told(_proven(entry)), "hash": entry.hash})


def _proven(entry: AuditEntry) -> Json:
    return {name: getattr(entry, name) for name in _PROVEN}


def _fingerprint(row: Json) -> str:
    canonical = _canonical(_told(row))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _told(row: Json) -> Json:
    return {**row, "at": row["at"].isoformat(timespec="microseconds")}


def _canonical(content: Json) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class ChainCheck:
    """What walking the chain found: how many entries hold, and the first that does not."""

    entries: int
    broken_seq: int | None = None
    sentence: str = ""

    @property
    def holds(self) -> bool:
        """Whether every entry is as it was written, in its place, with none missing."""
        return self.broken_seq is None


def verify() -> ChainCheck:
    """Walk the chain from its beginning and name the first broken entry."""
    # Read first: entries that are written while we walk must not look like a broken end.
    head = session().execute(_HEAD_NOW).one_or_none()
    with closing(queries.each(queries.Filter())) as found:
        walked = _walk(found, head)
    # Read after the last entry: every entry that came meanwhile came with the head beyond it.
    now = session().execute(_HEAD_NOW).one_or_none()
    if walked.holds and now is not None and now.seq < walked.entries:
        behind = f"entry {now.seq + 1} stands behind the end of the chain"
        return ChainCheck(now.seq, now.seq + 1, behind)
    return walked


def _walk(found: Iterable[AuditEntry], head: sa.Row[int, str] | None) -> ChainCheck:
    expected_seq, last = 1, GENESIS
    is_met = head is not None and (head.seq, head.hash) == (0, GENESIS)  # nothing was written yet
    for entry in found:
        if entry.seq != expected_seq:
            return ChainCheck(expected_seq - 1, expected_seq, f"entry {expected_seq} is missing")
        if entry.previous_hash != last:
            return ChainCheck(
                expected_seq - 1, entry.seq, f"entry {entry.seq} does not follow the one before it"
            )
        if fingerprint(entry) != entry.hash:
            return ChainCheck(expected_seq - 1, entry.seq, f"entry {entry.seq} was changed")
        expected_seq, last = entry.seq + 1, entry.hash
        is_met = is_met or (head is not None and (entry.seq, entry.hash) == (head.seq, head.hash))
    entries = expected_seq - 1
    if is_met:
        return ChainCheck(entries)
    return ChainCheck(entries, entries + 1, f"entries after {entries} were taken off")
