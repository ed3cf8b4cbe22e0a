"""Runs a draft over the posts of the last 90 days, beside the set in force, a little at a time.

Each post is judged twice in the context that it would be judged in today. The work is done in
short steps, each a job of its own, so that nobody waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta

from community.audit.services import record
from community.guardrails import access as guardrails_access
from community.guardrails import queries as guardrails
from community.guardrails import services as judging
from community.guardrails.engine import OUTCOMES, GuardrailSet
from community.guardrails.models import GuardrailSetVersion, SetDraft
from community.guardrails.services import Judgement
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.replays import queries
from community.replays.models import Replay
from community.threads import services as threads
from community.threads.models import Post

DAYS = 90
MOST_POSTS = 5_000
MOST_KEPT = 500
POSTS_A_READ = 20
SECONDS_A_STEP = 0.4
PAUSE = timedelta(seconds=0.4)
STRETCH = 400
"""A step looks at no more posts than this, however quick they are."""


def start_replay(*, actor: Member, draft: SetDraft) -> Replay:
    """Begin a replay of a draft as it stands now; one that runs with the same wording goes on.

    Raises:
        Forbidden: the actor does not write rules.
        Conflict: no set is in force to compare with.
        Invalid: the draft can't be read as it stands.
    """
    take_turn(draft)
    require(guardrails_access.may_write_drafts(actor))
    in_force = guardrails.find_set_in_force()
    if in_force is None:
        raise Conflict(N_("No set is in force, so there is nothing to compare the draft with."))
    if guardrails.load(draft.source, draft.products).rules is None:
        raise Invalid(N_("The draft holds faults, so it can't be replayed. Mend them first."))
    earlier = queries.find_last(draft)
    if earlier and earlier.is_running and earlier.source_sha256 == queries.digest(draft):
        return earlier
    since = clock.now() - timedelta(days=DAYS)
    found = threads.count_posts_since(since)
    replay = Replay(
        draft_id=draft.id,
        source_sha256=queries.digest(draft),
        set_version_id=in_force.id,
        asked_by_id=actor.id,
        asked_at=clock.now(),
        since=since,
        total=min(found, MOST_POSTS),
        found=found,
    )
    session().add(replay)
    session().flush()
    record(
        actor=actor,
        action="guardrail_replay.started",
        subject_kind="guardrail_replay",
        subject_id=replay.id,
        new={"draft": draft.id, "sha256": replay.source_sha256, "posts": replay.total},
    )
    enqueue("replays.step", {"replay_id": replay.id, "done": 0}, key=f"replay-{replay.id}-0")
    return replay


def step(replay_id: int) -> None:
    """Look at the next posts for a moment, and leave the rest for another step."""
    replay = session().get_one(Replay, replay_id)
    draft = session().get_one(SetDraft, replay.draft_id)
    if not replay.is_running:
        return
    rules = guardrails.load(draft.source, draft.products).rules
    if rules is None or replay.source_sha256 != queries.digest(draft):
        replay.counts = {**replay.counts, "overtaken": 1}
        replay.finished_at = clock.now()
        return
    run = _Run(replay, rules)
    run.for_a_moment()
    if replay.done >= replay.total or run.is_at_the_end:
        replay.finished_at = clock.now()
    else:
        enqueue(
            "replays.step",
            {"replay_id": replay.id, "done": replay.done},
            run_at=clock.now() + PAUSE,
            key=f"replay-{replay.id}-{replay.done}",
        )


class _Run:
    """One step: its sums begin with those of the steps before."""

    def __init__(self, replay: Replay, rules: GuardrailSet) -> None:
        in_force = session().get_one(GuardrailSetVersion, replay.set_version_id)
        self.replay = replay
        self.before = guardrails.rules_of(in_force)
        self.after = rules
        self.counts: Json = {"rules": {}, "desks": {}, **replay.counts}
        self.differences = list(replay.differences)
        self.is_at_the_end = False

    def for_a_moment(self) -> None:
        """Look at posts until the step's time is over."""
        until, left = time.monotonic() + SECONDS_A_STEP, STRETCH
        while time.monotonic() < until and left > 0 and self.replay.done < self.replay.total:
            found = threads.posts_since(
                self.replay.since, below=self.replay.last_post_id, limit=POSTS_A_READ
            )
            if not found:
                self.is_at_the_end = True
                break
            left -= len(found)
            for post in found[: self.replay.total - self.replay.done]:
                self._look_at(post)
        self.replay.counts = dict(self.counts)
        self.replay.differences = self.differences
        session().flush()

    def _look_at(self, post: Post) -> None:
        self.replay.last_post_id = post.id
        self.replay.done += 1
        writing = threads.writing_of_post(post)
        if writing is None:
            return
        time.sleep(0)  # under cooperative threads, let requests in between
        was = judging.rejudge(writing, self.before, "")
        now = judging.rejudge(writing, self.after, "")
        row = _difference(was, now)
        if row is None:
            return
        self._count(row)
        if len(self.differences) < MOST_KEPT:
            self.differences.append({"post": post.id, **row})

    def _count(self, row: Json) -> None:
        counts = self.counts
        counts[row["group"]] = counts.get(row["group"], 0) + 1
        if row["was"] != row["now"]:
            fate = f"{row['was']}>{row['now']}"
            counts[fate] = counts.get(fate, 0) + 1
        for what, new, gone in (("rules", "new", "gone"), ("desks", "to", "from")):
            sums = {name: list(pair) for name, pair in counts[what].items()}
            for side, names in ((0, row[new]), (1, row[gone])):
                for name in names:
                    sums.setdefault(name, [0, 0])[side] += 1
            counts[what] = sums


def _difference(was: Judgement, now: Judgement) -> Json | None:
    """Say what would be otherwise with one post; None where nothing would."""
    row: Json = {
        "was": was.outcome,
        "now": now.outcome,
        "new": _without(now.rules, was.rules),
        "gone": _without(was.rules, now.rules),
        "to": _without(now.routes, was.routes),
        "from": _without(was.routes, now.routes),
    }
    row["group"] = _group(row)
    is_same = was.outcome == now.outcome and not any(row[k] for k in ("new", "gone", "to", "from"))
    return None if is_same else row


def _group(row: Json) -> str:
    was, now = OUTCOMES.index(row["was"]), OUTCOMES.index(row["now"])
    if now != was:
        return "heavier" if now > was else "lighter"
    if row["to"]:
        return "routed"
    return "unrouted" if row["from"] else "other"


def _without(these: Iterable[str], those: Iterable[str]) -> list[str]:
    known = set(those)
    return [each for each in these if each not in known]
