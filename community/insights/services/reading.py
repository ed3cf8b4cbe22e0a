"""Second readings: taken by one reader, judged once, and told to the author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.audit.services import record
from community.insights import access, queries
from community.insights.models import Opinion, RuleProposal, SecondReading
from community.jobs.services import enqueue
from community.kernel import clock, realtime
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member
from community.reviews import services as reviews
from community.reviews.models import Review, ReviewKind

LONGEST_NOTE = 2_000
CASE_DESKS = ("compliance", "moderators")


@dataclass(frozen=True, kw_only=True)
class Judging:
    """What a second reader says.

    `needed` and `needless` are ids of rules that gave advice on the text. `proposal` is what the
    rules should say, `proposal_rule` the rule it is about. `case_for` is the desk to which a text
    outside the rules goes as a case: one of `CASE_DESKS`, or empty.
    """

    opinion: Opinion
    note: str = ""
    needed: Sequence[str] = ()
    needless: Sequence[str] = ()
    proposal: str = ""
    proposal_rule: str = ""
    case_for: str = ""


def take_reading(*, actor: Member, reading_id: int) -> SecondReading:
    """Take a reading, so that nobody else reads it meanwhile, and keep that its text was read.

    One that has been judged is only looked at.

    Raises:
        NotFound: there is none, or it is the actor's own post.
        Forbidden: somebody else has it.
    """
    reading = queries.get_reading(viewer=actor, reading_id=reading_id)
    take_turn(reading)
    require(access.may_take_reading(actor, reading))
    if not reading.is_read and reading.reader_id != actor.id:
        reading.reader, reading.claimed_at = actor, clock.now()
        reading.version += 1
        session().flush()
    _record(actor, reading, "second_reading.read")
    return reading


def give_back(*, actor: Member, reading_id: int) -> None:
    """Let another reader have it.

    Raises:
        Forbidden: the actor has not taken it, or it is read already.
    """
    reading = queries.get_reading(viewer=actor, reading_id=reading_id)
    take_turn(reading)
    require(access.may_judge_reading(actor, reading))
    reading.reader = reading.claimed_at = None
    reading.version += 1
    _record(actor, reading, "second_reading.given_back")


def judge_reading(
    *, actor: Member, reading_id: int, version: int, judging: Judging
) -> SecondReading:
    """Say what one thinks of a text, once; the author reads it.

    Args:
        actor: who has taken it.
        reading_id: which.
        version: the one that the actor looked at.
        judging: what the actor says.

    Raises:
        Forbidden: it is not the actor's to judge, or it has been judged.
        Conflict: it was taken over meanwhile.
        Invalid: a note is missing, or a rule gave no advice on this text.
    """
    reading = queries.get_reading(viewer=actor, reading_id=reading_id)
    take_turn(reading)
    require(access.may_judge_reading(actor, reading))
    if reading.version != version:
        raise Conflict(N_("Somebody else has taken this one over. Nothing was changed by you."))
    note = _whole_note(judging)
    _require_advised(reading, judging)
    reading.opinion, reading.note, reading.read_at = judging.opinion, note, clock.now()
    reading.needed, reading.needless = list(judging.needed), list(judging.needless)
    reading.version += 1
    if judging.case_for:
        reading.review_id = _open_case(actor, reading, judging).id
    if judging.proposal.strip():
        _propose(actor, reading, judging)
    session().flush()
    _tell_author(actor, reading, judging)
    return reading


def _whole_note(judging: Judging) -> str:
    note = judging.note.strip()
    if not note and judging.opinion is not Opinion.WITHIN:
        raise Invalid(N_("Write the author a line: what, and what would make it right."),
                      field="note")  # fmt: skip
    for field, text in (("note", note), ("proposal", judging.proposal)):
        if len(text) > LONGEST_NOTE:
            raise Invalid(N_("That is too long. Keep it under 2,000 characters."), field=field)
    if judging.case_for and judging.opinion is not Opinion.OUTSIDE:
        raise Invalid(N_("Only a text outside the rules becomes a case."), field="case_for")
    if judging.case_for and judging.case_for not in CASE_DESKS:
        raise Invalid(N_("There is no such desk."), field="case_for")
    return note


def _require_advised(reading: SecondReading, judging: Judging) -> None:
    advised = {note.rule for note in queries.advice_on(reading)}
    asked = [*judging.needed, *judging.needless]
    if not advised.issuperset(asked) or len(set(asked)) != len(asked):
        raise Invalid(N_("That rule gave no advice on this text."), field="advice")


def _open_case(actor: Member, reading: SecondReading, judging: Judging) -> Review:
    """Send it to a desk; the case says that a second reader found it, and what they wrote."""
    post = reading.post
    says = N_("A second reader finds this post outside the rules.")
    finding: Json = {
        "rule": judging.proposal_rule or "second-reading",
        "kind": "other",
        "outcome": "hold",
        "start": 0,
        "end": 0,
        "says": says,
        "why": f"{actor.name}: {judging.note.strip()}",
        "reason": says,
        "do": N_("Talk with the author; a moderator of the space can take the post down."),
        "routes": [judging.case_for],
        "suggestion": None,
    }
    return reviews.open_review(
        kind=ReviewKind.ROUTED,
        desk=judging.case_for,
        author=post.author,
        space=post.thread.space,
        thread_id=post.thread_id,
        subject_kind="post",
        subject_id=post.id,
        text=reading.revision.text,
        client_key=f"second-reading-{reading.id}",
        findings=[finding],
        clock_from=clock.now(),
    )


def _propose(actor: Member, reading: SecondReading, judging: Judging) -> None:
    proposal = RuleProposal(
        reading_id=reading.id,
        by=actor,
        at=clock.now(),
        rule=judging.proposal_rule.strip()[:64],
        text=judging.proposal.strip(),
    )
    session().add(proposal)
    session().flush()
    record(
        actor=actor,
        action="rule_proposal.made",
        subject_kind="rule_proposal",
        subject_id=proposal.id,
        new={"rule": proposal.rule, "reading": reading.id},
    )


def _tell_author(actor: Member, reading: SecondReading, judging: Judging) -> None:
    new = {
        "opinion": judging.opinion.value,
        "needless": list(judging.needless),
        "review": reading.review_id,
    }
    _record(actor, reading, "second_reading.judged", new)
    realtime.ring_members([reading.author_id], "notes")
    if reading.has_news:
        enqueue("insights.mail_author", {"reading": reading.id}, key=f"second-note-{reading.id}")


def note_noticed(*, actor: Member, reading_id: int) -> None:
    """Keep that the author has read what a second reader wrote; said twice, it is kept once.

    Raises:
        NotFound: it is about somebody else's post, or not read yet.
    """
    reading = queries.get_note(viewer=actor, reading_id=reading_id)
    if reading.noticed_at is None:
        reading.noticed_at = clock.now()
        _record(actor, reading, "second_reading.noticed")


def _record(actor: Member, reading: SecondReading, action: str, new: Json | None = None) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="second_reading",
        subject_id=reading.id,
        space_id=reading.space_id,
        new={"post": reading.post_id, **(new or {})},
    )
