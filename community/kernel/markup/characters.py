"""Codes single characters, so that they mean nothing to the Markdown library.

The library writes a character that is not to be read as its number between STX and ETX, and turns
it back at the end; neither can stand in a text, they were dropped at the door.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

WORD = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f"
"""Letters and digits of scripts that set blanks between words, for a class in a pattern."""

_MAX_INLINE_MARKS = 1_500  # no honest post has more; each costs a pass over its paragraph

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


def inline(text: str, store: Callable[[str], str]) -> str:
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
