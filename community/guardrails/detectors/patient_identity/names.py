"""Names of patients and of their families; not of drugs, eponyms, authors or colleagues.

A name is a patient's by what stands around it: a title without an office ("Mrs Hargreaves"), the
word "patient" or an age before or after it, a kinship, or a given name in a sentence on one person.
Doctors who treat such a person are found too, as `carer`: they lead to the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from community.guardrails.detectors.hit import Hit
from community.guardrails.detectors.patient_identity.given_names import GIVEN, SOFT
from community.guardrails.detectors.patient_identity.name_cues import (
    AFTER_KIN,
    AFTER_TITLE,
    AGE_AFTER,
    AGE_ALONE,
    AGE_SENTENCE,
    BARE_AGE,
    CALLED_BEFORE,
    CARE_AFTER,
    COLLEAGUE_AFTER,
    COLLEAGUE_BEFORE,
    DIRECT,
    DOCTORS,
    DOES_NOT_TREAT,
    FORM,
    GOES_ON,
    IN_CARE,
    INITIAL,
    INITIAL_WORDS,
    INITIALS,
    IS_OR_HAS,
    KIND_OF_THING,
    LETTER_AFTER,
    LONG_NAME,
    NO_NAME_AFTER,
    NO_SMALL_NAME,
    ON_FILE,
    OURS,
    PATIENT_DOES,
    SMALL_DIRECT,
    SMALL_TITLE,
    SMALL_TITLES,
    SURNAMES_TOO,
    TITLES,
    TREATS_AFTER,
    TREATS_BEFORE,
)
from community.guardrails.detectors.patient_identity.not_names import (
    EPONYMS,
    LARGE_PLACES,
    PAIRS,
    PLAIN,
    is_nobody,
)
from community.guardrails.detectors.patient_identity.runs import (
    Word,
    after,
    before,
    is_about_one_person,
    runs,
    sentence,
    word_set,
)
from community.guardrails.phrases.text import Text

MASK = "[name]"
_WHAT, _CARER = "a patient's name", "the name of a patient's doctor"
_MOST_WORDS = 4
_ENDS_A_NAME = KIND_OF_THING | TITLES | DOCTORS
_PATIENT = frozenset({"patient", "pt", "client"})


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a name may stand, with what is around it in its line and in its sentence."""

    text: Text
    start: int
    end: int
    ahead: str
    behind: str

    @property
    def is_about_one(self) -> bool:
        return is_about_one_person(self.text, self.start, self.end)

    @property
    def is_colleague(self) -> bool:
        return COLLEAGUE_AFTER.match(self.behind) is not None

    @property
    def is_named(self) -> bool:
        """After "patient", "a 60-year-old man" or "her son"; after "called" if it is about one."""
        if not self.follows(DIRECT):
            return False
        if not self.follows(CALLED_BEFORE) or self.is_about_one:
            return True
        return (
            OURS.search(self.text.clean, *sentence(self.text.clean, self.start, self.end))
            is not None
        )

    @property
    def is_on_file(self) -> bool:
        """In a form ("Name: ..."), or before an age in a sentence, a birth or a record number."""
        behind = self.behind
        told = AGE_SENTENCE.match(behind) or ON_FILE.match(behind)
        return told is not None or self.follows(FORM)

    def follows(self, cue: re.Pattern[str]) -> bool:
        """Whether a cue, which must end where the name begins, stands before it."""
        return cue.search(self.ahead) is not None


def _spot(text: Text, name: Sequence[Word]) -> _Spot:
    start, end = name[0].start, name[-1].end
    return _Spot(text, start, end, before(text.clean, start), after(text.clean, end))


def names(text: Text, members: Sequence[str]) -> Iterator[tuple[str, Hit]]:
    """Pairs of kind (`name`, `carer`) and hit. `members` are the names of those in the room."""
    known = _words_of(tuple(members))
    for run in runs(text):
        yield from _in_run(text, run, known)
    yield from _beyond_runs(text, known)


@lru_cache(maxsize=64)  # rooms whose members are known; whoever comes or goes makes another
def _words_of(members: tuple[str, ...]) -> frozenset[str]:
    words = (word.strip(".,").lower() for name in members for word in name.split())
    return frozenset(word for word in words if len(word) > 1) - TITLES - DOCTORS


def _in_run(text: Text, run: list[Word], members: frozenset[str]) -> Iterator[tuple[str, Hit]]:
    at = 0
    while at < len(run):
        word, last = run[at], at + 1 == len(run)
        end = at + 1
        if word.low in TITLES and not last:
            kind, found = "name", _after_title(text, run, at, members)
        elif word.low in DOCTORS and not last:
            kind, found = "carer", _after_doctor(text, run, at, members)
            end = max(end, _end_of_name(run, end))
        else:
            kind, found = "name", _untitled(text, run, at, members)
        if found is not None:
            yield kind, found
            end = next((n for n in range(end, len(run)) if run[n].start >= found.end), len(run))
        at = end


def _end_of_name(run: list[Word], at: int) -> int:
    """Where a name that begins at `at` ends: before a word that is no name."""
    end = at
    given = at < len(run) and run[at].low in GIVEN and run[at].low not in PLAIN
    while end < len(run) and end - at < _MOST_WORDS:
        low = run[end].low
        is_surname = given and end == at + 1 and low in SURNAMES_TOO
        if not is_surname and (low in _ENDS_A_NAME or (low in PLAIN and end > at)):
            break
        end += 1
    return end


def _after_title(text: Text, run: list[Word], at: int, members: frozenset[str]) -> Hit | None:
    first = run[at + 1]
    if first.low in AFTER_TITLE or is_nobody(first.low):
        return None
    end = _end_of_name(run, at + 1)
    if end == at + 1 or _is_a_member(run[at + 1 : end], members) or _is_thing(run, end):
        return None
    spot = _spot(text, run[at:end])
    if spot.is_colleague or spot.follows(COLLEAGUE_BEFORE) or spot.ahead.endswith("by "):
        return None
    return Hit(spot.start, spot.end, _WHAT, MASK)


def _after_doctor(text: Text, run: list[Word], at: int, members: frozenset[str]) -> Hit | None:
    end = _end_of_name(run, at + 1)
    if end == at + 1 or _is_a_member(run[at + 1 : end], members):
        return None
    spot = _spot(text, run[at:end])
    treats = spot.follows(TREATS_BEFORE) or TREATS_AFTER.match(spot.behind)
    if not treats or DOES_NOT_TREAT.match(spot.behind) or not spot.is_about_one:
        return None
    return Hit(spot.start, spot.end, _CARER, MASK)


def _untitled(text: Text, run: list[Word], at: int, members: frozenset[str]) -> Hit | None:
    name = _name_at(run, at)
    if not name or not _can_be_one(name) or _is_a_member(name, members):
        return None
    spot = _spot(text, name)
    if spot.is_colleague and not spot.follows(AFTER_KIN):
        return None
    begins = at == 0 or run[at - 1].low in _PATIENT
    if not _is_patients(spot, name, begins=begins):
        return None
    return Hit(spot.start, spot.end, _WHAT, MASK)


def _can_be_one(name: list[Word]) -> bool:
    """Whether words by themselves can be a name, whatever stands around them."""
    first = name[0]
    if first.low in GIVEN and len(first.text) > 1:
        return len(name) > 1 or not is_nobody(first.low)
    return _may_be_name(first) and all(
        _may_be_name(word) or word.low in LARGE_PLACES for word in name[1:]
    )


def _name_at(run: list[Word], at: int) -> list[Word]:
    """The words from `at` on that may be a name; none where they belong to something else."""
    low = run[at].low
    if (at and run[at - 1].low in NO_NAME_AFTER) or (is_nobody(low) and low not in GIVEN):
        return []
    end = _end_of_name(run, at)
    name = run[at:end]
    is_pair = " ".join(word.low for word in name[:2]) in PAIRS
    return [] if is_pair or len(name) == _MOST_WORDS or _is_thing(run, end) else name


def _is_patients(spot: _Spot, name: list[Word], *, begins: bool) -> bool:
    first = name[0]
    is_given = first.low in GIVEN and len(first.text) > 1
    if len(name) > 1:
        if is_given:
            return _given_and_more(spot, name)
        return (begins or spot.is_on_file) and _unknown(spot, name)
    return _alone(spot, first, begins=begins) if is_given else spot.follows(AFTER_KIN)


def _alone(spot: _Spot, word: Word, *, begins: bool) -> bool:
    """A given name by itself: named as a patient's or a relative's, or doing what patients do."""
    if spot.is_named and not spot.follows(COLLEAGUE_BEFORE):
        return word.low not in SOFT or AGE_AFTER.match(spot.behind) is not None
    if word.low in SOFT:
        return False
    if AGE_SENTENCE.match(spot.behind) or AGE_ALONE.match(spot.behind):
        return True
    return begins and PATIENT_DOES.match(spot.behind) is not None


def _given_and_more(spot: _Spot, name: list[Word]) -> bool:
    """A given name with an initial or a surname, in a sentence on one person."""
    if spot.is_on_file or BARE_AGE.match(spot.behind) or spot.is_named:
        return True
    if name[0].low in SOFT and (name[-1].low in EPONYMS or name[-1].low in PLAIN):
        return False
    if spot.follows(COLLEAGUE_BEFORE) or not CARE_AFTER.match(spot.behind):
        return False
    return spot.is_about_one


def _unknown(spot: _Spot, name: list[Word]) -> bool:
    """Two words with capitals that no list knows: only right beside "patient" or an age."""
    first, last = name[0], name[-1]
    if first.text.endswith("."):
        return False
    if spot.is_on_file:
        return True
    has_initial = last.text.endswith(".")
    if has_initial and not GOES_ON.match(spot.behind):
        return False  # the stop ends the sentence, as in "vitamin D."
    if spot.is_named:
        does = IS_OR_HAS.match(spot.behind) and not spot.ahead.endswith("Patient ")
        return has_initial or bool(does or CARE_AFTER.match(spot.behind))
    beside = spot.ahead.endswith(", ") and (has_initial or IN_CARE.match(spot.behind))
    return bool(beside) and spot.is_about_one


def _may_be_name(word: Word) -> bool:
    if INITIAL.fullmatch(word.text):
        return True
    return (
        LONG_NAME.fullmatch(word.text) is not None
        and not word.text.isupper()
        and not is_nobody(word.low)
        and word.low not in EPONYMS
        and word.low not in KIND_OF_THING
    )


def _is_thing(run: list[Word], end: int) -> bool:
    """Whether the word after a name makes it a hospital, a score or a company."""
    return end < len(run) and run[end].low in KIND_OF_THING


def _is_a_member(name: Sequence[Word], members: frozenset[str]) -> bool:
    return bool(members) and any(word.low in members for word in name)


def _beyond_runs(text: Text, members: frozenset[str]) -> Iterator[tuple[str, Hit]]:
    """Initials, and names that somebody typed in small letters."""
    clean, words = text.clean, word_set(text)
    if not words.isdisjoint(INITIAL_WORDS) or LETTER_AFTER.search(clean):
        for match in INITIALS.finditer(clean):
            yield "name", Hit(*match.span("it"), "a patient's initials", "[initials]")
    for match in SMALL_TITLE.finditer(clean) if not words.isdisjoint(SMALL_TITLES) else ():
        name = match["name"]
        if name not in PLAIN and name not in NO_SMALL_NAME and name not in members:
            yield "name", Hit(*match.span("it"), _WHAT, MASK)
    given = (words & GIVEN) - SOFT - members
    for at, norm in enumerate(text.norms) if given else ():
        start = text.starts[at]
        is_small = norm in given and clean[start].islower()
        if is_small and SMALL_DIRECT.search(before(clean, start)):
            yield "name", Hit(start, text.ends[at], _WHAT, MASK)
