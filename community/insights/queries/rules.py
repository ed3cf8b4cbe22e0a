"""How each rule did: how often it fired, what authors and desks made of it, and what to do.

A *text* is what an author wanted to send, with its further attempts: one that was stopped and the
next text of the same author in the same place within a day belong together. A rule fired in a
text, however often it is tried. It was *heeded* where it fired in an earlier attempt, and not in
the one that went out. Advice was *overridden* where the author confirmed it. A hold was *upheld*
where the desk returned or removed the text, and *overturned* where it released it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from community.guardrails import engine, loader
from community.guardrails import queries as guardrails
from community.guardrails.models import GuardrailSetVersion, JudgedText
from community.insights import access
from community.insights.figures import Share
from community.insights.models import SecondReading
from community.insights.queries.replies import PERIODS
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.reviews.models import DecisionKind, Review, ReviewKind
from community.threads.models import Revision

MOST_TEXTS = 50_000
SAME_TEXT = timedelta(days=1)
FEWEST_DECIDED = 5
FEWEST_OVERRIDDEN = 10
OFTEN_OVERRIDDEN = 0.8
ENOUGH_TEXTS = 500


@dataclass
class RuleLine:
    """One rule's figures; `says` and `outcome` are empty for a rule that the set has not."""

    rule: str
    says: str = ""
    outcome: str = ""
    fired: int = 0
    heeded: int = 0
    overridden: int = 0
    upheld: int = 0
    overturned: int = 0
    needed: int = 0
    needless: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def false_alarms(self) -> Share:
        """How often a person decided that the rule should not have fired, of all who decided."""
        false = self.overturned + self.needless
        return Share(false, false + self.upheld + self.needed)

    @property
    def advised(self) -> int:
        """How often its advice was either heeded or overridden."""
        return self.heeded + self.overridden

    def suggestion(self, *, days: int, texts: int) -> str:
        """Return what to do: `sharpen`, `unheard`, `never`, or nothing.

        `sharpen`: even the lower end of the interval says that most alarms are false. `unheard`:
        four of five authors who read the advice sent the text all the same. `never`: it has not
        fired in a year, among enough texts to tell.
        """
        if self.false_alarms.whole >= FEWEST_DECIDED and self.false_alarms.interval[0] > 0.5:
            return "sharpen"
        if self.advised >= FEWEST_OVERRIDDEN and self.overridden >= OFTEN_OVERRIDDEN * self.advised:
            return "unheard"
        if days == max(PERIODS) and texts >= ENOUGH_TEXTS and not self.fired:
            return "never"
        return ""


@dataclass(frozen=True)
class RuleReport:
    """The figures of every rule over some days, under one set of rules or under all."""

    days: int
    version: GuardrailSetVersion | None
    versions: Sequence[GuardrailSetVersion]
    texts: int
    fired: Sequence[RuleLine]
    silent: Sequence[RuleLine]
    is_cut: bool

    def suggestion(self, line: RuleLine) -> str:
        """Return what to do with a rule."""
        return line.suggestion(days=self.days, texts=self.texts)


@dataclass(frozen=True)
class _Judged:
    member_id: int
    place: tuple[int, int | None, str]
    was_taken: bool
    rules: frozenset[str]
    confirmed: frozenset[str]
    reason: str
    at: datetime


def rule_report(*, viewer: Member, days: int, version_id: int | None = None) -> RuleReport:
    """Return how each rule did over the last days.

    Args:
        viewer: compliance, or the head of Medical Affairs.
        days: one of `PERIODS`.
        version_id: the set by which the texts were judged; all sets where None.

    Raises:
        NotFound: it is not for this viewer, or there is no such set.
    """
    require(access.may_see_figures(viewer))
    if days not in PERIODS:
        raise NotFound
    since = clock.now() - timedelta(days=days)
    version = guardrails.get_set_version(version_id=version_id) if version_id else None
    rows = _judged(since, version)
    lines = {line.rule: line for line in _rules_of(version or guardrails.find_set_in_force())}
    _count_texts(rows, lines)
    _count_decisions(since, version, lines)
    _count_second_opinions(since, version, lines)
    known = sorted(lines.values(), key=lambda line: (-line.fired, line.rule))
    return RuleReport(
        days=days,
        version=version,
        versions=guardrails.set_versions(),
        texts=len(_texts(rows)),
        fired=[line for line in known if line.fired or line.false_alarms.whole],
        silent=[line for line in known if not line.fired and not line.false_alarms.whole],
        is_cut=len(rows) >= MOST_TEXTS,
    )


def _rules_of(version: GuardrailSetVersion | None) -> Iterable[RuleLine]:
    if version is None:
        return ()
    try:
        rules: Sequence[engine.Rule] = guardrails.rules_of(version).rules
    except loader.GuardrailFileError:  # of a time whose files are not read any more
        return ()
    return [RuleLine(rule.id, rule.says, rule.outcome) for rule in rules]


def _judged(since: datetime, version: GuardrailSetVersion | None) -> list[_Judged]:
    query = sa.select(
        JudgedText.member_id,
        JudgedText.space_id,
        JudgedText.thread_id,
        JudgedText.kind,
        JudgedText.client_key,
        JudgedText.outcome,
        JudgedText.findings,
        JudgedText.confirmed,
        JudgedText.advice_reason,
        JudgedText.at,
        Revision.id.label("revision_id"),
    ).outerjoin(Revision, Revision.verdict_id == JudgedText.id)
    rows = session().execute(
        query.where(JudgedText.at >= since, _by_set(version))
        .order_by(JudgedText.at.desc(), JudgedText.id.desc())
        .limit(MOST_TEXTS)
    )
    return [_read(row) for row in rows][::-1]


def _by_set(version: GuardrailSetVersion | None) -> sa.ColumnElement[bool]:
    return sa.true() if version is None else JudgedText.set_version_id == version.id


def _read(row: Any) -> _Judged:
    return _Judged(
        member_id=row.member_id,
        place=(row.space_id, row.thread_id, row.kind),
        was_taken=row.revision_id is not None or (row.kind == "message" and row.outcome != "block"),
        rules=frozenset(finding["rule"] for finding in row.findings),
        confirmed=frozenset(row.confirmed),
        reason=row.advice_reason,
        at=row.at,
    )


def _texts(rows: Sequence[_Judged]) -> list[list[_Judged]]:
    """Put attempts at one text together, in the order of time."""
    texts: list[list[_Judged]] = []
    open_texts: dict[tuple[object, ...], list[_Judged]] = {}
    for row in rows:
        where = (row.member_id, *row.place)
        before = open_texts.get(where)
        if before is not None and row.at - before[-1].at <= SAME_TEXT:
            before.append(row)
        else:
            before = [row]
            texts.append(before)
        if row.was_taken:
            open_texts.pop(where, None)
        else:
            open_texts[where] = before
    return texts


def _count_texts(rows: Sequence[_Judged], lines: dict[str, RuleLine]) -> None:
    for attempts in _texts(rows):
        last = attempts[-1]
        for rule in frozenset[str]().union(*(attempt.rules for attempt in attempts)):
            line = _line(lines, rule)
            line.fired += 1
            if rule not in last.rules and last.was_taken:
                line.heeded += 1
        for rule in last.confirmed if last.was_taken else ():
            line = _line(lines, rule)
            line.overridden += 1
            if last.reason:
                line.reasons[last.reason] += 1


def _line(lines: dict[str, RuleLine], rule: str) -> RuleLine:
    return lines.setdefault(rule, RuleLine(rule))


_UPHELD = frozenset({DecisionKind.RETURN, DecisionKind.REMOVE})


def _count_decisions(
    since: datetime, version: GuardrailSetVersion | None, lines: dict[str, RuleLine]
) -> None:
    """Count what desks decided on held texts, for each rule that held one."""
    query = sa.select(Review.decision, Review.findings).where(
        Review.kind == ReviewKind.HOLD, Review.closed_at >= since
    )
    if version is not None:
        query = query.where(
            sa.exists().where(
                JudgedText.member_id == Review.author_id,
                JudgedText.client_key == Review.client_key,
                JudgedText.set_version_id == version.id,
            )
        )
    for decision, findings in session().execute(query.limit(MOST_TEXTS)):
        for rule in {finding["rule"] for finding in findings}:
            if decision in _UPHELD:
                _line(lines, rule).upheld += 1
            elif decision is DecisionKind.RELEASE:
                _line(lines, rule).overturned += 1


def _count_second_opinions(
    since: datetime, version: GuardrailSetVersion | None, lines: dict[str, RuleLine]
) -> None:
    """Count which advice second readers found right, and which not."""
    query = (
        sa.select(SecondReading.needed, SecondReading.needless)
        .join(Revision, Revision.id == SecondReading.revision_id)
        .join(JudgedText, JudgedText.id == Revision.verdict_id)
        .where(SecondReading.read_at >= since, _by_set(version))
    )
    counted: Mapping[str, list[str]] = defaultdict(list)
    for needed, needless in session().execute(query.limit(MOST_TEXTS)):
        counted["needed"].extend(needed)
        counted["needless"].extend(needless)
    for rule in counted["needed"]:
        _line(lines, rule).needed += 1
    for rule in counted["needless"]:
        _line(lines, rule).needless += 1
