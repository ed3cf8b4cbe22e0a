"""A deadline as it is drawn: how full the ring is, and how much time is left in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext, ngettext

SOON = 0.25


@dataclass(frozen=True)
class Face:
    """`state` is running, soon, late or stopped; `share` what is left, in parts of a hundred."""

    state: str
    share: int
    words: str


def draw(*, start: datetime, due: datetime, now: datetime) -> Face:
    """Draw a clock that runs from a moment to another."""
    left, whole = due - now, due - start
    if left <= timedelta(0):
        return Face("late", 100, gettext("%(time)s late", time=span(-left)))
    share = min(1.0, left / whole) if whole else 1.0
    state = "soon" if share <= SOON else "running"
    return Face(state, round(100 * share), gettext("%(time)s left", time=span(left)))


def stopped(words: str) -> Face:
    """Draw a clock that runs no more."""
    return Face("stopped", 100, words)


def span(length: timedelta) -> str:
    """Say a length of time as one reads it off a clock."""
    minutes = int(length.total_seconds() // 60)
    days, hours = minutes // (24 * 60), minutes // 60
    if days >= 2:
        return ngettext("%(num)s day", "%(num)s days", days)
    if hours:
        return gettext("%(hours)s h %(minutes)02d min", hours=hours, minutes=minutes % 60)
    return gettext("%(minutes)s min", minutes=minutes)
