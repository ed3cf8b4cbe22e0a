"""Where a person lives: streets with their numbers in many countries, boxes, flats, postcodes.

An address has a shape in every language: a number, a few names, a kind of street, perhaps a flat.
Where the kind of street is also an everyday word, or there is none, a word beside it must say that
this is where somebody lives. Each pattern is tried only at the words or numbers it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit
from community.guardrails.detectors.patient_identity.address_forms import (
    ADDRESS,
    ADDRESS_WORDS,
    AFTER_CUE,
    BEFORE_FLAT,
    BETWEEN_NUMBERS,
    BOX,
    BOX_WORDS,
    COLON,
    DWELL_WORDS,
    DWELLS,
    ENDS_AS_STREET,
    FIRST_WORDS,
    FLAT,
    FLAT_WORDS,
    HAS_NAME,
    HERE,
    KIND_FIRST,
    MAYBE_POSTCODE,
    MAYBE_ZIP,
    NO_NAME,
    NO_STREET,
    PLACE_BEFORE,
    POSTCODE,
    SHORT_KIND,
    SHORT_WORDS,
    STREET,
    STREET_OF_TOWN,
    STREET_WORDS,
    WHOSE,
    ZIP,
    ZIP_CUE,
    ZIP_WORDS,
)
from community.guardrails.detectors.patient_identity.runs import before, word_set
from community.guardrails.phrases.text import NUMBER, Text

MASK = "[address]"
_STREET_SEEN = "a street address"
_SAY_WHERE = DWELL_WORDS | ADDRESS_WORDS


def addresses(text: Text, clean: str) -> Iterator[Hit]:
    """Hits for streets with numbers, boxes, flats and postcodes.

    `clean` is the folded text, or the same with what is nobody's blanked out.
    """
    for pattern, what in _worth_trying(word_set(text), clean):
        for match in pattern.finditer(clean):
            yield Hit(*match.span(), what, MASK)
    yield from _by_flat(text, clean)
    yield from _by_number(text, clean)
    yield from _by_cue(text, clean)


def _worth_trying(words: frozenset[str], clean: str) -> Iterator[tuple[re.Pattern[str], str]]:
    for wanted, pattern, what in _BY_WORD:
        if not words.isdisjoint(wanted):
            yield pattern, what
    if any(kind in clean for kind in _SHORT_FIRST):
        yield KIND_FIRST, _STREET_SEEN
    for cheap, pattern, what in _BY_FORM:
        if cheap.search(clean):
            yield pattern, what


_STREETS_OF_TOWNS = frozenset("street road lane avenue crescent boulevard".split())
_SHORT_FIRST = (" Via ", " R ", "C/")
_BY_WORD = (
    (STREET_WORDS, STREET, _STREET_SEEN),
    (_STREETS_OF_TOWNS, STREET_OF_TOWN, "a street with its town"),
    (FIRST_WORDS, KIND_FIRST, _STREET_SEEN),
    (SHORT_WORDS, SHORT_KIND, _STREET_SEEN),
    (BOX_WORDS, BOX, "a box for letters"),
    (ZIP_WORDS, ZIP_CUE, "a postcode"),
)
_BY_FORM = (
    (MAYBE_POSTCODE, POSTCODE, "a postcode"),
    (MAYBE_ZIP, ZIP, "a town with its ZIP code"),
)


def _by_flat(text: Text, clean: str) -> Iterator[Hit]:
    if word_set(text).isdisjoint(FLAT_WORDS):
        return
    for match in FLAT.finditer(clean):
        street = BEFORE_FLAT.search(clean, max(0, match.start() - 70), match.start())
        yield Hit(street.start() if street else match.start(), match.end(), _STREET_SEEN, MASK)


def _by_number(text: Text, clean: str) -> Iterator[Hit]:
    """Numbers after a word that ends as streets do, and names that stand between two numbers."""
    norms, starts, ends, kinds = text.norms, text.starts, text.ends, text.kinds
    done, last = 0, len(norms) - 1
    for at in [at for at, kind in enumerate(kinds) if kind == NUMBER]:
        if at and norms[at - 1].endswith(ENDS_AS_STREET) and norms[at - 1] not in NO_STREET:
            word, gap = starts[at - 1], clean[ends[at - 1] : starts[at]]
            short = norms[at - 1].endswith("str")
            if clean[word].isupper() and gap == (". " if short else " ") and norms[at].isdigit():
                yield Hit(word, ends[at], _STREET_SEEN, MASK)
        if at < last and starts[at] >= done and clean[starts[at + 1]].isalnum():
            match = BETWEEN_NUMBERS.match(clean, starts[at])
            if match and _is_address(clean, match):
                done = match.end()
                yield Hit(*match.span(), _STREET_SEEN, MASK)


def _is_address(clean: str, match: re.Match[str]) -> bool:
    if not HAS_NAME.search(match.group()) or NO_NAME.search(match.group()):
        return False
    return PLACE_BEFORE.search(before(clean, match.start(), 9)) is not None


def _by_cue(text: Text, clean: str) -> Iterator[Hit]:
    """What stands after "her address is", "lives at" and the like."""
    norms, starts = text.norms, text.starts
    if word_set(text).isdisjoint(_SAY_WHERE):
        return
    for at, norm in [(at, norm) for at, norm in enumerate(norms) if norm in _SAY_WHERE]:
        if norm in DWELL_WORDS:
            cue = DWELLS.match(clean, starts[at])
        else:
            whose = at and norms[at - 1] in WHOSE
            cue = (ADDRESS if whose else COLON).match(clean, starts[at])
            cue = HERE.search(clean, starts[at], starts[at] + 60) or cue
        match = AFTER_CUE.match(clean, cue.end()) if cue else None
        if match and norm in DWELL_WORDS and clean[match.start()].islower():
            continue  # "stay at least 5 feet away"
        if match and not NO_NAME.search(match.group()):
            end = match.start() + len(match.group().rstrip(" .,/"))
            yield Hit(match.start(), end, _STREET_SEEN, MASK)
