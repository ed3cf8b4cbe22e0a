"""Figures as a file for a spreadsheet: comma-separated, with nothing that it would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Where a cell may begin, also for a spreadsheet that takes another separator than the comma.
_RUN_BY_SPREADSHEETS = re.compile(r"(^|[;,\t\r\n])([ \t\r\n\"]*)(?=[=+\-@])|^(?=[\t\r])")


def write(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV (RFC 4180).

    What a spreadsheet would take for a formula, also within a text, gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue()


def _plain(value: object) -> object:
    if value is None:
        return ""
    return _RUN_BY_SPREADSHEETS.sub(r"\1\2'", value) if isinstance(value, str) else value
