"""An approved response as a file says it: TOML between `+++` lines, then Markdown."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from community.kernel import toml
from community.kernel.errors import Invalid
from community.kernel.words import N_

FENCE = "+++"
LONGEST = 50_000
_CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")  # it stands in an address
KINDS = ("standard response", "pointer", "form")


@dataclass(frozen=True, kw_only=True)
class ResponseFile:
    """What a file says of one version of one response. Countries are ISO 3166 codes."""

    code: str
    version: str
    kind: str
    title: str
    product: str
    countries: tuple[str, ...]
    language: str
    owner: str
    approved_on: date
    approved_until: date
    approved_by: tuple[str, ...]
    references: tuple[str, ...]
    answers: tuple[str, ...]
    text: str
    source: str

    @property
    def sha256(self) -> str:
        """The hash of the exact file."""
        return hashlib.sha256(self.source.encode()).hexdigest()


def read_response(source: str) -> ResponseFile:
    """Read a file.

    Raises:
        Invalid: it is no such file; the sentence says what is missing or wrong.
    """
    source = source.replace("\r\n", "\n")
    if len(source) > LONGEST:
        raise Invalid(N_("That is too long for an approved response."), field="source")
    head, text = _parts(source)
    file = ResponseFile(
        code=_word(head, "id", 64),
        version=_word(head, "version", 32),
        kind=_word(head, "kind", 32),
        title=_word(head, "title", 255),
        product=_word(head, "product", 64),
        countries=_words(head, "countries"),
        language=_word(head, "language", 16),
        owner=_word(head, "owner", 255),
        approved_on=_day(head, "approved_on"),
        approved_until=_day(head, "approved_until"),
        approved_by=_words(head, "approved_by"),
        references=_words(head, "references", may_be_empty=True),
        answers=_words(head, "answers"),
        text=text,
        source=source,
    )
    if not _CODE.fullmatch(file.code):
        raise _wrong("id", N_("letters and figures with a hyphen between, such as SR-ORT-003"))
    if file.kind not in KINDS:
        raise _wrong("kind", N_("one of: standard response, pointer, form"))
    if file.approved_until < file.approved_on:
        raise _wrong("approved_until", N_("a day that is not before approved_on"))
    return file


def _parts(source: str) -> tuple[dict[str, Any], str]:
    first, _, rest = source.lstrip("\n").partition("\n")
    head, fence, text = rest.partition(f"\n{FENCE}\n")
    if first.strip() != FENCE or not fence:
        raise Invalid(
            N_("The file begins with +++, its particulars as TOML, and +++ again."), field="source"
        )
    try:
        found = toml.read(head)
    except toml.UnreadableToml as problem:
        raise Invalid(
            N_("The particulars can't be read: %(problem)s"), field="source", problem=str(problem)
        ) from None
    if not text.strip():
        raise Invalid(N_("The response has no text."), field="source")
    return found, text.strip()


def _wrong(key: str, wanted: str) -> Invalid:
    return Invalid(N_("“%(key)s” must be %(wanted)s."), field="source", key=key, wanted=wanted)


def _word(head: dict[str, Any], key: str, longest: int) -> str:
    value = head.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise _wrong(key, N_("a short text"))
    return value.strip()


def _words(head: dict[str, Any], key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
    value = head.get(key)
    fits = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    if not fits or not (value or may_be_empty):
        raise _wrong(key, N_("a list of texts"))
    assert isinstance(value, list)
    return tuple(value)


def _day(head: dict[str, Any], key: str) -> date:
    value = head.get(key)
    if type(value) is not date:
        raise _wrong(key, N_("a day such as 2027-10-18"))
    return value
