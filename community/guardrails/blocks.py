"""A rule file as text: the lines of each rule, and changes of one rule that leave the rest alone.

Lawyers keep comments and an order in these files, so a file is never written anew from what was
read out of it: only the lines that change are replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from community.kernel import toml

_RULE = re.compile(r"\s*\[\[\s*rule\s*\]\]\s*(#.*)?$")
_OF_RULE = re.compile(r"\s*\[\[?\s*rule\s*\.")
_TABLE = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_NEXT = re.compile(r"""\"{3}|'{3}|["'#\[\]{}]""")
_END_OF = {
    '"': re.compile(r"\\.|\""),
    "'": re.compile(r"'"),
    '"""': re.compile(r'\\.|"""'),
    "'''": re.compile(r"'''"),
}

Value = str | date | Sequence[str] | Mapping[str, Any]


class NotOneRule(ValueError):
    """A text that is not exactly one rule; the message says why."""


@dataclass(frozen=True)
class Block:
    """The lines `begins` to `ends` of one rule in a file, half-open, counted from 0."""

    id: str
    begins: int
    ends: int
    text: str

    @property
    def line(self) -> int:
        """The number of its first line, as editors count."""
        return self.begins + 1


def blocks(source: str) -> list[Block]:
    """Return the rules of a file in their order, also where the file holds faults elsewhere."""
    lines = source.splitlines()
    free = list(_is_free(lines))
    heads = [n for n, line in enumerate(lines) if free[n] and _RULE.match(line)]
    return [_block(lines, free, head) for head in heads]


def find_block(source: str, rule_id: str) -> Block | None:
    """Return the first rule of that id."""
    return next((block for block in blocks(source) if block.id == rule_id), None)


def replace_block(source: str, rule_id: str, text: str) -> str:
    """Return the file with one rule written anew; all other lines stay as they are.

    Raises:
        KeyError: there is no such rule.
        NotOneRule: the new text is not exactly one rule.
    """
    require_one_rule(text)
    return _put(source, rule_id, text.strip("\n").splitlines())


def add_block(source: str, text: str, *, after: str = "") -> str:
    """Return the file with another rule, after the rule named or else at the end."""
    require_one_rule(text)
    place = find_block(source, after) if after else None
    lines = source.rstrip().splitlines()
    at = place.ends if place is not None else len(lines)
    lines[at:at] = ["", *text.strip("\n").splitlines()]
    return _file(lines)


def remove_block(source: str, rule_id: str) -> str:
    """Return the file without one rule.

    Raises:
        KeyError: there is no such rule.
    """
    block = find_block(source, rule_id)
    if block is None:
        raise KeyError(rule_id)
    lines = source.splitlines()
    after = block.ends
    while after < len(lines) and not lines[after].strip():
        after += 1
    return _file(lines[: block.begins] + lines[after:])


def require_one_rule(text: str) -> Mapping[str, Any]:
    """Return the rule that a text holds.

    Raises:
        NotOneRule: it can't be read, or is more or less than one `[[rule]]`.
    """
    try:
        data = toml.read(text)
    except toml.UnreadableToml as error:
        raise NotOneRule(str(error)) from None
    rules = data.get("rule")
    if set(data) != {"rule"} or not isinstance(rules, list) or len(rules) != 1:
        raise NotOneRule("one [[rule]] and nothing else must stand here")
    rule = rules[0]
    return rule if isinstance(rule, dict) else {}


def set_values(text: str, values: Mapping[str, Value], *, table: str = "") -> str:
    """Return a piece of TOML with some values written anew, in place where they stand.

    Args:
        text: one rule, or the head of a file.
        values: by key; an empty one takes its line away.
        table: the header under which the keys stand, such as `[rule.examples]`; "" is the first.
    """
    lines = text.splitlines()
    for key, value in values.items():
        lines = _set(lines, key, value, table)
    return "\n".join(lines)


def has_part(text: str, table: str) -> bool:
    """Whether a piece of TOML has a header such as `[rule.examples]`."""
    return _part(text.splitlines(), table)[0] >= 0


def has_key(text: str, key: str) -> bool:
    """Whether a key stands in the first part of a piece of TOML, written out as `key = …`."""
    lines = text.splitlines()
    return any(name == key for _, _, name in _entries(lines, *_part(lines, "")))


def head(source: str) -> str:
    """Return what stands before the first table of a file: its name, version and date."""
    lines = source.splitlines()
    return "\n".join(lines[: _end_of_head(lines)])


def set_head(source: str, values: Mapping[str, Value]) -> str:
    """Return the file with some values of its head written anew."""
    lines = source.splitlines()
    rest = lines[_end_of_head(lines) :]
    return _file([*set_values(head(source), values).splitlines(), *rest])


def write(value: Value) -> str:
    """Return a value as TOML."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {write(part)}" for key, part in value.items()) + " }"
    return "[" + ", ".join(write(part) for part in value) + "]"


# --- lines ---------------------------------------------------------------------------------------


def _file(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _put(source: str, rule_id: str, new: Sequence[str]) -> str:
    block = find_block(source, rule_id)
    if block is None:
        raise KeyError(rule_id)
    lines = source.splitlines()
    lines[block.begins : block.ends] = new
    return _file(lines)


def _block(lines: Sequence[str], free: Sequence[bool], head_line: int) -> Block:
    ends = head_line + 1
    while ends < len(lines) and not _is_other_table(lines[ends], is_free=free[ends]):
        ends += 1
    while ends > head_line + 1 and _is_blank(lines[ends - 1], is_free=free[ends - 1]):
        ends -= 1  # blank lines and comments before the next rule are that rule's
    text = "\n".join(lines[head_line:ends])
    return Block(_id_in(lines[head_line:ends], free[head_line:ends]), head_line, ends, text)


def _is_other_table(line: str, *, is_free: bool) -> bool:
    return is_free and bool(_TABLE.match(line)) and not _OF_RULE.match(line)


def _is_blank(line: str, *, is_free: bool) -> bool:
    return is_free and (not line.strip() or line.lstrip().startswith("#"))


def _id_in(lines: Sequence[str], free: Sequence[bool]) -> str:
    for line, is_free in zip(lines, free, strict=True):
        key = _KEY.match(line)
        if is_free and key and key[1] == "id":
            try:
                return str(toml.read(line).get("id", ""))
            except toml.UnreadableToml:
                return ""
    return ""


def _end_of_head(lines: Sequence[str]) -> int:
    tables = (n for n, free in enumerate(_is_free(lines)) if free and _TABLE.match(lines[n]))
    end = next(tables, len(lines))
    while end and _is_blank(lines[end - 1], is_free=True):
        end -= 1
    return end


def _set(lines: list[str], key: str, value: Value, table: str) -> list[str]:
    begins, ends = _part(lines, table)
    if begins < 0:
        return [*lines, table, f"{key} = {write(value)}"] if value else lines
    written = [f"{key} = {write(value)}"] if value else []
    last = begins
    for first, after, name in _entries(lines, begins, ends):
        if name == key:
            tail = _comment_after(lines[first:after])
            return lines[:first] + [line + tail for line in written] + lines[after:]
        last = after
    return lines[:last] + written + lines[last:]


def _comment_after(entry: Sequence[str]) -> str:
    """Return the comment at the end of an entry, with the space before it."""
    text, last = "\n".join(entry), entry[-1]
    for place in (n for n, character in enumerate(last) if character == "#"):
        before = text[: len(text) - len(last) + place]
        try:
            if toml.read(before) == toml.read(text):
                return "  " + last[place:]
        except toml.UnreadableToml:
            continue
    return ""


def _part(lines: Sequence[str], table: str) -> tuple[int, int]:
    """Return the lines under a header; -1 where there is no such header."""
    free = list(_is_free(lines))
    headers = [n for n, line in enumerate(lines) if free[n] and _TABLE.match(line)]
    if table:
        begins = next((n for n in headers if lines[n].replace(" ", "").startswith(table)), -2) + 1
    else:
        begins = 1 if headers and headers[0] == 0 else 0
    ends = next((n for n in headers if n >= begins), len(lines))
    return begins, ends


def _entries(lines: Sequence[str], begins: int, ends: int) -> Iterator[tuple[int, int, str]]:
    """Give first line, line after the last, and key of each entry between two lines."""
    free = list(_is_free(lines))
    for number in range(begins, ends):
        key = _KEY.match(lines[number])
        if free[number] and key:
            after = number + 1
            while after < ends and not free[after]:
                after += 1
            yield number, after, key[1]


def _is_free(lines: Sequence[str]) -> Iterator[bool]:
    """Say of each line whether it begins outside of every text and list that spans lines."""
    inside, depth = "", 0
    for line in lines:
        yield not inside and not depth
        is_header = not inside and not depth and bool(_TABLE.match(line))
        inside, depth = _after(line, inside, 0 if is_header else depth, counts=not is_header)


def _after(line: str, inside: str, depth: int, *, counts: bool) -> tuple[str, int]:
    """Return in which text, and how deep in lists, the end of a line stands."""
    at = 0
    while found := (_END_OF[inside] if inside else _NEXT).search(line, at):
        at, mark = found.end(), found[0]
        if inside:
            inside = inside if mark[0] == "\\" else ""
        elif mark == "#":
            break
        elif mark in _END_OF:
            inside = mark
        elif counts:
            depth = max(0, depth + (1 if mark in "[{" else -1))
    return (inside if len(inside) == 3 else ""), depth
