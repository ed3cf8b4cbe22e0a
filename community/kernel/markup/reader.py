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

from community.kernel.markup.blocks import Arranged, arrange
from community.kernel.markup.inline import read_lines

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
    md = markdown.Markdown()
    arranged = arrange(text, md.htmlStash.store)
    _cut_down(md)
    _read_blocks(md)
    read_lines(md, list(arranged.notes), key)
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
