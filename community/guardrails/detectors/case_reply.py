"""Replies to a post about one patient that say more than staff may say.

Under a report of a harm only thanks and the way to Safety may stand; under a question on what to do
with one patient nothing that reads as an instruction or a verdict; under the question whether to
report nothing but yes. What the post answered is about is read from its own words, so that a reply
of five words ("that's just her age", "no need, it's a known effect") is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.case_asked import about_what, asks_what_to_do
from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.kind_words import is_kind_word
from community.guardrails.phrases import Text

_TALKS_OUT_OF_IT = frozenset(
    "no not nah nope don't wouldn't needn't isn't doesn't never only unless skip wait later mild"
    " known trivial bother already leave enough optional hardly expected minor listed labelled"
    " nobody if".split()
)
_WELCOMES_REPORT = frozenset(
    "yes please always thank thanks welcome safety medwatch button link menu"
    " either even regardless whatever passed sure aye yep wanted".split()
)
_SAYS_YES = re.compile(
    r"\b(?:use|through|via|fill in|by) the (?:\w+ )?form\b"
    r"|\bthe (?:\w+ )?form (?:under|below|above|at the top|top right)\b"
    r"|\bby all means\b|\bof course\b|^(?:do|ja|oui|correct|both|indeed|every|each|all of them)\b"
    r"|^(?:it|they|that) (?:does|do|is|are)\b|^you can\b|\bwe'd (?:like|love) (?:you|it|to)\b"
    r"|\bwe want (?:all|every|each)\b|\bsuspicion (?:suffices|will do|counts)\b",
    re.IGNORECASE,
)
_SPARES_IT = frozenset(
    "need needn't needs worth skip save spare bother nobody enough only unless wait"
    " no not don't never nah".split()
)
_TELLS_ON_SOMEBODY = re.compile(
    r"\b(?:i'd|i would|you (?:should|could|can|might|may)|keep|stop|put|give|leave"
    r"|let|start|drop)\b(?:[^\w;]+\w+){0,8}?[^\w;]+(?:him|her|he|she"
    r"|(?:this|your|that) (?:patient|lady|man|woman|gentleman))\b",
    re.IGNORECASE,
)
_WINKS = frozenset("but practice strictly technically officially theory though honestly".split())
_ADMITS = re.compile(r"\beven though\b|\bthough (?:it|that|they) helps?\b", re.IGNORECASE)
_REFUSES = frozenset("can't cannot unable thank thanks sorry".split())
_MAY_STAND = frozenset(
    "thank thanks merci danke sorry safety report reporting reported private privately contact"
    " contacting yellow medwatch link form details label smpc section listed can't cannot"
    " unable write wrote welcome regret hear leaflet discuss information guideline guidelines"
    " study trial paper reference copy colleagues team post thread advise comment public"
    " agency pack quality grateful told contraindicated moderates program programme"
    " restricted approved yours decide decision judge judgement".split()
)
_KEEPS_OUT_OF_IT = re.compile(
    r"\b(?:others|colleagues|members) (?:here|in (?:this|the) room) (?:may|might|can|have seen)\b"
    r"|\b(?:please )?(?:don't|do not) (?:add|put|post|share|give) .{0,30}\b(?:here|more|further"
    r"|thread|anything|else)\b",
    re.IGNORECASE,
)
_ASKS_FOR_THE_REPORT = re.compile(
    r"^(?:please )?do\b[^,;]{0,20}$|^counts\b|\b(?:late|all|such|known) reports count\b"
    r"|\b(?:forms?|reports?|cards?),? please\b"
    r"|\b(?:send|pass|put) (?:it|them|that|this|both) (?:on|in)\b",
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
    if under != about_what(look) or text.quoted:  # a quote is to be put right
        return
    welcomed = _welcomes_a_report(text)
    decision = asks_what_to_do(answered)
    backed = {text.sentences[at] for at in look.reading.spans("{reference}")}
    for sentence, (first, after) in _bounds(text).items():
        if sentence in text.quoted:
            continue
        words = set(text.norms[first:after])
        whole = text.clean[text.starts[first] : text.ends[after - 1]]
        if is_kind_word(whole):
            continue
        if under == "report":
            hit = _talks_out_of_it(words, whole, welcomed=welcomed)
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


def _welcomes_a_report(text: Text) -> bool:
    """Whether a reply says yes to a report, in a word or by the way to make it."""
    if not _WELCOMES_REPORT.isdisjoint(text.norms):
        return True
    return bool(_SAYS_YES.search(text.clean)) and (_SPARES_IT | _WINKS).isdisjoint(text.norms)


def _talks_out_of_it(words: set[str], whole: str, *, welcomed: bool) -> bool:
    """Whether a sentence says no to a report, or yes with a wink."""
    if welcomed:
        winks = words & _WINKS and not _ADMITS.search(whole)
        return bool(words & _TALKS_OUT_OF_IT and winks)
    return bool(words & _TALKS_OUT_OF_IT) or not words & _MAY_STAND


def _goes_too_far(
    words: set[str], whole: str, *, under_question: bool, strict: bool, backed: bool
) -> bool:
    """Whether a sentence says more than may stand; `strict`: anything but what surely may."""
    asks = whole.endswith("?")
    if not words & _REFUSES and not asks and _TELLS_ON_SOMEBODY.search(whole):
        return True
    if backed or words & _MAY_STAND or _KEEPS_OUT_OF_IT.search(whole):
        return False
    if _ASKS_FOR_THE_REPORT.search(whole) and words.isdisjoint(_SPARES_IT | _WINKS):
        return False
    if under_question and asks:
        return False
    return strict or bool(words & _TELLS)


def _bounds(text: Text) -> dict[int, tuple[int, int]]:
    """For each sentence its first token and the one after its last."""
    bounds: dict[int, tuple[int, int]] = {}
    for at, sentence in enumerate(text.sentences):
        bounds[sentence] = (bounds.get(sentence, (at, at))[0], at + 1)
    return bounds


DETECTOR = Detector(find, {"under": ("harm", "question", "report")})
