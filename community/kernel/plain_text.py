"""The words of a Markdown text without its marks: what a reader reads, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]

_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+)$")
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(.+)$")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BREAK = re.compile(r"^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$|^ {0,3}(?:-[ \t]*){3,}$")
_QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(((?:[^()\s]|\([^()\s]*\))*)(?:\s+\"[^\"]*\")?\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_STARS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")
_UNDERSCORES = re.compile(r"(?<![\w_])(_{1,3})(?=\S)([^_\n]+?)(?<=\S)\1(?![\w_])")
_CODE = re.compile(r"(`+)(.+?)\1")
_SPACES = re.compile(r"\s+")

_ENGLISH_ABBREVIATIONS = {
    "dr",
    "prof",
    "mr",
    "mrs",
    "ms",
    "st",
    "vs",
    "fig",
    "approx",
    "e.g",
    "i.e",
}
_GERMAN_ABBREVIATIONS = {
    "z.b",
    "d.h",
    "u.a",
    "bzw",
    "ca",
    "nr",
    "vgl",
    "abs",
    "evtl",
    "ggf",
    "inkl",
}
_ABBREVIATIONS = _ENGLISH_ABBREVIATIONS | _GERMAN_ABBREVIATIONS
_OPENING = "\"'([\u00ab\u2018\u201a\u201c\u201e"
_SENTENCE_END = re.compile(r"(?<=[.!?\u2026])[\"'\u00bb\u2019\u201c\u201d)\]]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a text that stands on its own: its kind, its words, a heading's level."""

    kind: BlockKind
    text: str
    level: int = 0


def blocks(markdown: str, *, with_targets: bool = False) -> list[Block]:
    """Give the headings, paragraphs, list items and table rows of a Markdown text, in order.

    Marks are dropped, wrapped lines joined, runs of space made one; a table's
    heading row and its rule are left out, its cells are joined by ": ". The address of
    a link is left out too, or stands in brackets behind its words with `with_targets`.
    """
    written = _LINK.sub(r"\1 (\2)", markdown) if with_targets else markdown
    return [block for block in _gathered(written.splitlines()) if block.text]


def sentences(text: str) -> list[str]:
    """Split one block's words into sentences; a colon or a semicolon ends none.

    A full stop ends no sentence behind a known abbreviation or a single letter,
    nor before a small letter.
    """
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        follower = text[end.end() :].lstrip(_OPENING)[:1]
        if follower.islower() or _is_abbreviation(text[start : end.start()]):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def without_marks(markdown: str) -> str:
    """Take emphasis, links, code marks and runs of space out of one block's Markdown."""
    text = _LINK.sub(r"\1", markdown)
    text = _AUTOLINK.sub(r"\1", text)
    text = _CODE.sub(r"\2", text)
    for mark in (_STARS, _UNDERSCORES, _STARS, _UNDERSCORES):
        text = mark.sub(r"\2", text)
    return _SPACES.sub(" ", text.replace("\\\n", " ")).strip()


def _is_abbreviation(sentence: str) -> bool:
    last = sentence.rsplit(maxsplit=1)[-1] if sentence.strip() else ""
    word = last.lstrip(_OPENING).rstrip(".").lower()
    return last.endswith(".") and (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()))


def _gathered(lines: list[str]) -> Iterator[Block]:
    """Join the lines of each paragraph and item; yield a block where it ends."""
    kind: BlockKind = "paragraph"
    waiting: list[str] = []
    fenced = False
    for number, raw in enumerate(lines):
        if _FENCE.match(raw):
            fenced = not fenced
            continue
        line = raw if fenced else _QUOTE.sub("", raw)
        heading, item = _HEADING.match(line), _ITEM.match(line)
        apart = not line.strip() or heading or item or _is_row(line) or _BREAK.match(line)
        if fenced or not apart:
            waiting.append(line)
            continue
        yield Block(kind, without_marks("\n".join(waiting)))
        kind, waiting = "paragraph", []
        if heading:
            yield Block("heading", without_marks(_unclosed(heading[2])), len(heading[1]))
        elif _is_row(line):
            yield from _row(line, lines[number + 1 : number + 2])
        elif item and not _BREAK.match(line):
            kind, waiting = "item", [item[1]]
    yield Block(kind, without_marks("\n".join(waiting)))


def _unclosed(heading: str) -> str:
    """Drop the number signs that may close a heading, but not that of "C#"."""
    bare = heading.rstrip().rstrip("#")
    return bare if not bare or bare[-1].isspace() else heading


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _row(line: str, following: list[str]) -> Iterator[Block]:
    is_head = bool(following and _TABLE_RULE.match(following[0]))
    if is_head or _TABLE_RULE.match(line):
        return
    cells = [without_marks(cell) for cell in line.strip().strip("|").split("|")]
    yield Block("row", ": ".join(cell for cell in cells if cell))
