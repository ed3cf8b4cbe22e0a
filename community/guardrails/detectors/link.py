"""Links by where they lead: shorteners that hide it, and hosts outside the agreed list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.phrases.text import Text

# With a scheme, with www, or a bare host with a path ("bit.ly/3xyz"); labels by RFC 1123.
_LINK = re.compile(
    r"(?<![\w@.-])(?P<scheme>https?://)?(?:[\w.-]*@)?"
    r"(?P<host>(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24})(?::\d{1,5})?(?P<path>/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_PATH = re.compile(r"\.[^\W\d_]{2,24}(?::\d{1,5})?/")


def find(look: Look) -> Iterator[Hit]:
    """A hit for each link whose host is a known shortener, or is not on the approved list."""
    listed = look.guardrail_set.hosts.get("shorteners", frozenset())
    approved = look.guardrail_set.hosts.get("approved", frozenset())
    for start, end, host in _links(look.text):
        if look.options["kind"] == "shortener":
            wanted = _under(host, listed)
        else:
            wanted = not _under(host, approved) and not _under(host, listed)
        if wanted:
            yield Hit(start, end, f"a link to {host}")


def _links(text: Text) -> list[tuple[int, int, str]]:
    """Each link, from where to where, with its host; looked for once, though two rules ask."""
    known = text.memo.get("links")
    if isinstance(known, list):
        return known
    clean = text.clean
    worth_a_look = "://" in clean or "www." in clean.lower() or _PATH.search(clean)
    text.memo["links"] = found = [
        (*match.span(), match["host"].lower().removeprefix("www."))
        for match in (_LINK.finditer(clean) if worth_a_look else ())
        if match["scheme"] or match["path"] or match["host"].lower().startswith("www.")
    ]
    return found


def _under(host: str, hosts: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in hosts for at in range(len(labels)))


DETECTOR = Detector(find, {"kind": ("shortener", "not_listed")})
