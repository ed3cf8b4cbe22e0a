"""Arranges a text as Markdown that a strict parser reads as its author meant it.

Takes the lines as `clinical` judges them, sets each block apart by blank lines, and codes
every character that would be read as markup and is none. What it hands on is plain Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from community.kernel.markup.characters import coded, inline, literal
from community.kernel.markup.clinical import (
    QUOTE,
    Lines,
    continues,
    heading_of,
    indent_of,
    is_rule,
    judge,
)
from community.kernel.markup.links import LABEL
from community.kernel.markup.lists import read_list

_MAX_QUOTES = 4
_MAX_COLUMNS = 20
_MAX_CELLS = 1_000

_FENCE = re.compile(r"^ *(`{3,}|~{3,}) *([\w+#.-]*) *$")
_NOTE = re.compile(rf"^ {{0,3}}\[\^({LABEL})\]: *(.*)$")
_CITED = re.compile(rf"\[\^({LABEL})\]")
_LANGUAGES = frozenset(
    "c css csv html java javascript js json python r sas sh sql text toml xml".split()
)
_TABLE_RULE = re.compile(r"^ *\|?(?: *:?-+:? *\|)* *:?-+:? *\|? *$")

_Block = tuple[list[str], int]  # its lines, and the index of the line behind it


@dataclass
class Arranged:
    """The Markdown, and the text of each reference by its label, in the order of citing."""

    text: str
    notes: dict[str, str]


@dataclass
class _Arranger:
    store: Callable[[str], str]
    notes: dict[str, str] = field(default_factory=dict)

    def blocks(self, lines: Sequence[str], depth: int = 0) -> list[str]:
        """Turn lines into lines of strict Markdown, each block set apart by blank lines."""
        out: list[str] = []
        kinds = judge(lines)
        fences = _fence_ends(lines)
        index = 0
        while index < len(lines):
            found = self._container(lines, index, kinds, fences, depth) or _leaf(lines, index)
            if found:
                block, index = found
                out += ["", *block, ""]
            else:
                out.append(literal(lines[index]))
                index += 1
        return out

    def _container(
        self, lines: Sequence[str], index: int, kinds: Lines, fences: dict[int, int], depth: int
    ) -> _Block | None:
        if index in fences:
            return self._fence(lines, index, fences[index])
        if index in kinds.quotes:
            return self._quote(lines, index, kinds, depth)
        if index in kinds.bullets or index in kinds.numbers:
            block, end = read_list(lines, index, kinds, fences)
            return [self.store("<!-- keeps lists apart -->"), "", *block], end
        note = _NOTE.match(lines[index])
        return self._note(lines, index, note) if note else None

    def _fence(self, lines: Sequence[str], start: int, end: int) -> _Block:
        opening = _FENCE.match(lines[start])
        language = opening[2].lower() if opening else ""
        indent = indent_of(lines[start])
        shown = [line[min(indent, indent_of(line)) :] for line in lines[start + 1 : end]]
        if language and language not in _LANGUAGES:  # words that nobody would see
            shown, language = [opening[2] if opening else "", *shown], ""
        code = "\n".join(shown)
        mark = f' class="language-{escape(language)}"' if language else ""
        return [self.store(f"<pre><code{mark}>{escape(code)}\n</code></pre>")], end + 1

    def _quote(self, lines: Sequence[str], start: int, kinds: Lines, depth: int) -> _Block:
        end = _while(lines, start, lambda index: index in kinds.quotes)
        inner = [QUOTE.sub("", line) for line in lines[start:end]]
        if depth + 1 >= _MAX_QUOTES:
            return ["> " + _quote_marks_coded(line) for line in inner], end
        return ["> " + line for line in _trimmed(self.blocks(inner, depth + 1))], end

    def _note(self, lines: Sequence[str], start: int, note: re.Match[str]) -> _Block:
        """Take a reference out of the text; a label used twice stays where it is, as typed."""
        if note[1] in self.notes:
            return [coded("[") + lines[start].lstrip()[1:]], start + 1
        end = start + 1
        while end < len(lines) and lines[end].strip() and not _NOTE.match(lines[end]):
            if not continues(lines[end], lines[end - 1]):
                break
            end += 1
        rest = [line.strip() for line in lines[start + 1 : end]]
        self.notes[note[1]] = " ".join([note[2].strip(), *rest])
        return [], end


def arrange(text: str, store: Callable[[str], str]) -> Arranged:
    """Arrange a clean text (no control characters, no tabs) as strict Markdown.

    Args:
        text: what the author typed.
        store: keeps a piece of finished HTML and gives the placeholder that stands for it.
    """
    arranger = _Arranger(store)
    lines = "\n".join(arranger.blocks(text.split("\n")))
    body = inline(re.sub(r"\n{3,}", "\n\n", lines).strip("\n"), store)
    notes = {label: inline(literal(note), store) for label, note in arranger.notes.items()}
    cited = [label for label in _CITED.findall(body) if label in notes]
    return Arranged(body, {label: notes[label] for label in dict.fromkeys([*cited, *notes])})


def _while(lines: Sequence[str], start: int, holds: Callable[[int], bool]) -> int:
    return next((index for index in range(start, len(lines)) if not holds(index)), len(lines))


def _trimmed(lines: list[str]) -> list[str]:
    text = [number for number, line in enumerate(lines) if line]
    return lines[text[0] : text[-1] + 1] if text else [""]


def _quote_marks_coded(line: str) -> str:
    text = line.lstrip("> ")
    return line[: len(line) - len(text)].replace(">", coded(">")) + literal(text)


def _leaf(lines: Sequence[str], index: int) -> _Block | None:
    """Take a block that holds no other: a heading, a divider, a table."""
    if heading := heading_of(lines[index]):
        return [heading], index + 1
    if is_rule(lines[index]):
        return ["---"], index + 1
    columns = _table_columns(lines, index)
    return _table(lines, index, columns) if columns else None


def _fence_ends(lines: Sequence[str]) -> dict[int, int]:
    """Find where each code block ends; a fence that nobody closes is text."""
    fences = [(i, m[1], m[2]) for i, line in enumerate(lines) if (m := _FENCE.match(line))]
    last_closing = {mark: i for i, mark, language in fences if not language}
    ends: dict[int, int] = {}
    opened: tuple[int, str] | None = None
    for index, mark, language in fences:
        if opened is None:
            if last_closing.get(mark, -1) > index:
                opened = index, mark
        elif mark == opened[1] and not language:
            ends[opened[0]] = index
            opened = None
    return ends


def _table_columns(lines: Sequence[str], start: int) -> int:
    """Count the columns of a table that begins here, 0 where none does."""
    if start + 1 >= len(lines) or "|" not in lines[start] or "|" not in lines[start + 1]:
        return 0
    if len(lines[start + 1]) > 400 or not _TABLE_RULE.match(lines[start + 1]):
        return 0
    columns = lines[start + 1].strip(" |").count("|") + 1
    return columns if _most_cells(lines[start]) <= columns <= _MAX_COLUMNS else 0


def _most_cells(line: str) -> int:
    """Count the cells that a line may have, 0 where it is no row; an escaped bar counts as well."""
    bars = line.strip().removeprefix("|").removesuffix("|").count("|")
    return bars + 1 if "|" in line else 0


def _table(lines: Sequence[str], start: int, columns: int) -> _Block:
    """Take the rows of a table; those beyond a sane number of cells are left as text.

    So is a row of more cells than there are columns: a strict parser would drop what is over.
    """
    end = _while(lines, start + 2, lambda index: 0 < _most_cells(lines[index]) <= columns)
    end = min(end, start + 2 + _MAX_CELLS // columns)
    rule = lines[start + 1].strip(" ")
    return [literal(lines[start]), rule, *map(literal, lines[start + 2 : end])], end
