"""Tools that are costly to make and serve one at a time, kept for whoever needs one next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Tool = TypeVar("Tool")


class Spare(Generic[Tool]):
    """As many tools as were ever needed at once; one with which something went wrong is dropped."""

    def __init__(self, make: Callable[[], Tool]) -> None:
        self._make = make
        self._idle: list[Tool] = []

    @contextmanager
    def taken(self) -> Iterator[Tool]:
        """Give a tool to nobody else for the length of a block."""
        try:
            tool = self._idle.pop()
        except IndexError:
            tool = self._make()
        yield tool
        self._idle.append(tool)
