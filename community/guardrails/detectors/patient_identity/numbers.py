"""Numbers that stand for one person: record numbers by their cue, national ones by check digit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from community.guardrails.detectors.hit import Hit
from community.guardrails.phrases.text import Text

_OWNED = (
    "patient|chart|record|case|file|account|acct|accession|specimen|member|subscriber|beneficiary"
    "|insurance|policy|plan|health card|health plan|medicare|medicaid|passport|driver'?s licen[cs]e"
    "|licen[cs]e|social security|serial|device|implant|study subject|encounter|admission"
    "|certificate|plate|registration|prescription|licen[cs]e plate|number ?plate|vehicle|chassis"
    "|pacemaker|icd|pump|lead|valve|stent|hearing aid|claim|group|invoice|bank|iban|credit card"
    "|debit card|card|voter|student|employee|tax|identity card|id card|national"
)
_CUE = (
    "mrn|medical records?(?: (?:number|no|id))?|hospital (?:number|no|id)|nhs(?: (?:number|no))?"
    rf"|(?:{_OWNED})(?:'s)? ?(?:number|no|id|nr|identifier|#)|ssn|nino|nir|ipp|vin|imei|mbi|hicn"
    rf"|udi"
    r"|s/n|serial(?= ?[:#])|iban|dea(?: number)?|npi|driver'?s licen[cs]e|passport|licen[cs]e plate"
    r"|(?:credit|debit|bank) card|card|cc"
    r"|(?:id|acct|account|insurance|ins(?:ur)?\.?|policy|medicare|medicaid|case|chart|ref\.? code)"
    "(?: (?:id|policy|plan|no))?(?= ?[#:])"
    "|patientennummer|fallnummer|versichertennummer|patienten-?id"
    "|numero (?:de )?(?:dossier|securite sociale|patient)"
)
_CUED = re.compile(
    rf"\b(?P<cue>{_CUE})\b[ .:#=(-]{{0,4}}(?:(?:is|was|of|ist|est)\b)?[ .:#=(-]{{0,3}}"
    r"(?P<number>(?=[\w/-]{0,8}\d)[a-z0-9](?:[\w/.-]| (?=\d)){2,24}(?<=\w))",
    re.IGNORECASE,
)
# Every cue holds one of these, so a text without them needs no look.
_CUE_WORDS = frozenset(
    """
    mrn record records number no id nr identifier nhs ssn nino nir ipp vin imei mbi hicn udi s
    serial iban dea npi license licence passport plate card cc acct account insurance ins insur
    policy medicare medicaid case chart ref patientennummer fallnummer versichertennummer patienten
    numero dossier code # patient
    """.split()
) - {"patient", "code"}
_CUE_ENDS = ("number", "id", "no", "nr", "identifier")  # "policyno", all in one
_LONGEST_CUE = 20
_PLATE = re.compile(
    r"\b(?:[Ll]icen[cs]e|[Nn]umber|[Rr]egistration|[Vv]ehicle) plate[ :,]{0,3}(?:(?:is|was|no\.?"
    r"|number) )?"
    r"(?P<number>(?=[A-Z -]{0,8}\d)[A-Z0-9]{1,7}(?:[ -][A-Z0-9]{1,4}){0,2})\b"
)
_CUE_BEFORE, _CUE_AFTER = 70, 30
_FEWEST_DIGITS = 4
# Numbers that care itself gives a person; the rest are of plans, accounts, licences and devices.
_OF_CARE = re.compile(
    r"mrn|medical record|hospital|nhs|patient|chart|record|case|file|accession|specimen"
    r"|study subject"
    r"|encounter|admission|ssn|social security|nino|nir|ipp|numero|fallnummer|versicherten|id\b"
    r"|ref",
    re.IGNORECASE,
)
_OF_BANKS = frozenset({"stdnum.luhn", "stdnum.iban"})
_MASKS = {"record": "[record number]", "account": "[number]"}
_FEWEST_DIGITS_OF_A_CARD = 12  # ISO/IEC 7812 allows 10 to 19; issued cards have 12 and more
_CARD = re.compile(r"(?:(?:credit|debit|bank|id) )?card.*|cc", re.IGNORECASE)
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ /.-]*+)+")
_YEAR_ALONE, _GAP = re.compile(r"(?:19|20)\d\d"), " (,"
_SOME_DIGITS = re.compile(r"\d(?:[ ./-]?\d){3,40}+|\d\w{0,10}\d\w{0,10}\d\w{0,10}\d")

# Public numbers of papers, trials, books and researchers: nobody's identity.
_PUBLIC = re.compile(
    r"\b(?:NCT ?\d{8}|ISRCTN ?\d{6,8}|ACTRN ?\d{14}|DRKS ?\d{8}|UMIN ?\d{9}|CRD ?\d{11}"
    r"|jRCT\w?\d{9,10}|PMC ?\d{5,8}"
    r"|(?:PMID|PubMed(?: ID)?|EudraCT|ISBN|ISSN|ORCID|UTN|CTIS|EU CT|FCT)[ :#-]{0,3}"
    r"[\dX][\dX -]{4,20}"
    r"|10\.\d{4,9}/\S+|(?:https?://|www\.)\S+"
    r"|\d{4}-\d{4}-\d{4}-\d{3}[\dX]|20\d\d-\d{6}-\d\d(?:-\d\d)?"
    r"|(?:19|20)\d\d ?; ?\d[\d():; -]{2,30})",
    re.IGNORECASE,
)
# The same where no number is introduced by a word and there is no link: all begin with a digit.
_PUBLIC_BY_FORM = re.compile(
    r"\d(?<!\w.)(?:(?<=1)0\.\d{4,9}/\S+|\d{3}-\d{4}-\d{4}-\d{3}[\dXx]"
    r"|(?<=2)0\d\d-\d{6}-\d\d(?:-\d\d)?"
    r"|(?:(?<=1)9|(?<=2)0)\d\d ?; ?\d[\d():; -]{2,30})"
)
_PUBLIC_WORDS = tuple(
    "nct isrctn actrn drks umin crd jrct pmc pmid pubmed eudract isbn issn orcid utn ctis"
    " fct".split()
)
_MAY_BE_PUBLIC = re.compile(r"\d(?:\d{4}|\d{3} ?[;-]|0\.\d{4})|://|www\.")

_START, _END = r"(?<![\w.,:;/+-])", r"(?![\w/-]|[.,:]\d)"
# Form, what it is, and the module of python-stdnum that knows its check digit or impossible ranges.
_NATIONAL = tuple(
    (re.compile(_START + form + _END), what, f"stdnum.{module}")
    for form, what, module in (
        (r"\d{3}[ -]?\d{3}[ -]?\d{4}", "an NHS number", "gb.nhs"),
        (r"\d{3}-\d{2}-\d{4}", "a US social security number", "us.ssn"),
        (
            r"[12] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d",
            "a French social security number",
            "fr.nir",
        ),
        (r"\d\d ?\d{3} ?\d{3} ?\d{3}", "a German tax number", "de.idnr"),
        (r"756[. ]\d{4}[. ]\d{4}[. ]\d\d", "a Swiss AHV number", "ch.ssn"),
        (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", "a Belgian national number", "be.nn"),
        (r"[XYZ]\d{7}[ -]?[A-Z]", "a Spanish NIE", "es.nie"),
        (r"\d{8}[ -]?[A-Z]", "a Spanish DNI", "es.dni"),
        (
            r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]",
            "an Italian codice fiscale",
            "it.codicefiscale",
        ),
        (r"(?:19|20)?\d{6}[-+]\d{4}", "a Swedish personnummer", "se.personnummer"),
        (r"\d{6}[-+A]\d{3}[0-9A-Y]", "a Finnish identity number", "fi.hetu"),
        (r"\d{6} ?\d{5}", "a Norwegian identity number", "no.fodselsnummer"),
        (r"\d{7}[A-W][A-I]?", "an Irish PPS number", "ie.pps"),
        (r"\d{3}[ -]\d{3}[ -]\d{3}", "a Canadian SIN", "ca.sin"),
        (r"\d{11}", "a Polish PESEL", "pl.pesel"),
        (r"[2-6]\d{3}(?:[ -]?\d{4}){3}|\d{12,19}|3[47]\d\d \d{6} \d{5}", "a payment card", "luhn"),
        (
            r"[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?|[a-z]{2}\d\d[a-z0-9]{10,30}",
            "a bank account",
            "iban",
        ),
    )
)
_NINO_FIRST = r"(?!BG|GB|NK|KN|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_BY_FORM = tuple(
    (re.compile(_START + form + _END), what)
    for form, what in (
        (_NINO_FIRST + r" ?\d\d ?\d\d ?\d\d ?[A-D]", "a UK national insurance number"),
        (r"[A-Z]\d{9}", "a German insurance number"),
    )
)
_SHORTEST_NATIONAL = 7
_LONG = re.compile(r"\d(?:[ .-]?[\dA-Z]){3,40}+")
_LETTERS, _REST = 8, 12  # what may stand before and after the digits of a national number


def without_public_numbers(text: Text) -> str:
    """The folded text with numbers of papers and trials blanked out, every other place unmoved."""
    clean = text.clean
    if not _MAY_BE_PUBLIC.search(clean):
        return clean
    is_said = "://" in clean or "www." in clean.lower() or any(map(_says_public, text.words))
    pattern = _PUBLIC if is_said else _PUBLIC_BY_FORM
    return pattern.sub(lambda match: " " * len(match.group()), clean)


@lru_cache(maxsize=20_000)
def _says_public(word: str) -> bool:
    """Whether a word may introduce the number of a paper or a trial, or hold it."""
    return word == "eu" or word.startswith(_PUBLIC_WORDS)


def record_numbers(text: Text, clean: str) -> Iterator[tuple[str, Hit]]:
    """Pairs of kind (`record`, `account`) and hit, for numbers of one person.

    They are what a cue calls someone's, and national numbers whose check digit holds.
    `clean` is the folded text without public numbers.
    """
    if not text.words.isdisjoint(_CUE_WORDS):
        yield from _cued(clean, _cues(text))
    if "plate" in text.words:
        for match in _PLATE.finditer(clean):
            yield "account", Hit(*match.span("number"), "the plate of a car", _MASKS["account"])
    for digits in _LONG.finditer(clean):
        if digits.end() - digits.start() < _SHORTEST_NATIONAL:
            continue
        yield from _national(clean, max(0, digits.start() - _LETTERS), digits.end() + _REST)


def _cues(text: Text) -> list[int]:
    """Where words stand that a cue may hold."""
    cues = frozenset(filter(_is_cue, text.words))
    return [start for start, norm in zip(text.starts, text.norms, strict=True) if norm in cues]


@lru_cache(maxsize=20_000)
def _is_cue(word: str) -> bool:
    return word in _CUE_WORDS or word.endswith(_CUE_ENDS)


def _cued(clean: str, cues: list[int]) -> Iterator[tuple[str, Hit]]:
    done = 0
    for digits in _SOME_DIGITS.finditer(clean):
        if (
            _YEAR_ALONE.fullmatch(digits.group())
            and clean[digits.start() - 1 : digits.start()] in _GAP
        ):
            continue
        window = max(done, digits.start() - _CUE_BEFORE), digits.end() + _CUE_AFTER
        cue = bisect_left(cues, window[0] - _LONGEST_CUE)
        if (cue == len(cues) or cues[cue] >= window[1]) and "#" not in clean[slice(*window)]:
            continue
        for match in _CUED.finditer(clean, *window):
            if match.end() == window[1] < len(clean):
                continue  # cut off by the window; the window of its last digits holds all of it
            done = match.end()
            if _says_who(match["number"]) and _is_long_enough(match):
                kind = "record" if _OF_CARE.match(match["cue"]) else "account"
                what = f"a number of one person, {match['cue']}"
                yield kind, Hit(*match.span("number"), what, _MASKS[kind])


def _says_who(number: str) -> bool:
    """Enough digits to be one person's, and not years ('policy: 2023-2024')."""
    digits = sum(map(str.isdigit, number))
    return digits >= _FEWEST_DIGITS and not _YEARS.fullmatch(number)


def _is_long_enough(match: re.Match[str]) -> bool:
    """A card's number is long; "card 2024" and "cc 1500" are something else."""
    if not _CARD.fullmatch(match["cue"]):
        return True
    return sum(map(str.isdigit, match["number"])) >= _FEWEST_DIGITS_OF_A_CARD


def _national(clean: str, start: int, end: int) -> Iterator[tuple[str, Hit]]:
    for pattern, what, module in _NATIONAL:
        for match in pattern.finditer(clean, start, end):
            number = match.group().replace(" ", "")
            # Loaded only for a text that holds such a form; most hold none.
            if _varied(number) and import_module(module).is_valid(number):
                kind = "account" if module in _OF_BANKS else "record"
                yield kind, Hit(match.start(), match.end(), what, _MASKS[kind])
    for pattern, what in _BY_FORM:
        for match in pattern.finditer(clean, start, end):
            yield "record", Hit(match.start(), match.end(), what, _MASKS["record"])


def _varied(number: str) -> bool:
    """More than two different digits: '100 000 0001' meets a check digit and is a count."""
    return len(set(number) & set("0123456789")) > 2
