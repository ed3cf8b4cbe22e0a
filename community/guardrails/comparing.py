"""What differs between two sets of rules, rule by rule and field by field. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from community.guardrails.engine import GuardrailSet, Rule
from community.kernel.difference import DifferenceBlock, difference

TEXTS: tuple[str, ...] = ("says", "why", "suggestion", "instead")


@dataclass(frozen=True)
class FieldChange:
    """One field of a rule: a reworded text as `blocks`, else what was taken out and put in."""

    name: str
    blocks: Sequence[DifferenceBlock] = ()
    gone: Sequence[str] = ()
    new: Sequence[str] = ()


@dataclass(frozen=True)
class RuleChange:
    """A rule that stands in both sets and is not the same; `rule` as it is in the newer."""

    before: Rule
    rule: Rule
    fields: Sequence[FieldChange]

    @property
    def weighs(self) -> bool:
        """Whether it may judge texts otherwise than before: more than its words changed."""
        return any(change.name not in {*TEXTS, "hit", "miss"} for change in self.fields)


@dataclass(frozen=True)
class Comparison:
    """What a newer set adds, takes away and changes; `lists` and `products` by their names."""

    added: Sequence[Rule] = ()
    removed: Sequence[Rule] = ()
    changed: Sequence[RuleChange] = ()
    lists: Sequence[FieldChange] = ()
    products: FieldChange = field(default_factory=lambda: FieldChange("products"))
    same: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether both judge alike and say the same."""
        found = self.added or self.removed or self.changed or self.lists
        return not (found or self.products.gone or self.products.new)

    @property
    def touched(self) -> frozenset[str]:
        """The ids of rules that are new or not as they were."""
        return frozenset(
            [rule.id for rule in self.added] + [change.rule.id for change in self.changed]
        )


def compare(before: GuardrailSet, after: GuardrailSet) -> Comparison:
    """Say what the newer of two sets does otherwise."""
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    changed = [
        RuleChange(old[rule.id], rule, fields)
        for rule in after.rules
        if rule.id in old and (fields := _fields(old[rule.id], rule))
    ]
    both = len(old.keys() & new.keys())
    return Comparison(
        added=[rule for rule in after.rules if rule.id not in old],
        removed=[rule for rule in before.rules if rule.id not in new],
        changed=changed,
        lists=_lists(before, after),
        products=_entries(
            "products", [p.sha256 for p in before.products], [p.sha256 for p in after.products]
        )
        or FieldChange("products"),
        same=both - len(changed),
    )


# --- one rule ------------------------------------------------------------------------------------


def _codes(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]


def _day(day: date | None) -> list[str]:
    return [day.isoformat()] if day else []


_LISTED: dict[str, Callable[[Rule], Sequence[str]]] = {
    "kind": lambda rule: [rule.kind],
    "outcome": lambda rule: [rule.outcome],
    "route": lambda rule: rule.route,
    "offers": lambda rule: _codes(getattr(rule, "offers", ())),
    "affiliations": lambda rule: sorted(rule.scope.affiliations),
    "roles": lambda rule: sorted(rule.scope.roles),
    "countries": lambda rule: sorted(rule.scope.countries),
    "of_products": lambda rule: sorted(rule.scope.products),
    "spaces": lambda rule: sorted(rule.scope.spaces),
    "kinds": lambda rule: sorted(rule.scope.kinds),
    "thread_kinds": lambda rule: sorted(getattr(rule.scope, "thread_kinds", ())),
    "begins": lambda rule: _day(rule.scope.begins),
    "ends": lambda rule: _day(rule.scope.ends),
    "detector": lambda rule: [rule.detector] if rule.detector else [],
    "options": lambda rule: [f"{key}: {value}" for key, value in sorted(rule.options.items())],
    "phrases": lambda rule: [phrase.source for phrase in rule.phrases],
    "with": lambda rule: [phrase.source for phrase in rule.with_],
    "and_with": lambda rule: [phrase.source for phrase in rule.and_with],
    "with_in": lambda rule: [rule.with_in] if rule.with_ else [],
    "unless": lambda rule: [phrase.source for phrase in rule.unless],
    "unless_in": lambda rule: [rule.unless_in] if rule.unless else [],
    "quotes": lambda rule: [rule.quotes],
    "spare_careful": lambda rule: ["true"] if getattr(rule, "spare_careful", False) else [],
    "fallback": lambda rule: ["true"] if getattr(rule, "fallback", False) else [],
    "hit": lambda rule: [example.text for example in rule.examples if example.hits],
    "miss": lambda rule: [example.text for example in rule.examples if not example.hits],
}


def _fields(before: Rule, after: Rule) -> list[FieldChange]:
    texts = [
        FieldChange(name, blocks=difference(was, now))
        for name in TEXTS
        if (was := getattr(before, name, "")) != (now := getattr(after, name, ""))
    ]
    listed = [_entries(name, read(before), read(after)) for name, read in _LISTED.items()]
    return texts + [change for change in listed if change is not None]


def _entries(name: str, before: Sequence[str], after: Sequence[str]) -> FieldChange | None:
    gone = [entry for entry in before if entry not in after]
    new = [entry for entry in after if entry not in before]
    return FieldChange(name, gone=gone, new=new) if gone or new else None


def _lists(before: GuardrailSet, after: GuardrailSet) -> list[FieldChange]:
    """Named lists, lists of hosts and fixed texts; what product files fill is left to them."""
    found = [
        *_named(
            {name: [p.source for p in phrases] for name, phrases in before.lists.items()},
            {name: [p.source for p in phrases] for name, phrases in after.lists.items()},
        ),
        *_named(
            {name: sorted(hosts) for name, hosts in before.hosts.items()},
            {name: sorted(hosts) for name, hosts in after.hosts.items()},
        ),
    ]
    for name in sorted(before.texts.keys() | after.texts.keys()):
        was, now = before.texts.get(name, ""), after.texts.get(name, "")
        if was != now:
            found.append(FieldChange(name, blocks=difference(was, now)))
    return found


def _named(before: dict[str, list[str]], after: dict[str, list[str]]) -> Iterable[FieldChange]:
    for name in sorted(before.keys() | after.keys()):
        change = _entries(name, before.get(name, []), after.get(name, []))
        if change is not None:
            yield change
