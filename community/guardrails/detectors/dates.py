"""Dates in a person's life: birth, and days of care; and ages over 89."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit

_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|fevr(?:ier)?|mar(?:ch|s)?|marz|maerz|apr(?:il)?|avril|may|mai|june?|juni|juin"
    r"|july?|juli|juillet|aug(?:ust)?|aout|sept?(?:ember|embre)?|oct(?:ober|obre)?|okt(?:ober)?"
    r"|nov(?:ember|embre)?|dec(?:ember|embre)?|dez(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:(?:18|19|20)\d\d)"
_FULL_DATE = (
    rf"(?:{_DAY}[./-](?:0?[1-9]|1[0-2])[./-](?:{_YEAR}|\d\d)"
    rf"|(?:0?[1-9]|1[0-2])[./-]{_DAY}[./-](?:{_YEAR}|\d\d)"
    rf"|{_YEAR}[./-](?:0[1-9]|1[0-2])[./-]{_DAY})(?![\d/-]|\.\d)"
)
_NAMED_DATE = (
    rf"(?:{_DAY}(?:st|nd|rd|th|er|\.)?(?: of|-)?[ -]{_MONTH}\b\.?(?:[ ,-]{{1,2}}{_YEAR}\b)?"
    rf"|{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?\b(?![ ]?%|[./:,]\d)(?:,? {_YEAR}\b)?)"
)
_DATE = re.compile(rf"(?<![\w./:;-])(?:{_FULL_DATE}|{_NAMED_DATE})", re.IGNORECASE)
_BORN = re.compile(
    r"(?:\bd\.? ?o\.? ?b\b\.?|\bdate of birth|\bbirth ?da(?:te|y)|\bborn|\bgeb\.?|\bgeboren|\bgeburtsdatum|\bnee? le"
    r"|\bdate de naissance)[ :,(]*(?:is|was|on|am|the|le)?[ :]*$",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"\b(?:admit\w*|admission|discharg\w*|(?:was|were|been|first|last|next|re) ?seen|seen (?:on|in)|saw (?:her|him|them|the patient)"
    r"|operated|operation|surgery|procedure|biops\w*|echo\w*|mri|ct|x-?ray|scan\w*|ecg|ekg|ultrasound|lumbar puncture"
    r"|catheter\w*|angiogra\w*|implant\w*|transplant\w*|transfus\w*|infusion|dialysed|intubat\w*|extubat\w*|delivered"
    r"|appointment|visit\w*|follow-?up|clinic|consult\w*|referred|transferred|diagnosed|died|death|passed away"
    r"|relapsed|collapsed|fell|fainted|hospitali[sz]\w*|treated|vaccinated|blood (?:test|sample|drawn)|labs?|tested"
    r"|aufgenommen|entlassen|operiert|hospitalisee?|admise?|operee?)\b"
    r"|\b(?:he|she|who|patient|man|woman|lady|gentleman|boy|girl) (?:\w+ ){0,2}(?:presented|started|began|stopped|came|returned|reported|developed|underwent|had|received|attended)\b",
    re.IGNORECASE,
)
_NOT_CARE = re.compile(
    r"\b(?:meeting|congress|conference|webinar|trial|study|stud(?:y|ies)|registry|guideline\w*|published|publication|label|approv\w*"
    r"|agency|call|session|deadline|version|updated|cohort|enrol\w*|recruit\w*|database|records|retrospective\w*|prospective\w*"
    r"|consecutive|between|patients|cases|participants|children|infants|women|men|adults|subjects)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:he|she|his|her|him|my patient|the patient|this patient|our patient)\b", re.IGNORECASE
)
_GREAT_AGE = re.compile(
    r"(?<![\w.,/+-])(?P<years>9\d|1[01]\d)"
    r"(?P<unit>[ -]?(?:years?|yrs?|yo|y/o|y\.o\.?|jahre?|ans)\b(?:[ -](?:old|of age|alt))?|[ -]?jahrig\w*|[ -]?(?:F|M|f|m)\b(?=,? (?:with|who|admitted|presenting|seen|on)\b))"
    r"|\b(?P<cue>(?:is |was )?aged?|turned|age of|age is|age was|age[:,]|alter von)[ :](?P<late>9\d|1[01]\d)\b(?!\.\d|[,.-]\d| ?%|\s?(?:mmhg|mg|ml|kg|bpm))",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:oldest|mean|median|average|registry|range|trial|study|cohort|patients|participants|people|adults|subjects|individuals"
    r"|residents|those|up to|over|above|between|than|per cent|survived to|life expectancy)\b",
    re.IGNORECASE,
)
_OR_OLDER = re.compile(
    r",? ?(?:\+|or (?:older|over|more|above)|and (?:older|over|above))", re.IGNORECASE
)


def dates(clean: str) -> Iterator[tuple[str, Hit]]:
    """Pairs of kind (`birth`, `care_date`) and hit, for each day that belongs to a person."""
    for match in _DATE.finditer(clean):
        start, end = match.span()
        if _BORN.search(clean, max(0, start - 40), start):
            yield "birth", Hit(start, end, "a date of birth", "[date removed]")
            continue
        sentence = _sentence(clean, start, end)
        if _CARE.search(sentence) and (_PERSON.search(sentence) or not _NOT_CARE.search(sentence)):
            yield "care_date", Hit(start, end, "an exact date of care", "[date removed]")


def great_ages(clean: str) -> Iterator[Hit]:
    """Ages from 90 on of one person; ages of groups and '90 or older' are none."""
    for match in _GREAT_AGE.finditer(clean):
        before = clean[max(0, match.start() - 60) : match.start()].rpartition(". ")[2]
        if _GROUP.search(before) or _OR_OLDER.match(clean, match.end()):
            continue
        cue = match["cue"]
        instead = f"{cue} 90 or older" if cue else "90-or-older"
        yield Hit(match.start(), match.end(), "an age over 89", instead)


def _sentence(clean: str, start: int, end: int) -> str:
    """The sentence around a span, 300 characters to each side at most."""
    left = max(clean.rfind(stop, max(0, start - 300), start) for stop in (". ", "? ", "! ", "\n"))
    rights = (clean.find(stop, end, end + 300) for stop in (". ", "? ", "! ", "\n"))
    right = min((at for at in rights if at >= 0), default=end + 300)
    return clean[max(left + 1, start - 300, 0) : right]
