"""The one place where what people type becomes HTML: Markdown by markdown, cleaned by bleach.

`nh3` then reads bleach's output once more: a second parser, of another make, must agree that it is
harmless. The text is shown as typed wherever it is not clearly Markdown (see `clinical`).
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import partial
from hashlib import sha256
from html import escape

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner

from community.kernel.markup.clinical import judge
from community.kernel.markup.links import (
    AMP,
    BARE_URL,
    OUTSIDE_REL,
    is_allowed_href,
    outside_host,
)
from community.kernel.markup.reader import to_html
from community.kernel.markup.words import excerpt_of, words_of
from community.kernel.spare import Spare
from community.kernel.unseen import without_dropped

MAX_LENGTH = 20_000
"""Code points; a longer text is refused at the door, and shown here as it is, unread."""

MAX_LINES = 1_000
"""A text of more lines is no writing but data, and each line of it would cost an element."""

_ATTRIBUTES: dict[str, dict[str, str]] = {
    "a": {"href": r".+", "rel": re.escape(OUTSIDE_REL), "target": "_blank"},
    "code": {"class": r"language-[a-z0-9+#.-]{1,30}"},
    "li": {"id": r"[a-z0-9-]+-r\d+", "dir": "auto"},
    "ol": {"class": "references", "start": r"\d{1,3}"},
    "span": {"class": "host"},
    "sup": {"class": "cite"},
    "td": {"align": "left|center|right", "dir": "auto"},
    "th": {"align": "left|center|right", "dir": "auto"},
    **{tag: {"dir": "auto"} for tag in ("p", "h3", "h4", "h5", "h6")},
}
_TAGS = frozenset(_ATTRIBUTES) | frozenset(
    "blockquote br em hr pre strong table tbody thead tr ul".split()
)
_SCHEMES = frozenset({"http", "https", "mailto"})

_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")


def render(text: str, *, key: str | None = None) -> str:
    """Turn a post's text into the HTML that is stored and shown; never raises, whatever the text.

    Args:
        text: what the author typed.
        key: what the ids of the references begin with; unique in a page. Left out, it is made
            from the text, so that the same text gives the same HTML everywhere.
    """
    clean = _cleared(text)
    if len(text) > MAX_LENGTH or clean.count("\n") > MAX_LINES:
        return f"<pre>{escape(clean)}</pre>"
    html = to_html(clean.replace("&", AMP), key=_key(key or "", clean))
    return _sanitized(html)


def plain_text(text: str) -> str:
    """Give a post's words without its marks, block by block: for search, mails and counting."""
    return words_of(render(text))


def excerpt(text: str, limit: int) -> str:
    """Give the first words of a post in one line of `limit` characters at most, quotes left out."""
    return excerpt_of(render(text), limit)


def quote(text: str, *, by: str = "") -> str:
    """Write a text as a Markdown quote that is one for certain, even where it begins `5.4 is`.

    Args:
        text: what is quoted, as typed.
        by: who wrote it, for a line above.
    """
    lines = _LINE_END.sub("\n", text).strip("\n").split("\n")
    head = [f"**{by}:**", ""] if by else []
    quoted = [f"> {line}".rstrip() for line in [*head, *lines]]
    is_one = len(judge(quoted).quotes) == len(quoted)
    return "\n".join(quoted if is_one else [">", *quoted])


def _cleared(text: str) -> str:
    """Drop what no one can see and everyone can be fooled by; mend broken pairs of surrogates."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return without_dropped(_LINE_END.sub("\n", text)).expandtabs(4)


def _key(key: str, text: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", key.lower()) or f"p{sha256(text.encode()).hexdigest()[:10]}"


def _sanitized(html: str) -> str:
    """Keep the tags and attributes that a post may have; twice, by parsers of different make."""
    with _cleaners.taken() as cleaner:
        once = cleaner.clean(html)
    return _SECOND.clean(once.replace(AMP, "&amp;"))


def _new_cleaner() -> Cleaner:
    links = partial(LinkifyFilter, callbacks=[_outside], skip_tags={"pre", "code"}, url_re=BARE_URL)
    return Cleaner(
        tags=_TAGS, attributes=_may_keep, protocols=_SCHEMES, strip=True, filters=[links]
    )


_cleaners = Spare(_new_cleaner)


def _may_keep(tag: str, name: str, value: str) -> bool:
    rule = _ATTRIBUTES.get(tag, {}).get(name)
    if rule is None or not re.fullmatch(rule, value, re.DOTALL):
        return False
    return name != "href" or is_allowed_href(value)


_Attributes = MutableMapping[tuple[str | None, str], str]


def _outside(attrs: _Attributes, is_new: bool = False, /) -> _Attributes:  # noqa: FBT001, FBT002
    """Mark a link that leads out of the site; bleach calls this for every link, old and new."""
    href = attrs.get((None, "href"), "").replace(AMP, "&")
    if is_new and not attrs["_text"].startswith("http"):  # type: ignore[index]
        href = href.replace("http://", "https://", 1)
    if not is_allowed_href(href):
        return None  # type: ignore[return-value]   # bleach then leaves the text without a link
    attrs[(None, "href")] = href
    if outside_host(href):
        attrs[(None, "rel")] = OUTSIDE_REL
        attrs[(None, "target")] = "_blank"
    return attrs


_SECOND = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={tag: set(rules) for tag, rules in _ATTRIBUTES.items()},
    attribute_filter=lambda tag, name, value: value if _may_keep(tag, name, value) else None,
    url_schemes=set(_SCHEMES),
    link_rel=None,
)
