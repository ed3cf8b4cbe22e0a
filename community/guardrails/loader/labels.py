"""What the label of a product says, country by country: uses, doses. Format: docs/products.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community.guardrails.loader.fields import Fields
from community.guardrails.loader.lists import read_phrases
from community.guardrails.rules import Label, Use

STATUSES = ("approved", "not_approved", "contraindicated")
USE_KINDS = ("indication", "population", "combination", "setting")
_USE_KEYS = frozenset("id name kind terms unless status note".split())


class ProductFields(Fields):
    """Fields of a product file; a fault is named by the use or the country it belongs to."""

    noun = "use"
    next_table = "["

    def begin_country(self, country: str) -> None:
        """From here on speak of the label of this country."""
        self.noun = "country"
        self._rule = country
        header = f"[country.{country}]"
        found = [n for n, line in enumerate(self._lines, start=1) if line.strip() == header]
        self._begins = found[0] if found else 0

    def amounts(self, parent: Mapping[str, Any], key: str) -> list[float]:
        """A number above 0 or a list of such, empty where it is missing."""
        value = parent.get(key, [])
        values = value if isinstance(value, list) else [value]
        if all(type(each) in (int, float) and each > 0 for each in values):
            return [float(each) for each in values]
        self.fault(f"{key} must be a number above 0, or a list of such", key)
        return []


def read_uses(fields: ProductFields, data: Mapping[str, Any]) -> tuple[Use, ...]:
    """The `[[use]]` tables: what a text may speak of, and where the label allows it."""
    countries = sorted(fields.table(data, "country"))
    uses: dict[str, Use] = {}
    for table in fields.rows(data, "use"):
        if not isinstance(table, dict):
            fields.fault("a use must be a table [[use]]", "use")
            continue
        use = _use(fields, table, countries)
        if use.id in uses:
            fields.fault("this use is there twice", "id")
        uses[use.id] = use
    fields.begin("")
    return tuple(uses.values())


def _use(fields: ProductFields, table: Mapping[str, Any], countries: list[str]) -> Use:
    use_id = str(table.get("id", ""))
    fields.begin(use_id)
    fields.known(table, _USE_KEYS)
    for key in ("id", "name", "terms", "status"):
        if not table.get(key):
            fields.fault(f"{key} is missing", key)
    status = fields.table(table, "status")
    for country in sorted(status.keys() ^ set(countries)):
        known = "says nothing of" if country in countries else "names a country without a label:"
        fields.fault(f"status {known} {country}", "status")
    for country, word in status.items():
        if word not in STATUSES:
            allowed = ", ".join(STATUSES)
            fields.fault(f"status of {country}: {word!r} is not one of {allowed}", "status")
    return Use(
        id=use_id,
        name=fields.text(table, "name"),
        kind=fields.choice(table, "kind", USE_KINDS, "indication"),
        terms=read_phrases(fields, fields.strings(table, "terms"), "terms"),
        unless=read_phrases(fields, fields.strings(table, "unless"), "unless"),
        status={str(country): str(word) for country, word in status.items()},
    )


def read_labels(
    fields: ProductFields, data: Mapping[str, Any], uses: tuple[Use, ...]
) -> dict[str, Label]:
    """The `[country.XX]` tables: doses, and the uses that the label approves."""
    labels: dict[str, Label] = {}
    for country, table in fields.table(data, "country").items():
        if not isinstance(table, dict):
            fields.fault(f"country.{country} must be a table", "country")
            continue
        fields.begin_country(country)
        _compare(fields, table, country, uses)
        labels[country] = Label(
            country=country,
            reference=fields.text(table, "label_reference"),
            doses=frozenset(fields.amounts(table, "doses_mg")),
            times_a_day=frozenset(int(times) for times in fields.amounts(table, "times_a_day")),
            daily=max(fields.amounts(table, "max_daily_mg"), default=0.0),
        )
    fields.begin("")
    return labels


def _compare(
    fields: ProductFields, table: Mapping[str, Any], country: str, uses: tuple[Use, ...]
) -> None:
    """`approved_uses` and the status of each use must say the same."""
    if not uses and "approved_uses" not in table:
        return
    named = set(fields.strings(table, "approved_uses"))
    approved = {use.id for use in uses if use.status.get(country) == "approved"}
    for use_id in sorted(named - {use.id for use in uses}):
        fields.fault(f"approved_uses: there is no use {use_id!r}", "approved_uses")
    for use_id in sorted((named ^ approved) & {use.id for use in uses}):
        fields.fault(
            f"approved_uses and the status of the use {use_id!r} say different things",
            "approved_uses",
        )
