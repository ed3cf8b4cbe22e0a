"""Shares with their intervals, and plain tables of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.96  # two-sided 95 %


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson, J Am Stat Assoc 1927;22:209-212)."""
    if not total:
        return 0.0, 1.0
    share, weight = hits / total, Z * Z / total
    middle = (share + weight / 2) / (1 + weight)
    reach = Z * sqrt(share * (1 - share) / total + weight / total / 4) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(hits: int, total: int) -> str:
    """Such as `0.932 (0.910-0.949) 412/442`, or a dash where there is nothing to count."""
    if not total:
        return "-"
    low, high = wilson(hits, total)
    return f"{hits / total:.3f} ({low:.3f}-{high:.3f}) {hits}/{total}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one labelled text came to: was it wanted, was it found."""

    wanted: bool
    found: bool


def recall_and_precision(outcomes: Iterable[Outcome]) -> tuple[str, str, str]:
    """Recall, precision, and the share of unwanted texts that were found all the same."""
    seen = list(outcomes)
    right = sum(o.wanted and o.found for o in seen)
    wanted, found = sum(o.wanted for o in seen), sum(o.found for o in seen)
    return (
        share(right, wanted),
        share(right, found) if wanted else "-",
        share(found - right, len(seen) - wanted),
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, the first to the left."""
    cells = [list(heads), *map(list, rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
