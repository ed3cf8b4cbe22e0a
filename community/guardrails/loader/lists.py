"""The named lists that phrases refer to: those of the file, and those of the product files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from community.guardrails.detectors.label_words import (
    COUNTRY,
    COUNTRY_WORDS,
    LABEL_WORDS,
    OTHER,
    UNLESS,
)
from community.guardrails.engine import Product, Rule
from community.guardrails.loader.fields import Fields
from community.guardrails.phrases import Phrase, PhraseError, parse, references

# Lists that every file may use. Those about products are filled from the product files.
_REFERENCES = (
    "{url}", "{doi}", "doi {number}", "et al", "{year} ; {number}", "section {number}",
    "§ {number}", "SmPC", "prescribing information", "package insert", "PMID {number}", "NCT*",
)  # fmt: skip
_OURS = "our (drug|drugs|medicine|medicines|product|products)"
_OURS_IN_THREAD = (
    "(the|this|these|that|those|my|your|his|her|their) (drug|medicine|medication|tablet|tablets"
    "|capsule|capsules|pill|pills)"
)


def read_lists(
    fields: Fields, data: Mapping[str, Any], products: Sequence[Product]
) -> dict[str, tuple[Phrase, ...]]:
    """All named lists a file may use; a list of its own must not take a name that is given."""
    sources = _built_in(products)
    own = fields.table(data, "lists")
    for name in own:
        if name in sources:
            fields.fault(f"the list {name!r} has a name that is taken", name)
        sources[name] = fields.strings(own, name)
    lists = {name: read_phrases(fields, phrases, name) for name, phrases in sources.items()}
    return lists | label_lists(fields, products)


def label_lists(fields: Fields, products: Iterable[Product]) -> dict[str, tuple[Phrase, ...]]:
    """What `label_use` looks for: terms of the uses of our products, and what is said of a use."""
    lists = {name: tuple(map(parse, sources)) for name, sources in LABEL_WORDS.items()}
    for country in sorted({country for product in products for country in product.countries}):
        words = COUNTRY_WORDS.get(country, (f"={country}",))
        lists[COUNTRY + country] = tuple(map(parse, words))
    for product in products:
        lists[product.trials_list] = read_phrases(fields, product.trials, "trials")
        lists[OTHER] += read_phrases(fields, product.other_trials, "other_trials")
        prefixes = sorted({reference.partition("-")[0] for reference in product.references})
        lists[product.references_list] = tuple(parse(f"{prefix} {{number}}") for prefix in prefixes)
        for use in product.uses:
            lists[product.use_list(use)] = use.terms
            lists[product.use_list(use) + UNLESS] = use.unless
    return lists


def _built_in(products: Sequence[Product]) -> dict[str, Sequence[str]]:
    prefixes = sorted({ref.partition("-")[0] for p in products for ref in p.references})
    lists: dict[str, Sequence[str]] = {
        "percent": ("{number} %", "{number} (percent|per cent|pct)"),
        "reference": (*_REFERENCES, *(f"{prefix} {{number}}" for prefix in prefixes)),
        "product": (*(name for p in products for name in p.names), _OURS),
        "product_in_thread": (_OURS_IN_THREAD,),
        "trial": [trial for p in products for trial in p.trials],
        "other_medicine": sorted({other for p in products for other in p.others_in_field}),
    }
    return lists | {product.list_name: product.names for product in products}


def read_phrases(fields: Fields, sources: Iterable[str], key: str) -> tuple[Phrase, ...]:
    """Phrases, each that cannot be read named as a fault of `key`."""
    phrases: list[Phrase] = []
    for source in sources:
        try:
            phrases.append(parse(source))
        except PhraseError as error:
            fields.fault(f"{key}: {source!r}: {error}", key)
    return tuple(phrases)


def check_references(
    fields: Fields, lists: Mapping[str, tuple[Phrase, ...]], rules: Iterable[Rule]
) -> None:
    """Every list that a phrase names must be there, and none may lead back to itself."""
    for rule in rules:
        fields.begin(rule.id)
        used = (*rule.phrases, *rule.with_, *rule.and_with, *rule.unless)
        for name in sorted({name for phrase in used for name in references(phrase)}):
            if name not in lists:
                fields.fault(f"there is no list {{{name}}}")
    fields.begin("")
    inside = {name: {r for p in phrases for r in references(p)} for name, phrases in lists.items()}
    for name in lists:
        for other in sorted(inside[name] - lists.keys()):
            fields.fault(f"the list {name!r} uses {{{other}}}, which is not there", name)
        if name in _reachable(inside, name):
            fields.fault(f"the list {name!r} leads back to itself", name)


def _reachable(inside: Mapping[str, set[str]], name: str) -> set[str]:
    found: set[str] = set()
    waiting = list(inside.get(name, ()))
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting.extend(inside.get(other, ()))
    return found
