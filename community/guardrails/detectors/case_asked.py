"""What the post that staff answer is about: whether to report, a harm told, or one patient.

It is read from its own words, so that a reply of five words ("that's just her age", "no need, it's
a known effect") is understood.
"""

from __future__ import annotations

import re
from functools import lru_cache

from community.guardrails.detectors.adverse_event.words import MEDICINE, class_of, is_event
from community.guardrails.detectors.hit import Look, read_around
from community.guardrails.phrases import Text

_NOBODY_YET = r"(?<!any )(?<!no )(?<!every )(?<!each )(?<!which )"
_NO_PATIENT = (
    r"(?:clubs?|reports?|conferences?|series|stud(?:y|ies)|discussions?|controls?|definitions?|law)"
)
_ONE_PERSON = re.compile(
    r"\b(?:(?:my|our|this|a|the|one|another|his|her) (?:\w+ )?(?:patient|lady|gentleman|guy|woman"
    rf"|man|chap|pt|case(?! {_NO_PATIENT})|mother|father|dad|mum|wife|husband)|one of mine"
    r"|he|she|him|her|his|pt"
    rf"|{_NOBODY_YET}(?:man|woman|lady|gentleman|boy|girl|patient|pt)"
    r" (?:of|with|weigh\w*|is|was|has|wants)"
    r"|elle|lui|ihm|ihr|patientin|patiente"
    rf"|{_NOBODY_YET}patient on|mine"
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
_WAY = re.compile(
    r"\b(?:where|how|who|which form|what is the link)\b"
    r"|\bby (?:fax|phone|letter|e-?mail)\b|\bdo i need (?:all|the|every|his|her)\b"
    r"|\bcan (?:pharmacists|nurses|patients|relatives|carers)\b"
    r"|\b(?:my|the|a|each|our) reports?\b.*\b(?:traced|anonym\w+|confidential\w*|read|stored|kept"
    r"|named|go to)\b",
    re.IGNORECASE,
)
_OTHER_REPORTS = re.compile(
    r"\b(?:assessment|annual|interim|meeting|congress|press|audit|lab|laboratory|public|progress"
    r"|market|case|study|trial) reports?\b"
    r"|\b(?:trials?|studies|papers?|authors) report\b"
    r"|\breport (?:both |the )?(?:hr|hazard|absolute|relative|rates?|figures|numbers)\b"
    r"|\bwere (?:(?!to |be )\w+ ){0,7}reported\b"
    r"|\breport(?:s|ed|ing)? (?:in|by) the (?:trial|paper|study|press|journal|authors)\b",
    re.IGNORECASE,
)
# "Clarithromycin for a chest infection": why it is given, no harm. "Admitted for a fall" is one.
_INDICATION = re.compile(
    r"\b(?!(?:admitted|stopped|hospitali[sz]ed|seen|in|off|halted|held|treated|back|again|er|icu"
    r"|ward|report\w*|card|form|it|drug|medicine|capsules?|tablets?|true|same) )"
    r"\w+ for (?:an?|his|her|the|my) (?:\w+ )?\w+",
    re.IGNORECASE,
)
# "Your HR for death crosses one", "the speaker skipped infections": harms of a paper or a talk.
_OF_A_PAPER = re.compile(
    r"\b(?:hr|hazard|endpoint|composite|slides?|speaker|papers?|curves?|significan\w+|p ?=|placebo"
    r"|run-in|blind(?:ing|ed)|subgroups?)\b",
    re.IGNORECASE,
)
_OWN_PEOPLE = (
    r"(?:my|our) (?:own |dear |old |late )?(?:mother|father|dad|mum|mom|wife|husband|partner"
    r"|brother|sister|son|daughter|gran\w*|uncle|aunt|friend|colleague|boss|mentor|teacher|dog|cat)"
    r"|prof(?:essor)?\b|dr\b"
)
# "My father died last week": a colleague mourns, and no medicine is spoken of.
_MOURNS = re.compile(
    rf"\b(?:{_OWN_PEOPLE})\b[^.?!]{{0,40}}\b(?:died|dead|passed away|gone|funeral)\b"
    rf"|\b(?:lost|buried|funeral of|death of|mourn\w*)\b[^.?!]{{0,20}}\b(?:{_OWN_PEOPLE})\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[^.?!\n]+[.?!]?")
_HEARSAY = re.compile(
    r"\b(?:wrote|writes|says|said|claims?|claimed|read|heard|think|believe)\b", re.IGNORECASE
)
_CAME_TO_PASS = re.compile(
    r"\b(?:got|had|has|developed|suffered|lost|fainted|fell|collapsed|died|came|went|passed|now"
    r"|after|since|stopped)\b",
    re.IGNORECASE,
)


def about_what(look: Look) -> str:
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
    reporting = _ON_REPORTING.search(_OTHER_REPORTS.sub("", answered))
    if asks and reporting and not _WAY.search(answered):
        return "report"
    if _MOURNS.search(answered) and not (is_ours or _names_a_medicine(around, answered)):
        return ""
    if _reports_harm(around, answered, is_ours=is_ours):
        return "harm"
    return "question" if _ONE_PERSON.search(answered) else ""


def asks_what_to_do(answered: str) -> bool:
    """Whether a post asks what to do with a patient."""
    return bool(_ASKS_WHAT_TO_DO.search(answered) or _ASKS_ON_A_CASE.search(answered))


def _reports_harm(around: Text, answered: str, *, is_ours: bool) -> bool:
    """Whether the post answered tells of a harm to somebody under a medicine."""
    answered = _INDICATION.sub("", answered)
    if not (is_ours or _ON_A_MEDICINE.search(answered) or _no_other_medicine(around, answered)):
        return False
    return any(
        _names_harm(part)
        and not _ASKS_GENERALLY.search(part)
        and (_ONE_PERSON.search(part) or _ASKS_THE_CAUSE.search(part) or _is_told(part))
        and not (_OF_A_PAPER.search(part) and not _ONE_PERSON.search(part))
        for part in _SENTENCES.findall(answered)
    )


def _no_other_medicine(around: Text, answered: str) -> bool:
    """Whether one person's harm is told with no medicine at all: staff can't know of which."""
    told = _ONE_PERSON.search(answered) and _CAME_TO_PASS.search(answered) and "?" not in answered
    return bool(told) and not any(class_of(norm) == MEDICINE for norm in around.norms)


def _names_a_medicine(around: Text, answered: str) -> bool:
    named = any(class_of(norm) == MEDICINE for norm in around.norms)
    return named or bool(_ON_A_MEDICINE.search(answered))


def _is_told(part: str) -> bool:
    """Whether it says that something happened, and not what somebody has heard of it."""
    return not part.endswith("?") and not _HEARSAY.search(part)


def _names_harm(part: str) -> bool:
    if _HARM.search(part):
        return True
    words = _WORDS.findall(part.lower())
    return any(is_event(word) or word.endswith(_HARM_ENDINGS) for word in words)
