"""Reads what stands inside a block: references, links, emphasis."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

import markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from community.kernel.markup.characters import WORD
from community.kernel.markup.links import (
    AMP,
    BARE_URL,
    LABEL,
    hides_host,
    hides_words,
    is_allowed_href,
    outside_host,
)

_LINK = (
    r"(!?)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500})\]"
    r"\(<?((?:[^\s()<>\x02]|\([^\s()<>\x02]{0,500}\)){1,2000})>? *\)"
)
_BOTH = rf"(?<![{WORD}*])\*\*\*(?![\s*])([^*\n]++)(?<!\s)\*\*\*(?![{WORD}*])"
_IN_STARS = r"(?:[^*\n]|\*(?!\*))"
_STRONG = (
    rf"(?<![{WORD}*])\*\*(?![\s*])({_IN_STARS}+(?:\n{_IN_STARS}+)?)(?<![\s*])\*\*(?![{WORD}*])"
)
_EM = rf"(?<![{WORD}*/])\*(?![\s*])([^*\n]++(?:\n[^*\n]++)?+)(?<!\s)\*(?![{WORD}*])"
_IN_LINES = rf"(?:[^_\n]|(?<=[{WORD}])_+(?=[{WORD}]))"
_WORDS = rf"(?=[^_\n]*[^\W_])({_IN_LINES}++)"  # `__/__/____` is to be filled in
_STRONG_LOW = rf"(?<![{WORD}_'\"])__(?!(?-i:[A-Z_]+)_|[\s_]){_WORDS}(?<!\s)__(?![{WORD}_])"
_EM_LOW = rf"(?<![{WORD}_/])_(?![\s_]){_WORDS}(?<!\s)_(?![{WORD}_])"


class Cited:
    """The references of the text that is read: their words by label, in the order of citing."""

    def __init__(self) -> None:
        self.notes: Mapping[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._key = ""

    def name(self, notes: Mapping[str, str], key: str) -> None:
        """Take the references of a text, whose ids begin with a key."""
        self.notes, self._key = notes, key
        self._numbers = {label: number for number, label in enumerate(notes, start=1)}

    def number_of(self, label: str) -> int | None:
        """Return which reference a label names, if it is one."""
        return self._numbers.get(label)

    def place_of(self, number: int) -> str:
        """Return the id of a reference."""
        return f"{self._key}-r{number}"


def read_lines(md: markdown.Markdown, cited: Cited) -> None:
    """Register the patterns inside a block; the first to match a place has it."""
    patterns: tuple[tuple[str, Callable[[re.Match[str]], ET.Element | str | None]], ...] = (
        (rf"\[\^({LABEL})\]", lambda match: _citation(cited, match[1])),
        (_LINK, _link),
        (r"<(https?://[^\s<>\x02]{1,2000})>", lambda match: match[1]),
        (BARE_URL.pattern, lambda match: match[0]),  # kept from emphasis for the linkifier
        (_BOTH, lambda match: _element("strong", _element("em", match[1]))),
        (_STRONG, lambda match: _element("strong", match[1])),
        (_EM, lambda match: _element("em", match[1])),
        (_STRONG_LOW, lambda match: _element("strong", match[1])),
        (_EM_LOW, lambda match: _element("em", match[1])),
    )
    for place, (pattern, build) in enumerate(patterns):
        md.inlinePatterns.register(_Pattern(pattern, md, build), f"post{place}", 100 - place)


class _Pattern(InlineProcessor):
    """Puts what a function builds in the place of each match; None leaves it as typed."""

    def __init__(
        self,
        pattern: str,
        md: markdown.Markdown,
        build: Callable[[re.Match[str]], ET.Element | str | None],
    ) -> None:
        super().__init__(pattern, md)
        self.compiled_re = re.compile(pattern, re.IGNORECASE)
        self._build = build

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element | str | None, int | None, int | None]:
        """Give what stands in the place of `data` from here to there."""
        built = self._build(m)
        return (None, None, None) if built is None else (built, m.start(), m.end())


def _element(tag: str, inner: str | ET.Element) -> ET.Element:
    element = ET.Element(tag)
    if isinstance(inner, str):
        element.text = inner
    else:
        element.append(inner)
    return element


def _citation(cited: Cited, label: str) -> ET.Element | None:
    """Build the number of a reference; None for a label that has none."""
    number = cited.number_of(label)
    if number is None:
        return None
    link = _element("a", AtomicString(str(number)))
    link.set("href", f"#{cited.place_of(number)}")
    sup = _element("sup", link)
    sup.set("class", "cite")
    return sup


def _link(match: re.Match[str]) -> ET.Element | None:
    """Build `[words](address)`; an image is a link too, since nothing loads from elsewhere."""
    href = match[3].replace(AMP, "&")
    label = match[2].strip()
    if not is_allowed_href(href) or hides_words(label, href):
        return None
    link = _element("a", label or AtomicString(match[3]))
    link.set("href", href)
    host = outside_host(href)
    if host and hides_host(label or href, host):
        span = _element("span", AtomicString(f" ({host})"))
        span.set("class", "host")
        link.append(span)
    return link
