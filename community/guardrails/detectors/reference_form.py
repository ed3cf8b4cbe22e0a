"""References that cannot lead anywhere, told by their form alone.

A DOI is `10.`, four to nine digits, a slash and a suffix (ISO 26324; Crossref). A PMID has one to
eight digits (NLM), a ClinicalTrials.gov number NCT and eight digits, an ISRCTN eight digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit

_WORTH_A_LOOK = re.compile(r"doi|pmid|nct[ -]?\d|isrctn")
_CITED = re.compile(
    r"(?<![\w.])(?:(?P<doi>doi(?:\.org/|: ?| (?=\d))(?P<doi_id>[^\s<>\"\])]{0,200}))"
    r"|(?P<pmid>pmid(?P<colon>[:#] ?| )(?P<pmid_id>[\w-]{1,30}))"
    r"|(?P<nct>nct[ -]?(?P<nct_id>\d[\w-]{0,30}))"
    r"|(?P<isrctn>isrctn ?(?P<isrctn_id>\d[\w-]{0,30})))",
    re.IGNORECASE,
)
_FORMS = {
    "doi": (re.compile(r"10\.\d{4,9}/[^\s/.,;:]\S*"), "a DOI"),
    "pmid": (re.compile(r"[1-9]\d{0,7}"), "a PMID"),
    "nct": (re.compile(r"\d{8}"), "a trial number (NCT)"),
    "isrctn": (re.compile(r"\d{8}"), "a trial number (ISRCTN)"),
}
_NO_NUMBER_MEANT = frozenset(
    "and are as at below by can for from given has here if in is it list lists not number numbers"
    " of on or please search see that the there to was were when which will with".split()
)


def malformed(clean: str) -> Iterator[Hit]:
    """A hit for each DOI, PMID, NCT or ISRCTN number that is not in its form."""
    for match in _CITED.finditer(clean) if _WORTH_A_LOOK.search(clean.lower()) else ():
        kind = next(kind for kind in _FORMS if match[kind] is not None)
        form, what = _FORMS[kind]
        typed = match[f"{kind}_id"].rstrip(".,;:")
        said = kind == "pmid" and match["colon"] == " " and typed.lower() in _NO_NUMBER_MEANT
        if not form.fullmatch(typed) and not said:
            yield Hit(match.start(), match.end(), f"{what} that leads nowhere")
