"""Reads strict Markdown into HTML with the Markdown library, cut down to what a post may hold.

Out: raw HTML, entities, link definitions, code by indent, headings by underline, images. Each
inline pattern is bounded, where the library's own look for a closing bracket through all the text.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from community.kernel.markup.blocks import arrange
from community.kernel.markup.inline import Cited, read_lines
from community.kernel.spare import Spare

_DROPPED_INLINE = (
    *("backtick", "escape", "reference", "link", "image_link", "image_reference"),
    *("short_reference", "short_image_ref", "autolink", "automail", "linebreak", "html", "entity"),
    "em_strong",
)
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_DIRECTED = {"p", "li", "h3", "h4", "h5", "h6", "th", "td"}


def to_html(text: str, *, key: str) -> str:
    """Turn a clean text into HTML that still has to be sanitized.

    Args:
        text: without control characters, tabs and lone surrogates; `AMP` stands for each `&`.
        key: what the ids of this post's references begin with, letters, digits and hyphens.
    """
    with _readers.taken() as reader:
        return reader.read(text, key)


class _Reader:
    """The library, cut down and taught: that takes as long as it then reads a short text."""

    def __init__(self) -> None:
        self._md, self._cited = md, cited = markdown.Markdown(), Cited()
        _cut_down(md)
        _read_blocks(md)
        read_lines(md, cited)
        self._direction = _Direction(md)
        md.treeprocessors.register(_References(cited), "references", 30)
        md.treeprocessors.register(_Breaks(md), "breaks", 10)
        md.treeprocessors.register(self._direction, "direction", 5)

    def read(self, text: str, key: str) -> str:
        """Read one text; nothing of the one before is left."""
        self._md.reset()
        arranged = arrange(text, self._md.htmlStash.store)
        self._cited.name(arranged.notes, key)
        self._direction.is_asked_for = bool(_RTL.search(text))
        return self._md.convert(arranged.text)


_readers = Spare(_Reader)


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

    def __init__(self, cited: Cited) -> None:
        super().__init__()
        self._cited = cited

    def run(self, root: ET.Element) -> None:
        if not self._cited.notes:
            return
        references = ET.SubElement(root, "ol", {"class": "references"})
        for number, text in enumerate(self._cited.notes.values(), start=1):
            item = ET.SubElement(references, "li", {"id": self._cited.place_of(number)})
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

    is_asked_for = False

    def run(self, root: ET.Element) -> None:
        for element in root.iter() if self.is_asked_for else ():
            if element.tag in _DIRECTED and not (element.text or "").startswith("\x02"):
                element.set("dir", "auto")
