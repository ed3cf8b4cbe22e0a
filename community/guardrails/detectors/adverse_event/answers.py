"""Answers of a few words that only the question explains: "mine did", "not in my lady"."""

from __future__ import annotations

from community.guardrails.detectors.adverse_event.sentences import Sentence
from community.guardrails.detectors.adverse_event.values import is_measured
from community.guardrails.detectors.adverse_event.words import HARM, PERSONS, class_of
from community.guardrails.phrases.text import Text

_LONGEST = 16  # words of an answer that leans on its question
_BARE = 12  # words of an answer that is a yes and little else
_SOMEBODY = PERSONS | frozenset(
    "one two three four five six seven few several couple half some many most all both"
    " i we me us my our".split()
)
_DENIES = frozenset("no not none never neither nobody nope nah nothing zero without nor".split())
_SETTLES = frozenset(
    "settle settled settles settling recover recovered recovers resolve resolved resolves improve"
    " improved improves better work works worked working help helped helps respond responded"
    " responds pass passed response effect benefit back fade faded tolerate tolerated tolerating"
    " tolerates stay stayed manage managed".split()
)
_GOES_WRONG = frozenset(
    "noticing noticed seeing change changes weight had having"
    " side trouble troubles problem problems issue issues stop stopped quit seen event events"
    " reaction reactions complain complained intolerant intolerance lose lost drop dropped".split()
)
_DID = frozenset(
    "yes yep yeah did had has have twice once one two three four five six few several couple"
    " sadly same too also mine ours".split()
)
_WORSE = frozenset("worse worsened up rose opposite contrary doubled higher weaker heavier".split())
_ASIDE = frozenset("label smpc trial paper study % placebo guideline data you your".split())


def tells_by_answering(sentence: Sentence, around: Text) -> bool:
    """Whether a short sentence says of somebody that the harm asked about came, or did not go."""
    own = sentence.words
    if sentence.norms[-1] == "?" or len(sentence.norms) > _LONGEST or not own.isdisjoint(_ASIDE):
        return False
    asked = _asked(around)
    if not asked:
        return False
    if len(sentence.norms) <= _BARE and not own.isdisjoint(_WORSE) and _asks_for_harm(asked):
        return True
    if own.isdisjoint(_SOMEBODY) and not any(norm.isdigit() for norm in own):
        return False
    denied = not own.isdisjoint(_DENIES) or any(norm.endswith("n't") for norm in own)
    if not asked.isdisjoint(_SETTLES):
        return denied
    return _asks_for_harm(asked) and not denied and _says_it_did(sentence)


def _asks_for_harm(asked: frozenset[str]) -> bool:
    return not asked.isdisjoint(_GOES_WRONG) or any(
        class_of(norm) == HARM or is_measured(norm) for norm in asked
    )


def _says_it_did(sentence: Sentence) -> bool:
    """Whether nothing but a yes, a count or "mine did" stands there."""
    if len(sentence.norms) > _BARE:
        return False
    return not sentence.words.isdisjoint(_DID) or any(n.isdigit() for n in sentence.norms)


def _asked(around: Text) -> frozenset[str]:
    """The words of the questions around."""
    numbered = list(zip(around.sentences, around.norms, strict=True))
    questions = {number for number, norm in numbered if norm == "?"}
    return frozenset(norm for number, norm in numbered if number in questions and norm[0].isalnum())
