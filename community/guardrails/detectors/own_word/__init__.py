"""Sentences that read as the author's own word, by two small trained models.

No list of slogans is long enough: "the hardest part is explaining why they have to wait" praises a
medicine without a word of praise. What tells such sentences from careful ones is their manner: who
speaks, whether a source, a limit or a counterpart stands with them, and what had been asked. One
model weighs a sentence by its words, neighbours of words, kinds of words and pairs of kinds; the
other weighs the draft it stands in (`weights/own_word.md`, `weights/own_word_draft.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word import draft, sentence, trade
from community.guardrails.detectors.own_word.asked import asked_about, words_asked
from community.guardrails.detectors.own_word.words import of_post
from community.guardrails.phrases.reading import Row

# To say that one does not know, or who does, is no claim; unless a turn takes it back.
_DECLINES = re.compile(
    r"\b(?:can't|cannot|can not|not able to|unable to|couldn't|wouldn't|rather not) (?:\w+ ){0,2}"
    r"(?:say|tell|comment|answer|discuss|into|advise|speak|judge|recommend|compare|conclude)\b"
    r"|\b(?:not|never) (?:been )?(?:\w+ )?compared\b|\bno (?:head.to.head|direct|comparative)\b"
    r"|\b(?:i|we) don't (?:know|have)\b|\bnobody knows\b|\banyone can say\b"
    r"|\bthere(?:'s| is| are|'re) no (?:\w+ )?(?:data|trials?|stud(?:y|ies)|evidence|guidance)\b"
    r"|\bmed(?:ical)? info|\b(?:not|isn't) (?:an? |yet )?(?:approved|licensed)\b|\badults only\b"
    r"|\boutside (?:the|its|our) (?:licen[cs]e|label)\b|\blicen[cs]e (?:ends|stops) at\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:but|though|although|however|still|yet|unofficially|practically|yes|of course)\b|\.\.",
    re.IGNORECASE,
)
_TURNS_OR_GOES_ON = re.compile(_TURNS.pattern + "|;", re.IGNORECASE)
_NO_POST: frozenset[str] = frozenset()
_CAREFUL = -1.5  # log-odds under which a sentence is taken for careful talk
_CAREFUL_THOUGH_IT_TURNS = -2.25  # a refusal that goes on may take itself back
_CLEARED = -1.5  # the most that careful talk around a sentence may do for it


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that the models take for the author's own word."""
    text, bar = look.text, load("own_word").threshold + trade.further(_question(look))
    asked, post, whole = _around(look)
    for row in _own_rows(look):
        if sentence.odds(row.passage, asked, post) + whole < bar or _declines(row.passage.typed):
            continue
        yield Hit(text.starts[row.first], text.ends[row.after - 1])


def careful_sentences(look: Look) -> int:
    """Sentences that are surely no claim on the author's own word, as bits by their number.

    A sentence must be careful by itself as well: what stands around it clears it only so far.
    """
    asked, post, whole = _around(look)
    careful = 0
    for row in _own_rows(look):
        odds = max(sentence.odds(row.passage, asked, each) for each in (post, _NO_POST))
        turns = _TURNS_OR_GOES_ON.search(row.passage.typed)
        if odds + whole < (_CAREFUL_THOUGH_IT_TURNS if turns else _CAREFUL):
            careful |= 1 << row.number
    return careful


def _own_rows(look: Look) -> list[Row]:
    """The sentences that are the author's own, and no quote."""
    return [row for row in look.reading.rows if row.number not in look.text.quoted]


def _around(look: Look) -> tuple[tuple[str, ...], frozenset[str], float]:
    """What had been asked, the kinds of the post, and by how much the draft moves a sentence."""
    asked, post = asked_about(look.context, look.guardrail_set), of_post(look.reading)
    passages = (row.passage for row in _own_rows(look))
    return asked, post, max(draft.odds(passages, asked, post, _question(look)), _CLEARED)


def _question(look: Look) -> tuple[str, ...]:
    """The words of what it answers."""
    context = look.context
    return words_asked(context.thread_title, context.tags, context.answered)


def _declines(typed: str) -> bool:
    return bool(_DECLINES.search(typed)) and not _TURNS.search(typed)


DETECTOR = Detector(find, {})
