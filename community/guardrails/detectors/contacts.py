"""Ways to reach a person: e-mail, telephone and fax, street address, British postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[(\[](?:at|@)[)\]]\s?)"
    r"(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"
)
_AT = re.compile(r"@|[(\[]at[)\]]")
_PHONE = re.compile(
    r"(?<![\w.,:;/%-])(?:\+|\()?\d[\d ()./-]{5,20}\d(?=x\d{1,5}\b|(?![\w%]|[.,]\d))"
)
_PHONE_CUE = re.compile(
    r"\b(?:tel|tele?phone|phone|mobile|cell|fax|pager|whatsapp|call(?:ed|ing)?|ring|rang|dial|text"
    r"|reach(?:ed|able)?|contact(?:ed)?|ph|mob|handy|telefon|portable|number (?:is|was))\b"
    r"[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_CUE_BEFORE = 45
_NORTH_AMERICAN = re.compile(r"(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}")
# Lines that anybody may call: North American toll-free, 0800, European hotlines.
_PUBLIC_LINE = re.compile(
    r"(?:\+?1\D{0,2})?8(?:00|33|44|55|66|77|88)\D{0,2}\d{3}\D?\d{4}|00?800.*|116\D?\d{3}"
)
_YEARS_OR_DATES = re.compile(r"(?:(?:19|20)\d\d[ -/]*)+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15  # ITU-T E.164

_KIND_OF_STREET = (
    "Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Close|Court|Ct|Crescent|Boulevard|Blvd|Terrace"
    "|Gardens|Way|Place|Pl|Square|Sq|Grove|Mews|Hill|Row|Parkway|Pkwy|Circle|Trail"
)
_STREET = re.compile(
    rf"(?<![\w.,/-])\d{{1,5}}[a-zA-Z]?,? (?:(?:[A-Z][\w'.-]{{1,25}} ){{1,3}}(?:{_KIND_OF_STREET})\b"
    r"|(?:(?:bis|ter),? )?(?:rue|avenue|boulevard|allee|impasse|chemin) "
    r"(?:d[eu] |des |de la |d')?[A-Z]\w+)"
)
_GERMAN_STREET = re.compile(
    r"(?<![\w-])[A-Z]\w{2,25}?(?:strasse|str\.|weg|gasse|allee|platz) \d{1,4}[a-z]?\b"
)
_GERMAN_KINDS = ("strasse ", "str. ", "weg ", "gasse ", "allee ", "platz ")
# Royal Mail's form; the last two letters are never C I K M O V.
_POSTCODE = re.compile(
    r"(?<![\w-])[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]? \d[ABD-HJLNP-UW-Z]{2}(?![\w-])"
)


def contacts(clean: str, own_hosts: frozenset[str], countries: frozenset[str]) -> Iterator[Hit]:
    """Hits for each way to reach a person; addresses at `own_hosts` (staff, agencies) are none."""
    for match in _EMAIL.finditer(clean) if _AT.search(clean) else ():
        labels = match["host"].lower().split(".")
        if not any(".".join(labels[at:]) in own_hosts for at in range(len(labels))):
            yield Hit(match.start(), match.end(), "an e-mail address", "[e-mail removed]")
    for match in _PHONE.finditer(clean):
        if _is_phone(clean, match, countries):
            yield Hit(match.start(), match.end(), "a telephone number", "[number removed]")
    yield from _addresses(clean)


def _addresses(clean: str) -> Iterator[Hit]:
    for match in _STREET.finditer(clean):
        yield Hit(match.start(), match.end(), "a street address", "[address removed]")
    for match in _POSTCODE.finditer(clean):
        yield Hit(match.start(), match.end(), "a postcode", "[address removed]")
    if any(kind in clean for kind in _GERMAN_KINDS):
        for match in _GERMAN_STREET.finditer(clean):
            yield Hit(match.start(), match.end(), "a street address", "[address removed]")


def _is_phone(clean: str, match: re.Match[str], countries: frozenset[str]) -> bool:
    number = match.group()
    digits = sum(map(str.isdigit, number))
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS or _YEARS_OR_DATES.fullmatch(number):
        return False
    if _PUBLIC_LINE.fullmatch(number):
        return False
    if _NORTH_AMERICAN.fullmatch(number):
        return True
    if _PHONE_CUE.search(clean, max(0, match.start() - _CUE_BEFORE), match.start()):
        return True
    if number.startswith("+"):
        return _is_valid(number, None)
    return _looks_dialled(number) and any(_is_valid(number, c) for c in sorted(countries or {"GB"}))


def _looks_dialled(number: str) -> bool:
    """In groups, with the leading 0 or bracket of an area code; not a decimal."""
    grouped = len(re.findall(r"\d+", number)) > 1
    return grouped and number.startswith(("0", "(")) and "." not in number and number[1] != " "


def _is_valid(number: str, country: str | None) -> bool:
    import phonenumbers  # noqa: PLC0415 - its tables are large, and most texts hold no such number

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False
