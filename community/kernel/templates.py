"""Templates without their indentation: it is for who writes them, not for who loads the page."""

from __future__ import annotations

import re

from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Unindented(Extension):
    """Take the spaces at the beginning of a line out of pages; letters keep theirs."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source as it is compiled; line numbers stay as they are."""
        return _INDENTATION.sub("", source) if (name or "").endswith(".html") else source
