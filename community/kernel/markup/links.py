"""Decides what may be a link, where it leads, and what is said about it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_IN_PATH = r"[^\s<>\"()\[\]{}|\\^`*\x00-\x1f\x7f]"
BARE_URL = re.compile(
    r"(?<![\w@.:/-])(?:https?://|www\.)[\w-]++(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?![\w@\\])(?::\d{1,5})?"
    rf"(?:[/?#](?:{_IN_PATH}|\({_IN_PATH}{{0,200}}\)){{0,2000}}(?<![.,;:!?'…]))?",
    re.IGNORECASE,
)
"""An address as people paste it; a bare `e.g.this` or `HbA1c.In` is none."""

AMP = "\U000f1a4d"
"""Stands for a typed `&` until the end, a private character that no text keeps. Bleach's linkifier
would read a `<` out of a typed `&lt;`, and the post would show another text than was judged."""

LABEL = r"\d{1,3}|[A-Za-z]"
"""What may name a reference: a number or a letter, since the page shows its place instead."""

OUTSIDE_REL = "nofollow noopener noreferrer"

_ALLOWED = re.compile(
    r"https?://[^\s/\\?#@]+(?:[/?#]|$)|mailto:[^\s/\\@]+@|/(?![/\\])|#[\w-]+$", re.IGNORECASE
)
_REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


def is_allowed_href(href: str) -> bool:
    """Say whether a link may lead there: the web, a mail address, this site, this page.

    Control, zero-width, bidirectional and blank characters are refused: they hide where a link
    leads, and parsers disagree on them. So are a name before the host (`google.com@evil.example`)
    and backslashes, which browsers read as slashes.
    """
    if "\\" in href or any(unicodedata.category(char) in _REFUSED_CATEGORIES for char in href):
        return False
    if not _ALLOWED.match(href):
        return False
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True


# What stands on this site, named by its key: no word of it could bear on what is said.
_OF_THIS_SITE = re.compile(
    r"/(?:threads|posts|inquiries)/\d{1,18}(?:\?from=\d{1,9})?(?:#post-\d{1,18})?|#post-\d{1,18}"
)


def hides_words(label: str, href: str) -> bool:
    """Say whether an address holds words that its reader would not see, behind a label.

    The guardrails read all that was typed: what only they see could excuse what everybody sees.
    """
    if re.match(r"mailto:", href, re.IGNORECASE):
        return href[len("mailto:") :] != label
    return outside_host(href) is None and not _OF_THIS_SITE.fullmatch(href)


def outside_host(href: str) -> str | None:
    """Name the host that a link leads to, None for a link within the site or to a mail address.

    A host in other letters than ours is named in its ASCII form, so that a Cyrillic letter is seen.
    """
    if not re.match(r"https?://", href, re.IGNORECASE):
        return None
    host = re.split(r"[/?#]", href.split("://", 1)[1], maxsplit=1)[0].lower()
    if host.isascii() or len(host) > 253:
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ascii(host)[1:-1]


def hides_host(label: str, host: str) -> bool:
    """Say whether a reader of the label would not see the host that the link leads to."""
    shown = BARE_URL.match(label.strip())
    if shown is None:
        return True
    address = shown[0] if "://" in shown[0] else f"https://{shown[0]}"
    return outside_host(address) != host or not shown[0].isascii()
