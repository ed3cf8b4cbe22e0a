"""What a sentence does with a harm: tells that it happened, asks, quotes a source, or warns."""

from __future__ import annotations

import re

from community.guardrails.detectors.adverse_event.sentences import Sentence

_ASKING = frozenset(
    "what which how why when where who is are was were do does did has have had can could should"
    " would will may any anyone anybody shall must".split()
)
_ELSE = frozenset({"else", "other", "others"})
_TOLD = frozenset(
    "had got developed became went fainted collapsed fell died stopped ended came felt started"
    " complained complains noticed reported admitted needed gave showed suffered experienced"
    " presented began turned lost passed threw put quit held switched given vomited".split()
)
_WHEN = frozenset(
    "after since within week weeks wk wks month months mos days yesterday overnight ever fortnight"
    " they them people folk each several".split()
)
_ELLIPTICAL = 8  # words of a sentence that may do without a verb: "Nausea on Brenquive again."
_BEING = frozenset("is are was were be".split())
_UNDER = frozenset("on under after since with from while by of into =".split())
_CONDITIONAL = frozenset("if unless whether should would".split())
_MAYBE = frozenset("can might could risk risks potential potentially".split())
_ADVICE = frozenset(
    "watch check monitor monitoring avoid pause card tell ask report reports consider"
    " contraindicated caution must counsel advise warn recommended recommend ensure measure".split()
)
_WARNING = _MAYBE | _ADVICE | _CONDITIONAL
_BEFORE_A_MONTH = frozenset("in of since last this early late mid by until from".split())
_SOURCES = frozenset(
    "label labels labelled labeling smpc leaflet placebo trials studies publication"
    " paper papers analysis subgroup prescribing section boxed randomised randomized"
    " registry published extension meta review insert monograph guideline guidelines".split()
)
_TRIAL = re.compile(
    r"\b[A-Z]{4,}[a-z]?-[A-Z0-9]|\bplacebo\b.{0,160}\d ?%|\d ?%.{0,160}\bplacebo\b"
    r"|\b[Gg]uidelines?\b|\d ?%\)?,? (?:vs?|versus|against|compared with)\b",
    re.DOTALL,
)
_COMMON = re.compile(
    r"\b(?:main|common|frequent|usual|typical|listed)(?:est)? (?:side effects?|adverse|reactions?)",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\breporting\b|\byellow ?card\b"
    r"|\breport (?:a side|it|them|this|that|any|all|side|an adverse)\b"
    r"|\bsafety (?:team|department|desk)\b|\bpharmacovigilance\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:study|trial)\b"
    r"(?! (?:nurses?|sites?|cent(?:re|er)s?|coordinators?|doctors?|physicians?))",
    re.IGNORECASE,
)
_RATE = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?\s?(?:%|per cent\b|percent\b)")
_REFERENCE = re.compile(r"\[[A-Z]{2,5}-\d{1,4}\b|\bet al\b|\bdoi\b|https?://|\b[12]\d{3};\d")
_CASE = re.compile(
    r"\b(?:my|our|one|two|three|four|a|the|his|her|this|that|an?other)\s(?:\w+\s){0,2}"
    r"(?:patients?|pts?|man|woman|lady|gentleman|chap|guy|boy|girl|case|mother|father|husband"
    r"|wife)\b|\b(?:mine|ours|of mine|of ours|(?:i|we) (?:had|saw|have)|(?:i|we)'ve)\b",
    re.IGNORECASE,
)
_REASSURED = re.compile(
    r"\b(?:no|zero|not (?:a|one|any))\b[^.]{0,160}\b(?:so far|yet|to date)\b|\bnothing came of it\b"
    r"|\b(?:withdrawn|banned|recalled) (?:in|from|by|there|everywhere)\b|\b(?:old|previous) infarct"
    r"|\b(?:well[- ])?(?:known|recognised|recognized|labelled|established|listed) "
    r"(?:risks?|side effects?|adverse (?:reactions?|effects?))\b",
    re.IGNORECASE,
)


def asks(sentence: Sentence) -> bool:
    """Whether it asks and tells no case; "anyone else seeing …?" tells one."""
    if sentence.norms[-1] != "?":
        return False
    own = sentence.norms
    if sentence.values or not _ELSE.isdisjoint(sentence.words):
        return False
    if "you" not in sentence.words and not _TOLD.isdisjoint(own[1:]) and sentence.third_person:
        return False
    return own[0] in _ASKING or "you" in sentence.words


def tells_a_case(sentence: Sentence, words: str) -> bool:
    """Whether somebody's patient, or several, are spoken of; `words` is the sentence as written."""
    return sentence.first_person or bool(_CASE.search(words))


def quotes_a_source(sentence: Sentence, words: str) -> bool:
    """Whether it repeats what a label, a trial or a rate says."""
    if not _SOURCES.isdisjoint(sentence.words) or cites(words):
        return True
    return bool(_RATE.search(words) or _STUDY.search(words) or _COMMON.search(words))


def cites(words: str) -> bool:
    """Whether it names a paper, a trial or a rate against placebo."""
    return bool(_REFERENCE.search(words) or _TRIAL.search(words))


def speaks_of_reporting(words: str) -> bool:
    """Whether it is about how to report, which is no report."""
    return bool(_REPORTING.search(words))


def reassures(words: str) -> bool:
    """Whether it says that nothing has happened so far, or names a risk as known."""
    return bool(_REASSURED.search(words))


def warns(sentence: Sentence) -> bool:
    """Whether it says what could happen or what to do, and not what did."""
    if not _WARNING.isdisjoint(sentence.words):
        return True
    if "may" not in sentence.words:
        return False
    before = sentence.norms[max(0, sentence.norms.index("may") - 1)]
    return not (before[0].isdigit() or before in _BEFORE_A_MONTH)


def is_past(sentence: Sentence) -> bool:
    """Whether it tells what came to pass."""
    return not _TOLD.isdisjoint(sentence.words)


def happened(sentence: Sentence) -> bool:
    """Whether it says that something came to pass, to whom, when, or under what."""
    if sentence.third_person or sentence.first_person or sentence.values or is_past(sentence):
        return True
    short = len(sentence.norms) <= _ELLIPTICAL and _BEING.isdisjoint(sentence.words)
    if short or not _WHEN.isdisjoint(sentence.words):
        return True
    places = (*sentence.ours, *sentence.named, *sentence.remedies)
    before = (at - back for at in places for back in (1, 2))
    return any(at >= 0 and sentence.norms[at] in _UNDER for at in before)
