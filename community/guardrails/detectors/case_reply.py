"""Replies to a post about one patient that say more than staff may say.

Under a report of a harm only thanks and the way to Safety may stand; under a question on what to do
with one patient nothing that reads as an instruction. What the post answered is about is read from
its own words, so that a reply of five words ("that's just her age") is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.phrases import Text

_ONE_PERSON = re.compile(
    r"\b(?:(?:my|our|this|a|the|one|another|his|her) (?:\w+ )?(?:patient|lady|gentleman|guy|woman"
    r"|man|chap|pt|case|mother|father|dad|mum|wife|husband)|one of mine|he|she|him|her|his|pt"
    r"|patient on"
    r"|\d{2} ?(?:yo|y/o|m|f|year[- ]old|years old)|case:)\b",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:faint|collaps|dizz|rash|hives|died|death|dead|fell\b|falls\b|headache|syncop|passed out"
    r"|pneumoni|sepsis|infection|bleed|haemorrhag|hemorrhag|nausea|sick\b|vomit|seizure|convuls"
    r"|stroke|kidney (?:failure|injury)|creatinine (?:up|rose|doubl|of)|reaction|swollen|swelling"
    r"|itch|hair (?:loss|falling)|liver (?:failure|values|injury)|jaundice|hypotension|anaemi|anemi"
    r"|a[sl]t (?:of|up|over|above|\d)|hospitali[sz]ed|admitted|icu|palpitat|arrhythmi|cough|weak"
    r"|miscarr|pregnan|overdos|aki\b|angioedema|side effect (?:in|with)|adverse)",
    re.IGNORECASE,
)
_ASKS_GENERALLY = re.compile(
    r"\b(?:usual|known|common|listed|which|what are|how often|how common|how many|labels?|trial"
    r"|does it|is (?:dizziness|headache|anaemia)|numbers)\b",
    re.IGNORECASE,
)
_MAY_STAND = frozenset(
    "thank thanks sorry safety report reporting reported private privately contact"
    " contacting yellow medwatch link form details label smpc section listed can't cannot"
    " unable write wrote welcome regret hear leaflet room information guideline guidelines"
    " study trial paper reference copy colleagues team post thread advise comment public"
    " agency pack quality grateful told contraindicated moderates program programme"
    " restricted".split()
)
_TELLS = frozenset(
    "start starts started stop stopping halve double hold wait increase reduce raise lower"
    " switch change add continue continuing carry restart pause skip give keep leave titrate"
    " uptitrate repeat recheck check go fine ok okay plenty enough candidate fits well safe"
    " reasonable would should could 'd stay yes yeah yep sure absolutely definitely no need try"
    " push wean taper cut drop vaccinate treat use tell put take suggest recommend sounds"
    " seems fit benefit inclined textbook".split()
)


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that goes too far under a post about one patient."""
    text, answered = look.text, look.context.answered or look.context.thread_title
    event = _reports_harm(look, answered)
    if event != (look.options["under"] == "harm") or text.quoted:  # a quote is to be put right
        return
    if not event and not _ONE_PERSON.search(answered):
        return
    backed = {text.sentences[at] for at in look.reading.spans("{reference}")}
    for sentence, (first, after) in _bounds(text).items():
        words = set(text.norms[first:after])
        if sentence in backed or sentence in text.quoted or words & _MAY_STAND:
            continue
        if event or (words & _TELLS and "?" not in "".join(text.norms[first:after])):
            what = "more than thanks" if event else "what to do with one patient"
            yield Hit(text.starts[first], text.ends[after - 1], what)


def _reports_harm(look: Look, answered: str) -> bool:
    """Whether the post answered tells of a harm to somebody under a medicine."""
    return bool(
        look.about
        and answered
        and _HARM.search(answered)
        and not _ASKS_GENERALLY.search(answered)
        and (_ONE_PERSON.search(answered) or not answered.rstrip().endswith("?"))
    )


def _bounds(text: Text) -> dict[int, tuple[int, int]]:
    """For each sentence its first token and the one after its last."""
    bounds: dict[int, tuple[int, int]] = {}
    for at, sentence in enumerate(text.sentences):
        bounds[sentence] = (bounds.get(sentence, (at, at))[0], at + 1)
    return bounds


DETECTOR = Detector(find, {"under": ("harm", "question")})
