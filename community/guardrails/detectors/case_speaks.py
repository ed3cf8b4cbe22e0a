"""How much a sentence under a question on one patient speaks of treating somebody.

A sentence need not be held for standing there: "I have worked that rota" and "give her my regards"
tell nobody to do anything with a patient. Three points hold it. Whatever names a medicine, a dose,
the body or what it shows has them at once; a word of dosing or a verdict has two, as it hardly ever
stands alone ("halve it for two weeks", "he should be fine"); a word that only often belongs to
either has one. The words were weighed on drafts of good and bad replies; what is said around the
treatment is left to the rules on claims and to the trained one.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from community.guardrails.detectors.adverse_event.words import MEDICINE, class_of, is_event

_ENOUGH = 3
_SHORT = 5  # words


def _begins(*rows: str) -> re.Pattern[str]:
    """A pattern for words by their beginnings, or whole ones where a row says so."""
    return re.compile(rf"\b(?:{'|'.join(rows)})", re.IGNORECASE)


_OF_TREATMENT = _begins(
    # what is given
    r"(?:dos(?:e|es|age|ing)|mg|drugs?|pills?|feeds?|b\.?i\.?d|script|ig|jabs?|pumps?)\b",
    r"medicin|medication|capsul|tablet|infusion|immunoglobul|iv ?ig|sc ?ig|steroid|antibiotic",
    r"vaccin|acwy|menb|boost|therap|surger|operat|anaesth|anesth|dialys|needle|contracep|diuretic",
    r"\w+(?:pril|lol|sartan|statin|dipine|azole|mycin|cillin|mide|mab|lone)\b|nitrat|inhibit",
    # the body, and what is measured in it
    r"(?:alt|ast|labs|echo|veins?|effects?|e?gfr|assay|bp|sbp|ef)\b|pressure|kidney|potassium",
    r"creatinin|liver|bilirubin|enzym|symptom|weigh[st]?\b|kilo|bod(?:y|ies)\b|tolera|intoleran",
    r"breast|milk|nursing|pregnan|trimester|blood|dizz|relaps|benefit|subgroup|mechanism|ha?emo",
    r"complement|molecule|pulse|fever",
    # a limit or a worry that is waved away, and a leave that is given
    r"qualif|formality|obstacle|blind eye|issue|sweat|lose sleep|kill two|sleeping dogs|flood",
    r"s?he can\b",
)
_OF_DOSING = _begins(
    r"start|stop|halv|doubl|increas|reduc|rais|switch|restart|paus|skip|titrat|uptitrat|taper|wean",
    r"crush|swap|drop|carr(?:y|ied) on|rechall|ride it|go ahead|up to \d|continu",
    r"stay (?:on|where|at|put)\b|keep (?:him|her|going)\b|(?:put|let) (?:him|her|your)\b|s?he'd\b",
    r"give (?:him|her) (?!my)|(?:fine|safe|ok|okay|ideal|stable|both)\b|candidate|compensated",
    r"(?:yes|yep|yeah|sure|absolutely|definitely|reasonable|sensible)\b",
    r"tell (?:him|her|them|the)\b",
)
_OFTEN = _begins(
    r"start|stop|halv|doubl|hold|held|increas|reduc|rais|lower|switch|chang|add|continu|carry on",
    r"restart|paus|skip|titrat|uptitrat|repeat|recheck|check|control|treat|taper|wean|cut\b|drop",
    r"push|swap|begin|crush|flush|open|cover|prescri|rechalleng|bridge|stretch|nudge|wait|bring",
    r"ease|spread|split|withdraw|tak(?:e|es)\b|reassur|adapt|prefer|recommend|suggest|shorten",
    r"convert|suit|stay|leave|us(?:e|ing)\b|tr(?:y|ied|ying)\b|pick|choos|chose|consider|let\b",
    r"g(?:ive|iving|o)\b|put\b|keep\b|move|safe|fine|ok|plenty|enough|candidate|fits|reasonable",
    r"sensible|happy (?:to|with)|comfortable|relax|worr|suspect|doubt|hurt|manag|settl|trouble",
    r"necessar|need|ideal|many would|most (?:would|of us)|everyone|nobody|no one|back|hesitat",
    r"tempt|lean|inclin|surely|should|must\b|yes|yep|yeah|sure\b|absolutely|definitely|of course",
    r"every time|ahead|(?:to me|myself)\b|instinct|in h(?:is|er) (?:place|shoes|case|situation)",
    r"if (?:he|she|it|i) were|were (?:he|she|it|i)\b|i know|expect|respon|improv|better|good",
    r"(?:works?|well|may|can|i'd|i would|rush|age|no|not|never|both|calm|peace|counts?|counted)\b",
    r"could|harm|risk|unusual|weekend|tonight|tomorrow|monday|tuesday|thursday|sunday|morning",
    r"evening|bedtime|summer|winter|spring|christmas|(?:day|week|month|year|hour|number)s?\b",
    r"fortnight|disease|drawer|bottle|box|centre",
)
_AN_ORDER = re.compile(
    r"(?:^|, )(?:please |just |simply )?(?:start|stop|halve|double|increase|reduce|raise|lower"
    r"|switch|restart|pause|skip|taper|wean|continue|carry on|wait|hold|stay|drop)\b",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|ten|twenty|thirty|forty|fifty|eighty|ninety)\b", re.IGNORECASE
)


def speaks_of_treating(sentence: str, norms: Collection[str], *, answers: bool) -> bool:
    """Whether a sentence may tell somebody what to do with a patient.

    `norms` are its words. `answers`: what to do was asked; the rest of a short answer is then
    said by the question ("Monday it is").
    """
    if _OF_TREATMENT.search(sentence) or _AN_ORDER.search(sentence):
        return True
    if any(class_of(norm) == MEDICINE or is_event(norm) for norm in norms):
        return True
    enough = 1 if answers and len(norms) <= _SHORT else _ENOUGH
    points = len(_told(_OFTEN, sentence)) + len(_told(_OF_DOSING, sentence))
    return points + bool(_A_NUMBER.search(sentence)) >= enough


def _told(pattern: re.Pattern[str], sentence: str) -> set[str]:
    return {word.lower() for word in pattern.findall(sentence)}
