"""Sentences under a post about one patient that leave the case where it belongs.

They say nothing of what to do: a refusal ("more I would not say from here"), the decision handed
back ("that is for those who can examine him"), a kind word, or the care of a faulty pack. None of
them is spared that goes on to an opinion ("it's up to you, but I'd halve it").
"""

from __future__ import annotations

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ACTS = (
    r"(?:stop|start|halve|double|hold|give|go|keep|put|drop|add|switch|take|wait|try|reduce"
    r"|increase|cut|skip|restart|continue|lower|raise|tell|move|bring|carry|stay|change|use|treat"
    r"|check|repeat|recheck|push|taper|wean|swap|begin|crush|cross|prefer|suggest|recommend"
    r"|leave (?!(?:it|that|this|the \w+|him|her|them)? ?(?:to|in|with)\b)|let (?!me\b))"
)
_YOU = (
    r"(?:you|yours?|the two of you|her|his|their|those|whoever|others|safety|the agency"
    r"|the (?:people|team|treating))"
)
_LEAVES_IT = _any_of(
    # the decision is somebody else's
    rf"\b(?:is|are|be|stays?|remains?|rests?|lies|sits|belongs?) (?:\w+ )?(?:with|for|to) {_YOU}\b",
    r"\bup to (?:you|her|him|them)\b",
    r"\b(?:call|question|matter|decision|judge?ment|talk|conversation|one) (?:only )?"
    rf"(?:for|between) (?:the )?{_YOU}\b",
    r"\bin your (?:own )?(?:hands|clinic|judge?ment)\b",
    rf"\bleave (?:(?:it|that|this|the \w+) )?(?:to|with|for|in) {_YOU}\b",
    r"\bonly (?:\w+ ){1,6}can (?:weigh|judge|decide|answer|tell|say|see|know|settle)\b",
    r"\byou know (?:her|him|them)\b",
    r"\byour (?:own )?(?:call|decision|choice)\b|\bcall you(?:'ll| will)? have to make\b",
    r"\byou (?:know|have) (?:\w+ )?more (?:\w+ )?than i\b",
    r"\bask (?:the|his|her|your) (?:\w+ ){0,3}(?:cent(?:re|er)|team|specialists?|unit|clinic|ward"
    r"|cardiologist|neurologist|hepatologist|nephrologist)\b(?! to\b)",
    r"\byours (?:and (?:hers|his|theirs)|to|alone)\b",
    r"\bbetween (?:the two of )?(?:you|y'all)\b",
    r"\b(?:has to|have to|ought to|needs? to|must|should) come from"
    r" (?:the|you|some|who|those|their|his|her)",
    r"\b(?:his|her|their) own (?:doctor|cardiologist|neurologist|gp|physician|team)"
    r" (?:should|can|will|would|knows?|decides?)\b[^,;]{0,30}$",
    r"\b(?:who|others here|the others|colleagues here|the room|members here) (?:may|might|will|can"
    r"|could) (?:want to |like to )?(?:give|share|tell|have|know|say)\b",
    r"\b(?:others|colleagues|people|members) in (?:this|the) room (?:have|know|see)\b",
    # the author says nothing on it
    r"\bmy (?:answer|part|role|knowledge|say) (?:has to |must )?(?:stops?|ends?) (?:there|here)\b",
    r"\bi (?:would|will|could|shall|do|can) (?:not|never) (?:say|judge|guess|answer|choose|decide"
    r"|comment|presume|venture|speculate|diagnose|weigh)\b",
    r"\bi(?:'d| would) (?:rather not|not (?:say|guess|dare)|need to (?:see|examine|be|know))\b",
    r"\bi won't (?:say|judge|guess|answer|choose|decide|comment|speculate|improvise)\b",
    r"\b(?:i'm|i am|we're|we are) (?:not|never) (?:going to (?:ask|answer|say|guess|judge|comment)"
    r"|the one|allowed|placed|in a position|the right|his|her|their|your|able)\b",
    r"\b(?:i'm|i am|we're|we are) (?:in no position|the wrong)\b",
    r"\b(?:not|isn't|wasn't) (?:for me|mine to|something i|a call"
    r"|my (?:call|place|decision|patient))\b",
    r"\bno (?:finger|verdict|opinion|view|answer|guess) from me\b|\bi(?:'ve| have) no view\b",
    r"\bkeep my (?:counsel|hands off)\b|\bno use as (?:his|her|their) doctor\b",
    r"\bnot an? [\w/ ]{1,20} i (?:may|can|could) (?:give|offer|make)\b",
    r"\byou (?:will not|won't) (?:get|hear|have) (?:\w+ ){0,3}from me\b",
    r"\bno business of mine\b",
    r"\b(?:i'd|i would) (?:like|love) to (?:listen|hear|learn|read)\b",
    # a fact of the label without the word
    r"\bthere is no (?:dose|approval|licence)\b",
    r"\bapplies (?:as well|too|here as)\b",
)
_WHOM = r"(?:she|he|they|you|(?:your|the) patient|him|her|them)"
_KIND_WORD = _any_of(
    r"^(?:(?:and|oh|i'm|i am|we're|we are|so|very|really|just) )*"
    r"(?:glad|relieved|pleased|happy|sad) (?:to (?:hear|read)|that|for|she|he|they|your|you|it)"
    r"\b[^,;:]{0,50}$",
    rf"^(?:and |so )?(?:i |we )?(?:do )?(?:hope|wish) {_WHOM}\b[^,;:]{{0,50}}$",
    r"^(?:my|our) thoughts are with\b[^,;:]{0,50}$|^i(?:'ll| will) be thinking of\b[^,;:]{0,50}$",
    r"\ball the best to (?:him|her|them|you|mother|your|the)\b[^,;:]{0,30}$",
    r"^(?:what|how) (?:splendid|wonderful|good|great|lovely|kind|sad|awful|sensible)"
    r" (?:news|of you)\b[^;:]{0,30}$",
    # to a colleague who has lost somebody
    r"^(?:and |please )*(?:mind|look after|take care of|be (?:good|kind|gentle) (?:to|with)"
    r"|go easy on) yourself\b[^,;:]{0,40}$",
    r"^(?:go )?sit (?:with|by|in) [^,;:]{0,50}$",
    r"^(?:there(?:'s| is) )?(?:nothing|no)(?: (?:clever|right|useful|wise|good|more|thing|word))"
    r"{0,2} (?:i (?:can|could) |to )(?:say|add|offer)\b[^,;:]{0,40}$",
    r"^(?:that|this|it) must (?:have been|be) (?:\w+ ){0,3}(?:hard|awful|terrible|difficult|sad"
    r"|dreadful|upsetting|frightening|heavy)\b[^,;:]{0,40}$",
    r"^(?:it is|it's|that is|that's|this is) an? (?:\w+ )?(?:good|fair|hard|difficult|serious"
    r"|great|honest|painful) question\b[^,;:]{0,40}$",
)
_NO_KIND_WORD = _any_of(r"\bon it\b", r"\bso\b", rf"\b(?:and|to) {_ACTS}\b")
_TURNS = _any_of(
    r";",
    r"\b(?:but|though|although|however|yet|still|honestly|personally|in practice|anyway)\b",
    r"\b(?:most|many|everyone|others|we|they) (?:would|do|did)\b",
    rf"\b(?:i'd|i would|i'll|we'd|one (?:would|can|could)) (?:\w+ )?{_ACTS}\b",
    r"(?:^|[,:] ?)(?:(?:yes|yeah|aye|no|so|then|just|please|simply|and|or) ?,? ?)*"
    rf"{_ACTS}\b",
    r"\d ?mg\b",
    r"\b(?:fine|okay|safe|candidate|enough|plenty|worry|age|disease|rarely|seldom|harm)\b",
)
_FAULTY_PACK = _any_of(
    r"\b(?:pack(?:s|et|ets|ag\w+)?|box(?:es)?|cartons?|blisters?|bottles?|batch|lot|foil|seals?)\b",
    r"\b(?:mottled|specks?|crumbl\w+|discolou?red|cracked|chipped|sticky|brown)\b",
)
_KEEPS_ASIDE = _any_of(
    r"\b(?:keep|put|set|lay|leave|hold) (?:the|all|them|both|every|that|what|it|those|these|any"
    r"|aside|apart|back)\b",
    r"\bquarantine\w*|\bbatch\b|\b(?:give|hand|send) out none\b",
    r"\bnot (?:to )?(?:take|use|swallow|hand|give|dispense)\b",
)
_TAKES_IT_ON = _any_of(
    r"\b(?:fine|okay|harmless|safe|dose|throw|bin|carry on)\b",
    r"\b(?:keep|go on|still|continue) (?:taking|using|giving|use|take|give)\b",
    r"\b(?:take|use|swallow|give) (?:them|it) (?:all|anyway|and|until|first|up)\b",
)


def is_kind_word(sentence: str) -> bool:
    """Whether a sentence wishes well, feels with somebody or praises the question, and no more."""
    return bool(_KIND_WORD.search(sentence)) and not _NO_KIND_WORD.search(sentence)


def leaves_the_case(sentence: str) -> bool:
    """Whether a sentence leaves a case to those who treat it, or is but a kind word."""
    if _KIND_WORD.search(sentence):
        return is_kind_word(sentence)
    return bool(_LEAVES_IT.search(sentence)) and not _TURNS.search(sentence)


def keeps_a_pack_aside(sentence: str, answered: str) -> bool:
    """Whether a sentence only says what to do with a faulty pack that the post answered told of."""
    return bool(
        _FAULTY_PACK.search(answered)
        and _KEEPS_ASIDE.search(sentence)
        and not _TAKES_IT_ON.search(sentence)
    )
