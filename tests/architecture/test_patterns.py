"""No pattern of the guardrails can be made to run away by what somebody writes."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import community.guardrails as package

_BACKTRACKING = (ops.MAX_REPEAT, ops.MIN_REPEAT)
_NEVER_GO_BACK = (ops.POSSESSIVE_REPEAT, ops.ATOMIC_GROUP)
_MANY = 1_000


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _patterns_in(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _patterns_in(each)


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            for pattern in _patterns_in(value):
                yield f"{module.name}.{name}", pattern


def _parts(argument: object) -> Iterator[Any]:
    """The sub-patterns in the argument of an operation."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for each in argument:
            yield from _parts(each)


def _repeats_inside_repeats(pattern: Any, *, repeated: bool = False) -> bool:
    """Whether something without an upper limit repeats what repeats without one."""
    for operation, argument in pattern:
        inside = repeated
        if operation in _BACKTRACKING and argument[1] >= _MANY:
            if repeated:
                return True
            inside = True
        if operation in _NEVER_GO_BACK:
            inside = False
        if any(_repeats_inside_repeats(part, repeated=inside) for part in _parts(argument)):
            return True
    return False


FOUND = dict(_patterns())


def test_the_patterns_are_found() -> None:
    assert len(FOUND) > 30
    assert "community.guardrails.phrases.fold._SPECIAL" in FOUND


@pytest.mark.parametrize("name", sorted(FOUND))
def test_no_pattern_repeats_what_repeats(name: str) -> None:
    tree = parser.parse(FOUND[name].pattern, FOUND[name].flags & ~re.DEBUG)
    assert not _repeats_inside_repeats(tree), FOUND[name].pattern


@pytest.mark.parametrize(
    ("pattern", "runs_away"),
    [
        (r"(a+)+b", True),
        (r"(?:a|b+)*c", True),
        (r"(?:\w+\s?)*$", True),
        (r"(?:a*?)*b", True),
        (r"(?:a+ ){0,5}b", False),
        (r"(?:a++ )+b", False),
        (r"(?>a+)+b", False),
        (r"a+b+", False),
        (r"(?:(?:a+b)?c)++", False),
    ],
)
def test_a_repeat_inside_a_repeat_is_known_when_seen(pattern: str, *, runs_away: bool) -> None:
    assert _repeats_inside_repeats(parser.parse(pattern)) is runs_away


def test_patterns_are_made_where_this_test_finds_them() -> None:
    """A pattern made inside a function is never looked at: each is named here with its reason."""
    named = {"reference_state._library"}  # ids of product files, escaped, no repeat without limit
    made = set()
    for path in Path(package.__path__[0]).rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and "re.compile(" in ast.unparse(function):
                made.add(f"{path.stem}.{function.name}")
    made -= {"fields.begin", "fields._line_of"}  # those read rule files, not posts
    assert made == named
