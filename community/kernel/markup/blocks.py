"""Arranges a text as Markdown that a strict parser reads as its author meant it.

Takes the lines as `clinical` judges them, sets each block apart by blank lines, and codes
every character that would be read as markup and is none. What it hands on is plain Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from community.kernel.markup.clinical import (
    BULLET,
    NUMBER,
    QUOTE,
    Lines,
    continues,
    heading_of,
    indent_of,
    is_rule,
    judge,
    number_of,
)

WORD = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f"  # letters of scripts that set spaces

_MAX_QUOTES = 4
_MAX_LEVELS = 4
_MAX_COLUMNS = 20
_MAX_CELLS = 1_000
_MAX_INLINE_MARKS = 1_500  # no honest post has more; each costs a pass over its paragraph

_FENCE = re.compile(r"^ *(`{3,}|~{3,}) *([\w+#.-]*) *$")
_NOTE = re.compile(r"^ {0,3}\[\^([\w.-]{1,40})\]: *(.*)$")
_CITED = re.compile(r"\[\^([\w.-]{1,40})\]")
_TABLE_RULE = re.compile(r"^ *\|?(?: *:?-+:? *\|)* *:?-+:? *\|? *$")

_LINE_START = re.compile(r"(?:([>#])|([+*-])(?=[ -])|\d+(\.)(?= ))")
_CODE_OR_ESCAPE = re.compile(
    rf"(?<![`{WORD}])`(?![`\s])(?P<code>[^`\n]++)(?<!\s)`(?![`{WORD}])"
    r"|(?<!`)``(?!`)(?P<wide>(?:[^`\n]|(?<!`)`(?!`))++)``(?!`)"
    r"|\\(?P<char>[`*_\[\]#>|])"
    r"|^(?P<start>[> ]*\d{0,2})\\(?P<mark>[-+.])(?= )",
    re.MULTILINE,
)
_STARS_IN_WORD = re.compile(rf"(?<=[{WORD}])\*+(?=[{WORD}])")
_ALLELE_ALONE = re.compile(rf"(?<![*{WORD}])\*(?=\d)")
_INLINE_MARK = re.compile(r"[*_\[]")


def coded(char: str) -> str:
    """Write a character in the form that the Markdown library keeps out of its own reading."""
    return f"\x02{ord(char)}\x03"


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
            block, end = _list(lines, index, kinds, fences)
            return [self.store("<!-- keeps lists apart -->"), "", *block], end
        note = _NOTE.match(lines[index])
        return self._note(lines, index, note) if note else None

    def _fence(self, lines: Sequence[str], start: int, end: int) -> _Block:
        opening = _FENCE.match(lines[start])
        language = opening[2].lower() if opening else ""
        indent = indent_of(lines[start])
        code = "\n".join(line[min(indent, indent_of(line)) :] for line in lines[start + 1 : end])
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
    body = _inline(re.sub(r"\n{3,}", "\n\n", lines).strip("\n"), store)
    notes = {label: _inline(literal(note), store) for label, note in arranger.notes.items()}
    cited = [label for label in _CITED.findall(body) if label in notes]
    return Arranged(body, {label: notes[label] for label in dict.fromkeys([*cited, *notes])})


def literal(line: str) -> str:
    """Code what would make a line of text a quote, a heading, a list, a divider or a table."""
    line = line.strip(" ")
    if line and not line.strip("|:- "):
        return coded(line[0]) + line[1:]
    match = _LINE_START.match(line)
    if match is None:
        return line
    at = match.end(match.lastindex or 0) - 1
    return line[:at] + coded(line[at]) + line[at + 1 :]


def _inline(text: str, store: Callable[[str], str]) -> str:
    """Set code spans aside, code what a backslash or a word keeps from being markup."""

    def keep(match: re.Match[str]) -> str:
        code = match["code"] or match["wide"]
        if code:
            return store(f"<code>{escape(_uncoded(code).strip())}</code>")
        return (match["start"] or "") + coded(match["char"] or match["mark"])

    if text.count("`") <= _MAX_INLINE_MARKS:
        text = _CODE_OR_ESCAPE.sub(keep, text)
    text, alleles = _STARS_IN_WORD.subn(lambda match: coded("*") * len(match[0]), text)
    if alleles:
        text = _ALLELE_ALONE.sub(coded("*"), text)
    if len(_INLINE_MARK.findall(text)) > _MAX_INLINE_MARKS:
        text = _INLINE_MARK.sub(lambda match: coded(match[0]), text)
    return text


def _uncoded(text: str) -> str:
    return re.sub("\x02(\\d+)\x03", lambda match: chr(int(match[1])), text)


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
    return columns if columns <= _MAX_COLUMNS else 0


def _table(lines: Sequence[str], start: int, columns: int) -> _Block:
    """Take the rows of a table; those beyond a sane number of cells are left as text."""
    end = _while(lines, start, lambda index: "|" in lines[index])
    end = min(end, start + 2 + _MAX_CELLS // columns)
    rule = lines[start + 1].strip(" ")
    return [literal(lines[start]), rule, *map(literal, lines[start + 2 : end])], end


def _list(lines: Sequence[str], start: int, kinds: Lines, fences: dict[int, int]) -> _Block:
    """Write one list with nested items at four spaces each, as the Markdown library wants them."""
    out: list[str] = []
    levels: list[int] = []
    latest: dict[int, int] = {}  # by level: the number of the last item, 0 for a bullet
    index = start
    while index < len(lines) and index not in fences:
        line = lines[index]
        if index in kinds.bullets or index in kinds.numbers:
            number = number_of(line) if index in kinds.numbers else 0
            levels = _levels(levels, indent_of(line))
            latest = {level: last for level, last in latest.items() if level <= len(levels)}
            if not _fits(number, latest.get(len(levels))):
                break
            latest[len(levels)] = number
            out.append(_margin(len(levels) - 1) + _item(line, number))
        elif not line.strip():
            if not _goes_on(lines, index + 1, kinds):
                break
            out.append("")
        elif not lines[index - 1].strip():
            out.append(_margin(len(levels)) + literal(line))
        elif continues(line, lines[index - 1]):
            out.append(_margin(len(levels) - 1) + literal(line))
        else:
            break
        index += 1
    return out, index


def _margin(level: int) -> str:
    return " " * 4 * level


def _item(line: str, number: int) -> str:
    if number:
        return f"{number}. {literal(NUMBER.sub('', line))}"
    return f"- {literal(BULLET.sub('', line))}"


def _levels(levels: list[int], indent: int) -> list[int]:
    """Follow nested items: the stack of indents, by the list they open, that an item stands in."""
    kept = [level for level in levels if level <= indent] or [indent]
    if indent >= kept[-1] + 2 and len(kept) < _MAX_LEVELS:
        kept.append(indent)
    return kept


def _fits(number: int, last: int | None) -> bool:
    """Say whether an item belongs to the list that its level has open: same kind, next number."""
    if last is None:
        return True
    return number == last == 0 or (last > 0 and number in {last + 1, 1 if last == 1 else last + 1})


def _goes_on(lines: Sequence[str], following: int, kinds: Lines) -> bool:
    """Say whether a list goes on after a blank line: with an item, or an indented paragraph."""
    if following >= len(lines) or not lines[following].strip():
        return False
    return (
        following in kinds.bullets or following in kinds.numbers or indent_of(lines[following]) >= 2
    )
