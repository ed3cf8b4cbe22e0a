"""Weights by bucket in two flat arrays: a twelfth of what a dict of them takes."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

UNIT = 0.001  # a weight in the file is a whole number of thousandths


class Packed(Mapping[int, float]):
    """A read-only mapping from buckets to weights."""

    __slots__ = ("_buckets", "_thousandths")

    def __init__(self, rows: Iterable[tuple[int, int]]) -> None:
        """`rows` are buckets (0 to 2**32 - 1), ascending, each with its weight in thousandths.

        Raises ValueError where they don't ascend.
        """
        self._buckets, self._thousandths = array("I"), array("i")
        last = -1
        for at, weight in rows:
            if at <= last:
                raise ValueError(f"bucket {at:x} stands behind {last:x}")
            self._buckets.append(at)
            self._thousandths.append(weight)
            last = at

    def __getitem__(self, at: int) -> float:
        place = bisect_left(self._buckets, at)
        if place < len(self._buckets) and self._buckets[place] == at:
            return self._thousandths[place] * UNIT
        raise KeyError(at)

    def __iter__(self) -> Iterator[int]:
        return iter(self._buckets)

    def __len__(self) -> int:
        return len(self._buckets)
