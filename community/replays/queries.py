"""Reads of replays: the sums for every co-author, the words of a post for those who may read it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from community.guardrails import access as guardrails_access
from community.guardrails.engine import OUTCOMES
from community.guardrails.models import SetDraft
from community.kernel.access import require
from community.kernel.db import Json, session
from community.members.models import Member
from community.replays.models import Replay
from community.threads import access as threads_access
from community.threads.models import Post, Thread

ROWS_A_GROUP = 50
GROUPS = ("heavier", "lighter", "routed", "unrouted", "other")


@dataclass(frozen=True)
class Row:
    """A post that would fare otherwise; `post` is None where the viewer may not read it."""

    was: str
    now: str
    new_rules: Sequence[str]
    gone_rules: Sequence[str]
    new_desks: Sequence[str]
    gone_desks: Sequence[str]
    post: Post | None


@dataclass(frozen=True)
class Group:
    """Posts with one fate: all of them counted, those shown that the viewer may read.

    `hidden` stand in spaces that the viewer does not read, `more` are left out for length.
    """

    name: str
    count: int
    rows: Sequence[Row]
    hidden: int
    more: int


@dataclass(frozen=True)
class ReplaySheet:
    """The last replay of a draft as one viewer sees it.

    `rules` are ids with how many posts each would hit only now, and no longer, the most first.
    """

    replay: Replay
    asked_by: Member
    is_current: bool
    groups: Sequence[Group]
    rules: Sequence[tuple[str, int, int]]

    @property
    def share(self) -> int:
        """How far it has come, in parts of a hundred."""
        total = self.replay.total
        return 100 * self.replay.done // total if total else 100


def digest(draft: SetDraft) -> str:
    """Return what names the wording of a draft."""
    return hashlib.sha256(draft.source.encode()).hexdigest()


def find_last(draft: SetDraft) -> Replay | None:
    """Return the latest replay of a draft."""
    return session().scalar(
        sa.select(Replay).where(Replay.draft_id == draft.id).order_by(Replay.id.desc()).limit(1)
    )


def find_sheet(*, viewer: Member, draft: SetDraft) -> ReplaySheet | None:
    """Return the last replay of a draft; None where it was never replayed.

    Raises:
        NotFound: the viewer is no co-author.
    """
    require(guardrails_access.may_see_drafts(viewer))
    replay = find_last(draft)
    if replay is None:
        return None
    posts = _readable(viewer, replay.differences)
    rules: dict[str, Sequence[int]] = replay.counts.get("rules", {})
    return ReplaySheet(
        replay=replay,
        asked_by=session().get_one(Member, replay.asked_by_id),
        is_current=replay.source_sha256 == digest(draft),
        groups=[_group(name, replay, posts) for name in GROUPS],
        rules=sorted(
            ((rule, new, gone) for rule, (new, gone) in rules.items()),
            key=lambda row: (-row[1] - row[2], row[0]),
        ),
    )


def _readable(viewer: Member, differences: Sequence[Json]) -> dict[int, Post]:
    ids = [row["post"] for row in differences]
    found: dict[int, Post] = {}
    for start in range(0, len(ids), 200):
        query = (
            sa.select(Post)
            .join(Thread, Thread.id == Post.thread_id)
            .where(Post.id.in_(ids[start : start + 200]))
            .where(threads_access.posts_visible_to(viewer))
        )
        found.update({post.id: post for post in session().scalars(query)})
    return found


def _group(name: str, replay: Replay, posts: dict[int, Post]) -> Group:
    kept = [row for row in replay.differences if row["group"] == name]
    shown = [_row(row, posts) for row in kept if row["post"] in posts]
    shown.sort(key=lambda row: -OUTCOMES.index(row.now))
    count = int(replay.counts.get(name, 0))
    hidden = sum(1 for row in kept if row["post"] not in posts)
    return Group(
        name=name,
        count=count,
        rows=shown[:ROWS_A_GROUP],
        hidden=hidden,
        more=count - hidden - len(shown[:ROWS_A_GROUP]),
    )


def _row(row: Json, posts: dict[int, Post]) -> Row:
    return Row(
        was=row["was"],
        now=row["now"],
        new_rules=row["new"],
        gone_rules=row["gone"],
        new_desks=row["to"],
        gone_desks=row["from"],
        post=posts.get(row["post"]),
    )
