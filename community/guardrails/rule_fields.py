"""One rule between its lines in the file and the fields of a form.

Only the lines of fields that were changed are written anew; comments and the rest stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from community.guardrails import blocks
from community.guardrails.blocks import Value

SKELETON = """[[rule]]
id = ""
[rule.examples]
hit = []
miss = []"""
_TEXTS = ("id", "kind", "says", "why", "outcome", "suggestion", "instead")
_PHRASES = ("phrases", "with", "and_with", "unless")
_SCOPE = ("affiliations", "kinds", "products", "countries")
_SCOPE_TABLE, _EXAMPLES_TABLE = "[rule.scope]", "[rule.examples]"


@dataclass(frozen=True)
class RuleFields:
    """A rule as a form shows it; lists in their order, `route` with the deciding desk first."""

    id: str = ""
    kind: str = ""
    says: str = ""
    why: str = ""
    outcome: str = ""
    suggestion: str = ""
    instead: str = ""
    route: Sequence[str] = ()
    phrases: Sequence[str] = ()
    with_: Sequence[str] = ()
    and_with: Sequence[str] = ()
    unless: Sequence[str] = ()
    affiliations: Sequence[str] = ()
    kinds: Sequence[str] = ()
    products: Sequence[str] = ()
    countries: Sequence[str] = ()
    begins: date | None = None
    ends: date | None = None
    hit: Sequence[str] = ()
    miss: Sequence[str] = ()
    detector: str = ""

    def entries(self, name: str) -> Sequence[str]:
        """Return a list by the name that the file gives it."""
        found: Sequence[str] = getattr(self, "with_" if name == "with" else name)
        return found


def find_fields(text: str) -> RuleFields | None:
    """Return a rule's fields; None where a form could not show it whole."""
    try:
        rule = blocks.require_one_rule(text)
    except blocks.NotOneRule:
        return None
    scope, examples = rule.get("scope", {}), rule.get("examples", {})
    if not isinstance(scope, dict) or not isinstance(examples, dict):
        return None
    if not _is_plain(rule, scope, examples) or not _has_room(text, rule):
        return None
    detector = rule.get("detector", {})
    return RuleFields(
        **{name: str(rule.get(name, "")) for name in _TEXTS},
        route=rule.get("route", []),
        phrases=rule.get("phrases", []),
        with_=rule.get("with", []),
        and_with=rule.get("and_with", []),
        unless=rule.get("unless", []),
        **{name: scope.get(name, []) for name in _SCOPE},
        begins=scope.get("from"),
        ends=scope.get("until"),
        hit=examples.get("hit", []),
        miss=examples.get("miss", []),
        detector=str(detector.get("name", "")) if isinstance(detector, dict) else "",
    )


def _is_plain(
    rule: Mapping[str, Any], scope: Mapping[str, Any], examples: Mapping[str, Any]
) -> bool:
    """Whether every value is of the kind that a field holds: one line a text."""
    lists = [
        *(rule.get(name, []) for name in ("route", *_PHRASES)),
        *(scope.get(name, []) for name in _SCOPE),
        *(examples.get(name, []) for name in ("hit", "miss")),
    ]
    return (
        all(isinstance(rule.get(name, ""), str) for name in _TEXTS)
        and all(_are_lines(values) for values in lists)
        and all(type(scope.get(name, date.min)) is date for name in ("from", "until"))
    )


def _are_lines(values: object) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, str) and "\n" not in value and value == value.strip() for value in values
    )


def _has_room(text: str, rule: Mapping[str, Any]) -> bool:
    """Whether scope and examples stand where they can be written anew."""
    return all(
        name not in rule or blocks.has_part(text, f"[rule.{name}]") or blocks.has_key(text, name)
        for name in ("scope", "examples")
    )


def written(text: str, new: RuleFields) -> str:
    """Return a rule's lines with the fields that differ written anew.

    Raises:
        NotOneRule: the lines are not one rule.
    """
    rule = blocks.require_one_rule(text)
    scope, examples = rule.get("scope", {}), rule.get("examples", {})
    changed: dict[str, Value] = {
        name: value for name in _TEXTS if (value := getattr(new, name)) != rule.get(name, "")
    }
    changed |= {
        name: list(new.entries(name))
        for name in ("route", *_PHRASES)
        if list(new.entries(name)) != rule.get(name, [])
    }
    text = blocks.set_values(text, changed)
    text = _write_part(text, "scope", _SCOPE_TABLE, scope, _scope(scope, new))
    kept = {**examples, "hit": list(new.hit), "miss": list(new.miss)}
    return _write_part(text, "examples", _EXAMPLES_TABLE, examples, kept)


def _scope(scope: Mapping[str, Any], new: RuleFields) -> dict[str, Any]:
    """The scope with what a form shows of it; roles, spaces and the rest stay as they are."""
    shown: dict[str, Any] = {name: list(new.entries(name)) for name in _SCOPE}
    shown |= {"from": new.begins, "until": new.ends}
    kept = {**{name: value for name, value in scope.items() if name not in shown}}
    order = dict.fromkeys([*scope, *shown])
    merged = {**kept, **shown}
    return {name: merged[name] for name in order if merged[name]}


def _write_part(
    text: str, name: str, table: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> str:
    if old == new:
        return text
    if not blocks.has_part(text, table):
        return blocks.set_values(text, {name: dict(new)})
    changed = {key: new.get(key, "") for key in dict.fromkeys([*old, *new])
               if old.get(key) != new.get(key)}  # fmt: skip
    return blocks.set_values(text, changed, table=table)
