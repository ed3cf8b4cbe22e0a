"""Figures that are honest about small numbers: shares with intervals, medians, months.

Pure: no web, no database. A share of fewer than twenty is never given in per cent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FEWEST_FOR_PERCENT = 20
FEWEST_FOR_NINE_OF_TEN = 10
Z_95 = 1.959964  # the standard normal quantile for a two-sided 95 % interval


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share in whole per cent; None where the whole is under twenty."""
        return round(100 * self.part / self.whole) if self.whole >= FEWEST_FOR_PERCENT else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval in which the share of a longer run probably lies, 0 to 1.

        Wilson's score interval, which holds for small numbers and for shares of none or all
        (E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209–212).
        """
        if not self.whole:
            return 0.0, 1.0
        n, p, z2 = self.whole, self.part / self.whole, Z_95**2
        middle = p + z2 / (2 * n)
        spread = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + z2 / n)), min(
            1.0, (middle + spread) / (1 + z2 / n)
        )


@dataclass(frozen=True)
class Waits:
    """How long people waited: the middle one, and the time within which nine of ten had it."""

    count: int
    median: timedelta | None
    nine_of_ten: timedelta | None


def waits(lengths: Iterable[timedelta]) -> Waits:
    """Return the median, and the ninth decile where at least ten waited.

    The median of an even number is the mean of the two in the middle; the decile is the smallest
    length that nine tenths do not exceed (nearest rank; R. J. Hyndman and Y. Fan, The American
    Statistician 50 (1996), 361–365, definition 1).
    """
    ordered = sorted(lengths)
    if not ordered:
        return Waits(0, None, None)
    half, odd = divmod(len(ordered), 2)
    median = ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2
    rank = math.ceil(0.9 * len(ordered))
    enough = len(ordered) >= FEWEST_FOR_NINE_OF_TEN
    return Waits(len(ordered), median, ordered[rank - 1] if enough else None)


def months(since: datetime, until: datetime) -> list[date]:
    """Return the first days of the months, in UTC, that a stretch of time touches."""
    first = since.astimezone(UTC).date().replace(day=1)
    found: list[date] = []
    while first <= until.astimezone(UTC).date():
        found.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return found


def month_of(moment: datetime) -> date:
    """Return the first day of a moment's month, in UTC."""
    return moment.astimezone(UTC).date().replace(day=1)


def columns(values: Sequence[int]) -> list[float]:
    """Return how high to draw columns, in parts of a hundred of the highest."""
    highest = max(values, default=0)
    return [round(100 * value / highest, 2) if highest else 0.0 for value in values]
