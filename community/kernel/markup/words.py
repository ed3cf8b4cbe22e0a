"""Takes the words out of a rendered post, for those who cannot show HTML."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_BLOCKS = frozenset("blockquote br h3 h4 h5 h6 hr li ol p pre table tr ul".split())
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}


class _Words(HTMLParser):
    """Collects text; a block begins a line, a cell is set off by a blank."""

    def __init__(self, *, left_out: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._left_out, self._depth = left_out, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_left_out(tag, attrs) or (self._depth and tag in {"blockquote", "ol", "ul"}):
            self._depth += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "sup":
            self.parts.append("[")

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag in {"blockquote", "ol", "ul"}:
            self._depth -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "sup":
            self.parts.append("]")

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self.parts.append(data)

    def _is_left_out(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        return tag in self._left_out or dict(attrs).get("class") in self._left_out


def words_of(html: str, *, left_out: frozenset[str] = frozenset()) -> str:
    """Give the words of HTML that `render` made, one block a line.

    Args:
        html: rendered and clean; anything else is read as well, but is no safer for it.
        left_out: tags and classes whose words do not count.
    """
    parser = _Words(left_out=left_out)
    parser.feed(html)
    parser.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def excerpt_of(html: str, limit: int) -> str:
    """Give the first words of a rendered post in one line of at most `limit` characters.

    What is quoted and the references are left out, unless there is nothing else.
    """
    words = words_of(html, left_out=frozenset({"blockquote", "references"})) or words_of(html)
    line = " ".join(words.split())
    if len(line) <= limit:
        return line
    cut = line[: max(limit - 1, 0)]
    if not line[len(cut)].isspace() and " " in cut[-40:]:
        cut = cut[: cut.rindex(" ")]
    return _whole(cut, line).rstrip(" ,;:-–") + "…" if limit > 0 else ""


def _whole(cut: str, line: str) -> str:
    """Shorten a cut that would fall between the parts of one character: an accent, an emoji."""
    while cut and (_joins(line[len(cut)]) or cut[-1] == "\u200d"):
        cut = cut[:-1]
    return cut


def _joins(char: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return char in _JOINERS or is_skin_tone or unicodedata.combining(char) != 0
