"""Something that happened to one person under a medicine of ours, in whatever words.

One patient, one medicine and something that went on with them is enough to pass it on; only what
plainly went well, is asked, or is planned stays out. Told words are read, not words of harm: nobody
can list those ("third to ask for her old pills back").
"""

from __future__ import annotations

from community.guardrails.detectors.adverse_event.sentences import Sentence

_ONE = frozenset(
    "he she his her him hers himself herself patient pt man woman lady gentleman chap guy bloke"
    " boy girl lad kid kiddo kind mother father mum dad husband wife son daughter child infant"
    " brother sister uncle aunt mine resident patientin patiente paciente".split()
)
LONGEST = 34  # words of a text that tells of one person and little else
_SHORT = 12  # the same where the medicine is named by what it answers alone
_TOLD = frozenset(
    "had got developed became went found ended came felt started noticed reported needed gave"
    " took taken given swallowed ask turned lost put switched began wants"
    " wanted rang rings phoned keeps kept woke spent slept sleeps sleeping complains"
    " complained cannot won't couldn't hates hated since morning night"
    " now again third seen came wore worn misread mistook misunderstood forgot".split()
)
_WENT_WELL = frozenset(
    "fine well happy stable better improved improving nicely good great thriving delighted"
    " tolerated tolerates tolerating uneventful smoothly ok okay problems trouble thanks thank"
    " uptitrated titrating titrate eligible candidate referred waiting funding approved"
    " consent".split()
)
_TALK = frozenset("told said maintains meeting asks asked convince talk says i".split())
_BUT = frozenset("but bar except although though until then yet only save apart".split())
_PLANNED = frozenset(
    "if would should could might may will shall plan planning considering thinking whether ? label"
    " smpc trial study guideline protocol leaflet paper dose-finding".split()
)


def happened_to_one(sentence: Sentence, length: int, *, named: bool) -> bool:
    """Whether a sentence of a text of `length` words tells of one person and not only well.

    `named`: the text itself names the medicine.
    """
    own = sentence.words
    if length > (LONGEST if named else _SHORT) or not own.isdisjoint(
        _TALK - {"says"} if named else _TALK
    ):
        return False
    if own.isdisjoint(_ONE) or own.isdisjoint(_TOLD):
        return False
    if sentence.norms[-1] == "?" or not own.isdisjoint(_PLANNED):
        return False
    return own.isdisjoint(_WENT_WELL) or not own.isdisjoint(_BUT)
