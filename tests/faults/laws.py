"""What must hold after whatever broke, and the counts that are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from community.audit import services as audit
from community.jobs import services as jobs
from community.jobs.models import LEASE, Job
from community.kernel import clock
from community.kernel.db import db
from community.spaces.models import Membership, MembershipState
from community.stream.models import Event, Stream
from community.threads.models import Post, PostState
from tests.faults.machines import wait_for
from tests.faults.scene import Crowd, Scene

PAST_THE_LEASE = LEASE + timedelta(minutes=10)


@dataclass(frozen=True)
class Counts:
    """What happened in one round."""

    posts: int
    held: int
    answered_twice: int
    requests_again: int
    pushed: int
    sockets_back: int
    letters: int
    doubles: int
    entries: int

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in vars(self).items())


def check(scene: Scene, crowd: Crowd) -> Counts:
    """Check all of the laws; return the counts."""
    assert crowd.ledger.refused == []
    with scene.app.app_context():
        db.engine.dispose()  # the database may be another process by now
        try:
            every_post_is_there_once(crowd)
            all_read_the_same(scene, crowd)
            who_was_removed_heard_no_more(crowd)
            letters, doubles = every_letter_was_sent(scene)
            entries = the_chain_is_whole()
        finally:
            db.session.remove()
    return Counts(
        posts=len(crowd.ledger.kept),
        held=sum(each.is_held for each in crowd.ledger.kept),
        answered_twice=crowd.ledger.repeated,
        requests_again=crowd.troubles.total(),
        pushed=sum(each.heard for each in crowd.listeners),
        sockets_back=sum(each.came_back - 1 for each in crowd.listeners),
        letters=letters,
        doubles=doubles,
        entries=entries,
    )


def every_post_is_there_once(crowd: Crowd) -> None:
    """What was acknowledged is there, and nothing twice; the numbers have no hole."""
    found = db.session.scalars(
        sa.select(Post).where(Post.thread_id == crowd.thread_id).order_by(Post.id)
    ).all()
    replies = [post for post in found if post.number != 1]
    assert sorted((post.client_key, post.id, post.text) for post in replies) == sorted(
        (kept.key, kept.id, kept.text) for kept in crowd.ledger.kept
    )
    by_id = {post.id: post for post in replies}
    for kept in crowd.ledger.kept:
        post = by_id[kept.id]
        assert (post.number, post.state is PostState.HELD) == (kept.number, kept.is_held)
    numbers = sorted(post.number for post in found if post.number is not None)
    assert numbers == list(range(1, len(numbers) + 1))


def all_read_the_same(scene: Scene, crowd: Crowd) -> None:
    """Old page and events make a fresh page, for everybody and in the same order."""
    events = db.session.execute(
        sa.select(Event.seq, Event.subject_id, Event.kind, Event.thread_id)
        .where(Event.space_id == crowd.space_id)
        .order_by(Event.seq)
    ).all()
    first = events[0].seq
    assert [event.seq for event in events] == list(range(first, first + len(events)))
    head = db.session.scalar(sa.select(Stream.seq).where(Stream.space_id == crowd.space_id))
    line = [
        (event.seq, event.subject_id)
        for event in events
        if event.seq > crowd.head and (event.kind, event.thread_id) == ("post", crowd.thread_id)
    ]
    shown = [(kept.number, kept.id) for kept in crowd.ledger.kept if kept.number is not None]
    assert [post for _seq, post in line] == [post for _number, post in sorted(shown)]
    page = scene.fresh(crowd.thread_id)
    for reader in crowd.readers:
        assert reader.last == head
        assert reader.line == line
        assert reader.posts == page


def who_was_removed_heard_no_more(crowd: Crowd) -> None:
    """Whoever lost their place learned of nothing that was committed after it."""
    place = db.session.get_one(Membership, crowd.removed_place)
    assert place.state is MembershipState.REMOVED
    gone_at = db.session.scalar(
        sa.select(sa.func.max(Event.seq)).where(
            Event.space_id == crowd.space_id,
            Event.kind == "members",
            Event.subject_id == place.id,
        )
    )
    assert gone_at is not None
    for reader in crowd.removed:
        assert reader.highest <= gone_at
        assert reader.last <= gone_at


def every_letter_was_sent(scene: Scene) -> tuple[int, int]:
    """Work off what is left; every letter went out, a second time only where it was tried again.

    Returns:
        How many different letters there are, and how many came more than once.
    """
    wait_for("the outbox", _nobody_works, seconds=30)
    with clock.moved(PAST_THE_LEASE):  # what a dead worker had in hand
        jobs.work_off(limit=10_000)
    db.session.rollback()
    soon = clock.now() + PAST_THE_LEASE
    undone = db.session.scalars(sa.select(Job.name).where(Job.is_due(soon))).all()
    assert undone == []
    assert db.session.scalars(sa.select(Job.name).where(Job.failed_at.is_not(None))).all() == []
    arrived = scene.office.by_id()
    written = db.session.scalars(sa.select(Job).where(Job.name == "reviews.mail_owner")).all()
    ids = {str(job.key): job for job in written}
    came = {name.strip("<>").partition("@")[0]: count for name, count in arrived.items()}
    assert {key for key in ids if key not in came} == set()
    removed = db.session.scalar(
        sa.select(sa.func.count(Membership.id)).where(Membership.end_reason == "It was time.")
    )
    assert sum(key.startswith("spaces-place-") for key in came) == removed
    doubles = {key: count for key, count in came.items() if count > 1}
    assert {key for key in doubles if key in ids and ids[key].attempts == 1} == set()
    return len(came), len(doubles)


def _nobody_works() -> bool:
    """Whether no work is due now, and none has been in hand for less than a while."""
    now = clock.now()
    in_hand = Job.leased_until > now + LEASE - timedelta(seconds=5)
    waiting = db.session.scalar(
        sa.select(sa.func.count(Job.id)).where(Job.is_due(now), sa.or_(in_hand, Job.is_free(now)))
    )
    db.session.rollback()
    return not waiting


def the_chain_is_whole() -> int:
    """Walk the chain of proof; return how many entries it has."""
    found = audit.verify()
    assert found.holds, found.sentence
    return found.entries
