"""The record of who did what, for compliance: shown, filtered, and walked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from community.audit import queries, services
from community.home import record_words
from community.home.views import blueprint
from community.kernel.errors import NotFound
from community.kernel.input import find_number
from community.members.models import Duty
from community.members.session import current_member

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
