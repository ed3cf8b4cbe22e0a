"""Links by where they lead: shorteners that hide it, and hosts outside the agreed list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look

# With a scheme, with www, or a bare host with a path ("bit.ly/3xyz"); labels by RFC 1123.
_LINK = re.compile(
    r"(?<![\w@.-])(?P<scheme>https?://)?(?:[\w.-]*@)?"
    r"(?P<host>(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24})(?::\d{1,5})?(?P<path>/[^\s<>\"]*)?",
    re.IGNORECASE,
)


def find(look: Look) -> Iterator[Hit]:
    """A hit for each link whose host is a known shortener, or is not on the approved list."""
    if "/" not in look.text.clean and "www." not in look.text.clean.lower():
        return
    listed = look.guardrail_set.hosts.get("shorteners", frozenset())
    approved = look.guardrail_set.hosts.get("approved", frozenset())
    for match in _LINK.finditer(look.text.clean):
        host = match["host"].lower().removeprefix("www.")
        is_link = match["scheme"] or match["path"] or match["host"].lower().startswith("www.")
        if look.options["kind"] == "shortener":
            wanted = bool(is_link) and _under(host, listed)
        else:
            wanted = bool(is_link) and not _under(host, approved) and not _under(host, listed)
        if wanted:
            yield Hit(match.start(), match.end(), f"a link to {host}")


def _under(host: str, hosts: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in hosts for at in range(len(labels)))


DETECTOR = Detector(find, {"kind": ("shortener", "not_listed")})
