"""Places below a state that lead to one patient: hospitals and towns beside a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit
from community.guardrails.detectors.patient_identity.not_names import EPONYMS, LARGE_PLACES, PLAIN
from community.guardrails.detectors.patient_identity.runs import (
    Word,
    after,
    before,
    is_about_one_person,
    runs,
    word_set,
)
from community.guardrails.phrases.text import Text

_HOUSES = frozenset(
    """
    hospital clinic infirmary hospice klinik klinikum krankenhaus universitatsklinikum hopital
    ospedale policlinico sanatorium healthcare polyclinic
    """.split()
)
_LATE_WORDS = frozenset("medical health center centre general memorial presbyterian sinai".split())
# Hospitals that go by a name alone.
_KNOWN = frozenset(
    """
    ucla ucsf nyu hopkins sinai charite karolinska addenbrooke's guy's barts bellevue cedars-sinai
    kaiser permanente sloan langone necker salpetriere pitie-salpetriere mayo stanford papworth
    brompton harefield
    """.split()
)
_TOWNS = frozenset(
    """
    aberdeen albany amsterdam antwerp athens atlanta austin baltimore barcelona basel bath belfast
    berlin bern birmingham bologna bordeaux boston bradford brighton bristol bronx brooklyn
    brussels budapest buffalo cambridge cardiff charleston charlotte chicago cincinnati cleveland
    cologne columbus copenhagen cork dallas denver derby detroit dortmund dresden dublin dundee
    dusseldorf edinburgh essen exeter florence frankfurt freiburg geneva genoa ghent glasgow graz
    hamburg hannover hanover harlem heidelberg helsinki houston hull indianapolis innsbruck
    jacksonville kiel krakow lausanne leeds leicester leipzig lille lisbon liverpool london
    louisville lyon madrid mainz malmo manchester manhattan marseille memphis miami milan milwaukee
    minneapolis montreal munich nantes naples nashville newark newcastle nice nottingham nuremberg
    oakland omaha orlando oslo ottawa oxford palermo paris philadelphia phoenix pittsburgh plymouth
    portland porto portsmouth prague providence queens raleigh rennes rome rotterdam sacramento
    salzburg seattle seville sheffield southampton stockholm strasbourg stuttgart sunderland
    swansea sydney tampa toledo toronto toulouse tucson turin utrecht valencia vancouver venice
    vienna warsaw wolverhampton zurich baton fresno tulsa
    """.split()
)
_TWO_WORD_TOWNS = frozenset(
    {
        "baton rouge", "beverly hills", "colorado springs", "fort worth", "kansas city",
        "las vegas", "long beach", "long island", "los angeles", "new haven", "new orleans",
        "new york", "palo alto", "salt lake", "san antonio", "san diego", "san francisco",
        "san jose", "santa barbara",
        "santa monica", "st louis", "st paul", "staten island",
    }
)  # fmt: skip
_AT = re.compile(
    r"(?:\b(?:at|in|to|from|of|by|near|outside|via|our)|@|,)(?: (?:the|our|a))?(?: [a-z]+)? \Z"
)
_NO_PLACE = frozenset(
    """
    association society foundation heart trial study registry university press journal declaration
    criteria class initiative network
    """.split()
)
_FROM_TOWN = re.compile(
    r"(?:\b(?:from|near|outside|our)|\b(?:seen|admitted|treated|hospitali[sz]ed|operated|evaluated"
    r"|diagnosed"
    r"|discharged|transferred|referred|followed|visit\w*|lives?|living|moved|works?|born|clinic"
    r"|hospital)\b"
    r"[^.;:\n]{0,25} (?:in|to|at|of))(?: the)? \Z",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing|ent)|moved|born|raised|grew up|home|native|works?"
    r"|employed)"
    r"(?: (?:in|to|at|near|outside|of|from))(?: the)? \Z",
    re.IGNORECASE,
)
# "A 54-year-old woman from Otley": whoever is told of so comes from there.
_COMES = re.compile(
    r"(?:\byear[- ]old(?: [a-z]+){0,3}|\b(?:my|our|one|another) patient(?:, an? [a-z ]{3,25},?)?)"
    r" from \Z",
    re.IGNORECASE,
)
_DWELL_WORDS = frozenset(
    """
    live lives lived living reside resides resided residing resident moved born raised grew home
    native work works worked employed
    """.split()
)
_A_SCORE = re.compile(
    r" (?:score|classification|criteria|stag|model|risk|protocol|guideline|scale|study|trial|rule"
    r"|system"
    r"|staging|cohort|regimen|consensus|series|registry|group|grade|epworth|heart failure score)",
    re.IGNORECASE,
)
_HOUSE_AFTER = re.compile(r" (?:clinic|hospital|office|practice|ward|surgery|campus|branch)\b")


def places(text: Text) -> Iterator[Hit]:
    """Hits for hospitals and towns named in a sentence about one patient."""
    for run in runs(text):
        found = _place(text, run)
        if found is not None:
            yield found


def _place(text: Text, run: list[Word]) -> Hit | None:
    clean = text.clean
    start, end = run[0].start, run[-1].end
    what = _what(text, run)
    if what is None or _A_SCORE.match(after(clean, end)):
        return None
    if not is_about_one_person(text, start, end):
        return None
    return Hit(start, end, what, "[hospital]" if what == "a place of care" else "[place]")


def _what(text: Text, run: list[Word]) -> str | None:
    lows = [word.low for word in run]
    is_type = len(lows) > 1 and len(lows[-1]) == 1  # "Stanford A", a kind of dissection
    if is_type or lows[-1] in _NO_PLACE or not _NO_PLACE.isdisjoint(lows[2:]):
        return None
    return _house_or_town(text.clean, run, lows) or _home(text, run, lows)


def _house_or_town(clean: str, run: list[Word], lows: list[str]) -> str | None:
    is_house = not _HOUSES.isdisjoint(lows) or _is_known(lows)
    is_house = is_house and any(low not in PLAIN and low not in _HOUSES for low in lows)
    in_town = lows[0] in _TOWNS or " ".join(lows[:2]) in _TWO_WORD_TOWNS
    if not is_house and not in_town:
        return None
    ahead = before(clean, run[0].start, 60)
    if (is_house and _AT.search(ahead)) or _HOUSE_AFTER.match(after(clean, run[-1].end)):
        return "a place of care"
    return "a town" if in_town and _FROM_TOWN.search(ahead) else None


def _home(text: Text, run: list[Word], lows: list[str]) -> str | None:
    words = word_set(text)
    if not _is_small(lows):
        return None
    lives = not words.isdisjoint(_DWELL_WORDS) and _LIVES.search(
        before(text.clean, run[0].start, 30)
    )
    if lives:
        return "a place where a patient lives"
    # No trial's short name, nor "Pfizer's trial".
    second = run[0].start + 1  # letter; while one types, the text may end before it
    is_a_name = text.clean[second : second + 1].islower()
    is_a_name = is_a_name and not after(text.clean, run[-1].end).startswith("'")
    comes = is_a_name and "from" in words and _COMES.search(before(text.clean, run[0].start, 60))
    return "a place that a patient comes from" if comes else None


def _is_known(lows: list[str]) -> bool:
    """A hospital without the word: "Mount Sinai", "Brooklyn General", "Stanford Health"."""
    return not _KNOWN.isdisjoint(lows) or (len(lows) > 1 and lows[-1] in _LATE_WORDS)


def _is_small(lows: list[str]) -> bool:
    return LARGE_PLACES.isdisjoint((lows[0], lows[-1])) and (
        len(lows) > 1 or (lows[0] not in PLAIN and lows[0] not in EPONYMS)
    )
