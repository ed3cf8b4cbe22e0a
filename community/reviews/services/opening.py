"""Opens cases, gives them to their desk and starts their clocks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from community.jobs.services import enqueue
from community.kernel import clock, realtime
from community.kernel.db import Json, session
from community.kernel.turns import take_turn
from community.members.models import Member
from community.reviews import protocols, queries
from community.reviews.models import Deadline, Review, ReviewKind
from community.reviews.services import steps
from community.reviews.services.recording import keep_deed
from community.spaces.models import Space
from community.spaces.queries import countries_of_readers

STAND_INS = ("compliance", "administrator")


def open_review(
    *,
    kind: ReviewKind,
    desk: str,
    author: Member,
    space: Space,
    thread_id: int | None,
    subject_kind: str,
    subject_id: int,
    text: str,
    client_key: str,
    findings: Sequence[Json],
    clock_from: datetime,
    letters: bool = True,
    opened_by: Member | None = None,
) -> Review:
    """Open a case, or return the one that the same request has opened before.

    Args:
        kind: a hold, or a routed or a reported case about a text that stands.
        desk: who should own it; where nobody holds that desk, compliance does, then the
            administrator.
        author: who wrote the text.
        space: where it was written.
        thread_id: in which thread, where there is one.
        subject_kind: `post`, `revision`, `draft` or `inquiry`.
        subject_id: its key; for a draft that of its Verdict.
        text: the wording the case is about.
        client_key: of the request, so that a repeated one opens nothing anew. Other words under
            the same key, or words that come into a room after their case was closed, are news.
        findings: those that led here, as JSON.
        clock_from: when the clocks began, the time of the post.
        letters: whether the owners are written to; an import would bury them.
        opened_by: whose deed it is for the record; its author's where None.
    """
    review = Review(
        kind=kind,
        desk=desk,
        owner=desk,
        reason_code=findings[0]["rule"] if findings else desk,
        reason=findings[0]["reason"] if findings else "",
        findings=list(findings),
        subject_kind=subject_kind,
        subject_id=subject_id,
        space_id=space.id,
        thread_id=thread_id,
        author_id=author.id,
        text=text,
        client_key=client_key,
        opened_at=clock.now(),
        clock_from=clock_from,
    )
    owners = _give_to_owners(review)
    earlier = _find_same(review)
    if earlier is not None and not _is_about_the_same(earlier, review):
        review.client_key = _key_of_news(review)
        earlier = _find_same(review)
    if earlier is not None:
        _follow_to_post(earlier, review)
        return earlier
    session().add(review)
    session().flush()
    _start_clocks(review, desk, space)
    keep_deed(
        opened_by or author,
        review,
        "review.opened",
        new={
            "kind": kind.value,
            "desk": review.owner,
            "rule": review.reason_code,
            "subject": f"{subject_kind} {subject_id}",
        },
    )
    realtime.ring_members([member.id for member in owners], "reviews")
    if letters:
        write_to_owners(review)
    return review


def add_finding(*, review: Review, finding: Json, space: Space) -> None:
    """Add to an open case what led there once more, and start the clocks that it has not yet.

    Its owners are told; they get a letter where a clock is new.

    Args:
        review: the case; its row is held by whoever adds to it.
        finding: what led there, as JSON; a rule that it names already is not named twice.
        space: that of the case, whose office hours count and whose readers' countries.
    """
    realtime.ring_members([member.id for member in queries.owners_of(review)], "reviews")
    if finding["rule"] in review.rules:
        return
    review.findings = [*review.findings, finding]
    if _start_missing(review, space):
        write_to_owners(review, occasion=f"-{finding['rule']}")


def hand_on() -> int:
    """Give the open cases that nobody can decide any more to whoever stands in.

    Duties and places end, and a desk may lose its last holder after a case came to it.

    Returns:
        How many cases changed hands.
    """
    handed_on = 0
    for review in queries.open_without_owner():
        take_turn(review)
        was = review.owner
        if not review.is_open or queries.owners_of(review):
            continue
        owners = _give_to_owners(review)
        if not owners:
            review.owner = was
            continue
        review.version += 1
        keep_deed(None, review, "review.handed_on", old={"desk": was}, new={"desk": review.owner})
        realtime.ring_members([member.id for member in owners], "reviews")
        write_to_owners(review, occasion=f"-handed-on-{review.version}")
        handed_on += 1
    return handed_on


def follow_up(
    *, actor: Member, review: Review, text: str, findings: Sequence[Json], space: Space
) -> bool:
    """Let an open case be about the new wording of what it is about, rather than open another.

    Its owners are told, and clocks that it has not yet are started. Who looks at the page of the
    wording before is told to look again; the earlier wordings stay with the post.

    Args:
        actor: who wrote the new wording.
        review: the case.
        text: the wording that stands now.
        findings: what was found in it, as JSON.
        space: that of the case, whose office hours count and whose readers' countries.

    Returns:
        Whether it did; a case that somebody has closed meanwhile is left as it is.
    """
    take_turn(review)
    if not review.is_open:
        return False
    review.text, review.findings = text, list(findings)
    review.version += 1
    _start_missing(review, space)
    keep_deed(actor, review, "review.followed_up", new={"rules": sorted(review.rules)})
    realtime.ring_members([member.id for member in queries.owners_of(review)], "reviews")
    write_to_owners(review, occasion=f"-wording-{review.version}")
    return True


def write_to_owners(review: Review, *, occasion: str = "") -> None:
    """Let the owners of a case know by mail that it waits for them.

    Args:
        review: the case.
        occasion: what is new about it since it was opened; each is written of once.
    """
    told = {"review": review.id, "occasion": occasion}
    enqueue("reviews.mail_owners", told, key=f"review-{review.id}-owners{occasion}")


def _follow_to_post(earlier: Review, now: Review) -> None:
    """Let a case on a draft be about the post that the same request has made of it since."""
    if earlier.subject_kind == "draft" and now.subject_kind != "draft" and earlier.is_open:
        earlier.subject_kind, earlier.subject_id = now.subject_kind, now.subject_id
        earlier.thread_id, earlier.text = now.thread_id, now.text
        earlier.reason_code, earlier.reason = now.reason_code, now.reason
        earlier.findings = now.findings


def _find_same(review: Review) -> Review | None:
    return session().scalar(
        sa.select(Review).where(
            Review.author_id == review.author_id,
            Review.client_key == review.client_key,
            Review.desk == review.desk,
            Review.kind == review.kind,
        )
    )


def _is_about_the_same(earlier: Review, now: Review) -> bool:
    """Whether a case is about these words, in this space, and nobody has closed it too early.

    The key comes from the browser, which may send other words under it: they must be known, too.
    """
    if (earlier.space_id, earlier.text) != (now.space_id, now.text):
        return False
    if now.subject_kind == "draft":  # nothing went out, so a decision about it stands
        return earlier.subject_kind == "draft"
    subjects = (earlier.subject_kind, earlier.subject_id), (now.subject_kind, now.subject_id)
    return earlier.is_open and (earlier.subject_kind == "draft" or subjects[0] == subjects[1])


def _key_of_news(review: Review) -> str:
    """Return a key that the same words about the same thing have each time they come."""
    subject = "" if review.subject_kind == "draft" else review.subject_id
    parts = (review.client_key, review.space_id, review.subject_kind, subject, review.text)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(map(str, parts))))


def _give_to_owners(review: Review) -> Sequence[Member]:
    """A desk that nobody holds falls to compliance, then to the administrator."""
    for desk in (review.desk, *STAND_INS):
        review.owner = desk
        owners = queries.owners_of(review)
        if owners:
            return owners
    return ()


def _start_clocks(review: Review, desk: str, space: Space) -> None:
    if review.kind is ReviewKind.HOLD:
        clocks: tuple[protocols.Clock, ...] = (protocols.HELD,)
    else:
        clocks = protocols.clocks_for(review, desk, countries_of_readers(space.id))
    for item in clocks:
        _start(review, item, review.clock_from, space)


def _start(review: Review, item: protocols.Clock, at: datetime, space: Space) -> None:
    session().add(
        Deadline(
            review=review,
            name=item.says,
            step=item.id,
            starts_at=at,
            due_at=item.due(at, space.time_zone),
        )
    )


def _start_missing(review: Review, space: Space) -> bool:
    """Start the clocks that a case should have and has not yet; return whether there are any."""
    known = {(deadline.step, deadline.name) for deadline in review.deadlines}
    missing = [
        item
        for item in protocols.clocks_for(review, review.desk, countries_of_readers(space.id))
        if (item.id, item.says) not in known
    ]
    for item in missing:
        _start(review, item, clock.now(), space)
    return bool(missing)


def note_taken(*, actor: Member, review: Review) -> None:
    """Keep that somebody saved a case as a file, which is then out of our hands."""
    keep_deed(actor, review, "review.taken", new={"desk": review.owner})


def note_opened(*, actor: Member, review: Review) -> None:
    """Keep that somebody looked at a case: its text and the posts around it."""
    steps.note_seen(actor, review)
    keep_deed(
        actor,
        review,
        "review.read",
        new={"desk": review.owner},
    )
