"""In which language and time zone a page speaks. Features say whose page it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import Flask, request
from flask_babel import Babel, get_locale, get_timezone

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
    app.jinja_env.filters["in_zone"] = in_zone


def current() -> str:
    """Return the language of the page at hand."""
    found = get_locale()
    return found.language if found else LANGUAGES[0]


def in_zone(moment: datetime, zone: str = "") -> str:
    """Say a moment to the second with its zone, as proofs and signatures need it.

    Args:
        moment: with its own zone.
        zone: an IANA name; the reader's zone where empty.
    """
    name = zone or str(get_timezone() or "UTC")
    pattern = "d MMM y, HH:mm:ss"
    said = format_datetime(moment, pattern, tzinfo=ZoneInfo(name), locale=current())
    offset = moment.astimezone(ZoneInfo(name)).strftime("%z")
    return f"{said} UTC{offset[:3]}:{offset[3:]} ({name})"
