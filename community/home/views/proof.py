"""The record of who did what, for compliance: shown, filtered, and walked."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext, ngettext

from community.audit import queries, services
from community.audit.models import AuditEntry
from community.home import record_words
from community.home.views import blueprint
from community.kernel import clock, sheets
from community.kernel.errors import Invalid, NotFound
from community.kernel.input import find_number
from community.members.models import Duty
from community.members.session import current_member
from community.members.views.asking import asks_again

LARGEST_FILE = 20_000  # entries: some twenty megabytes

for _filter_name in ("deed_words", "kind_words", "value_words"):
    blueprint.add_app_template_filter(getattr(record_words, _filter_name))


def _require_compliance() -> None:
    if not current_member().holds(Duty.COMPLIANCE):
        raise NotFound


@blueprint.get("/audit")
def audit() -> ResponseReturnValue:
    """Show the record, the newest first."""
    _require_compliance()
    wanted = _filter()
    found = queries.entries(wanted)
    return render_template(
        "home/audit.html",
        entries=found,
        actions=_deeds(queries.actions()),
        wanted=request.args,
        older=found[-1].seq if len(found) == queries.ENTRIES_A_PAGE else None,
    )


@blueprint.post("/audit/verify")
def verify_audit() -> ResponseReturnValue:
    """Walk the chain and say whether it holds."""
    _require_compliance()
    check = services.verify()
    services.record(
        actor=current_member(),
        action="audit.verified",
        subject_kind="audit_entry",
        subject_id=check.entries,
        new={"holds": check.holds},
    )
    if check.holds:
        flash(
            ngettext(
                "The chain holds: %(num)s entry, unchanged and in its place.",
                "The chain holds: %(num)s entries, each unchanged and in its place.",
                check.entries,
            )
        )
    else:
        flash(gettext("The chain is broken: %(why)s.", why=check.sentence), "stop")
    return redirect(url_for("home.audit"), 303)


@blueprint.post("/audit/entries.<any(csv, jsonl):kind>")
def audit_file(kind: str) -> ResponseReturnValue:
    """Return what fits the filter as a file; taking it is in the record too."""
    _require_compliance()
    return _entries_as_file(kind)


@asks_again
def _entries_as_file(kind: str) -> ResponseReturnValue:
    wanted = replace(_filter(), before_seq=None)  # the page that was open is no part of it
    found = queries.count(wanted)
    if found > LARGEST_FILE:
        raise Invalid(
            gettext(
                "These are %(num)s entries, and a file takes %(most)s."
                " Choose a shorter time: from one day to another.",
                num=format_decimal(found),
                most=format_decimal(LARGEST_FILE),
            ),
            field="since",
        )
    with closing(queries.each(wanted)) as entries:
        content = _as_csv(entries) if kind == "csv" else _as_lines(entries)
    services.record(
        actor=current_member(),
        action="audit.taken",
        subject_kind="audit_entry",
        subject_id=found,
        new={"entries": found, "filter": request.query_string.decode(errors="replace")[:500]},
    )
    mimetype = {"csv": "text/csv", "jsonl": "application/jsonl"}[kind]
    name = f"record-{clock.now():%Y-%m-%d}.{kind}"
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=name)


def _as_lines(entries: Iterable[AuditEntry]) -> bytes:
    lines = "".join(f"{services.as_line(entry)}\n" for entry in entries)
    return lines.encode("utf-8", "surrogatepass")


def _as_csv(entries: Iterable[AuditEntry]) -> bytes:
    return sheets.write(_COLUMNS, map(_row, entries)).encode("utf-8", "surrogatepass")


_COLUMNS = (
    "number", "at_utc", "who", "what", "code", "about", "space", "reason",
    "before", "after", "previous_hash", "hash",
)  # fmt: skip


def _row(entry: AuditEntry) -> Sequence[object]:
    return (
        entry.seq,
        entry.at.strftime("%Y-%m-%d %H:%M:%S"),
        entry.actor_name,
        record_words.deed_words(entry.action),
        entry.action,
        f"{entry.subject_kind} {entry.subject_id}",
        entry.space_id,
        entry.reason,
        json.dumps(entry.old, ensure_ascii=False, sort_keys=True) if entry.old else "",
        json.dumps(entry.new, ensure_ascii=False, sort_keys=True) if entry.new else "",
        entry.previous_hash,
        entry.hash,
    )


def _deeds(actions: Sequence[str]) -> list[tuple[str, str]]:
    """Return codes with their words, in the order of the words."""
    return sorted(((each, record_words.deed_words(each)) for each in actions), key=itemgetter(1))


def _filter() -> queries.Filter:
    args = request.args
    until = _day(args.get("until", ""))
    return queries.Filter(
        action=args.get("action", "")[:64],
        actor=args.get("actor", "")[:64],
        subject=args.get("subject", "")[:64].strip(),
        space_id=find_number(args.get("space", "")),
        since=_day(args.get("since", "")),
        until=until + timedelta(days=1) if until is not None else None,
        before_seq=find_number(args.get("before", "")),
    )


def _day(value: str) -> datetime | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if day.year >= 9999:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
