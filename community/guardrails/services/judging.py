"""Judges a text by the set in force, before it is sent and while it is typed.

Company staff are never exempt: with no signed set in force their posts are refused. Members'
posts are then judged by the shipped member rules.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace

from community.guardrails import access, engine, loader, queries
from community.guardrails.models import GuardrailSetVersion, JudgedText
from community.guardrails.services.pausing import at_least_held
from community.kernel import clock, metrics, rows
from community.kernel.access import require
from community.kernel.db import Json
from community.kernel.errors import Forbidden
from community.kernel.words import N_
from community.members.models import Member
from community.spaces import queries as spaces
from community.spaces.models import Membership, Role


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A text on its way into a space, with all that the rules may ask about it."""

    author: Member
    membership: Membership
    text: str
    title: str = ""
    kind: str = "post"
    reply_type: str = ""
    client_key: str = ""
    thread_id: int | None = None
    thread_kind: str = ""
    thread_title: str = ""
    thread_tags: tuple[str, ...] = ()
    thread_products: tuple[str, ...] = ()
    thread_texts: tuple[str, ...] = ()
    thread_marks: tuple[str, ...] = ()
    approved_texts: tuple[str, ...] = ()
    answered: str = ""
    confirmed: frozenset[str] = frozenset()  # rules whose advice the author has read
    advice_reason: str = ""
    seen_set: str = ""  # the label of the set whose verdict the author saw last


@dataclass(frozen=True)
class SetChange:
    """That another set came into force while a text was typed, and what it says otherwise.

    `new` are the rules, in their own words, that hit only now; `gone` those that no longer do.
    """

    seen: str
    now: str
    outcome_seen: str
    outcome: str
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def is_stricter(self) -> bool:
        """Whether less may go out than the author was told."""
        return engine.OUTCOMES.index(self.outcome) > engine.OUTCOMES.index(self.outcome_seen)

    def as_json(self) -> Json:
        """The change as JSON holds it."""
        return {**asdict(self), "new": list(self.new), "gone": list(self.gone)}


@dataclass
class Judgement:
    """A Verdict over one text, by which set; `row` is kept once the deed is done."""

    verdict: engine.Verdict
    title_verdict: engine.Verdict
    set_label: str
    title: str = ""
    text: str = ""
    row: JudgedText | None = None
    set_change: SetChange | None = None

    @property
    def outcome(self) -> str:
        """The heavier of the outcomes over the title and the text."""
        return max(self.verdict.outcome, self.title_verdict.outcome, key=engine.OUTCOMES.index)

    @property
    def row_id(self) -> int | None:
        """The key of the kept Verdict."""
        return self.row.id if self.row is not None else None

    @property
    def findings(self) -> list[engine.Finding]:
        """What was found in the title and in the text."""
        return [*self.title_verdict.findings, *self.verdict.findings]

    @property
    def rules(self) -> list[str]:
        """The rules that hit, each once."""
        return list(dict.fromkeys(finding.rule for finding in self.findings))

    @property
    def advised(self) -> list[str]:
        """The rules whose advice the author has to confirm before the text goes out.

        None where a person looks at it first, or where it can't go out: that weighs more.
        """
        if self.outcome != "advise":
            return []
        return list(dict.fromkeys(f.rule for f in self.findings if f.outcome == "advise"))

    @property
    def unconfirmed(self) -> list[str]:
        """The advised rules that the author has not confirmed."""
        confirmed = self.row.confirmed if self.row is not None else []
        return [rule for rule in self.advised if rule not in confirmed]

    @property
    def routes(self) -> tuple[str, ...]:
        """The desks that must know: a hold's or block's own, and those of every other finding."""
        return tuple(dict.fromkeys([*self.title_verdict.routes, *self.verdict.routes]))

    @property
    def hold_desk(self) -> str:
        """Who decides on a hold: the first desk of the rule's route, else the moderators."""
        return self.title_verdict.owner or self.verdict.owner or "moderators"

    def findings_of(self, outcome: str) -> list[Json]:
        """Return the findings with an outcome, as JSON."""
        return [kept for kept in self._as_kept() if kept["outcome"] == outcome]

    def findings_for(self, desk: str) -> list[Json]:
        """Return the findings that are routed to a desk, as JSON."""
        return [kept for kept in self._as_kept() if desk in kept["routes"]]

    def _as_kept(self) -> list[Json]:
        """The findings as a case keeps them: places in the title are none in the text."""
        of_title = [{**f.as_json(), "in_title": True} for f in self.title_verdict.findings]
        return [*of_title, *(f.as_json() for f in self.verdict.findings)]

    def as_json(self) -> Json:
        """Return what a browser needs: outcome, findings in text and title, routes, the set.

        `notes` are the findings by their rules; `marks` those of the text merged by their words,
        each with the numbers of its notes; `advised` the rules to confirm.
        """
        said, found = self.verdict.as_json(), self.verdict.findings
        notes = engine.notes_on(self.text, found, self.title, self.title_verdict.findings)
        return {
            "outcome": self.outcome,
            "findings": said["findings"],
            "notes": [note.as_json() for note in notes],
            "marks": [
                {**mark.as_json(), "notes": engine.numbers_of(mark, found, notes)}
                for mark in self.verdict.marks
            ],
            "advised": self.advised,
            "title_findings": [f.as_json() for f in self.title_verdict.findings],
            "routes": list(self.routes),
            "set": self.set_label,
            "set_change": self.set_change.as_json() if self.set_change is not None else None,
        }


@metrics.verdict("sent")
def judge(writing: Writing) -> Judgement:
    """Judge a text that is about to be sent; `keep` the Judgement with the deed.

    Raises:
        Forbidden: the author works for the company, and no signed set is in force or the author
            has not acknowledged the one that is.
    """
    version = queries.find_set_in_force()
    judgement = _evaluate(writing, version)
    judgement.set_change = _set_change(writing, judgement)
    judgement.row = JudgedText(
        set_version_id=version.id if version is not None else None,
        member_id=writing.author.id,
        space_id=writing.membership.space_id,
        thread_id=writing.thread_id,
        client_key=writing.client_key,
        kind=writing.kind,
        text_sha256=hashlib.sha256(writing.text.encode()).hexdigest(),
        outcome=judgement.outcome,
        findings=[finding.as_json() for finding in judgement.findings],
        routes=list(judgement.routes),
        at=clock.now(),
        judged_as=_role(writing).value,
        confirmed=sorted(writing.confirmed.intersection(judgement.advised)),
    )
    judgement.row.advice_reason = writing.advice_reason if judgement.row.confirmed else ""
    return judgement


@metrics.verdict("typed")
def preview(writing: Writing) -> Judgement:
    """Judge a draft while it is typed; nothing is kept."""
    return _evaluate(writing, queries.find_set_in_force())


def rejudge(writing: Writing, rules: engine.GuardrailSet, label: str) -> Judgement:
    """Judge a text by any set, in the context that it would be judged in now; nothing is kept."""
    return _by(writing, rules, label, _context(writing))


def _by(
    writing: Writing, rules: engine.GuardrailSet, label: str, context: engine.Context
) -> Judgement:
    title = engine.Verdict()
    if writing.title:
        alone = replace(context, kind="title", approved_texts=())  # none stands whole in a title
        title = engine.evaluate(writing.title, rules, alone)
    return Judgement(
        verdict=engine.evaluate(writing.text, rules, replace(context, title=writing.title)),
        title_verdict=title,
        set_label=label,
        title=writing.title,
        text=writing.text,
    )


def _set_change(writing: Writing, judgement: Judgement) -> SetChange | None:
    """Say what is different where the author saw the verdict of another set."""
    if not writing.seen_set or writing.seen_set == judgement.set_label:
        return None
    seen = queries.find_by_label(writing.seen_set)
    if seen is None:
        return None
    try:
        earlier = rejudge(writing, queries.rules_of(seen), writing.seen_set)
    except loader.GuardrailFileError:
        return None
    was = {finding.rule: finding.says for finding in earlier.findings}
    now = {finding.rule: finding.says for finding in judgement.findings}
    return SetChange(
        seen=writing.seen_set,
        now=judgement.set_label,
        outcome_seen=earlier.outcome,
        outcome=judgement.outcome,
        new=tuple(says for rule, says in now.items() if rule not in was),
        gone=tuple(says for rule, says in was.items() if rule not in now),
    )


def keep(judgement: Judgement) -> None:
    """Store the Verdict with the deed it was about."""
    if judgement.row is not None:
        rows.insert(judgement.row)


def _evaluate(writing: Writing, version: GuardrailSetVersion | None) -> Judgement:
    is_letter = writing.kind == "message"  # between two people: the rules for rooms bind nobody
    if version is not None:
        if not is_letter:
            require(access.may_post_under(writing.author, version))
        rules = queries.rules_of(version)
        label = f"{version.name} {version.version}"
    elif writing.author.is_company and not is_letter:
        raise Forbidden(
            N_("No guardrail set is signed and in force, so company posts can't go out now."),
            code="no_guardrail_set",
        )
    else:
        rules, label = queries.shipped_member_rules(), ""
    # The switch is about what is sent now; trying a set out on old texts knows nothing of it.
    is_paused = spaces.is_posting_paused(writing.membership.space_id)
    context = replace(_context(writing), posting_paused=is_paused)
    judgement = _by(writing, rules, label, context)
    judgement.verdict = at_least_held(judgement.verdict, context)
    return judgement


def _context(writing: Writing) -> engine.Context:
    space = writing.membership.space
    return engine.Context(
        affiliation=writing.author.affiliation.value,
        role=_role(writing).value,
        space=space.slug,
        kind=_kind(writing),
        countries=spaces.countries_of_readers(space.id),
        products=frozenset(writing.thread_products),
        thread_kind=writing.thread_kind,
        thread_title=writing.thread_title,
        tags=writing.thread_tags,
        answered=writing.answered,
        thread_texts=writing.thread_texts,
        marks=frozenset(writing.thread_marks),
        approved_texts=writing.approved_texts,
        member_names=spaces.member_names(space.id),
        today=clock.today(),
    )


def _role(writing: Writing) -> Role:
    """Return the role whose rules are asked.

    A company moderator is judged as company, without the rules for MSLs alone; an author who only
    helps out as contributor speaks for the company all the same.
    """
    role = writing.membership.role
    return Role.MSL if writing.author.is_company and role is not Role.MODERATOR else role


def _kind(writing: Writing) -> str:
    if writing.kind == "message":
        return "message"
    return "correction" if writing.reply_type == "correction" else "post"
