"""A member asks the moderators to look at a post, and reads what came of it."""

from __future__ import annotations

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock, realtime
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.turns import take_turn, take_turn_at
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import protocols
from community.reviews import queries as review_queries
from community.reviews import services as reviews
from community.reviews.access import MODERATORS
from community.reviews.models import Review, ReviewKind
from community.reviews.protocols import Clock
from community.spaces import queries as spaces
from community.spaces.models import Membership
from community.threads import access, queries
from community.threads.models import Post, PostState, Report, ReportReason
from community.threads.services.sending import queue_up
from community.threads.services.whole import has_words

LONGEST_WORDS = 1_000
REASONS = {
    ReportReason.PATIENT: N_("It names or shows a patient"),
    ReportReason.WRONG: N_("It is wrong or dangerous"),
    ReportReason.UNKIND: N_("It is unkind, or attacks somebody"),
    ReportReason.ADVERT: N_("It advertises, or is spam"),
    ReportReason.PURPOSE: N_("It is outside the room's purpose"),
    ReportReason.OTHER: N_("Something else"),
}
PRIVACY = "privacy"
FINDING_KINDS = {
    ReportReason.PATIENT: "patient_identity",
    ReportReason.WRONG: "misinformation",
    ReportReason.UNKIND: "abuse",
    ReportReason.ADVERT: "spam",
}
"""What a rule would have called it, for desks whose case is not the report itself."""


def report_post(
    *,
    actor: Member,
    membership: Membership,
    post: Post,
    reason: ReportReason,
    words: str,
    client_key: str,
) -> Report:
    """Ask the moderators to look at a post: a case of theirs is opened, or joined while it is open.

    Whoever has a report in the open case has said it: that one is returned, and nothing is added.

    Args:
        actor: who reports; the author never learns of it.
        membership: the actor's place in the space.
        post: which stands in the room, and goes on standing there.
        reason: why.
        words: the actor's own, needed where the reason is something else.
        client_key: names this request; sent again, it is the same report.

    Raises:
        Forbidden: it is the actor's own post.
        NotFound: it does not stand in the room.
        Invalid: words are missing, or too many.
        Conflict: the key stands for another report.
    """
    require(access.may_report_post(actor, membership, post))
    if post.state is not PostState.PUBLISHED:
        raise NotFound
    words = _whole_words(words, reason)
    queue_up(actor)  # a key is used once
    take_turn_at(f"report-{post.id}")  # of two who report a post at once, the second joins
    earlier = queries.find_report_by_key(member_id=actor.id, client_key=client_key)
    if earlier is not None:
        if (earlier.post_id, earlier.reason, earlier.words) != (post.id, reason, words):
            raise Conflict(N_("This was sent before with other words. Load the page again."))
        return earlier
    case = _find_open_case(post)
    own = queries.find_report_in(review_id=case.id, member_id=actor.id) if case else None
    if own is not None:
        return own
    case = _joined(case, post, reason) if case else _opened(actor, post, reason, client_key)
    if reason is ReportReason.PATIENT:
        _tell_privacy(actor, post, case)
    report = Report(
        post_id=post.id,
        thread_id=post.thread_id,
        member=actor,
        review=case,
        reason=reason,
        words=words,
        at=clock.now(),
        client_key=client_key,
    )
    _keep(report, post)
    return report


def clock_of(reason: ReportReason) -> Clock:
    """Return the clock by which moderators read a report made for a reason."""
    rule = frozenset({rule_of(reason)})
    started = protocols.clocks_by(rule, MODERATORS, frozenset())
    return min(started, key=lambda item: item.due(clock.now(), "UTC"))


def rule_of(reason: ReportReason) -> str:
    """Return the code by which protocols know a reason, among the rules that led to a case."""
    return f"{protocols.REPORT}{reason.value}"


def answer_reports(*, actor: Member, review: Review) -> None:
    """Tell those who reported a post that its case is decided: by mail, without words of the room.

    Args:
        actor: who decided, who needs no letter.
        review: the case; one that nobody reported to is passed over.
    """
    told = [
        report
        for report in queries.reports_in(review_id=review.id)
        if report.member_id != actor.id
        and spaces.find_membership(viewer=report.member, space_id=review.space_id)
    ]
    for report in told:
        key = f"report-{report.id}-{review.version}"
        enqueue("threads.mail_reporter", {"report": report.id, "key": key}, key=key)
    realtime.ring_members([report.member_id for report in told], "threads")


def _whole_words(words: str, reason: ReportReason) -> str:
    words = words.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_WORDS:
        raise Invalid(
            N_("That is %(length)s characters; 1,000 are the most. Your words are kept here."),
            field="words",
            length=f"{len(words):,}",
        )
    if reason is ReportReason.OTHER and not has_words(words):
        raise Invalid(N_("Write a line, so that the moderators know what to look at."),
                      field="words")  # fmt: skip
    return words


def _find_open_case(post: Post) -> Review | None:
    """Return the open case on a post, held until the commit: nobody closes it meanwhile."""
    case = review_queries.find_open_report(post_id=post.id)
    if case is None:
        return None
    take_turn(case)
    return case if case.is_open else None


def _opened(actor: Member, post: Post, reason: ReportReason, client_key: str) -> Review:
    return _open(actor, post, reason, kind=ReviewKind.REPORT, desk=MODERATORS, key=client_key)


def _joined(case: Review, post: Post, reason: ReportReason) -> Review:
    space = post.thread.space
    reviews.add_finding(
        review=case,
        finding=_finding(reason),
        space=space,
    )
    return case


def _tell_privacy(actor: Member, post: Post, case: Review) -> None:
    """Open a case of Privacy's beside the moderators', or leave the one that is there."""
    _open(actor, post, ReportReason.PATIENT, kind=ReviewKind.ROUTED, desk=PRIVACY,
          key=f"case-{case.id}")  # fmt: skip


def _open(
    actor: Member, post: Post, reason: ReportReason, *, kind: ReviewKind, desk: str, key: str
) -> Review:
    space = post.thread.space
    return reviews.open_review(
        kind=kind,
        desk=desk,
        author=post.author,
        space=space,
        thread_id=post.thread_id,
        subject_kind="post",
        subject_id=post.id,
        text=post.text,
        client_key=f"report-{key}" if desk == PRIVACY else f"report-{actor.id}-{key}",
        findings=[_finding(reason)],
        clock_from=clock.now(),
        opened_by=actor,
    )


def _finding(reason: ReportReason) -> Json:
    says = N_("A member has reported this post to the moderators.")
    return {
        "rule": rule_of(reason),
        "kind": FINDING_KINDS.get(reason, "other"),
        "outcome": "allow",
        "start": 0,
        "end": 0,
        "whole": True,
        "says": says,
        "why": N_("It stands in the room until they take it down; they have a case of their own."),
        "reason": says,
        "do": "",
        "routes": [MODERATORS],
        "suggestion": None,
    }


def _keep(report: Report, post: Post) -> None:
    session().add(report)
    session().flush()
    record(  # never the words, which may say more of a patient than the post
        actor=report.member,
        action="post.reported",
        subject_kind="post",
        subject_id=post.id,
        space_id=post.thread.space_id,
        new={"reason": report.reason.value, "case": report.review.id},
    )
