"""Whether words name a source that can be looked up, told by their form and by the product files.

A DOI is `10.`, four to nine digits, a slash and a suffix (ISO 26324); a PMID has up to eight digits
(NLM); a trial number is NCT or ISRCTN and eight digits. A citation begins with who wrote, and has a
journal and a year after that (ICMJE, Recommendations, "References").
"""

from __future__ import annotations

import re
from collections.abc import Collection

_IDENTIFIER = re.compile(
    r"(?<![\w.])10\.\d{4,9}/[^\s/.,;:]\S*|\bPMID:? ?[1-9]\d{0,7}\b|\b(?:NCT|ISRCTN) ?\d{8}\b",
    re.IGNORECASE,
)
_LIBRARY_ID = re.compile(r"(?<![\w-])([A-Z]{2,8})[ -](\d{1,4})(?!\w)", re.IGNORECASE)
_GREAT = "A-ZÀ-ÖØ-ÞĆČĐŁŃŐŚŞŠŰŻŽİ"
_NAME = rf"[{_GREAT}][\w'’-]+"
_INITIALS = rf"(?:[{_GREAT}]{{1,3}}\b|(?:[{_GREAT}]\.[ -]?){{1,3}})"
_PREFIX = r"(?:(?:van|von|de|der|den|del|di|da|la|le|dos|ten|ter) )*"
_AUTHOR = re.compile(
    rf"(?:{_PREFIX}{_NAME}"
    rf"(?:,? {_INITIALS}|,? et al\b|,? (?:and|&) {_NAME}|(?: {_NAME}| of| for)*[.,:])"
    rf"|{_INITIALS} ?{_PREFIX}{_NAME})"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_JOURNAL = re.compile(rf"(?<!\w){_NAME}")


def leads_somewhere(text: str, *, known: Collection[str], year: int) -> bool:
    """Whether a text names a source.

    Args:
        text: on one line.
        known: the ids of the library.
        year: the one that it is; nothing has been published later.
    """
    return bool(_IDENTIFIER.search(text)) or names_one_of(text, known) or _is_cited(text, year)


def names_one_of(text: str, known: Collection[str]) -> bool:
    """Whether one of these ids of the library stands in a text, such as ORT-01."""
    return any(f"{one[1].upper()}-{one[2].zfill(2)}" in known for one in _LIBRARY_ID.finditer(text))


def _is_cited(text: str, year: int) -> bool:
    author = _AUTHOR.match(text)
    if author is None:
        return False
    rest = text[author.end() :]
    years = [int(found) for found in _YEAR.findall(rest)]
    return any(found <= year for found in years) and bool(_JOURNAL.search(rest))
