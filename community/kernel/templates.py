"""What our templates can do besides: stand without their indentation, and keep what they drew."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Hashable, MutableMapping
from typing import Any

import flask.templating
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from community.kernel import locale
from community.kernel.kept import Kept

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
KEPT_CHARACTERS = 4_000_000

_places = itertools.count()


class Templates(flask.templating.Environment):
    """Flask's templates, which all share the same globals.

    Jinja lays an empty layer over them for each, and goes through it name by name at every import.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template; none of ours brings its own."""
        return super().make_globals(d) if d else self.globals


class Unindented(Extension):
    """Take the spaces at the beginning of a line out of pages; letters keep theirs."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source as it is compiled; line numbers stay as they are."""
        return _INDENTATION.sub("", source) if (name or "").endswith(".html") else source


class KeptParts(Extension):
    """`{% kept values %}…{% endkept %}`: a part of a page that is drawn once for the same values.

    The values, none or several with commas between, are all that the part depends on besides the
    language and the installation. They must be hashable, and equal only where the part is the same.
    """

    # Each place is numbered as it is compiled: no two are mistaken for each other.
    tags = frozenset({"kept"})  # type: ignore[assignment]  # Jinja only looks things up in it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.parts: Kept[Markup] = Kept(KEPT_CHARACTERS)

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the call that draws the part, or finds it drawn."""
        line = next(parser.stream).lineno
        place = nodes.Const(next(_places), lineno=line)
        values = parser.parse_tuple(with_condexpr=True, explicit_parentheses=True)
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        call = self.call_method("draw", [place, values], lineno=line)
        return nodes.CallBlock(call, [], [], body, lineno=line)

    def draw(self, place: int, values: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return the part of a place for some values."""
        return self.parts.get((place, locale.current(), values), caller)


def forget_parts(environment: Environment) -> None:
    """Forget all parts that were kept: the next page is drawn anew."""
    kept = environment.extensions[KeptParts.identifier]
    assert isinstance(kept, KeptParts)
    kept.parts.forget()
