"""Rows of words with a capital: where names of people and of places can stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from community.guardrails.detectors.patient_identity.given_names import GIVEN
from community.guardrails.detectors.patient_identity.not_names import PLAIN
from community.guardrails.phrases.text import Text

_PARTICLE = "(?:van|von|de|den|der|di|da|del|dos|du|la|le|bin|al|el|ten|ter|zu|y|of)"
_SHORT = "|".join(
    f"(?<=\\b{t}\\.)" for t in "Mr Mrs Ms Mx Dr Drs Prof St Mt Mme Mlle Jr Sra Hr Fr".split()
)
_WORD = rf"[A-Z](?:\.(?!\w)|(?:[\w'-]*\w)?(?:\.(?:{_SHORT})(?!\w))?)"
# Begins with the letter itself, so that the search can leap from capital to capital.
_RUN = re.compile(
    rf"[A-Z](?<![\w@/'-].)(?<!\w\..){_WORD.removeprefix('[A-Z]')}"
    rf"(?: (?:{_PARTICLE} ){{0,2}}{_WORD})*+"
)
_PART = re.compile(r"\S+")
KIN = tuple(
    """
    son daughter husband wife mother father brother sister partner mum mom dad carer caregiver aunt
    uncle grandmother grandfather grandson granddaughter niece nephew cousin twin fiance fiancee
    """.split()
)
_BEFORE_ALONE = (
    *(f" {word} " for word in (*"in to at of from near by our the patient".split(), *KIN)),
    ", ",
    "@ ",
)
_LONGEST_BEFORE = max(map(len, _BEFORE_ALONE))
MOST_RUNS = 1_000
"""In one text; more of them are a list of names, which holds a text up as it is."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a row: `start` to `end` in the folded text, `low` in small letters, bare."""

    start: int
    end: int
    text: str
    low: str


def runs(text: Text) -> list[list[Word]]:
    """Each row of words with a capital in the folded text; found once for all who ask."""
    known = text.memo.get("runs")
    if isinstance(known, list):
        return known
    found: list[list[Word]] = []
    clean = text.clean
    for run in _RUN.finditer(clean):
        if len(found) == MOST_RUNS:
            break
        typed, at = run.group(), run.start()
        if " " in typed or _may_matter(clean, typed, at):
            found.append([_word(part, at) for part in _PART.finditer(typed)])
    text.memo["runs"] = found
    return found


def _may_matter(clean: str, typed: str, at: int) -> bool:
    """A word alone: most are the first of a sentence. A name is known, a place follows "in"."""
    is_plain, is_given = _known_as(typed)
    if is_plain or is_given:
        return not is_plain
    return clean.endswith(_BEFORE_ALONE, max(0, at - _LONGEST_BEFORE), at)


@lru_cache(maxsize=10_000)
def _known_as(typed: str) -> tuple[bool, bool]:
    """Whether a word is known as no name, and as a given name."""
    low = typed.lower().removesuffix("'s")
    return low in PLAIN, low in GIVEN


def word_set(text: Text) -> frozenset[str]:
    """All words and numbers of the text, folded, in small letters: what may be worth a look."""
    return text.words


def _word(part: re.Match[str], at: int) -> Word:
    shown = part.group().removesuffix("'s")
    return Word(at + part.start(), at + part.start() + len(shown), shown, shown.lower().rstrip("."))


_LOOK = 220
_BREAK = re.compile(r"\n|[?!](?=\s)|(?<=[a-z0-9)%]{2})\.(?=\s+[A-Z])")


def before(clean: str, at: int, most: int = 90) -> str:
    """What stands in the line before a place."""
    return clean[max(0, at - most) : at].rpartition("\n")[2]


def after(clean: str, at: int, most: int = 70) -> str:
    """What stands in the line after a place."""
    return clean[at : at + most].partition("\n")[0]


def sentence(clean: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence around a span, 220 characters to each side at most."""
    first, last = max(0, start - _LOOK), min(len(clean), end + _LOOK)
    for stop in _BREAK.finditer(clean, first, start):
        first = stop.end()
    following = _BREAK.search(clean, end, last)
    return first, following.start() if following else last


# Begins with the letters themselves, so that the search can leap over most of a text.
_ONE_PERSON = re.compile(
    r"[\dpPhHsS-](?i:(?<!\w.)(?:"
    r"(?<=\d)(?:\d{0,2}[ -]?(?:years?|months?|weeks?|days?|yrs?|y)[ -]?old\b"
    r"|\d{0,2} ?(?:yo|y/o|y\.o)\b|\d? ?[MF]\b|\d ?(?:ans|jahre)\b)"
    r"|(?<=p)(?:ts?\b(?!s)|atient\b(?!s| care| safety| data| level)"
    r"|atients?,? (?:like|similar to|such as)\b)"
    r"|(?:(?<=h)e|(?<=s)he) (?:was|has been|is being) (?:admitted|seen|treated|diagnosed|referred"
    r"|discharged|operated|evaluated|transferred|born)\b"
    r")|(?<=-)jahrige)"
)


def is_about_one_person(text: Text, start: int, end: int) -> bool:
    """Whether the sentence around a span speaks of one patient: an age, "pt", "my patient"."""
    starts = _persons(text)
    if not starts:
        return False
    first, last = sentence(text.clean, start, end)
    return bisect_left(starts, first) < bisect_left(starts, last)


def _persons(text: Text) -> list[int]:
    """Where the text speaks of one patient; found once for all who ask."""
    known = text.memo.get("persons")
    if not isinstance(known, list):
        known = [match.start() for match in _ONE_PERSON.finditer(text.clean)]
        text.memo["persons"] = known
    return known
