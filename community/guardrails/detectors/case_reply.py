"""Replies to a post about one patient that say more than staff may say.

Under a report of a harm only thanks and the way to Safety may stand; under a question on what to do
with one patient nothing that reads as an instruction; under the question whether to report nothing
but yes. What the post answered is about is read from its own words, so that a reply of five words
("that's just her age", "no need, it's a known effect") is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from community.guardrails.detectors.adverse_event.words import MEDICINE, class_of, is_event
from community.guardrails.detectors.hit import Detector, Hit, Look, read_around
from community.guardrails.phrases import Text

_ONE_PERSON = re.compile(
    r"\b(?:(?:my|our|this|a|the|one|another|his|her) (?:\w+ )?(?:patient|lady|gentleman|guy|woman"
    r"|man|chap|pt|case|mother|father|dad|mum|wife|husband)|one of mine|he|she|him|her|his|pt"
    r"|(?:man|woman|lady|gentleman|boy|girl|patient|pt) (?:of|with|weigh\w*|is|was|has|wants)"
    r"|elle|lui|ihm|ihr|patientin|patiente"
    r"|patient on|mine"
    r"|\d{2}[ -]?(?:yo|y/o|m|f|year[- ]old|years old)|case:)\b"
    r"|^\d{2}(?:, | on )"
    r"|\b(?:sbp|bp|egfr|alt|ast|potassium|creatinine|hb|sodium|inr)"
    r" (?:of |is |was |at |down to |up to |now )?\d{2}",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:depress|shingles|tremor"
    r"|fractur|a fall\b|clot\b|gallstone|tinnitus"
    r"|faint|collaps|dizz|rash|hives|died|death|dead|fell\b|falls\b|headache|syncop|passed out"
    r"|pneumoni|sepsis|infection|bleed|haemorrhag|hemorrhag|nausea|sick\b|vomit|seizure|convuls"
    r"|stroke|kidney (?:failure|injury)|creatinine (?:up|rose|doubl|of)|reaction|swollen|swelling"
    r"|itch|hair (?:loss|falling)|liver (?:failure|values|injury)|jaundice|hypotension|anaemi|anemi"
    r"|a[sl]t (?:of|up|over|above|\d)|hospitali[sz]ed|admitted|icu|palpitat|arrhythmi|cough|weak"
    r"|miscarr|pregnan|overdos|aki\b|angioedema|side effect (?:in|with)|adverse)",
    re.IGNORECASE,
)
_ON_A_MEDICINE = re.compile(
    r"\b(?:on it|the (?:drug|tablets?|capsules?|medicine)|your (?:drug|medicine)"
    r"|(?:since|after|before) (?:the |we )?(?:start|first|dose)\w*"
    r"|(?:week|month|day) \w+|(?:weeks?|months?|days?) in|the dose|\d+ ?mg)\b",
    re.IGNORECASE,
)
_ASKS_GENERALLY = re.compile(
    r"\b(?:usual|known|common|listed|which|what are|how often|how common|how many|labels?|trial"
    r"|does it|is (?:dizziness|headache|anaemia)|numbers)\b",
    re.IGNORECASE,
)
_ON_REPORTING = re.compile(
    r"\b(?:report\w*|yellow cards?|medwatch|the form|a form|fill in|file (?:it|this|that|one)"
    r"|notify|tell (?:safety|you|the agency|the company)|let (?:you|safety) know|pharmacovigilance"
    r"|melde\w*|meldepflicht\w*|d[ée]clarer|signaler|notificar|segnalare"
    r"|worth (?:mentioning|flagging|telling)|flag (?:it|this|that))\b",
    re.IGNORECASE,
)
_TALKS_OUT_OF_IT = frozenset(
    "no not nah nope don't wouldn't needn't isn't doesn't never only unless skip wait later mild"
    " known trivial bother already leave enough optional hardly expected minor listed labelled"
    " nobody if".split()
)
_WELCOMES_REPORT = frozenset(
    "yes please always thank thanks welcome safety medwatch button link menu"
    " either even regardless whatever passed sure".split()
)
_TELLS_ON_SOMEBODY = re.compile(
    r"\b(?:i'd|i would|you (?:should|could|can|might|may)|keep|stop|put|give|leave"
    r"|let|start|drop)\b(?:\W+\w+){0,8}?\W+(?:him|her|he|she"
    r"|(?:this|your|that) (?:patient|lady|man|woman|gentleman))\b",
    re.IGNORECASE,
)
_WINKS = frozenset("but practice strictly technically officially theory though honestly".split())
_ASKS_WHAT_TO_DO = re.compile(
    r"\b(?:stop|start|continue|up or|stay|restart|what dose|switch|give|try|hold|okay?|safe|should"
    r"|would you|can (?:he|she|i|we)|what now|what would|which|halve|treat|carry on|swap"
    r"|rechallenge|wait|add|drop|increase|reduce)\b[^?]*\?",
    re.IGNORECASE,
)
_ASKS_ON_A_CASE = re.compile(
    r"\b(?:thoughts|views|opinions?|ideas|tips|same dose|worr(?:y|ied)|concerned|next|enough|too"
    r" (?:much|low|high)|puis-je|peut|darf|soll|kann)\b[^?]*\?",
    re.IGNORECASE,
)
_ASKS_THE_CAUSE = re.compile(
    r"\b(?:this|that|it)\b.*\b(?:from|due to|because of|caused by|related|the drug|your drug)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z]+")
_HARM_ENDINGS = ("itis", "emia", "aemia", "penia", "uria", "lysis", "rrhoea", "rrhea")
_MEANS_TO = re.compile(
    r"\b(?:i'd|i'll|i will|i should|i must|i want|i was going|i am going|i'm going"
    r"|i have to|better)\b",
    re.IGNORECASE,
)
_WAY = re.compile(r"\b(?:where|how|who|which form|what is the link)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"[^.?!\n]+[.?!]?")
_REFUSES = frozenset("can't cannot unable thank thanks sorry".split())
_MAY_STAND = frozenset(
    "thank thanks sorry safety report reporting reported private privately contact"
    " contacting yellow medwatch link form details label smpc section listed can't cannot"
    " unable write wrote welcome regret hear leaflet discuss information guideline guidelines"
    " study trial paper reference copy colleagues team post thread advise comment public"
    " agency pack quality grateful told contraindicated moderates program programme"
    " restricted approved yours decide decision judge judgement".split()
)
_KEEPS_IT_SHORT = re.compile(
    r"\b(?:please )?(?:don't|do not) (?:add|put|post|share|give) .{0,30}\b(?:here|more|further"
    r"|thread|anything|else)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:wrote|writes|says|said|claims?|claimed|read|heard|think|believe)\b", re.IGNORECASE
)
_CAME_TO_PASS = re.compile(
    r"\b(?:got|had|has|developed|suffered|lost|fainted|fell|collapsed|died|came|went|passed|now"
    r"|after|since|stopped)\b",
    re.IGNORECASE,
)
_TELLS = frozenset(
    "start starts started stop stopping halve double hold wait increase reduce raise lower"
    " switch change add continue continuing carry restart pause skip give keep leave titrate"
    " uptitrate repeat recheck check go fine ok okay plenty enough candidate fits well safe"
    " reasonable would should could 'd stay yes yeah yep sure absolutely definitely no need try"
    " push wean taper cut drop vaccinate treat use tell put take suggest recommend sounds"
    " seems fit benefit inclined textbook leaning leaves better best either both neither wise"
    " right wrong let lets not never always until till fortnight weeks worth bring ease settle"
    " settles happy comfortable worry worried harm hurt risk tolerate tolerates manage".split()
)


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that goes too far under a post about one patient."""
    text, answered = look.text, look.context.answered or look.context.thread_title
    under = look.options["under"]
    if under != _about_what(look) or text.quoted:  # a quote is to be put right
        return
    welcomed = not _WELCOMES_REPORT.isdisjoint(text.norms)
    decision = bool(_ASKS_WHAT_TO_DO.search(answered) or _ASKS_ON_A_CASE.search(answered))
    backed = {text.sentences[at] for at in look.reading.spans("{reference}")}
    for sentence, (first, after) in _bounds(text).items():
        if sentence in text.quoted:
            continue
        words = set(text.norms[first:after])
        whole = text.clean[text.starts[first] : text.ends[after - 1]]
        if under == "report":
            hit = _talks_out_of_it(words, welcomed=welcomed)
        else:
            hit = _goes_too_far(
                words,
                whole,
                under_question=under == "question",
                strict=under == "harm" or decision,
                backed=sentence in backed,
            )
        if hit:
            yield Hit(text.starts[first], text.ends[after - 1], _WHAT[under])


_WHAT = {
    "harm": "more than thanks",
    "question": "what to do with one patient",
    "report": "anything but yes to a report",
}


def _about_what(look: Look) -> str:
    """What the post answered is: whether to report, a harm told, a question on one patient."""
    context = look.context
    if not (context.answered or context.thread_title):
        return ""
    asked = context.thread_title, context.tags, context.answered
    return _answered(*asked, is_ours=bool(look.about))


@lru_cache(maxsize=256)
def _answered(title: str, tags: tuple[str, ...], answered: str, *, is_ours: bool) -> str:
    around = read_around(title, tags, answered)
    answered = answered or title
    asks = "?" in answered or _MEANS_TO.search(answered)
    if asks and _ON_REPORTING.search(answered) and not _WAY.search(answered):
        return "report"
    if _reports_harm(around, answered, is_ours=is_ours):
        return "harm"
    return "question" if _ONE_PERSON.search(answered) else ""


def _talks_out_of_it(words: set[str], *, welcomed: bool) -> bool:
    """Whether a sentence says no to a report, or yes with a wink."""
    if welcomed:
        return bool(words & _TALKS_OUT_OF_IT and words & _WINKS)
    return bool(words & _TALKS_OUT_OF_IT) or not words & _MAY_STAND


def _goes_too_far(
    words: set[str], whole: str, *, under_question: bool, strict: bool, backed: bool
) -> bool:
    """Whether a sentence says more than may stand; `strict`: anything but what surely may."""
    asks = whole.endswith("?")
    if not words & _REFUSES and not asks and _TELLS_ON_SOMEBODY.search(whole):
        return True
    if backed or words & _MAY_STAND or _KEEPS_IT_SHORT.search(whole):
        return False
    if under_question and asks:
        return False
    return strict or bool(words & _TELLS)


def _reports_harm(around: Text, answered: str, *, is_ours: bool) -> bool:
    """Whether the post answered tells of a harm to somebody under a medicine."""
    if not (is_ours or _ON_A_MEDICINE.search(answered) or _no_other_medicine(around, answered)):
        return False
    return any(
        _names_harm(part)
        and not _ASKS_GENERALLY.search(part)
        and (_ONE_PERSON.search(part) or _ASKS_THE_CAUSE.search(part) or _is_told(part))
        for part in _SENTENCES.findall(answered)
    )


def _no_other_medicine(around: Text, answered: str) -> bool:
    """Whether one person's harm is told with no medicine at all: staff can't know of which."""
    told = _ONE_PERSON.search(answered) and _CAME_TO_PASS.search(answered) and "?" not in answered
    return bool(told) and not any(class_of(norm) == MEDICINE for norm in around.norms)


def _is_told(part: str) -> bool:
    """Whether it says that something happened, and not what somebody has heard of it."""
    return not part.endswith("?") and not _HEARSAY.search(part)


def _names_harm(part: str) -> bool:
    if _HARM.search(part):
        return True
    words = _WORDS.findall(part.lower())
    return any(is_event(word) or word.endswith(_HARM_ENDINGS) for word in words)


def _bounds(text: Text) -> dict[int, tuple[int, int]]:
    """For each sentence its first token and the one after its last."""
    bounds: dict[int, tuple[int, int]] = {}
    for at, sentence in enumerate(text.sentences):
        bounds[sentence] = (bounds.get(sentence, (at, at))[0], at + 1)
    return bounds


DETECTOR = Detector(find, {"under": ("harm", "question", "report")})
