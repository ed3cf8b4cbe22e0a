"""A run of rows out of a longer list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A run of rows, and whether there are more before and after it."""

    rows: tuple[Row, ...]
    has_before: bool = False
    has_after: bool = False
