"""A text cut into sentences, each with what it names: medicines (whose), harms, persons, taking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from community.guardrails.detectors.adverse_event.features import features
from community.guardrails.detectors.adverse_event.values import telling_values
from community.guardrails.detectors.adverse_event.words import (
    FIRST,
    HARM,
    MEDICINE,
    PERSONS,
    REMEDY,
    TAKING,
    class_of,
    is_event,
)
from community.guardrails.detectors.linear import load
from community.guardrails.phrases import Passage, Reading

_EFFECT = frozenset({"effect", "effects", "affect", "affects"})
_DENIED = frozenset("no not never without nobody none neither nor denies deny denied free".split())
_NOT_ABLE = frozenset("couldn't can't won't".split())  # "couldn't stand the itching"
_DENIED_WITHIN = 4
_TOLD = frozenset({MEDICINE, REMEDY, HARM})
_STILL = frozenset("but except only although just however besides apart though".split())
_ALWAYS_FIRST = FIRST - {"i"}
_BEFORE_A_NUMERAL = frozenset("ace type class phase grade nyha stage part table".split())
# "The discharge letter", "a headache diary": a thing that bears the name of a harm.
_THINGS = frozenset(
    "letter letters summary summaries form forms diary diaries card cards leaflet leaflets"
    " questionnaire questionnaires register registry guideline guidelines checklist nurse nurses"
    " clinic clinics team teams planning unit units ward wards".split()
)
_NAMED = "named"
_NO_MEDICINE = frozenset("no any without zero".split())
# What happened, said in two words; the first may be any form of the verb.
_EVENTS_OF_TWO = (
    "passed out|passing out|blacked out|threw up|throwing up|throws up|short of|hair loss"
    "|hair falling|falling out|weight gain|weight loss|gained weight|seeing double|kidney injury"
    "|kidney failure|renal failure|liver failure|liver injury|serum sickness|chest pain|muscle pain"
    "|joint pain"
    "|painful breasts|much weaker|got weaker|weaker again|give way|gave way|legs give|guts ache"
    "|stomach ache|broken hip|kitchen floor|cracked rib|off legs|side effect|side effects"
    "|adverse reaction|adverse event|adverse effect|in hospital|to hospital|hospital bed|to a&e"
    "|dry mouth|heart racing|racing heart|felt ill|felt awful|felt sick|feels sick|feel sick"
    "|feels worse|ended up|low sodium|low potassium|high potassium|low platelets"
    "|low pressure|pressure dropped|pressure fell|pressure crashed|bp crashed|bp dropped|bp fell"
    "|muscle weakness|too tired|so tired|knocked flat"
    "|red eye|red eyes|sore eyes|black stools|hair thinning|hair loss|losing hair|lost hair"
    "|went yellow|gone yellow|turned yellow|brain fog|foggy head|wiped out|keeled over|off food"
    "|sore mouth|mouth ulcers|metallic taste|taste gone|lost taste|burning feet|cold hands"
    "|bad dreams|blurred vision|blurry vision|double vision|ringing ears|gum swelling"
    "|swollen gums|bleeding gums|stomach pain|tummy pain|bad stomach|upset stomach|night sweats"
    "|hot flushes|blood pressure dropped|hit head|went down|legs went|feeling faint"
    "|feeling rough|feels rough|felt rough|felt dreadful|feels awful|feels dreadful|feeling ill"
    "|feels ill|feels weird|felt weird|made ill|very unwell"
    "|leberwerte hoch|leberwerte erhoht|transaminasen hoch|blutdruck niedrig|kreislauf weg"
    "|no taste|no appetite|no energy|no sleep|no libido|tastes of|inr all|rough on|harsh on"
    "|guy flat|him flat|her flat|sleeps all|can't sleep|cannot sleep"
).split("|")
_SECONDS = {
    one: frozenset(pair.split()[1] for pair in _EVENTS_OF_TWO if pair.split()[0] == one)
    for one in {pair.split()[0] for pair in _EVENTS_OF_TWO}
}
_FIRSTS = frozenset({"the", *_SECONDS})
_LASTS = frozenset({"floor"}).union(*_SECONDS.values())


@dataclass
class Sentence:
    """One sentence as `typed` and as folded; places are counted from its first token.

    `named`: medicines by name; `remedies`: by class or as "the drug". `ours`: places of our own.
    `events`: what happened to a person and is not denied; `values`: one of them was
    measured; `harms`: every word of harm that is not denied; `denied`: others are.
    """

    typed: str
    norms: list[str]
    words: frozenset[str]
    named: list[int]
    remedies: list[int]
    ours: list[int]
    harms: list[int]
    denied: bool
    events: list[int]
    values: bool
    takes: bool
    first_person: bool
    third_person: bool

    @cached_property
    def odds(self) -> float:
        """Log-odds by the trained model that it mentions harm from a medicine."""
        return load("adverse_event").score(sorted(features(self.norms)))

    @property
    def medicine(self) -> bool:
        """Whether it names any medicine, or speaks of taking one."""
        return bool(self.named or self.remedies or self.ours or self.takes)


def cut(reading: Reading) -> list[Sentence]:
    """The sentences of a text, in order; one that comes again is not worked out again."""
    found: list[Sentence] = []
    for row in reading.rows:
        known = row.passage.memo.get("adverse_event")
        if not isinstance(known, Sentence):
            known = row.passage.memo["adverse_event"] = _sentence(row.passage)
        found.append(known)
    return found


def _tokens_of(passage: Passage, ref: str) -> list[int]:
    """The tokens that matches of a list are made of, in order."""
    spans = passage.lists.get(ref, {}).items()
    return sorted({at for start, ends in spans for at in range(start, ends[0])})


def _sentence(passage: Passage) -> Sentence:
    own = _without_names_of_things(passage.norms)
    words = frozenset(own)
    named: list[int] = []
    remedies: list[int] = []
    harms: list[int] = []
    denied: list[int] = []
    values = telling_values(own)
    ours, others = _tokens_of(passage, "{product}"), _tokens_of(passage, "{other_medicine}")
    kinds = list(map(class_of, own))
    for at in others:
        kinds[at] = MEDICINE
    for at, kind in enumerate(kinds) if not _TOLD.isdisjoint(kinds) else ():
        if kind not in _TOLD or at in ours:
            continue
        if kind == MEDICINE:
            named.append(at)
        elif kind == REMEDY and own[at - 1 : at] != ["no"]:
            remedies.append(at)
        elif kind == HARM:
            (denied if _is_denied(own, at) else harms).append(at)
    return Sentence(
        typed=passage.typed,
        norms=own,
        words=words,
        named=named,
        remedies=remedies,
        ours=ours,
        harms=harms,
        denied=bool(denied),
        events=_events(own, words, values),
        values=bool(values),
        takes=not TAKING.isdisjoint(words) or ("side" in words and not _EFFECT.isdisjoint(words)),
        first_person=_speaks_of_oneself(own, words),
        third_person=not PERSONS.isdisjoint(words),
    )


def _without_names_of_things(norms: list[str]) -> list[str]:
    """The words, with one that means nothing where a harm only names what comes after it."""
    if _THINGS.isdisjoint(norms):
        return norms
    return [
        _NAMED if after in _THINGS and class_of(norm) == HARM else norm
        for norm, after in zip(norms, [*norms[1:], ""], strict=True)
    ]


def _speaks_of_oneself(norms: list[str], words: frozenset[str]) -> bool:
    """Whether 'I', 'my' and the like stand there; the I of "ACE-I" or "class I" is none."""
    if not _ALWAYS_FIRST.isdisjoint(words):
        return True
    return "i" in words and any(
        norm == "i" and (not at or norms[at - 1] not in _BEFORE_A_NUMERAL)
        for at, norm in enumerate(norms)
    )


def _events(norms: list[str], words: frozenset[str], values: list[int]) -> list[int]:
    """Places of what happened, by word, by two words or by a value; denied ones left out."""
    found = [at for at, happens in enumerate(map(is_event, norms)) if happens]
    in_two = not (_FIRSTS.isdisjoint(words) or _LASTS.isdisjoint(words))
    for at, (one, two) in enumerate(pairwise(norms)) if in_two else ():
        floor = two == "floor" and norms[at - 1 : at + 1] == ["on", "the"]
        if floor or (one in _SECONDS and two in _SECONDS[one]):
            found.append(at)
    found += values
    return sorted({at for at in found if not _is_denied(norms, at)})


def _is_denied(norms: list[str], at: int) -> bool:
    for norm in reversed(norms[max(0, at - _DENIED_WITHIN) : at]):
        if norm in _STILL:
            return False
        if norm in _DENIED or (norm.endswith("n't") and norm not in _NOT_ABLE):
            return True
    return False


def says_no_medicine(sentences: Sequence[Sentence]) -> bool:
    """Whether a sentence says that nothing is being taken, and none names what is."""
    return not any(sentence.ours or sentence.named for sentence in sentences) and any(
        class_of(norm) == REMEDY
        and not _NO_MEDICINE.isdisjoint(sentence.norms[max(0, at - 2) : at])
        for sentence in sentences
        if not _NO_MEDICINE.isdisjoint(sentence.words)
        for at, norm in enumerate(sentence.norms)
    )
