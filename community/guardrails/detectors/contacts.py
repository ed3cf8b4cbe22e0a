"""Ways to reach a person: e-mail, telephone and fax, street address, British postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[(\[](?:at|@)[)\]]\s?)(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"
)
_PHONE = re.compile(r"(?<![\w.,:;/%-])(?:\+|\()?\d[\d ()./-]{5,20}\d(?![\w%]|[.,]\d)")
_CUE = re.compile(
    r"\b(?:tel|tele?phone|phone|mobile|cell|fax|pager|whatsapp|call(?:ed|ing)?|ring|rang|dial|text|reach(?:ed|able)?"
    r"|contact(?:ed)?|ph|mob|handy|telefon|portable|number is|number was)\b[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_NORTH_AMERICAN = re.compile(r"(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}")
_YEARS_OR_DATES = re.compile(r"(?:(?:19|20)\d\d[ -/]*)+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_STREET = re.compile(
    r"(?<![\w.,/-])\d{1,5}[a-zA-Z]?,? (?:[A-Z][\w'.-]{1,25} ){1,3}"
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Close|Court|Ct|Crescent|Boulevard|Blvd|Terrace|Gardens|Way"
    r"|Place|Pl|Square|Sq|Grove|Mews|Hill|Row|Parkway|Pkwy|Circle|Trail)\b"
    r"|(?<![\w-])[A-Z]\w{2,25}(?:strasse|str\.|weg|gasse|allee|platz) \d{1,4}[a-z]?\b"
    r"|(?<![\w.,/-])\d{1,4}(?: (?:bis|ter))?,? (?:rue|avenue|boulevard|allee|impasse|chemin) (?:d[eu] |des |de la |d')?[A-Z]\w+"
)
# Royal Mail's form; the last two letters are never C I K M O V.
_POSTCODE = re.compile(
    r"(?<![\w-])[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]? \d[ABD-HJLNP-UW-Z]{2}(?![\w-])"
)


def contacts(clean: str, own_hosts: frozenset[str], countries: frozenset[str]) -> Iterator[Hit]:
    """Hits for each way to reach a person; addresses at `own_hosts` (staff, agencies) are none."""
    for match in _EMAIL.finditer(clean) if "@" in clean or "at" in clean else ():
        labels = match["host"].lower().split(".")
        if not any(".".join(labels[at:]) in own_hosts for at in range(len(labels))):
            yield Hit(match.start(), match.end(), "an e-mail address", "[e-mail removed]")
    for match in _PHONE.finditer(clean):
        if _is_phone(clean, match, countries):
            yield Hit(match.start(), match.end(), "a telephone number", "[number removed]")
    for match in _STREET.finditer(clean):
        yield Hit(match.start(), match.end(), "a street address", "[address removed]")
    for match in _POSTCODE.finditer(clean):
        yield Hit(match.start(), match.end(), "a postcode", "[address removed]")


def _is_phone(clean: str, match: re.Match[str], countries: frozenset[str]) -> bool:
    number = match.group()
    digits = sum(map(str.isdigit, number))
    if not 7 <= digits <= 15 or _YEARS_OR_DATES.fullmatch(number):
        return False
    if _NORTH_AMERICAN.fullmatch(number):
        return True
    if _CUE.search(clean, max(0, match.start() - 45), match.start()):
        return True
    if number.startswith("+"):
        return _is_valid(number, None)
    groups = len(re.findall(r"\d+", number))
    if not number.startswith(("0", "(")) or groups < 2 or "." in number or number.startswith("0 "):
        return False
    return any(_is_valid(number, country) for country in sorted(countries or {"GB"}))


def _is_valid(number: str, country: str | None) -> bool:
    import phonenumbers  # noqa: PLC0415 - its tables are large, and most texts hold no such number

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False
