"""Sentences on what became of somebody under a medicine, as the trained model `told` reads them.

Colleagues tell a side effect without a word for harm ("she crawled to the loo", "back on a stick").
The model weighs words, their beginnings, fields and neighbours, with the names taken out, whether
somebody, an event or a value stands there, and whose medicine is in reach. Its card is
`weights/told.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from community.guardrails.detectors.adverse_event.sentences import Sentence
from community.guardrails.detectors.adverse_event.words import HARM, NUMBER, class_of
from community.guardrails.detectors.fields import coarse, fields_of

LONGEST = 220  # tokens of a text that is a colleague's report; longer ones are read otherwise
_STEM = 5
_PERSONS = {"patient", "pt", "man", "woman", "lady", "gentleman", "chap", "guy", "husband", "wife"}
_PACK = frozenset(
    "pack packs package packages packaging packing pack's box boxes carton cartons bottle bottles"
    " blister blisters strip strips foil foils pocket pockets cap lid seal seals leaflet leaflets"
    " notice tablet tablets capsule capsules pill pills batch batches lot expiry label imprint"
    " delivery parcel desiccant hologram coating shell shells container jar".split()
)
_FAULT = frozenset(
    "broken broke breaks crack cracked cracks crumble crumbles crumbled crumbling crushed dented"
    " squashed torn tears tear empty missing short fewer less without lacks lacking lacked no none"
    " nothing wrong different another other mixed odd strange funny weird unusual smell smells"
    " smelled smelt odour odor reek reeks stink taste tastes tasted sticky stuck stick clumped"
    " melted soft softened hard brittle damp wet soaked mouldy moldy rust rusty dirty stained"
    " stain stains spot spots speck specks spotted discoloured discolored colour color paler pale"
    " darker faded pink brown grey green yellow black leak leaks leaked leaking open opened loose"
    " popped pierced cut peel peels peeling rub rubbed smudged smeared unreadable illegible"
    " misprint spelling expired date dates swollen dissolved dissolve dust powder powdery bits"
    " pieces hair insect wasp fly glass metal fake counterfeit twice thicker thinner bigger"
    " smaller instead supposed frozen warm sun degrees half rattle rattles flakes chipped".split()
)
_PRONOUNS = {"he": "she", "him": "her", "his": "her", "himself": "herself"}


def told_features(sentence: Sentence, reach: str) -> list[str]:
    """The features of one sentence; `reach`: whose medicine is in reach, `named` or `asked`."""
    line = ["^", *_line(sentence), "$"]
    found = [f"reach {reach}", f"length {min(len(line) // 5, 6)}"]
    for token in line[1:-1]:
        found.append("w " + token)
        if len(token) > _STEM:
            found.append("s " + token[:_STEM])
    found += [f"b {one} {two}" for one, two in pairwise(line)]
    found += [f"f {field}" for token in line for field in fields_of(token)]
    found += [f"g {one} {two}" for one, two in pairwise(map(coarse, line))]
    flags = list(_flags(sentence))
    found += flags
    found += [f"{flag} {other}" for flag, other in pairwise([*flags, reach])]
    return found


def _line(sentence: Sentence) -> Iterator[str]:
    """The words with signs for medicines, numbers and persons."""
    ours, named = set(sentence.ours), set(sentence.named)
    last = ""
    for at, norm in enumerate(sentence.norms):
        sign = "<ours>" if at in ours else "<other>" if at in named else _sign_of(norm)
        if sign != last or sign[0] not in "<#":
            yield sign
        last = sign


def _sign_of(norm: str) -> str:
    if class_of(norm) == NUMBER:
        return "#"
    return "<person>" if norm in _PERSONS else _PRONOUNS.get(norm, norm)


def _flags(sentence: Sentence) -> Iterator[str]:
    """What is known of the sentence besides its words."""
    harm = sentence.harms or any(class_of(norm) == HARM for norm in sentence.norms)
    pack, fault = not _PACK.isdisjoint(sentence.words), not _FAULT.isdisjoint(sentence.words)
    known = {
        "asks": sentence.norms[-1] == "?",
        "event": sentence.events,
        "harm": harm and not sentence.events,
        "denied": sentence.denied,
        "value": sentence.values,
        "person": sentence.third_person,
        "speaker": sentence.first_person,
        "takes": sentence.takes or sentence.remedies,
        "pack": pack and not fault,
        "pack fault": pack and fault,
    }
    yield from (name for name, holds in known.items() if holds)
