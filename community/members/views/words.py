"""How pages say codes in words: countries, professions, duties, browsers."""

from __future__ import annotations

from flask_babel import gettext

from community.members import forms
from community.members.views.blueprint import blueprint

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@blueprint.app_template_filter()
def country_name(code: str) -> str:
    """Return a country in the reader's language."""
    return forms.country_name(code)


@blueprint.app_template_filter()
def profession_name(word: str) -> str:
    """Return a profession in the reader's language; one that is no code stays as it is."""
    return str(dict(forms.professions()).get(word, word))


@blueprint.app_template_filter()
def duty_name(code: str) -> str:
    """Return a duty in the reader's language."""
    return str(dict(forms.duties()).get(code, code))


@blueprint.app_template_filter()
def browser_name(agent: str) -> str:
    """Return in two words what a browser says of itself; enough to know one's own again."""
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if browser and system:
        return gettext("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or gettext("An unknown browser")


def _first(signs: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in signs if sign in agent), "")
