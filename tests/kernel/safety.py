"""Says what in a piece of HTML a post may not hold, read by a parser of another make than ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAGS = set(
    "a blockquote br code em h3 h4 h5 h6 hr li ol p pre span strong sup table tbody td th thead tr"
    " ul".split()
)
_ATTRIBUTES = {"align", "class", "dir", "href", "id", "rel", "start", "target"}
_CLASS = re.compile(r"references|cite|host|language-[a-z0-9+#.-]+")
_HREF = re.compile(r"https?://[^\s/\\@]|mailto:|/(?![/\\])|#[\w-]+$", re.IGNORECASE)


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.faults.append(f"tag {tag}")
        if tag not in {"br", "hr"}:
            self.open.append(tag)
        for name, value in attrs:
            self._judge_attribute(name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"unbalanced {tag}")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("instruction")

    def _judge_attribute(self, name: str, value: str) -> None:
        if name not in _ATTRIBUTES:
            self.faults.append(f"attribute {name}")
        if name == "class" and not _CLASS.fullmatch(value):
            self.faults.append(f"class {value}")
        if name == "href" and not _HREF.match(value):
            self.faults.append(f"href {value}")


def faults_of(html: str) -> list[str]:
    """Name each tag, attribute or address in HTML that a post may not hold, and what is left open.

    Args:
        html: what `render` gave.
    """
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return judge.faults + [f"open {tag}" for tag in judge.open]
