"""The examples of a rule, each with the context it is judged in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from community.guardrails.engine import ROLES, TEXT_KINDS, THREAD_KINDS, Context, Example, Scope
from community.guardrails.loader.fields import Fields

_EXAMPLE_KEYS = frozenset(
    "text country countries products kind role thread thread_kind thread_title tags answered"
    " thread_texts approved_texts attachments posting_paused".split()
)
_REPEAT = re.compile(r"@repeat (\d{1,5}) (.+)", re.DOTALL)


def read_examples(fields: Fields, rule: Mapping[str, Any], scope: Scope) -> Iterator[Example]:
    """The texts that must hit and must not; a rule without either is at fault."""
    table = fields.table(rule, "examples")
    fields.known(table, frozenset({"hit", "miss"}), "examples: ")
    for kind in ("hit", "miss"):
        rows = fields.rows(table, kind)
        if not rows:
            fields.fault(f"there is no example that must {kind}", "examples")
        place = fields.place_of(kind, "examples")
        for row in rows:
            given = row if isinstance(row, dict) else {"text": row}
            fields.known(given, _EXAMPLE_KEYS, f"{kind}: ")
            text = _REPEAT.sub(_repeated, fields.text(given, "text"))
            context = _context(fields, given, scope)
            yield Example(text=text, hits=kind == "hit", context=context, place=place)


def _repeated(match: re.Match[str]) -> str:
    return " ".join([match[2]] * int(match[1]))


def _context(fields: Fields, given: Mapping[str, Any], scope: Scope) -> Context:
    """The context of an example: what it names, else the first that its rule's scope allows."""
    _check(fields, given)
    country = fields.text(given, "country") or _one(scope.countries, "GB")
    thread = fields.text(given, "thread")
    return Context(
        affiliation=_one(scope.affiliations, "company"),
        role=fields.text(given, "role") or _one(scope.roles, ""),
        countries=frozenset(fields.strings(given, "countries") or [country]),
        products=frozenset(fields.strings(given, "products")),
        kind=fields.text(given, "kind") or _one(scope.kinds, "post"),
        space=_one(scope.spaces, ""),
        marks=frozenset({thread} if thread else ()),
        thread_kind=fields.text(given, "thread_kind") or _one(scope.thread_kinds, ""),
        thread_title=fields.text(given, "thread_title"),
        tags=tuple(fields.strings(given, "tags")),
        answered=fields.text(given, "answered"),
        thread_texts=tuple(fields.strings(given, "thread_texts")) or None,
        approved_texts=tuple(fields.strings(given, "approved_texts")),
        attachments=tuple(fields.strings(given, "attachments")),
        posting_paused=given.get("posting_paused") is True,
    )


def _check(fields: Fields, given: Mapping[str, Any]) -> None:
    """Words of the context that would never be met, so that the example would show nothing."""
    for key, allowed in (("kind", TEXT_KINDS), ("thread_kind", THREAD_KINDS), ("role", ROLES)):
        fields.choice(given, key, allowed)
    fields.countries(given, "countries")
    fields.countries({"country": [given["country"]]} if "country" in given else {}, "country")


def _one(of: frozenset[str], usual: str) -> str:
    """The usual value where the scope allows it, else the first by the alphabet."""
    return usual if not of or usual in of else min(of)
