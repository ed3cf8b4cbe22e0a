"""In which language and time zone a page speaks. Features say whose page it is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, request
from flask_babel import Babel, get_locale

LANGUAGES = ("en",)

_readers: list[Callable[[], tuple[str, str] | None]] = []


def ask(reader: Callable[[], tuple[str, str] | None]) -> None:
    """Register what knows the reader's language and time zone, or None."""
    if reader not in _readers:
        _readers.append(reader)


def _language() -> str:
    for reader in _readers:
        found = reader()
        if found and found[0] in LANGUAGES:
            return found[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _time_zone() -> str:
    for reader in _readers:
        found = reader()
        if found:
            return found[1]
    return "UTC"


def init_app(app: Flask) -> None:
    """Make `_()` and dates speak as the reader does."""
    Babel(app, locale_selector=_language, timezone_selector=_time_zone)
    app.jinja_env.add_extension("jinja2.ext.i18n")


def current() -> str:
    """Return the language of the page at hand."""
    found = get_locale()
    return found.language if found else LANGUAGES[0]
