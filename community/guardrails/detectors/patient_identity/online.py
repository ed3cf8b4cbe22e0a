"""Where a person is found online: IP and device addresses, pages of their own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit

_FOUR = re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:/\d\d?)?(?![\w.]*\d)")
# Sections and versions have four parts too ("4.8.1.2"); addresses have large ones, or say so.
_SECTION_BEFORE = re.compile(
    r"(?:section|sect\.|version|v|ver\.|release|chapter|table|ec|§)[ .]?\Z", re.IGNORECASE
)
_IP_BEFORE = re.compile(
    r"\b(?:ip|ip[ -]?address|address|host|server)\b\W{0,4}\w{0,4}\W{0,2}\Z", re.IGNORECASE
)
_IN_POINTS = re.compile(r"\d\.\d{1,3}\.\d")
_LARGE = 31
_COLONS = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")
_MAC = re.compile(
    r"(?<![\w:-])[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}(?![\w:-])"
)
_IN_COLONS = re.compile(r":[0-9a-fA-F]{0,4}:[0-9a-fA-F]")
_IN_PAIRS = re.compile(r"[:-][0-9a-fA-F]{2}[:-][0-9a-fA-F]{2}[:-]")

# Pages that people make of themselves or of their illness. Fund-raisers are always somebody's.
_PAGE = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[\w-]{1,20}\.)?(?:"
    r"(?P<ill>gofundme\.com/f|caringbridge\.org/visit|justgiving\.com/(?:fundraising|crowdfunding)"
    r"|mightycause\.com/story|leetchi\.com/c|betterplace\.me|postthejourney\.com)"
    r"|(?:facebook|fb|instagram|tiktok|twitter|x|threads|snapchat|linkedin|youtube|vk"
    r"|strava)\.(?:com|net)"
    r"(?:/(?:in|profile|people|user|athletes|add|channel))?)/@?[\w.%-]{2,80}",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"\b(?:patients?'?s?|pt|her|his|their|she|he|son|daughter|wife|husband|mother|father|parents?"
    r"|family|girl|boy)\b",
    re.IGNORECASE,
)
_NEAR = 90
_FEWEST_MARKS = 5
_SHORTEST_V6 = 11
_HOSTS = (".com", ".net", "betterplace")


def pages_and_machines(clean: str) -> Iterator[Hit]:
    """Hits for IP addresses, addresses of devices, and personal pages of patients."""
    for match in _FOUR.finditer(clean) if _IN_POINTS.search(clean) else ():
        if _is_address(clean, match):
            yield Hit(*match.span(), "an IP address", "[IP address]")
    colons = clean.count(":") >= _FEWEST_MARKS
    if (colons or clean.count("-") >= _FEWEST_MARKS) and _IN_PAIRS.search(clean):
        for match in _MAC.finditer(clean):
            yield Hit(*match.span(), "the address of a device", "[device address]")
    for match in _COLONS.finditer(clean) if colons and _IN_COLONS.search(clean) else ():
        if _is_v6(match.group()):
            yield Hit(*match.span(), "an IP address", "[IP address]")


def personal_pages(clean: str) -> Iterator[Hit]:
    """Hits for pages of a patient or of a family; a colleague's page is none."""
    if not any(host in clean for host in _HOSTS):
        return
    for match in _PAGE.finditer(clean):
        around = clean[max(0, match.start() - _NEAR) : match.start()]
        if match["ill"] or _WHOSE.search(around):
            yield Hit(*match.span(), "a page of a person", "[link]")


def _is_address(clean: str, match: re.Match[str]) -> bool:
    parts = [int(part) for part in match.group().partition("/")[0].split(".")]
    if max(parts) > 255:
        return False
    before = clean[max(0, match.start() - 24) : match.start()]
    if _SECTION_BEFORE.search(before):
        return False
    return sum(part > _LARGE for part in parts) > 1 or bool(_IP_BEFORE.search(before))


def _is_v6(group: str) -> bool:
    if len(group) < _SHORTEST_V6 or not any(map(str.isdigit, group)):
        return False
    try:
        return ipaddress.ip_address(group).version == 6
    except ValueError:
        return False
