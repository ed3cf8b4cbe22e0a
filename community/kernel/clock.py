"""The time, from one place, so that tests can move it; and time as an office counts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
_SATURDAY = 5


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """Return the present moment in UTC."""
    return _source()


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
