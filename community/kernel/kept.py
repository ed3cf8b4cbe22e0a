"""What was drawn once, kept for who asks for the same again: the oldest use is the first out.

A key must name everything that the words depend on, above all versions and the language; so a
change is another key, nothing is ever taken back, and what nobody asks for falls out. Who may see
something is asked before it is looked up, never here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import Generic, TypeVar

Piece = TypeVar("Piece", bound=Sized)


class Kept(Generic[Piece]):
    """Pieces of pages by key, in this process: up to so many characters of them."""

    def __init__(self, characters: int) -> None:
        self.most = characters
        self.size = 0
        self._pieces: OrderedDict[Hashable, Piece] = OrderedDict()

    def get(self, key: Hashable, draw: Callable[[], Piece]) -> Piece:
        """Return what is kept under a key, or draw and keep it."""
        found = self.find(key)
        if found is not None:
            return found
        drawn = draw()
        self.keep(key, drawn)
        return drawn

    def find(self, key: Hashable) -> Piece | None:
        """Return what is kept under a key, if it is."""
        found = self._pieces.get(key)
        if found is not None:
            self._pieces.move_to_end(key)
        return found

    def keep(self, key: Hashable, drawn: Piece) -> None:
        """Keep what was drawn; what was asked for longest ago makes room."""
        # Drawing may have let others work, who have drawn the same meanwhile.
        before = self._pieces.pop(key, None)
        self.size += len(drawn) - (len(before) if before is not None else 0)
        self._pieces[key] = drawn
        while self.size > self.most:
            _, oldest = self._pieces.popitem(last=False)
            self.size -= len(oldest)

    def forget(self) -> None:
        """Forget all of it: the next page is drawn anew."""
        self._pieces.clear()
        self.size = 0
