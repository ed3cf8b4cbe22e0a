"""In which language and time zone a page speaks. Features say whose page it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import Flask, g, has_app_context, request
from flask_babel import Babel, get_locale, get_timezone, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES = ("en",)
KEPT_SENTENCES = 8192  # of templates, in each language: more than there are

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
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = say
    app.jinja_env.filters |= {
        "in_zone": in_zone,
        "to_people": to_people,
        "to_machines": to_machines,
    }


@pass_eval_context
def say(how: EvalContext, sentence: str, /, **values: object) -> str:
    """Say a sentence of a template in the reader's language; a page escapes what is put into it.

    A page says a hundred of them, so each is looked up once.
    """
    said = _said(current(), sentence)
    if not how.autoescape:
        return str(said) % values
    return said % values if values else _unfilled(said)


@lru_cache(maxsize=KEPT_SENTENCES)
def _said(_language: str, sentence: str) -> Markup:
    return Markup(get_translations().ugettext(sentence))  # noqa: S704 - our own words


@lru_cache(maxsize=KEPT_SENTENCES)
def _unfilled(said: Markup) -> Markup:
    return said % {}  # `%%` is a sign of its own also where nothing is put in


def current() -> str:
    """Return the language of the page at hand."""
    # A page asks some hundred times: where Flask-Babel has noted it, it is not asked for again.
    noted = g.get("_flask_babel") if has_app_context() else None
    found = getattr(noted, "babel_locale", None) or get_locale()
    return found.language if found else LANGUAGES[0]


def to_people(moment: datetime) -> str:
    """Say a moment to the minute, as it is in its own zone."""
    return _to_people(moment.replace(tzinfo=None), current())


@lru_cache(maxsize=KEPT_SENTENCES)
def _to_people(moment: datetime, language: str) -> str:
    return format_datetime(moment, "d MMM y, HH:mm", locale=language)


def to_machines(moment: datetime) -> str:
    """Write a moment in UTC as the `datetime` of a `<time>`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


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
