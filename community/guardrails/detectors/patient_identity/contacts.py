"""Ways to reach a person: e-mail, telephone and fax."""

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
    r"[+(\d](?<![\w.,:;/%-].)(?:(?<=\d)|\d)[\d ()./-]{5,20}\d(?:x\d{1,5}\b|(?![\w%]|[.,]\d))"
)
_PHONE_CUE = re.compile(
    r"\b(?:tel|tele?phone|phone|mobile|cell|fax|pager|whatsapp|call(?:ed|ing)?|ring|rang|dial|text"
    r"|reach(?:ed|able)?|contact(?:ed)?|ph|mob|handy|telefon|portable|number (?:is|was)"
    r"|(?:my|her|his|their) number)\b"
    r"[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_CUE_BEFORE = 45
# "You can call 33 93 31": six digits are a number where the word stands right before them.
_CALL = re.compile(
    r"\b(?:tel|tele?phone|phone|mobile|cell|fax|call(?: me| her| him| them)?(?: (?:on|at))?|ring"
    r"|(?:ring|reach|text) (?:me|her|him|them) (?:on|at)|dial|ph)[.:]? \Z",
    re.IGNORECASE,
)
_SHORT_NUMBER = re.compile(r"\d{2,3}[ -]\d{2,3}(?:[ -]\d{2,3})?")
_NORTH_AMERICAN = re.compile(r"(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}")
# Lines that anybody may call: North American toll-free, 0800, European hotlines.
_PUBLIC_LINE = re.compile(
    r"(?:\+?1\D{0,2})?8(?:00|33|44|55|66|77|88)\D{0,2}\d{3}\D?\d{4}|00?800.*|116\D?\d{3}"
)
_PUBLIC_BEFORE = re.compile(
    r"\b(?:poisons? (?:cent(?:re|er)|line)|helpline|hotline|switchboard|medical information"
    r"|yellow card"
    r"|agency|pharmacovigilance|medinfo|emergency number|information line|help desk)\b",
    re.IGNORECASE,
)
_YEARS_OR_DATES = re.compile(r"(?:(?:19|20)\d\d[ -/]*+)+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_FEWEST_WITH_COUNTRY = 9
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15  # ITU-T E.164


def contacts(clean: str, own_hosts: frozenset[str], countries: frozenset[str]) -> Iterator[Hit]:
    """Hits for each way to reach a person; addresses at `own_hosts` (staff, agencies) are none."""
    for match in _EMAIL.finditer(clean) if _AT.search(clean) else ():
        labels = match["host"].lower().split(".")
        if not any(".".join(labels[at:]) in own_hosts for at in range(len(labels))):
            yield Hit(match.start(), match.end(), "an e-mail address", "[e-mail]")
    for match in _PHONE.finditer(clean):
        if _is_phone(clean, match, countries):
            yield Hit(match.start(), match.end(), "a telephone number", "[phone number]")


def _is_phone(clean: str, match: re.Match[str], countries: frozenset[str]) -> bool:
    (number, extension, _), first = match.group().partition("x"), match.start()
    digits = sum(map(str.isdigit, number))
    ahead = clean[max(0, first - _CUE_BEFORE) : first]
    if _SHORT_NUMBER.fullmatch(number) and digits < _FEWEST_DIGITS:
        return _CALL.search(ahead) is not None
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS or _YEARS_OR_DATES.fullmatch(number):
        return False
    if _PUBLIC_LINE.fullmatch(number) or _PUBLIC_BEFORE.search(ahead):
        return False
    if extension or _NORTH_AMERICAN.fullmatch(number) or _PHONE_CUE.search(ahead):
        return True
    return _is_dialled(number, digits, countries)


def _is_dialled(number: str, digits: int, countries: frozenset[str]) -> bool:
    if number.startswith("+"):
        return digits >= _FEWEST_WITH_COUNTRY or _is_valid(number, None)
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
