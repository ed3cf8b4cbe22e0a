"""Numbers that stand for one person: record numbers by their cue, national ones by check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

from community.guardrails.detectors.hit import Hit

_CUED = re.compile(
    r"\b(?P<cue>mrn|medical records?(?: (?:number|no|id))?|hospital (?:number|no|id)|nhs (?:number|no)|nhs"
    r"|(?:patient|chart|record|case|file|account|acct|accession|specimen|member|subscriber|beneficiary|insurance|policy|plan"
    r"|health card|health plan|medicare|medicaid|passport|licen[cs]e|driver'?s licen[cs]e|social security|serial|device|implant"
    r"|study subject|encounter|visit|admission|certificate|plate|registration|prescription)(?:'s)? ?(?:number|no|id|nr|identifier)"
    r"|ssn|nino|nir|ipp|vin|imei|mbi|hicn|patientennummer|fallnummer|versichertennummer|patienten-?id"
    r"|numero (?:de )?(?:dossier|securite sociale|patient))\b"
    r"[ .:#=(-]{0,4}(?:(?:is|was|of|ist|est)\b)?[ .:#=(-]{0,3}"
    r"(?P<number>(?=[\w/-]{0,8}\d)[A-Za-z0-9](?:[\w/.-]| (?=\d)){2,24}(?<=\w))",
    re.IGNORECASE,
)
# Public numbers of papers, trials, books and researchers: nobody's identity.
_PUBLIC = re.compile(
    r"\b(?:NCT ?\d{8}|ISRCTN ?\d{6,8}|ACTRN ?\d{14}|DRKS ?\d{8}|UMIN ?\d{9}|CRD ?\d{11}|jRCT\w?\d{9,10}|PMC ?\d{5,8}"
    r"|(?:PMID|PubMed(?: ID)?|EudraCT|ISBN|ISSN|ORCID|UTN|CTIS|EU CT|FCT)[ :#-]{0,3}[\dX][\dX -]{4,20}"
    r"|10\.\d{4,9}/\S+|(?:https?://|www\.)\S+|\d{4}-\d{4}-\d{4}-\d{3}[\dX]|20\d\d-\d{6}-\d\d(?:-\d\d)?"
    r"|(?:19|20)\d\d ?; ?\d[\d():; -]{2,30})",
    re.IGNORECASE,
)
_DIGITS = r"(?<![\w.,:;/+-])"
_END = r"(?![\w/-]|[.,:]\d)"
# Form, what it is, and the module of python-stdnum that knows its check digit or impossible ranges.
_NATIONAL = tuple(
    (re.compile(_DIGITS + form + _END), what, module)
    for form, what, module in (
        (r"\d{3}[ -]?\d{3}[ -]?\d{4}", "an NHS number", "stdnum.gb.nhs"),
        (r"\d{3}-\d{2}-\d{4}", "a US social security number", "stdnum.us.ssn"),
        (
            r"[12] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d",
            "a French social security number",
            "stdnum.fr.nir",
        ),
        (r"\d\d ?\d{3} ?\d{3} ?\d{3}", "a German tax number", "stdnum.de.idnr"),
        (r"756[. ]\d{4}[. ]\d{4}[. ]\d\d", "a Swiss AHV number", "stdnum.ch.ssn"),
        (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", "a Belgian national number", "stdnum.be.nn"),
        (r"(?:\d{8}|[XYZ]\d{7})[ -]?[A-Z]", "a Spanish DNI", "stdnum.es.nie"),
        (r"\d{8}[ -]?[A-Z]", "a Spanish DNI", "stdnum.es.dni"),
        (
            r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]",
            "an Italian codice fiscale",
            "stdnum.it.codicefiscale",
        ),
        (r"(?:19|20)?\d{6}[-+]\d{4}", "a Swedish personnummer", "stdnum.se.personnummer"),
        (r"\d{6}[-+A]\d{3}[0-9A-Y]", "a Finnish identity number", "stdnum.fi.hetu"),
        (r"\d{6} ?\d{5}", "a Norwegian identity number", "stdnum.no.fodselsnummer"),
        (r"\d{7}[A-W][A-I]?", "an Irish PPS number", "stdnum.ie.pps"),
        (r"\d{3}[ -]\d{3}[ -]\d{3}", "a Canadian SIN", "stdnum.ca.sin"),
        (r"\d{11}", "a Polish PESEL", "stdnum.pl.pesel"),
    )
)
_NINO = re.compile(
    _DIGITS
    + r"(?!BG|GB|NK|KN|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"
    + _END
)
_KVNR = re.compile(_DIGITS + r"[A-Z]\d{9}" + _END)
_LONG = re.compile(r"\d(?:[ .-]?\d){6}|\d{6}")


def without_public_numbers(clean: str) -> str:
    """The text with numbers of papers and trials blanked out, every other place unmoved."""
    return _PUBLIC.sub(lambda match: " " * len(match.group()), clean)


def record_numbers(clean: str) -> Iterator[Hit]:
    """Hits for numbers that a cue calls someone's, and for national numbers whose check holds."""
    for match in _CUED.finditer(clean):
        if sum(map(str.isdigit, match["number"])) >= 4:
            start, end = match.span("number")
            yield Hit(
                start, end, f"a number of one person ({match['cue'].lower()})", "[number removed]"
            )
    if not _LONG.search(clean):
        return
    for pattern, what, module in _NATIONAL:
        for match in pattern.finditer(clean):
            if _is_plausible(match.group(), what) and import_module(module).is_valid(match.group()):
                yield Hit(match.start(), match.end(), what, "[number removed]")
    for pattern, what in (
        (_NINO, "a UK national insurance number"),
        (_KVNR, "a German insurance number"),
    ):
        for match in pattern.finditer(clean):
            yield Hit(match.start(), match.end(), what, "[number removed]")


def _is_plausible(number: str, what: str) -> bool:
    """Whether the form says more than the check digit, which one number in ten meets by chance."""
    digits = re.sub(r"\D", "", number)
    return len(set(digits)) > 2 and (what != "a Canadian SIN" or digits[0] not in "08")
