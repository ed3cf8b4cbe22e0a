"""Kind words to a colleague who tells of a patient: they say nothing of the case, and may stand."""

from __future__ import annotations

import re

_WHOM = r"(?:she|he|they|you|(?:your|the) patient|him|her|them)"
_KIND_WORD = re.compile(
    r"^(?:(?:and|oh|i'm|i am|we're|we are|so|very|really|just) )*"
    r"(?:glad|relieved|pleased|happy|sad) (?:to (?:hear|read)|that|for|she|he|they|your|you|it)"
    r"\b[^,;:]{0,50}$"
    rf"|^(?:and |so )?(?:i |we )?(?:do )?(?:hope|wish) {_WHOM}\b[^,;:]{{0,50}}$"
    r"|^(?:my|our) thoughts are with\b[^,;:]{0,50}$|^i(?:'ll| will) be thinking of\b[^,;:]{0,50}$"
    r"|\ball the best to (?:him|her|them|you|mother|your|the)\b[^,;:]{0,30}$"
    r"|^(?:what|how) (?:splendid|wonderful|good|great|lovely|kind|sad|awful|sensible)"
    r" (?:news|of you)\b[^;:]{0,30}$"
    # to a colleague who has lost somebody
    r"|^(?:and |please )*(?:mind|look after|take care of|be (?:good|kind|gentle) (?:to|with)"
    r"|go easy on) yourself\b[^,;:]{0,40}$"
    r"|^(?:go )?sit (?:with|by|in) [^,;:]{0,50}$"
    r"|^(?:there(?:'s| is) )?(?:nothing|no)(?: (?:clever|right|useful|wise|good|more|thing|word))"
    r"{0,2} (?:i (?:can|could) |to )(?:say|add|offer)\b[^,;:]{0,40}$"
    r"|^(?:that|this|it) must (?:have been|be) (?:\w+ ){0,3}(?:hard|awful|terrible|difficult|sad"
    r"|dreadful|upsetting|frightening|heavy)\b[^,;:]{0,40}$"
    r"|^(?:it is|it's|that is|that's|this is) an? (?:\w+ )?(?:good|fair|hard|difficult|serious"
    r"|great|honest|painful) question\b[^,;:]{0,40}$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:on it|so)\b|\b(?:and|to|or) (?:stop|start|halve|double|hold|give|go|keep|put|drop|add"
    r"|switch|take|wait|try|reduce|increase|cut|skip|restart|continue|lower|raise|tell|move|bring"
    r"|carry|stay|change|use|treat|check|repeat|recheck|push|taper|wean|swap|begin|crush|cross"
    r"|prefer|suggest|recommend|leave|let)\b",
    re.IGNORECASE,
)


def is_kind_word(sentence: str) -> bool:
    """Whether a sentence wishes well, feels with somebody or praises the question, and no more."""
    return bool(_KIND_WORD.search(sentence)) and not _GOES_ON.search(sentence)
