"""Read the fields of a rule file one by one, and name each fault by file, line and rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from community.kernel import toml

LARGEST_FILE = 2_000_000  # bytes; the shipped set has less than a tenth
MOST_PROBLEMS = 300  # whoever has so many begins with the first
_ID_LINE = re.compile(r"""\s*id\s*=\s*["']([^"']+)["']""")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


class GuardrailFileError(ValueError):
    """A rule or product file that cannot be used; `problems` names each by file, line and rule."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_source(path: Path) -> str:
    """The text of a rule or product file. Raises GuardrailFileError with one plain sentence."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise GuardrailFileError([f"{path.name}: is larger than {LARGEST_FILE} bytes"])
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise GuardrailFileError([f"{path.name}, line {line}: is not UTF-8"]) from error
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise GuardrailFileError([f"{path.name}: cannot be read: {reason}"]) from error


def read_toml(source: str, name: str) -> dict[str, Any]:
    """Parse TOML. Raises GuardrailFileError with the line."""
    if len(source) > LARGEST_FILE:
        raise GuardrailFileError([f"{name}: is larger than {LARGEST_FILE} bytes"])
    try:
        return toml.read(source)
    except toml.UnreadableToml as error:
        place = _TOML_PLACE.search(str(error))
        line = place[1] if place else len(source.splitlines())
        raise GuardrailFileError([f"{name}, line {line}: {error}"]) from error


class Fields:
    """Reads fields of one file and collects what is wrong with them, going on after each fault."""

    noun = "rule"
    next_table = "[[rule]]"

    def __init__(self, source: str, name: str) -> None:
        self.problems: list[str] = []
        self._name = name
        self._lines = source.splitlines()
        self._ids: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, start=1):
            if named := _ID_LINE.match(line):
                self._ids.setdefault(named[1], []).append(number)
        self._rule = ""
        self._begins = 0

    def begin(self, rule_id: str, nth: int = 0) -> None:
        """From here on speak of this rule, the `nth` of that id; '' is the file itself."""
        self._rule = rule_id
        found = self._ids.get(rule_id, [])
        self._begins = found[min(nth, len(found) - 1)] if found else 0

    def fault(self, what: str, key: str = "") -> None:
        """Note a fault, at the line of `key` in the rule at hand or else of the rule."""
        if len(self.problems) == MOST_PROBLEMS:
            self.problems.append(f"{self._name}: and more")
        if len(self.problems) > MOST_PROBLEMS:
            return
        rule = f", {self.noun} {self._rule}" if self._rule else ""
        self.problems.append(f"{self.place_of(key)}{rule}: {what}")

    def place_of(self, *keys: str) -> str:
        """The file, and the line of the first of `keys` in the rule at hand or else of the rule."""
        lines = map(self._line_of, keys)
        line = next((line for line in lines if line != self._begins), self._begins)
        return f"{self._name}, line {line}" if line else self._name

    def _line_of(self, key: str) -> int:
        start = re.compile(rf"\s*{re.escape(key)}\s*=")
        for number in range(self._begins + 1, len(self._lines) + 1):
            line = self._lines[number - 1]
            if self._rule and line.startswith(self.next_table):
                break
            if key and start.match(line):
                return number
        return self._begins

    def known(self, table: Mapping[str, Any], keys: frozenset[str], what: str = "") -> None:
        """Every key of `table` must be one of `keys`."""
        for key in sorted(table.keys() - keys):
            self.fault(f"{what}{key!r} is unknown", key if not what else what.strip(": "))

    def table(self, parent: Mapping[str, Any], key: str) -> dict[str, Any]:
        """A table, empty where it is missing."""
        value = parent.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault(f"{key} must be a table", key)
        return {}

    def rows(self, parent: Mapping[str, Any], key: str) -> list[Any]:
        """A list of anything, empty where it is missing."""
        value = parent.get(key, [])
        if isinstance(value, list):
            return value
        self.fault(f"{key} must be a list", key)
        return []

    def text(self, parent: Mapping[str, Any], key: str) -> str:
        """A string, empty where it is missing."""
        value = parent.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.fault(f"{key} must be a string", key)
        return ""

    def strings(self, parent: Mapping[str, Any], key: str) -> list[str]:
        """A list of strings."""
        values = self.rows(parent, key)
        if not all(isinstance(value, str) for value in values):
            self.fault(f"{key} must hold strings only", key)
        return [value for value in values if isinstance(value, str)]

    def countries(self, parent: Mapping[str, Any], key: str) -> list[str]:
        """A list of two-letter country codes (ISO 3166), in capitals."""
        values = self.strings(parent, key)
        for value in values:
            if not _COUNTRY.fullmatch(value):
                self.fault(f"{key}: {value!r} is no country code such as 'GB'", key)
        return values

    def day(self, parent: Mapping[str, Any], key: str) -> date | None:
        """A date without a time."""
        value = parent.get(key)
        if value is None or type(value) is date:
            return value
        self.fault(f"{key} must be a date such as 2026-09-01", key)
        return None

    def choice(
        self, parent: Mapping[str, Any], key: str, allowed: Iterable[str], default: str = ""
    ) -> str:
        """One of the words `allowed`."""
        value = parent.get(key, default)
        if value in (*allowed, default):
            return str(value)
        self.fault(f"{key}: {value!r} is not one of {', '.join(sorted(allowed))}", key)
        return default

    def truth(self, parent: Mapping[str, Any], key: str) -> bool:
        """Return `parent[key]`, false where it is not given."""
        value = parent.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key} must be true or false", key)
        return value is True

    def choices(self, parent: Mapping[str, Any], key: str, allowed: Iterable[str]) -> list[str]:
        """A list of words `allowed`, each once."""
        values = self.strings(parent, key)
        for value in values:
            if value not in allowed:
                self.fault(f"{key}: {value!r} is not one of {', '.join(sorted(allowed))}", key)
        if len(set(values)) != len(values):
            self.fault(f"{key} names something twice", key)
        return [value for value in values if value in allowed]
