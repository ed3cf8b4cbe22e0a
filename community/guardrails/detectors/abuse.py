"""Insults, threats and hate, by a small trained model: `weights/abuse.md` says what it knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import groupby

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.linear import LinearModel, load
from community.guardrails.detectors.pieces import pieces, words_of
from community.guardrails.phrases.text import Text

CLEAR = 0.0
"""Log-odds from which a text is clear enough to be held; below, its author is asked."""
BY_ITSELF = 2.0
"""Log-odds more that a sentence must bring by itself where the whole piece does not."""
LOUD, VERY_LOUD = 4.0, 9.0
"""Log-odds that one word must bring by itself; chosen on texts held out (`weights/abuse.md`)."""
_ADDRESS = frozenset("you your youre u ya yo yall y'all".split())
_ADDRESSES = _ADDRESS | {"shut"}  # "shut up" is said to somebody
# What a patient said, told by a colleague, is not the colleague's word.
_TOLD = re.compile(
    r"(?:said|says|called|calls|shout(?:ed|s)|yell(?:ed|s)|scream(?:ed|s)|wrote|quoted?|told)\b"
    r"[^\"\n]{0,60}(\"[^\"\n]{1,200}\")",
    re.IGNORECASE,
)
# Who is hard on himself attacks nobody.
_OWN_FAULT = re.compile(
    r"\b(?:\w+ (?:mistake|error|fault|slip|question|idea)s? of mine\b"
    r"|my (?:own )?(?:stupid|dumb|silly|idiotic|foolish)\w* \w+"
    r"|(?:stupid|dumb|silly|foolish|idiotic) of me\b"
    r"|i (?:was|am|felt)(?: (?:an?|such|so|too|the|like|just))* \w+ (?:to|for|when|not|there)\b)",
    re.IGNORECASE,
)
# "Sick days" and "a sick child" are what colleagues speak of.
_SICK = frozenset(
    "day days leave note notes pay patient patients person people child children baby babies one"
    " ones list certificate enough".split()
)
_BEING = frozenset({"was", "am", "felt"})
_ONESELF = _BEING | {"mine"}
_HARD_WORDS = ("stupid", "dumb", "silly", "idiotic", "foolish")
_WORDS_BEFORE, _LONGEST_AFTER = 4, 80


def find(look: Look) -> Iterator[Hit]:
    """A hit for each piece of the text that reads as abuse, at the words that say so."""
    model = load("abuse")
    text = look.text
    told = _own_faults(text)
    if '"' in text.clean:
        told += [match.span(1) for match in _TOLD.finditer(text.clean)]
    for piece in pieces(text):
        words = words_of(text, piece)
        if told:
            words = {word: at for word, at in words.items() if not _inside(text, at, told)}
        if "sick" in words and _SICK.intersection(text.norms[words["sick"] + 1 :][:1]):
            words = {word: at for word, at in words.items() if word != "sick"}
        if not _speaks(words, model, LOUD):
            continue
        score = model.score_words(words)
        if score < model.threshold:  # plain talk outweighs what stands beside it
            words = next(_attacks(text, piece, words, model), {})
            clear = bool(words)
        else:
            clear = score >= CLEAR or _speaks(words, model, VERY_LOUD)
        strength = "clear" if clear else "possible"
        if words and look.options.get("strength", strength) == strength:
            yield _hit(text, words, model)


def _attacks(
    text: Text, piece: range, words: Collection[str], model: LinearModel
) -> Iterator[dict[str, int]]:
    """Yield the words of each sentence of a piece that reads as abuse by itself.

    A short sentence has little else to say, so it must say more, or say it to somebody.
    """
    for _, places in groupby(piece, key=text.sentences.__getitem__):
        own = {text.norms[at]: at for at in reversed(list(places)) if text.norms[at] in words}
        if not _speaks(own, model, LOUD):
            continue
        above = model.score_words(own) - model.threshold
        is_addressed = not _ADDRESSES.isdisjoint(own) and _speaks(own, model, VERY_LOUD)
        if above >= BY_ITSELF or (above >= 0 and is_addressed):
            yield own


def _own_faults(text: Text) -> list[tuple[int, int]]:
    """Where the author is hard on himself, looked for at the words it takes."""
    norms = text.norms
    cues = {w for w in text.words if w in _ONESELF or w.startswith(_HARD_WORDS)}
    windows = (
        (text.starts[max(0, at - _WORDS_BEFORE)], text.ends[at] + _LONGEST_AFTER)
        for at, norm in enumerate(norms)
        if norm in cues and (norm not in _BEING or norms[at - 1 : at] == ["i"])
    )
    return [match.span() for w in windows for match in _OWN_FAULT.finditer(text.clean, *w)]


def _speaks(words: dict[str, int], model: LinearModel, loudness: float) -> bool:
    """Whether one word alone speaks for abuse: "what do you think" is short and full of "you".

    Its letters are not enough: "kitchen" holds the most of a very rude word.
    """
    return any(
        model.word_weight(word) >= loudness and model.weight(f"w {word}") >= 0
        for word in words
        if word not in _ADDRESS
    )


def _inside(text: Text, at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= text.starts[at] < end for start, end in spans)


def _hit(text: Text, words: dict[str, int], model: LinearModel) -> Hit:
    """From the first to the last of the words that speak loudest, in the sentence of the first."""
    loud = sorted(words, key=lambda word: (-model.word_weight(word), words[word]))[:1]
    sentence = text.sentences[words[loud[0]]]
    beside = [
        at for word, at in words.items()
        if text.sentences[at] == sentence and model.word_weight(word) > 0
    ]  # fmt: skip
    first, last = min([words[loud[0]], *beside]), max([words[loud[0]], *beside])
    return Hit(text.starts[first], text.ends[last], "words that read as an attack on someone")


DETECTOR = Detector(find, {"strength": ("clear", "possible")})
