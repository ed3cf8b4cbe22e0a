"""Reads strict Markdown into HTML with the Markdown library, cut down to what a post may hold.

Out: raw HTML, entities, link definitions, code by indent, headings by underline, images. Each
inline pattern is bounded, where the library's own look for a closing bracket through all the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from community.kernel.markup.blocks import WORD, Arranged, arrange
from community.kernel.markup.links import (
    AMP,
    BARE_URL,
    hides_host,
    is_allowed_href,
    outside_host,
)

_DROPPED_INLINE = (
    *("backtick", "escape", "reference", "link", "image_link", "image_reference"),
    *("short_reference", "short_image_ref", "autolink", "automail", "linebreak", "html", "entity"),
    "em_strong",
)
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_DIRECTED = {"p", "li", "h3", "h4", "h5", "h6", "th", "td"}

_LINK = (
    r"(!?)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500})\]"
    r"\(<?((?:[^\s()<>\x02]|\([^\s()<>\x02]{0,500}\)){1,2000})>?(?: +\"[^\"\n]{0,500}\")? *\)"
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


def to_html(text: str, *, key: str) -> str:
    """Turn a clean text into HTML that still has to be sanitized.

    Args:
        text: without control characters, tabs and lone surrogates; `AMP` stands for each `&`.
        key: what the ids of this post's references begin with, letters, digits and hyphens.
    """
    md = markdown.Markdown()
    arranged = arrange(text, md.htmlStash.store)
    _cut_down(md)
    _read_blocks(md)
    _read_lines(md, arranged, key)
    md.treeprocessors.register(_References(arranged, key), "references", 30)
    md.treeprocessors.register(_Breaks(md), "breaks", 10)
    if _RTL.search(text):
        md.treeprocessors.register(_Direction(md), "direction", 5)
    return md.convert(arranged.text)


def _cut_down(md: markdown.Markdown) -> None:
    """Take out of the library what a post is not read for."""
    for name in ("normalize_whitespace", "html_block"):
        md.preprocessors.deregister(name)
    for name in ("code", "setextheader", "reference"):
        md.parser.blockprocessors.deregister(name)
    for name in _DROPPED_INLINE:
        md.inlinePatterns.deregister(name)
    md.treeprocessors.deregister("prettify")
    md.postprocessors.deregister("amp_substitute")


def _read_blocks(md: markdown.Markdown) -> None:
    SaneListExtension().extendMarkdown(md)
    TableExtension(use_align_attribute=True).extendMarkdown(md)
    md.parser.blockprocessors.register(_Heading(md.parser), "hashheader", 70)
    md.parser.blockprocessors.register(_Rule(md.parser), "hr", 50)
    md.parser.blockprocessors.register(_Quote(md.parser), "quote", 20)


def _read_lines(md: markdown.Markdown, arranged: Arranged, key: str) -> None:
    """Register the patterns inside a block; the first to match a place has it."""
    numbers = {label: number for number, label in enumerate(arranged.notes, start=1)}
    patterns: tuple[tuple[str, Callable[[re.Match[str]], ET.Element | str | None]], ...] = (
        (r"\[\^([\w.-]{1,40})\]", lambda match: _citation(numbers.get(match[1]), key)),
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


def _citation(number: int | None, key: str) -> ET.Element | None:
    """Build the number of a reference; None for a label that has none."""
    if number is None:
        return None
    link = _element("a", AtomicString(str(number)))
    link.set("href", f"#{key}-r{number}")
    sup = _element("sup", link)
    sup.set("class", "cite")
    return sup


def _link(match: re.Match[str]) -> ET.Element | None:
    """Build `[words](address)`; an image is a link too, since nothing loads from elsewhere."""
    href = match[3].replace(AMP, "&")
    if not is_allowed_href(href):
        return None
    label = match[2].strip()
    link = _element("a", label or AtomicString(match[3]))
    link.set("href", href)
    host = outside_host(href)
    if host and hides_host(label or href, host):
        span = _element("span", AtomicString(f" ({host})"))
        span.set("class", "host")
        link.append(span)
    return link


class _Heading(BlockProcessor):
    """A heading stands two steps lower than typed: the page and the thread have the first two."""

    def test(self, parent: ET.Element, block: str) -> bool:
        return re.match(r"#{1,6} ", block) is not None

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        marks, text = blocks.pop(0).split(" ", 1)
        ET.SubElement(parent, f"h{min(len(marks) + 2, 6)}").text = text.strip()


class _Rule(BlockProcessor):
    """A line of three hyphens; `arrange` writes no other."""

    def test(self, parent: ET.Element, block: str) -> bool:
        return block.strip() == "---"

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        blocks.pop(0)
        ET.SubElement(parent, "hr")


class _Quote(BlockProcessor):
    """A block of `>` lines; each is a quote of its own, since two may quote two people."""

    def test(self, parent: ET.Element, block: str) -> bool:
        return block.startswith(">")

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        inner = "\n".join(re.sub("^> ?", "", line) for line in blocks.pop(0).split("\n"))
        self.parser.state.set("blockquote")
        self.parser.parseChunk(ET.SubElement(parent, "blockquote"), inner)
        self.parser.state.reset()


class _References(Treeprocessor):
    """Lists the references under the text."""

    def __init__(self, arranged: Arranged, key: str) -> None:
        super().__init__()
        self._arranged, self._key = arranged, key

    def run(self, root: ET.Element) -> None:
        if not self._arranged.notes:
            return
        references = ET.SubElement(root, "ol", {"class": "references"})
        for number, text in enumerate(self._arranged.notes.values(), start=1):
            item = ET.SubElement(references, "li", {"id": f"{self._key}-r{number}"})
            ET.SubElement(item, "span").text = text


class _Breaks(Treeprocessor):
    """A line ended by its author ends in the post."""

    def run(self, root: ET.Element) -> None:
        for parent in list(root.iter()):
            children: list[ET.Element] = []
            parent.text = _split(parent.text, children)
            for child in list(parent):
                children.append(child)
                child.tail = _split(child.tail, children)
            parent[:] = children


def _split(text: str | None, children: list[ET.Element]) -> str | None:
    """Give the first line of a text, and put a `br` with each further one behind the children."""
    if not text or "\n" not in text:
        return text
    first, *lines = text.split("\n")
    for line in lines:
        br = ET.Element("br")
        br.tail = line
        children.append(br)
    return first


class _Direction(Treeprocessor):
    """Lets each block of a text with right-to-left letters find its own direction."""

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            if element.tag in _DIRECTED and not (element.text or "").startswith("\x02"):
                element.set("dir", "auto")
