"""One rule file: its lists, its rules and their examples, read with the products they speak of."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from community.guardrails.detectors import DETECTORS
from community.guardrails.engine import (
    DESKS,
    KINDS,
    OFFERS,
    OUTCOMES,
    QUOTES,
    ROLES,
    TEXT_KINDS,
    THREAD_KINDS,
    GuardrailSet,
    Product,
    Rule,
    Scope,
)
from community.guardrails.loader.examples import read_examples
from community.guardrails.loader.fields import Fields, GuardrailFileError, read_toml
from community.guardrails.loader.lists import check_references, read_lists, read_phrases
from community.guardrails.phrases import Phrase

SCHEMA = 1
MOST_RULES = 2_000
"""In one file. Each costs every judgement a little; the shipped set has less than a tenth."""
_FILE_KEYS = frozenset(
    "schema id version title language effective review_due needs_signature principle defaults texts"
    " lists lists_of_hosts rule".split()
)
_RULE_KEYS = frozenset(
    "id kind says why scope phrases detector outcome route suggestion instead offers examples with"
    " and_with with_in unless unless_in quotes spare_careful fallback".split()
)
_SCOPE_KEYS = frozenset(
    "affiliations roles products countries kinds thread_kinds spaces from until".split()
)
_AFFILIATIONS = ("company", "hcp")
_DEFAULTS = frozenset({"with_in", "unless_in", "quotes"})
_LANGUAGE = re.compile(r"[a-z]{2}")
_PLACES = ("sentence", "post")
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]++)+")


def sha256_of(content: object) -> str:
    """SHA-256 of parsed content: layout and comments do not count, every value does."""
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


class RuleFile:
    """Reads one rule file, collecting every fault before it gives up."""

    def __init__(
        self, source: str, products: tuple[Product, ...], name: str, *, any_product: bool = False
    ) -> None:
        """`any_product`: scopes may name products that are not there."""
        self.products = products
        self.any_product = any_product
        self.data = read_toml(source, name)
        self.fields = Fields(source, name)

    def read(self) -> GuardrailSet:
        """The set. Raises GuardrailFileError with all faults."""
        self.fields.known(self.data, _FILE_KEYS)
        for key in ("id", "version"):
            if not self.fields.text(self.data, key):
                self.fields.fault(f"{key} is missing", key)
        if self.data.get("schema", SCHEMA) != SCHEMA:
            self.fields.fault(f"schema must be {SCHEMA}", "schema")
        self._check_head()
        lists = read_lists(self.fields, self.data, self.products)
        rules = self._rules()
        check_references(self.fields, lists, rules)
        found = self._set(lists, rules)
        if self.fields.problems:
            raise GuardrailFileError(self.fields.problems)
        return found

    def _check_head(self) -> None:
        """The parts of the file that stand before the rules and are easily got wrong."""
        fields, data = self.fields, self.data
        fields.known(fields.table(data, "defaults"), _DEFAULTS, "defaults: ")
        if not _LANGUAGE.fullmatch(fields.text(data, "language") or "en"):
            fields.fault("language must be a code such as 'en'", "language")
        effective, due = fields.day(data, "effective"), fields.day(data, "review_due")
        if effective and due and due <= effective:
            fields.fault("review_due lies before effective", "review_due")
        for name, phrases in fields.table(data, "lists").items():
            if phrases == []:
                fields.fault(f"the list {name!r} is empty", name)

    def _set(self, lists: Mapping[str, tuple[Phrase, ...]], rules: Sequence[Rule]) -> GuardrailSet:
        data, fields = self.data, self.fields
        hosts = fields.table(data, "lists_of_hosts")
        texts = fields.table(data, "texts")
        return GuardrailSet(
            id=fields.text(data, "id"),
            version=fields.text(data, "version"),
            title=fields.text(data, "title"),
            language=fields.text(data, "language") or "en",
            effective=fields.day(data, "effective"),
            needs_signature=tuple(fields.choices(data, "needs_signature", DESKS)),
            rules=tuple(rules),
            products=self.products,
            lists=lists,
            hosts={kind: frozenset(map(str.lower, fields.strings(hosts, kind))) for kind in hosts},
            texts={key: fields.text(texts, key) for key in texts},
            sha256=sha256_of([data, sorted(product.sha256 for product in self.products)]),
        )

    def _rules(self) -> list[Rule]:
        rules: list[Rule] = []
        seen: Counter[str] = Counter()
        tables = self.fields.rows(self.data, "rule")
        if not tables:
            self.fields.fault("there is no rule", "rule")
        if len(tables) > MOST_RULES:
            self.fields.fault(f"there are {len(tables):,} rules, {MOST_RULES:,} at most", "rule")
            return []
        for table in tables:
            if not isinstance(table, dict):
                self.fields.fault("a rule must be a table [[rule]]", "rule")
                continue
            rule_id = str(table.get("id", ""))
            self.fields.begin(rule_id, nth=seen[rule_id])
            if seen[rule_id]:
                self.fields.fault("this id is there twice", "id")
            seen[rule_id] += 1
            rules.append(self._rule(table))
        self.fields.begin("")
        return rules

    def _rule(self, table: Mapping[str, Any]) -> Rule:
        fields = self.fields
        self._check_rule(table)
        name, options = self._detector(table)
        defaults = {"quotes": "skip", **fields.table(self.data, "defaults")}
        rule = Rule(
            id=fields.text(table, "id"),
            kind=fields.choice(table, "kind", KINDS),
            says=fields.text(table, "says"),
            why=fields.text(table, "why"),
            because=self._because(fields.text(table, "why")),
            outcome=fields.choice(table, "outcome", OUTCOMES),
            route=tuple(fields.choices(table, "route", DESKS)),
            suggestion=fields.text(table, "suggestion"),
            instead=fields.text(table, "instead"),
            offers=tuple(fields.choices(table, "offers", OFFERS)),
            scope=self._scope(fields.table(table, "scope")),
            phrases=self._phrases(table, "phrases"),
            with_=self._phrases(table, "with"),
            and_with=self._phrases(table, "and_with"),
            with_in=fields.choice(defaults | dict(table), "with_in", _PLACES, "sentence"),
            unless=self._phrases(table, "unless"),
            unless_in=fields.choice(defaults | dict(table), "unless_in", _PLACES, "sentence"),
            quotes=fields.choice(defaults | dict(table), "quotes", QUOTES),
            spare_careful=fields.truth(table, "spare_careful"),
            fallback=fields.truth(table, "fallback"),
            detector=name,
            options=options,
        )
        return replace(rule, examples=tuple(read_examples(fields, table, rule.scope)))

    def _check_rule(self, table: Mapping[str, Any]) -> None:
        fields = self.fields
        if not _ID.fullmatch(fields.text(table, "id")):
            fields.fault("the id must look like 'claims.superlative'", "id")
        fields.known(table, _RULE_KEYS)
        for key in ("says", "why", "kind", "outcome"):
            if not table.get(key):
                fields.fault(f"{key} is missing", key)
        if bool(table.get("phrases")) == bool(table.get("detector")):
            fields.fault("it must have either phrases or a detector", "phrases")
        if table.get("spare_careful") and not _may_spare(table):
            fields.fault("spare_careful is for rules that hold what staff write", "spare_careful")
        if table.get("outcome") == "hold" and not table.get("route"):
            fields.fault("a hold needs a route: its first desk decides", "route")

    def _detector(self, table: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        options = dict(self.fields.table(table, "detector"))
        if not options:
            return "", {}
        name = str(options.pop("name", ""))
        if name not in DETECTORS:
            self.fields.fault(f"there is no detector {name!r}", "detector")
            return name, options
        allowed = DETECTORS[name].options
        for key in sorted(options.keys() ^ allowed.keys()):
            word = "takes no" if key in options else "needs"
            self.fields.fault(f"the detector {name!r} {word} {key!r}", "detector")
        for key in sorted(options.keys() & allowed.keys()):
            self._check_option(key, options[key], allowed[key])
        return name, options

    def _check_option(self, key: str, value: object, allowed: tuple[str, ...] | type[int]) -> None:
        if not isinstance(allowed, tuple):
            if not isinstance(value, int) or isinstance(value, bool):
                self.fields.fault(f"the detector's {key} must be a whole number", "detector")
            return
        for word in value if isinstance(value, list) else [value]:
            if word not in allowed:
                words = ", ".join(allowed)
                self.fields.fault(
                    f"the detector's {key}: {word!r} is not one of {words}", "detector"
                )

    def _scope(self, table: Mapping[str, Any]) -> Scope:
        fields = self.fields
        fields.known(table, _SCOPE_KEYS, "scope: ")
        begins, ends = fields.day(table, "from"), fields.day(table, "until")
        if begins and ends and begins > ends:
            fields.fault("scope: 'from' lies after 'until'", "scope")
        products = [product.id for product in self.products]
        named = fields.strings(table, "products")
        return Scope(
            affiliations=frozenset(fields.choices(table, "affiliations", _AFFILIATIONS)),
            roles=frozenset(fields.choices(table, "roles", ROLES)),
            products=frozenset(
                named if self.any_product else fields.choices(table, "products", products)
            ),
            countries=frozenset(fields.countries(table, "countries")),
            spaces=frozenset(fields.strings(table, "spaces")),
            kinds=frozenset(fields.choices(table, "kinds", TEXT_KINDS)),
            thread_kinds=frozenset(fields.choices(table, "thread_kinds", THREAD_KINDS)),
            begins=begins,
            ends=ends,
        )

    def _phrases(self, table: Mapping[str, Any], key: str) -> tuple[Phrase, ...]:
        return read_phrases(self.fields, self.fields.strings(table, key), key)

    def _because(self, why: str) -> str:
        """`why` as it stands after a colon: names, abbreviations and 'I' keep their capital."""
        word = why.partition(" ")[0].strip("',.;:")
        names = {name for product in self.products for name in (*product.names, product.company)}
        if word in names or word == "I" or word[1:] != word[1:].lower():
            return why
        return why[:1].lower() + why[1:]


def _may_spare(table: Mapping[str, Any]) -> bool:
    """Whether a rule is one that the model of careful talk, learnt from staff, can speak to."""
    scope = table.get("scope")
    affiliations = scope.get("affiliations") if isinstance(scope, Mapping) else None
    return affiliations == ["company"] and table.get("outcome") == "hold"
