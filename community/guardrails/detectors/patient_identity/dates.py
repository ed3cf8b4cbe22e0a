"""Dates in a person's life: birth, and days of care; and ages over 89."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from community.guardrails.detectors.hit import Hit
from community.guardrails.phrases.text import NUMBER, Text

# English, German and French, as they stand once accents are folded away.
_MONTH = (
    "(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|fevr(?:ier)?|mar(?:ch|s)?|maerz|marz|apr(?:il)?"
    "|avril|may|mai|june?|juni|juin|july?|juli|juillet|aug(?:ust)?|aout|sept?(?:ember|embre)?"
    "|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?|dec(?:ember|embre)?|dez(?:ember)?)"
)
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_NUMBER = "(?:0?[1-9]|1[0-2])"
_YEAR = "(?:(?:18|19|20)[0-9]{2})"
_FULL_DATE = (
    rf"(?:{_DAY}[./-]{_MONTH_NUMBER}[./-](?:{_YEAR}|\d\d)"
    rf"|{_MONTH_NUMBER}[./-]{_DAY}[./-](?:{_YEAR}|\d\d)"
    rf"|{_YEAR}[./-]{_MONTH_NUMBER}[./-]{_DAY})(?![\d/-]|\.\d)"
)
_NAMED_DATE = (
    rf"(?:{_DAY}(?:st|nd|rd|th|er|\.)?(?: of|-)?[ -]{_MONTH}\b\.?(?:[ ,-]{{1,2}}{_YEAR}\b)?"
    rf"|{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?\b(?! ?%|[./:,]\d)(?:,? {_YEAR}\b)?)"
)
_DATE = re.compile(rf"(?<![\w./:;-])(?=[0-9jfmasond])(?:{_FULL_DATE}|{_NAMED_DATE})", re.IGNORECASE)
_MONTHS = frozenset(
    """
    jan january januar janvier feb february februar fevr fevrier mar march mars maerz marz apr
    april avril may mai jun june juni juin jul july juli juillet aug august aout sep sept
    september sepember septembre sepembre oct october octobre okt oktober nov november novembre
    dec december decembre dez dezember
    """.split()
)
_NUMBER = re.compile(r"\d+")
_AMONG_FIGURES = re.compile(r"\d(?<!\d.)\d*+(?=[./-]\d)")
_MONTH_BEFORE, _YEAR_AFTER = 14, 28  # "September 3rd", "3rd of September, 2026"
_BORN = re.compile(
    r"(?:\bd\.? ?o\.? ?b\b\.?|\bdate of birth|\bbirth ?da(?:te|y)|\bborn|\bgeb\.?|\bgeboren"
    r"|\bgeburtsdatum|\bnee? le|\bdate de naissance)[ :,(]*(?:is|was|on|am|the|le)?[ :]*$",
    re.IGNORECASE,
)
_BORN_BEFORE = 40

_CARE = re.compile(
    r"\b(?:admit\w*|admission|discharg\w*|seen|observed|presenting"
    r"|saw (?:her|him|them|the patient)|operated|operation|surgery|procedure|biops\w*|echo\w*|mri"
    r"|ct|x-?ray|scan\w*|ecg|ekg|ultrasound|lumbar puncture|catheter\w*|angiogra\w*|implant\w*"
    r"|transplant\w*|transfus\w*|infusion|dialysed|intubat\w*|extubat\w*|delivered|appointment"
    r"|visit\w*|follow-?up|clinic|consult\w*|referred|transferred|diagnosed|died|death"
    r"|passed away|relapsed|collapsed|fell|fainted|hospitali[sz]\w*|treated|vaccinated"
    r"|blood (?:test|sample|drawn)|labs?|tested|aufgenommen|entlassen|operiert|hospitalisee?"
    r"|admise?|operee?)\b"
    r"|\b(?:he|she|who|patient|man|woman|lady|gentleman|boy|girl) (?:\w+ ){0,2}(?:presented"
    r"|started|began|stopped|came|returned|reported|developed|underwent|had|received|attended)\b",
    re.IGNORECASE,
)
_NOT_CARE = re.compile(
    r"\b(?:(?i:meeting|congress|conference|webinar|trial|stud(?:y|ies)|registry|guideline\w*"
    r"|published|publication|label|approv\w*|agency|call|session|deadline|version|updated|cohort"
    r"|enrol\w*|recruit\w*|database|records|included|identified|collected|referrals"
    r"|retrospective\w*|prospective\w*|consecutive|patients|between(?= *$|.* and *$))"
    r"|cases|participants|children|infants|women|men|adults|subjects)\b(?!'s)"
)
_PERSON = re.compile(
    r"\b(?:he|she|his|her|him|pt|male|female|(?:my|the|this|our) patient|an? (?:man|woman|boy|girl)"
    r"|\d{1,3}[ -]?(?:years?[ -]old|yrs?|yo|y/o))\b",
    re.IGNORECASE,
)
# Not after an initial or a short form: "Dr. John L. at St. Vincent's" is one sentence.
_END_OF_SENTENCE = re.compile(r"(?<![A-Z])(?<!\bSt)(?<!\bMt)(?<!\bDr)(?<!\bMed)[.?!](?=\s)|\n")
# "From 1 January 1970 to 31 December 2005" is the time of a study, not of a person.
_SPAN_AFTER = re.compile(r",? (?:to|through|until|till|and|-) .{0,12}\d", re.IGNORECASE)
_SPAN_BEFORE = re.compile(r"\d,? (?:to|through|until|till|and|-) (?:the )?\Z", re.IGNORECASE)
_LONGEST_LOOK = 200

_OLD = r"(?:9\d|1[01]\d)"
_MAYBE_OLD = re.compile(r"[91](?<!\d.)(?:(?<=9)\d|(?<=1)[01]\d)(?!\d)")
_GREAT_AGE = re.compile(
    rf"(?<![\w.,/+-]){_OLD}(?:[ -]?(?:years?|yrs?|yo|y/o|y\.o\.?|jahre?|ans)\b"
    r"(?! (?:after|later|ago|since|before|earlier|apart|following|experience|in|of (?!age)))"
    r"(?:[ -](?:old|of age|alt))?|[ -]?jahrig\w*"
    r"|[ -]?[fm]\b(?=,? (?:with|who|admitted|presenting|seen|on)\b))"
    r"|\b(?P<cue>(?:is |was )?aged?|turned|age (?:of|is|was)|age[:,]|alter von)[ :]"
    rf"{_OLD}\b(?!\.\d|[,.-]\d| ?%|\s?(?:mmhg|mg|ml|kg|bpm))",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:oldest|mean|median|average|registry|rang(?:e[ds]?|ing)|trial|study|cohort|patients"
    r"|participants"
    r"|people|adults|subjects|individuals|residents|those|up to|over|above|between|than|per cent"
    r"|survived to|life expectancy)\b",
    re.IGNORECASE,
)
_OR_OLDER = re.compile(
    r",? ?(?:\+|or (?:older|over|more|above)|and (?:older|over|above))", re.IGNORECASE
)


MOST_DAYS = 500
"""In one text; more of them are a table, which holds up everyone and hides nothing more."""


def dates(text: Text, clean: str) -> Iterator[tuple[str, Hit]]:
    """Pairs of kind (`birth`, `care_date`) and hit, for each day that belongs to a person."""
    for start, end in islice(_days(text, clean), MOST_DAYS):
        if _BORN.search(clean, max(0, start - _BORN_BEFORE), start):
            yield "birth", Hit(start, end, "a date of birth", "[date]")
            continue
        before, after = _around(clean, start, end)
        is_span = _SPAN_BEFORE.search(before) or _SPAN_AFTER.match(after)
        if is_span and not _PERSON.search(before):
            continue
        is_care = _CARE.search(before) or _CARE.search(after)
        if is_care and (_PERSON.search(before) or not _NOT_CARE.search(before)):
            yield "care_date", Hit(start, end, "an exact date of care", "[date]")


def _days(text: Text, clean: str) -> Iterator[tuple[int, int]]:
    """Spans of full dates and of days with their month, looked for around each number."""
    done, months = 0, _months(text)
    for number in (_NUMBER if months else _AMONG_FIGURES).finditer(clean):
        start, end = number.start() - _MONTH_BEFORE, number.end() + _YEAR_AFTER
        if number.end() <= done or not (
            _AMONG_FIGURES.match(clean, number.start()) or _one_from(months, start, end)
        ):
            continue
        match = _DATE.search(clean, max(done, start), end)
        if match is not None and match.start() <= number.end():
            done = match.end()
            yield match.span()


def _months(text: Text) -> list[int]:
    """Where names of months stand beside a number; "may" is also something else."""
    found = text.words & _MONTHS
    if not found:
        return []
    kinds = text.kinds
    places = [at for at, norm in enumerate(text.norms) if norm in found]
    beside = (at for at in places if NUMBER in kinds[max(0, at - 3) : at + 2])
    return [text.starts[at] for at in beside]


def _one_from(places: list[int], start: int, end: int) -> bool:
    """Whether one of these places, which rise, lies between two others."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def great_ages(clean: str) -> Iterator[Hit]:
    """Ages from 90 on of one person; ages of groups and '90 or older' are none."""
    done = 0
    for number in _MAYBE_OLD.finditer(clean):
        window = max(done, number.start() - 14), number.end() + 30
        match = _GREAT_AGE.search(clean, *window)
        if match is None:
            continue
        done = match.end()
        before = clean[max(0, match.start() - 60) : match.start()].rpartition(". ")[2]
        if not _GROUP.search(before) and not _OR_OLDER.match(clean, match.end()):
            instead = f"{match['cue']} 90 or older" if match["cue"] else "90-or-older"
            yield Hit(match.start(), match.end(), "an age over 89", instead)


def _around(clean: str, start: int, end: int) -> tuple[str, str]:
    """The sentence before and after a span, 200 characters to each side at most."""
    first, last = max(0, start - _LONGEST_LOOK), end + _LONGEST_LOOK
    ends = [stop.end() for stop in _END_OF_SENTENCE.finditer(clean, first, start)]
    following = _END_OF_SENTENCE.search(clean, end, last)
    return clean[max(ends, default=first) : start], clean[
        end : following.start() if following else last
    ]
