"""What was worked out last, for who asks for the same again."""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


class Latest(dict[Key, Found]):
    """As many answers as it may hold; the oldest makes room."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Key, found: Found) -> None:
        """Remember an answer."""
        if len(self) >= self._most:
            self.pop(next(iter(self)), None)
        self[key] = found
