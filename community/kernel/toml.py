"""TOML that people send: read, or refused with a sentence, whatever it holds."""

from __future__ import annotations

import re
import tomllib
from typing import Any

DEEPEST = 40
LARGEST_NUMBER = 2**63 - 1  # what TOML asks for; JSON and databases choke on more
_MANY_KEYS = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){40}""")


class UnreadableToml(ValueError):
    """A text that is no TOML, or more than anybody would write by hand; the message says why."""


def read(source: str) -> dict[str, Any]:
    """Return what a text in TOML holds.

    `tomllib` itself takes minutes over a key of a thousand parts, falls over deep nesting, and
    reads numbers of any length, of which nothing can be written down again.

    Raises:
        UnreadableToml: it can't be read.
    """
    if _MANY_KEYS.search(source):
        raise UnreadableToml("nested too deeply")
    try:
        found = tomllib.loads(source)
    except RecursionError:
        raise UnreadableToml("nested too deeply") from None
    except ValueError as error:  # also of `int`, for a number of thousands of digits
        raise UnreadableToml(str(error)) from None
    _require_fit(found)
    return found


def _require_fit(found: dict[str, Any]) -> None:
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        inner = [part for value in level for part in _parts(value)]
        if any(isinstance(part, int) and abs(part) > LARGEST_NUMBER for part in inner):
            raise UnreadableToml("a number is too large")
        if any("\0" in part for part in (*inner, *_keys(level)) if isinstance(part, str)):
            raise UnreadableToml("a NUL character")  # PostgreSQL keeps none
        level = [part for part in inner if isinstance(part, dict | list)]
        if not level:
            return
    raise UnreadableToml("nested too deeply")


def _keys(level: list[Any]) -> list[str]:
    return [key for value in level if isinstance(value, dict) for key in value]


def _parts(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)
