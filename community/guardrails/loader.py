"""Read rule files and product files; every error is named by file, line and rule."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from community.guardrails.detectors import DETECTORS
from community.guardrails.engine import (
    DESKS,
    KINDS,
    OUTCOMES,
    TEXT_KINDS,
    Context,
    Example,
    GuardrailSet,
    Product,
    Rule,
    Scope,
    evaluate,
)
from community.guardrails.phrases import Phrase, PhraseError, parse, references
from community.kernel.paths import POLICIES

SHIPPED_SET = POLICIES / "guardrails" / "standard.toml"
SHIPPED_PRODUCTS = POLICIES / "products"

_RULE_KEYS = frozenset(
    "id kind says why scope phrases detector outcome route suggestion examples with and_with"
    " with_in unless unless_in quotes".split()
)
_FILE_KEYS = frozenset(
    "schema id version title language effective review_due needs_signature principle defaults texts"
    " lists lists_of_hosts rule".split()
)
_SCOPE_KEYS = frozenset("affiliations roles products countries kinds spaces from until".split())
_EXAMPLE_KEYS = frozenset(
    "text country countries products kind role thread thread_title tags answered thread_texts"
    " attachments posting_paused".split()
)
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
_REPEAT = re.compile(r"@repeat (\d{1,5}) (.+)", re.DOTALL)
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_SENTENCE_OR_POST = ("sentence", "post")
# Lists that every file may use. Those about products are filled from the product files.
_BUILT_IN = {
    "percent": ("{number} %", "{number} (percent|per cent|pct)"),
    "reference": (
        "{url}", "{doi}", "doi {number}", "et al", "{year} ; {number}", "section {number}", "§ {number}",
        "SmPC", "SPC", "prescribing information", "package insert", "PMID {number}", "NCT*",
    ),
    "product_in_thread": ("(the|this) (drug|medicine|tablet|tablets|capsule|capsules)",),
}  # fmt: skip
_OURS = "our (drug|drugs|medicine|medicines|product|products)"


class GuardrailFileError(ValueError):
    """A rule or product file that cannot be used; `problems` names each by file, line and rule."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class BrokenExample:
    """An example that does not do what its rule file says."""

    rule: str
    text: str
    should_hit: bool

    def __str__(self) -> str:
        verb = "should hit" if self.should_hit else "should not hit"
        return f"{self.rule}: {verb}: {self.text}"


def load_set(path: Path, products: Iterable[Product]) -> GuardrailSet:
    """Read one rule file. Raises GuardrailFileError."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuardrailFileError([f"{path.name}: cannot be read: {error}"]) from error
    return parse_set(source, products, name=path.name)


@lru_cache(maxsize=1)
def shipped_set() -> GuardrailSet:
    """The standard set with the shipped products."""
    return load_set(SHIPPED_SET, load_products(SHIPPED_PRODUCTS))


def load_products(directory: Path) -> tuple[Product, ...]:
    """Read every `*.toml` of a folder as a product. Raises GuardrailFileError."""
    problems: list[str] = []
    products: dict[str, Product] = {}
    paths = sorted(directory.glob("*.toml"))
    if not paths:
        raise GuardrailFileError([f"{directory}: holds no product file"])
    for path in paths:
        try:
            product = _product(_toml(path.read_text(encoding="utf-8"), path.name), path.name)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{path.name}: cannot be read: {error}")
        except GuardrailFileError as error:
            problems += error.problems
        else:
            if product.id in products:
                problems.append(f"{path.name}: product {product.id!r} is there twice")
            products[product.id] = product
    if problems:
        raise GuardrailFileError(problems)
    return tuple(products.values())


def parse_set(source: str, products: Iterable[Product], *, name: str = "rules") -> GuardrailSet:
    """Read a rule file from its text, as the database keeps it. Raises GuardrailFileError."""
    return _Reader(source, tuple(products), name).read()


def check_examples(guardrail_set: GuardrailSet) -> list[BrokenExample]:
    """Run every example of every rule; an example speaks for its own rule only."""
    return [
        broken for rule in guardrail_set.rules for broken in broken_examples(guardrail_set, rule)
    ]


def broken_examples(guardrail_set: GuardrailSet, rule: Rule) -> list[BrokenExample]:
    """The examples of one rule that do not do what the file says."""
    alone = replace(guardrail_set, rules=(rule,))
    return [
        BrokenExample(rule.id, example.text, example.hits)
        for example in rule.examples
        if bool(evaluate(example.text, alone, example.context).findings) != example.hits
    ]


def _toml(source: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = f", line {place[1]}" if place else ""
        raise GuardrailFileError([f"{name}{line}: {error}"]) from error


def _product(data: Mapping[str, Any], name: str) -> Product:
    missing = [key for key in ("id", "names", "country") if not data.get(key)]
    if missing:
        raise GuardrailFileError([f"{name}: {', '.join(missing)} is missing"])
    return Product(
        id=str(data["id"]),
        names=tuple(data["names"]),
        trials=tuple(data.get("trials", ())),
        others_in_field=tuple(data.get("others_in_field", ())),
        countries=frozenset(data["country"]),
        company=str(data.get("company", "")),
        references={str(r["id"]): bool(r.get("open_use", True)) for r in data.get("reference", ())},
        sha256=_sha256(data),
    )


def _sha256(data: object) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class _Reader:
    """Reads one rule file, collecting every problem before it gives up."""

    def __init__(self, source: str, products: tuple[Product, ...], name: str) -> None:
        self.name = name
        self.products = products
        self.lines = source.splitlines()
        self.data = _toml(source, name)
        self.problems: list[str] = []
        self.line = 0
        self.rule_id = ""

    def read(self) -> GuardrailSet:
        for key in sorted(self.data.keys() - _FILE_KEYS):
            self._problem(f"{key!r} is unknown", key)
        lists = self._lists()
        rules = self._rules()
        self._check_references(lists, rules)
        if self.problems:
            raise GuardrailFileError(self.problems)
        return self._set(lists, rules)

    def _set(self, lists: Mapping[str, tuple[Phrase, ...]], rules: Sequence[Rule]) -> GuardrailSet:
        data = self.data
        hosts = data.get("lists_of_hosts", {})
        return GuardrailSet(
            id=str(data["id"]),
            version=str(data["version"]),
            title=str(data.get("title", data["id"])),
            language=str(data.get("language", "en")),
            effective=data.get("effective"),
            needs_signature=tuple(data.get("needs_signature", ())),
            rules=tuple(rules),
            products=self.products,
            lists=lists,
            hosts={kind: frozenset(map(str.lower, names)) for kind, names in hosts.items()},
            texts=dict(data.get("texts", {})),
            sha256=_sha256([data, sorted(product.sha256 for product in self.products)]),
        )

    # ── Lists ──────────────────────────────────────────────────────────────────────────────────

    def _lists(self) -> dict[str, tuple[Phrase, ...]]:
        sources: dict[str, Iterable[str]] = {**_BUILT_IN, **self._product_lists()}
        for name, phrases in self.data.get("lists", {}).items():
            if name in sources:
                self._problem(f"the list {name!r} has a name that is taken", name)
            sources[name] = phrases
        return {name: self._phrases(phrases, name) for name, phrases in sources.items()}

    def _product_lists(self) -> dict[str, Iterable[str]]:
        names = [name for product in self.products for name in product.names]
        prefixes = {ref.partition("-")[0] for p in self.products for ref in p.references}
        cited = [f"{prefix} {{number}}" for prefix in sorted(prefixes)]
        lists: dict[str, Iterable[str]] = {
            "product": [*names, _OURS],
            "trial": [trial for product in self.products for trial in product.trials],
            "other_medicine": sorted({o for p in self.products for o in p.others_in_field}),
            "reference": [*_BUILT_IN["reference"], *cited],
        }
        return lists | {product.list_name: product.names for product in self.products}

    def _phrases(self, sources: object, key: str) -> tuple[Phrase, ...]:
        if not isinstance(sources, Iterable) or isinstance(sources, str):
            self._problem(f"{key} must be a list of phrases", key)
            return ()
        phrases: list[Phrase] = []
        for source in sources:
            try:
                phrases.append(parse(str(source)))
            except PhraseError as error:
                self._problem(f"{key}: {str(source)!r}: {error}", key)
        return tuple(phrases)

    def _check_references(
        self, lists: Mapping[str, tuple[Phrase, ...]], rules: Iterable[Rule]
    ) -> None:
        for rule in rules:
            self._begin(rule.id)
            used = (*rule.phrases, *rule.with_, *rule.and_with, *rule.unless)
            for name in sorted({name for phrase in used for name in references(phrase)}):
                if name not in lists:
                    self._problem(f"there is no list {{{name}}}", name)
        self._begin("")
        inside = {
            name: {r for p in phrases for r in references(p)} for name, phrases in lists.items()
        }
        for name in lists:
            if name in _reachable(inside, name):
                self._problem(f"the list {name!r} leads back to itself", name)
            for other in sorted(inside[name] - lists.keys()):
                self._problem(f"the list {name!r} uses {{{other}}}, which is not there", name)

    # ── Rules ──────────────────────────────────────────────────────────────────────────────────

    def _rules(self) -> list[Rule]:
        for key in ("id", "version"):
            if not self.data.get(key):
                self._problem(f"{key} is missing", key)
        tables = self.data.get("rule", [])
        if not tables:
            self._problem("there is no rule", "rule")
        rules: list[Rule] = []
        seen: set[str] = set()
        for table in tables:
            self._begin(str(table.get("id", "")))
            if self.rule_id in seen:
                self._problem("this id is there twice", "id")
            seen.add(self.rule_id)
            rules.append(self._rule(table))
        self._begin("")
        return rules

    def _rule(self, table: Mapping[str, Any]) -> Rule:
        self._check_keys(table)
        name, options = self._detector(table)
        scope = self._scope(table.get("scope", {}))
        rule = Rule(
            id=str(table.get("id", "")),
            kind=self._one_of(table, "kind", KINDS),
            says=str(table.get("says", "")),
            why=str(table.get("why", "")),
            because=self._because(str(table.get("why", ""))),
            outcome=self._one_of(table, "outcome", OUTCOMES),
            route=tuple(self._all_of(table.get("route", []), "route", DESKS)),
            suggestion=str(table.get("suggestion", "")),
            scope=scope,
            phrases=self._phrases(table.get("phrases", []), "phrases"),
            with_=self._phrases(table.get("with", []), "with"),
            and_with=self._phrases(table.get("and_with", []), "and_with"),
            with_in=self._one_of(table, "with_in", _SENTENCE_OR_POST, self._default("with_in")),
            unless=self._phrases(table.get("unless", []), "unless"),
            unless_in=self._one_of(
                table, "unless_in", _SENTENCE_OR_POST, self._default("unless_in")
            ),
            quotes=self._one_of(table, "quotes", ("skip", "read"), self._default("quotes")),
            detector=name,
            options=options,
        )
        return replace(rule, examples=tuple(self._examples(table.get("examples", {}), scope)))

    def _check_keys(self, table: Mapping[str, Any]) -> None:
        if not _ID.fullmatch(str(table.get("id", ""))):
            self._problem("the id must look like 'claims.superlative'", "id")
        for key in sorted(table.keys() - _RULE_KEYS):
            self._problem(f"{key!r} is unknown", key)
        for key in ("says", "why", "kind", "outcome", "examples"):
            if not table.get(key):
                self._problem(f"{key} is missing", key)
        if bool(table.get("phrases")) == bool(table.get("detector")):
            self._problem("either phrases or a detector, one of the two", "phrases")
        if table.get("outcome") == "hold" and not table.get("route"):
            self._problem("a hold needs a route: its first desk decides", "route")

    def _detector(self, table: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        options = dict(table.get("detector", {}))
        name = str(options.pop("name", ""))
        if not options and not name:
            return "", {}
        if name not in DETECTORS:
            self._problem(f"there is no detector {name!r}", "detector")
            return name, options
        known = DETECTORS[name].options
        for key in sorted(options.keys() ^ known.keys()):
            word = "takes no" if key in options else "needs"
            self._problem(f"the detector {name!r} {word} {key!r}", "detector")
        for key in options.keys() & known.keys():
            allowed = known[key]
            given = options[key] if isinstance(options[key], list) else [options[key]]
            if isinstance(allowed, tuple):
                self._all_of(given, f"detector {key}", allowed)
            elif not all(isinstance(value, allowed) for value in given):
                self._problem(f"the detector's {key} must be a number", "detector")
        return name, options

    def _scope(self, table: Mapping[str, Any]) -> Scope:
        for key in sorted(table.keys() - _SCOPE_KEYS):
            self._problem(f"scope: {key!r} is unknown", "scope")
        begins, ends = table.get("from"), table.get("until")
        if isinstance(begins, date) and isinstance(ends, date) and begins > ends:
            self._problem("scope: 'from' lies after 'until'", "scope")
        products = {product.id for product in self.products}
        return Scope(
            affiliations=frozenset(
                self._all_of(table.get("affiliations", []), "affiliations", ("company", "hcp"))
            ),
            roles=frozenset(
                self._all_of(
                    table.get("roles", []), "roles", ("member", "contributor", "moderator", "msl")
                )
            ),
            products=frozenset(self._all_of(table.get("products", []), "products", products)),
            countries=frozenset(table.get("countries", [])),
            spaces=frozenset(table.get("spaces", [])),
            kinds=frozenset(self._all_of(table.get("kinds", []), "kinds", TEXT_KINDS)),
            begins=begins,
            ends=ends,
        )

    # ── Examples ───────────────────────────────────────────────────────────────────────────────

    def _examples(self, table: Mapping[str, Any], scope: Scope) -> Iterator[Example]:
        for kind in ("hit", "miss"):
            if not table.get(kind):
                self._problem(f"there is no example that must {kind}", "examples")
            for example in table.get(kind, []):
                given = {"text": example} if isinstance(example, str) else dict(example)
                for key in sorted(given.keys() - _EXAMPLE_KEYS):
                    self._problem(f"examples: {key!r} is unknown", "examples")
                text = _REPEAT.sub(_repeated, str(given.get("text", "")))
                yield Example(text=text, hits=kind == "hit", context=_context(given, scope))

    # ── Small helps ────────────────────────────────────────────────────────────────────────────

    def _default(self, key: str) -> str:
        return str(
            self.data.get("defaults", {}).get(key, "skip" if key == "quotes" else "sentence")
        )

    def _because(self, why: str) -> str:
        """`why` as it stands after a colon: names, abbreviations and 'I' keep their capital."""
        word = why.partition(" ")[0].strip("',.;:")
        names = {name for product in self.products for name in (*product.names, product.company)}
        return (
            why if word in names or word[1:] != word[1:].lower() or word == "I" else _lowered(why)
        )

    def _one_of(
        self, table: Mapping[str, Any], key: str, allowed: Iterable[str], default: str = ""
    ) -> str:
        value = table.get(key, default)
        return next(iter(self._all_of([value], key, allowed)), "") if value else ""

    def _all_of(self, values: object, key: str, allowed: Iterable[str]) -> list[str]:
        if not isinstance(values, list):
            self._problem(f"{key} must be a list", key)
            return []
        known = set(allowed)
        for value in values:
            if value not in known:
                self._problem(f"{key}: {value!r} is not one of {', '.join(sorted(known))}", key)
        return [value for value in values if value in known]

    def _begin(self, rule_id: str) -> None:
        self.rule_id = rule_id
        self.line = 0
        header = re.compile(rf"""\s*id\s*=\s*["']{re.escape(rule_id)}["']""")
        for number, line in enumerate(self.lines, start=1):
            if rule_id and header.match(line):
                self.line = number

    def _problem(self, what: str, key: str = "") -> None:
        rule = f", rule {self.rule_id}" if self.rule_id else ""
        line = self._line_of(key)
        self.problems.append(f"{self.name}{f', line {line}' if line else ''}{rule}: {what}")

    def _line_of(self, key: str) -> int:
        """The line of `key` in the rule at hand, else the line of the rule."""
        start = re.compile(rf"\s*{re.escape(key)}\s*=")
        for number, line in enumerate(self.lines[self.line :], start=self.line + 1):
            if self.rule_id and line.startswith("[[rule]]"):
                break
            if key and start.match(line):
                return number
        return self.line


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _repeated(match: re.Match[str]) -> str:
    return " ".join([match[2]] * int(match[1]))


def _reachable(inside: Mapping[str, set[str]], name: str) -> set[str]:
    found: set[str] = set()
    waiting = list(inside.get(name, ()))
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting.extend(inside.get(other, ()))
    return found


def _first(values: Iterable[str], otherwise: str) -> str:
    return min(values, default=otherwise)


def _context(given: Mapping[str, Any], scope: Scope) -> Context:
    """The context of an example: what it names, else the first that its rule's scope allows."""
    countries = given.get("countries") or [given.get("country") or _country(scope)]
    thread = given.get("thread")
    return Context(
        affiliation="company"
        if "company" in scope.affiliations or not scope.affiliations
        else "hcp",
        role=given.get("role") or _first(scope.roles, ""),
        countries=frozenset(countries),
        products=frozenset(given.get("products", ())),
        kind=given.get("kind")
        or ("post" if "post" in scope.kinds or not scope.kinds else _first(scope.kinds, "post")),
        marks=frozenset({thread} if thread else ()),
        thread_title=given.get("thread_title", ""),
        tags=tuple(given.get("tags", ())),
        answered=given.get("answered", ""),
        thread_texts=tuple(given["thread_texts"]) if "thread_texts" in given else None,
        attachments=tuple(given.get("attachments", ())),
        posting_paused=bool(given.get("posting_paused")),
    )


def _country(scope: Scope) -> str:
    return "GB" if "GB" in scope.countries or not scope.countries else _first(scope.countries, "GB")
