"""Writes lists the way the Markdown library wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from community.kernel.markup.characters import literal
from community.kernel.markup.clinical import (
    BULLET,
    NUMBER,
    Lines,
    continues,
    indent_of,
    number_of,
)

_MAX_LEVELS = 4


def read_list(
    lines: Sequence[str], start: int, kinds: Lines, fences: dict[int, int]
) -> tuple[list[str], int]:
    """Take one list with its nested ones, their paragraphs and wrapped lines.

    Returns:
        The list as strict Markdown, and the index of the line behind it.
    """
    writer = _ListWriter()
    index = start
    while index < len(lines) and index not in fences:
        line, before = lines[index], lines[index - 1]
        if index in kinds.bullets or index in kinds.numbers:
            taken = writer.item(line, number_of(line) if index in kinds.numbers else 0)
        elif line.strip():
            taken = writer.text(line, before)
        else:
            taken = writer.blank(goes_on=_goes_on(lines, index + 1, kinds))
        if not taken:
            break
        index += 1
    return writer.out, index


@dataclass
class _ListWriter:
    """Writes a list with four spaces a level, as the Markdown library wants them.

    Each method says whether the line belongs to the list.
    """

    out: list[str] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)  # as typed, by level
    latest: dict[int, int] = field(default_factory=dict)  # by level: last number, 0 for a bullet
    in_paragraph: bool = False

    def item(self, line: str, number: int) -> bool:
        """Write an item, unless it begins another list: of another kind or with another number."""
        self._descend(indent_of(line))
        level = len(self.indents)
        self.latest = {each: last for each, last in self.latest.items() if each <= level}
        if not _follows(number, self.latest.get(level)):
            return False
        self.latest[level] = number
        text = (NUMBER if number else BULLET).sub("", line)
        if self.in_paragraph:
            self.out.append("")
        self.in_paragraph = False
        self._write(level - 1, (f"{number}. " if number else "- ") + literal(text))
        return True

    def text(self, line: str, before: str) -> bool:
        """Write a line that goes on with the item above, or a paragraph of its own in the item."""
        if not before.strip():
            self.in_paragraph = True
        elif not continues(line, before):
            return False
        self._write(len(self.indents) - (not self.in_paragraph), literal(line))
        return True

    def blank(self, *, goes_on: bool) -> bool:
        """Write a blank line, if the list goes on behind it."""
        if goes_on:
            self.out.append("")
        return goes_on

    def _write(self, level: int, text: str) -> None:
        self.out.append(" " * 4 * level + text)

    def _descend(self, indent: int) -> None:
        """Follow an item to its level, at most a few deep."""
        self.indents = [each for each in self.indents if each <= indent] or [indent]
        if indent >= self.indents[-1] + 2 and len(self.indents) < _MAX_LEVELS:
            self.indents.append(indent)


def _follows(number: int, last: int | None) -> bool:
    """Say whether an item stands in the list that its level has open; 0 is a bullet."""
    if last is None:
        return True
    if number == 0 or last == 0:
        return number == last
    return number == last + 1 or number == last == 1


def _goes_on(lines: Sequence[str], following: int, kinds: Lines) -> bool:
    """Say whether a list goes on after a blank line: with an item, or an indented paragraph."""
    if following >= len(lines) or not lines[following].strip():
        return False
    return (
        following in kinds.bullets or following in kinds.numbers or indent_of(lines[following]) >= 2
    )
