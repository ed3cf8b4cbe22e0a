"""Read rule files and product files, and run the examples that each rule brings along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from community.guardrails.engine import GuardrailSet, Product, Rule, evaluate
from community.guardrails.loader.fields import GuardrailFileError, read_source
from community.guardrails.loader.products import load_products, parse_products
from community.guardrails.loader.rule_file import RuleFile
from community.kernel.paths import POLICIES

__all__ = [
    "SHIPPED_PRODUCTS", "SHIPPED_SET", "BrokenExample", "GuardrailFileError", "broken_examples",
    "check_examples", "load_products", "load_set", "parse_products", "parse_set", "read_source",
    "shipped_set",
]  # fmt: skip

SHIPPED_SET = POLICIES / "guardrails" / "standard.toml"
SHIPPED_PRODUCTS = POLICIES / "products"


@dataclass(frozen=True, slots=True)
class BrokenExample:
    """An example that does not do what its rule file says."""

    rule: str
    text: str
    should_hit: bool
    place: str

    def __str__(self) -> str:
        verb = "should hit" if self.should_hit else "should not hit"
        return f"{self.place}, rule {self.rule}: {verb}: {self.text}"


def load_set(path: Path, products: Iterable[Product], *, any_product: bool = False) -> GuardrailSet:
    """Read one rule file; with `any_product` rules may name products that are not there.

    Raises GuardrailFileError.
    """
    return parse_set(read_source(path), products, name=path.name, any_product=any_product)


@lru_cache(maxsize=1)
def shipped_set() -> GuardrailSet:
    """The standard set with the shipped products."""
    return load_set(SHIPPED_SET, load_products(SHIPPED_PRODUCTS))


def parse_set(
    source: str,
    products: Iterable[Product],
    *,
    name: str = "rules",
    any_product: bool = False,
) -> GuardrailSet:
    """Read a rule file from its text, as the database keeps it. Raises GuardrailFileError."""
    return RuleFile(source, tuple(products), name, any_product=any_product).read()


def check_examples(guardrail_set: GuardrailSet) -> list[BrokenExample]:
    """Run every example of every rule; an example speaks for its own rule only."""
    return [
        broken for rule in guardrail_set.rules for broken in broken_examples(guardrail_set, rule)
    ]


def broken_examples(guardrail_set: GuardrailSet, rule: Rule) -> list[BrokenExample]:
    """The examples of one rule that do not do what the file says."""
    alone = replace(guardrail_set, rules=(rule,))
    return [
        BrokenExample(rule.id, example.text, example.hits, example.place)
        for example in rule.examples
        if bool(evaluate(example.text, alone, example.context).findings) != example.hits
    ]
