"""The time, from one place, so that tests can move it; and time as an office counts it.

What is drawn for a reader may be kept until the clock would have it otherwise. So there are two
ways to ask: `has_come` and `today` say something that stays so until a moment that is known, `now`
something that the next moment makes another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
_SATURDAY = 5


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


@dataclass
class Reading:
    """What was read off the clock in the midst of some work: the same since a moment and until one.

    `until` is None where nothing depends on the time.
    """

    since: datetime
    until: datetime | None = None

    def holds(self) -> bool:
        """Whether the clock would answer the same now."""
        moment = _source()
        return self.since <= moment and (self.until is None or moment < self.until)

    def ends(self, moment: datetime) -> None:
        """Note that from a moment on it would answer otherwise."""
        self.until = moment if self.until is None else min(self.until, moment)


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[Reading]:
    """Note within the block what is read off the clock."""
    noted = Reading(_source())
    before = _reading.set(noted)
    try:
        yield noted
    finally:
        _reading.reset(before)


def _note(moment: datetime) -> None:
    noted = _reading.get()
    if noted is not None:
        noted.ends(moment)


def now() -> datetime:
    """Return the present moment in UTC."""
    moment = _source()
    _note(moment)
    return moment


def has_come(moment: datetime) -> bool:
    """Whether it is that moment, or later."""
    if moment <= _source():
        return True
    _note(moment)
    return False


def today() -> date:
    """Return the day of UTC."""
    return day_began().date()


def day_began() -> datetime:
    """Return the midnight of UTC with which this day began."""
    began = _source().replace(hour=0, minute=0, second=0, microsecond=0)
    _note(began + timedelta(days=1))
    return began


@contextmanager
def moved(moment: datetime | timedelta) -> Iterator[None]:
    """Make it another time within the block: a fixed moment, or the real one shifted."""
    global _source  # noqa: PLW0603 - the one clock of the process
    before = _source
    if isinstance(moment, timedelta):
        shift = moment
        _source = lambda: before() + shift  # noqa: E731 - as short as it can be said
    else:
        fixed = moment
        _source = lambda: fixed  # noqa: E731
    try:
        yield
    finally:
        _source = before


def add_business_hours(start: datetime, hours: float, zone: str) -> datetime:
    """Return the moment when `hours` of office time have passed since `start`.

    Office time is Monday to Friday, 9 to 17, in `zone` (an IANA name).
    """
    tz = ZoneInfo(zone)
    moment = start.astimezone(tz)
    left = timedelta(hours=hours)
    while True:
        opens = moment.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
        closes = moment.replace(hour=CLOSES.hour, minute=0, second=0, microsecond=0)
        if moment.weekday() < _SATURDAY and moment < closes:
            begin = max(moment, opens)
            if begin + left <= closes:
                return (begin + left).astimezone(UTC)
            left -= closes - begin
        moment = (opens + timedelta(days=1)).replace(hour=OPENS.hour)
