"""Rules and sets in TOML, for tests that need rules of their own."""

import json
from datetime import date

from community.guardrails.engine import GuardrailSet
from community.guardrails.loader import parse_set, shipped_set


def a_rule(rule_id: str, **fields: object) -> str:
    """A rule in TOML; what is not given does not matter to the test."""
    given = {
        "id": rule_id,
        "kind": "other",
        "says": "Do not say it.",
        "why": "It is not done.",
        "outcome": "hold",
        "route": ["medical"],
        "phrases": ["never said"],
    } | fields
    lines = [f"{key} = {_toml(value)}" for key, value in given.items() if value is not None]
    return "\n".join(["[[rule]]", *lines, 'examples = { hit = ["x"], miss = ["y"] }', ""])


def a_set(*rules: str, texts: dict[str, str] | None = None) -> GuardrailSet:
    """A set of such rules with the shipped products."""
    head = 'id = "test"\nversion = "1"\n[lists_of_hosts]\napproved = ["doi.org"]\nshorteners = []\n'
    fixed = "\n".join(["[texts]", *(f"{k} = {_toml(v)}" for k, v in (texts or {}).items()), ""])
    return parse_set(head + fixed + "\n".join(rules), shipped_set().products)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)
