"""Product files, as far as the rules need them: names, labels by country, references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from community.guardrails.engine import Product
from community.guardrails.loader.fields import GuardrailFileError, read_toml
from community.guardrails.loader.labels import ProductFields, read_labels, read_uses
from community.guardrails.loader.rule_file import sha256_of

_STRENGTH = re.compile(r"(\d+(?:\.\d+)?) ?mg\b")
_ADDRESS = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}(?:/[\w./-]*)?")


def load_products(directory: Path) -> tuple[Product, ...]:
    """Read every `*.toml` of a folder as a product. Raises GuardrailFileError."""
    problems: list[str] = []
    products: dict[str, Product] = {}
    paths = sorted(directory.glob("*.toml"))
    if not paths:
        raise GuardrailFileError([f"{directory}: holds no product file"])
    for path in paths:
        try:
            product = _product(path.read_text(encoding="utf-8"), path.name)
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


def parse_products(sources: Mapping[str, str]) -> tuple[Product, ...]:
    """Read product files from their texts by name, as the database keeps them.

    Raises GuardrailFileError.
    """
    return tuple(_product(text, name) for name, text in sorted(sources.items()))


def _product(source: str, name: str) -> Product:
    data = read_toml(source, name)
    missing = [key for key in ("id", "names", "country") if not data.get(key)]
    if missing:
        raise GuardrailFileError([f"{name}: {', '.join(missing)} is missing"])
    fields = ProductFields(source, name)
    countries = frozenset(_table(data, "country", name))
    uses = read_uses(fields, data)
    labels = read_labels(fields, data, uses)
    if fields.problems:
        raise GuardrailFileError(fields.problems)
    return Product(
        id=str(data["id"]),
        names=_strings(data, "names", name),
        trials=_strings(data, "trials", name),
        others_in_field=_strings(data, "others_in_field", name),
        other_trials=_strings(data, "other_trials", name),
        countries=countries,
        company=str(data.get("company", "")),
        references=_references(data, name),
        citations=_citations(data),
        uses=uses,
        labels=labels,
        strengths=frozenset(float(mg) for mg in _STRENGTH.findall(str(data.get("form", "")))),
        agencies=_agencies(data),
        sha256=sha256_of(data),
    )


def _strings(data: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    values = data.get(key, [])
    if isinstance(values, list) and all(isinstance(value, str) and value for value in values):
        return tuple(values)
    raise GuardrailFileError([f"{name}: {key} must be a list of strings"])


def _table(data: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    value = data.get(key)
    if isinstance(value, dict):
        return value
    raise GuardrailFileError([f"{name}: {key} must be a table"])


def _agencies(data: Mapping[str, Any]) -> dict[str, str]:
    """Country to the address, without `https://`, at which its agency hears of side effects.

    What is no address is left out and refuses no file: signed sets hold files from before pages
    read this, and they must go on judging.
    """
    rows = data.get("side_effects")
    found = rows.items() if isinstance(rows, dict) else ()
    return {
        country: place
        for country, place in found
        if isinstance(place, str) and _ADDRESS.fullmatch(place)
    }


def _references(data: Mapping[str, Any], name: str) -> dict[str, bool]:
    """Reference id to whether it may be cited in a room."""
    rows = data.get("reference", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) and r.get("id") for r in rows):
        raise GuardrailFileError([f"{name}: each reference needs an id"])
    found = {str(row["id"]): bool(row.get("open_use", True)) for row in rows}
    if len(found) != len(rows):
        raise GuardrailFileError([f"{name}: a reference id is there twice"])
    return found


def _citations(data: Mapping[str, Any]) -> dict[str, str]:
    """Reference id to its citation in full, where it may be cited in a room and has one."""
    rows = data.get("reference", [])
    return {str(r["id"]): str(r["text"]) for r in rows if r.get("open_use", True) and r.get("text")}
