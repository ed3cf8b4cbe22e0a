"""Traits that are harmless one by one and together point to one person.

Safe Harbor asks, besides its list, that nobody could know the person from what is left
(45 CFR 164.514(b)(2)(ii)). Three kinds of rare trait beside each other, one of them a small circle
of people or a public event, are worth a second look; fewer are the stuff of every case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Hit
from community.guardrails.detectors.patient_identity.runs import word_set
from community.guardrails.phrases.text import Text

_SMALL_CIRCLE = re.compile(
    r"\b(?:villages?|hamlet|islanders?|parish|(?:small|tiny|remote|little) (?:town|island|community"
    r"|commune)"
    r"|(?:town|community|island|population|commune) of (?:about |only |some |just )?\d[\d,]{1,4}\b"
    r"|\d{2,4} (?:inhabitants|souls|residents)|remote valley|(?:our|the same) town"
    r"|(?:the only|the sole|one of (?:only )?(?:two|three|four|five|six|a handful of))"
    r" (?:\w+ )?(?:patients?|persons?|people|wom[ae]n|m[ae]n|famil(?:y|ies)|cases?)"
    r" (?:in|from) (?:the (?:country|county|region|state|city|world)|(?-i:[A-Z])\w+))\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:the only|the sole|the first|the youngest|the oldest|the tallest|the last)\b(?! (?:time"
    r"|thing|way"
    r"|reason|option|drug|treatment|trial|study|finding|symptom|sign|abnormality|line|choice|visit"
    r"|dose|week|month"
    r"|day|year|hour|step|question|one to))"
    r"|\bone of (?:only )?(?:two|three|four|five|six|seven|a handful of|\d{1,2}) (?:\w+ )?"
    r"(?:patients|people|women|men|families|cases|known)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:mayor|vicar|priest|imam|rabbi|bishop|nun|monk|headteacher|headmaster|schoolteacher"
    r"|postman|postmistress"
    r"|lighthouse keeper|innkeeper|publican|blacksmith|ferryman|vet|veterinar\w+|pharmacist|surgeon"
    r"|judge"
    r"|councillor|politician|minister|footballer|jockey|racing driver|opera singer|actress|actor"
    r"|novelist"
    r"|conductor|organist|astronaut|pilot|ballet dancer|beekeeper|shepherd|police officer"
    r"|fire chief"
    r"|chief of \w+|teacher)(?:'s (?:wife|husband|son|daughter|mother|father|widow))?\b",
    re.IGNORECASE,
)
_RARE = re.compile(
    r"\b(?:ultra-?rare|very rare|extremely rare|rare (?:disease|mutation|variant|syndrome|disorder"
    r"|form)"
    r"|one in a million|known cases|cases worldwide|families worldwide|never described|undescribed"
    r"|novel mutation|only \w+ (?:published|reported) cases)\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\b(?:identical twins?|triplets?|quadruplets?|quintuplets?|conjoined|adopted from"
    r"|mother of (?:six|seven|eight"
    r"|nine|ten|eleven|twelve|twins|triplets)|one of (?:nine|ten|eleven|twelve) (?:siblings"
    r"|children))\b",
    re.IGNORECASE,
)
_BELIEF = re.compile(
    r"\b(?:Amish|Hutterite|Mennonite|Roma|Inuit|Sami|Maori|Jehovah's Witness|Zoroastrian|Druze"
    r"|Samaritan"
    r"|Faroese|refugee from|asylum seeker)\b"
)
_EVENT = re.compile(
    r"\b(?:(?:plane|train|helicopter|coach|cable car) crash|shark|lightning|avalanche|hostage"
    r"|lottery|Olympi\w+"
    r"|world (?:record|champion)|ferry (?:disaster|accident)|terror\w* attack|mine (?:disaster"
    r"|accident)"
    r"|national (?:team|champion)|local (?:radio|paper|council|television))\b"
)
_NARROW = (_SMALL_CIRCLE, _EVENT)
_WIDE = (_ALONE, _ROLE, _RARE, _BIRTH, _BELIEF)
_FEWEST = 3
_PERSON = re.compile(
    r"\b(?:he|she|wife|husband|widow|woman|man|lady|gentleman|boy|girl|son|daughter|patient"
    r"|mother|father|brother|sister|people|person)\b",
    re.IGNORECASE,
)
_WORTH_A_LOOK = frozenset(
    """
    village villages hamlet islander islanders island parish town community population commune
    inhabitants souls residents valley crash shark lightning avalanche hostage lottery olympic
    olympics olympian champion record disaster accident attack radio paper council television team
    only sole country county region
    """.split()
)
_WINDOW = 60  # characters to each side of such a word that hold all of the trait
_PARAGRAPH = re.compile(r"[^\n]+")
_LONGEST = 500


def rare_traits(text: Text) -> Iterator[Hit]:
    """A hit from the first to the last trait where three kinds of them meet in a paragraph."""
    if word_set(text).isdisjoint(_WORTH_A_LOOK) or not _may_be_narrow(text):
        return
    for paragraph in _PARAGRAPH.finditer(text.clean):
        where = paragraph.span()
        narrow = [match for kind in _NARROW if (match := kind.search(text.clean, *where))]
        if not narrow:
            continue
        found = [match for kind in _WIDE if (match := kind.search(text.clean, *where))] + narrow
        if len(found) < _FEWEST:
            continue
        start = min(match.start() for match in found)
        end = max(match.end() for match in found)
        if end - start <= _LONGEST and _PERSON.search(text.clean, *where):
            yield Hit(start, end, f"{len(found)} rare traits together")


def _may_be_narrow(text: Text) -> bool:
    """Whether a small circle or a public event stands around one of the words it needs."""
    clean = text.clean
    return any(
        kind.search(clean, max(0, start - _WINDOW), start + _WINDOW)
        for start, norm in zip(text.starts, text.norms, strict=True)
        if norm in _WORTH_A_LOOK
        for kind in _NARROW
    )
