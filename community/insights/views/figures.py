"""The promise kept, in figures; how the rules did; and both as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.insights import queries
from community.insights.figures import columns
from community.insights.queries import Answering, ReplyReport, RuleReport
from community.insights.queries.replies import PERIODS
from community.insights.views import blueprint
from community.insights.views.page import page
from community.kernel import sheets
from community.kernel.errors import NotFound
from community.kernel.input import find_number
from community.members.session import current_member
from community.members.views.asking import asks_again

DEFAULT_DAYS = 90
_BOUNDS = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3))


def _days() -> int:
    wanted = request.args.get("days", "")
    if not wanted:
        return DEFAULT_DAYS
    days = find_number(wanted)
    if days not in PERIODS:
        raise NotFound
    return days


def _reply_report() -> ReplyReport:
    slug = request.args.get("space", "")[:64]
    return queries.reply_report(viewer=current_member(), days=_days(), slug=slug)


@blueprint.get("/")
def replies() -> ResponseReturnValue:
    """Show how many replies went out at once, and how long questions waited for one."""
    report = _reply_report()
    return page(
        "insights/replies.html",
        "replies",
        report=report,
        periods=PERIODS,
        heights=columns([figures.straight.whole for _, figures in report.months]),
        speeds=_speeds(report.whole),
    )


def _speeds(figures: Answering) -> Sequence[tuple[str, int]]:
    """Return how many questions were answered within which time."""
    words = (
        gettext("Within an hour"),
        gettext("Within four hours"),
        gettext("Within a day"),
        gettext("Within three days"),
        gettext("Later"),
    )
    counts = [0] * len(words)
    for length in figures.lengths:
        counts[sum(length > bound for bound in _BOUNDS)] += 1
    return list(zip(words, counts, strict=True))


@blueprint.get("/replies.csv")
@asks_again
def replies_file() -> ResponseReturnValue:
    """Return the same figures as a file."""
    report = _reply_report()
    rows = [
        *((f"{month:%Y-%m}", _where(report), *_row(figures)) for month, figures in report.months),
        *(("", space.name, *_row(figures)) for space, figures in report.spaces),
        ("", _where(report), *_row(report.whole)),
    ]
    head = (
        "month", "space", "replies", "at_once", "held_first", "stopped", "questions",
        "answered_by_liaison", "answered_by_peers_alone", "unanswered",
        "median_minutes", "nine_of_ten_minutes",
    )  # fmt: skip
    return _file(f"replies-{report.days}-days.csv", sheets.write(head, rows))


def _where(report: ReplyReport) -> str:
    return report.space.name if report.space is not None else "all"


def _row(figures: Answering) -> tuple[object, ...]:
    straight = figures.straight
    return (
        straight.whole,
        straight.part,
        straight.whole - straight.part,
        figures.stopped,
        figures.questions,
        figures.by_liaison,
        figures.by_peers_alone,
        figures.unanswered,
        _minutes(figures.waits.median),
        _minutes(figures.waits.nine_of_ten),
    )


def _minutes(length: timedelta | None) -> int | None:
    return round(length.total_seconds() / 60) if length is not None else None


def _rule_report() -> RuleReport:
    wanted = request.args.get("set", "")
    version_id = find_number(wanted)
    if wanted and version_id is None:
        raise NotFound
    return queries.rule_report(viewer=current_member(), days=_days(), version_id=version_id)


@blueprint.get("/rules")
def rules() -> ResponseReturnValue:
    """Show how each rule did."""
    report = _rule_report()
    return page("insights/rules.html", "rules", report=report, periods=PERIODS)


@blueprint.get("/rules.csv")
@asks_again
def rules_file() -> ResponseReturnValue:
    """Return the same figures as a file."""
    report = _rule_report()
    head = (
        "rule", "outcome", "says", "fired", "heeded", "overridden", "upheld", "overturned",
        "second_opinion_needed", "second_opinion_needless", "decided", "false_alarms",
        "interval_low", "interval_high", "suggestion", "reasons_for_overriding",
    )  # fmt: skip
    rows = [
        (
            line.rule, line.outcome, line.says, line.fired, line.heeded, line.overridden,
            line.upheld, line.overturned, line.needed, line.needless, line.false_alarms.whole,
            line.false_alarms.part, *(f"{end:.3f}" for end in line.false_alarms.interval),
            report.suggestion(line), " | ".join(line.reasons),
        )
        for line in (*report.fired, *report.silent)
    ]  # fmt: skip
    return _file(f"rules-{report.days}-days.csv", sheets.write(head, rows))


def _file(name: str, content: str) -> Response:
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
