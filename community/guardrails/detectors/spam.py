"""Adverts and scams, by a small trained model: `weights/spam.md` says what it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.linear import load, word_features
from community.guardrails.detectors.pieces import pieces, words_of
from community.guardrails.phrases.text import NUMBER, URL, Text

_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
# Where papers, trials and labels are: nobody advertises there.
_LEARNED = re.compile(
    r"//[\w.-]{0,80}(?:doi\.org|\.gov|\.edu|\.gov\.uk|\.ac\.uk|\.nhs\.uk|\.europa\.eu|who\.int)(?:/|$)"
)
_MONEY = ("£", "€", "$")
_LONGEST_NUMBER = 12
_DOSES = frozenset(f"n {digits}" for digits in range(5))  # short numbers: doses, pressures, years
SIGN_WEIGHT = 3  # a sign counts as much as three parts of a word
FEWEST_WORDS = 4  # below, only a link or a sum of money makes an advert
SHORT = 8  # words: what is so short and shows no sign must be plainer by one more
MORE_WITHOUT_A_SIGN = 0.95  # log-odds: short agreement between colleagues shows no sign


def signs(text: Text, piece: range) -> list[str]:
    """What spam shows besides words: sums of money, long numbers, links, marks, capitals."""
    found: set[str] = set()
    for at in piece:
        if text.kinds[at] == NUMBER:
            norm = text.norms[at]
            digits = min(sum(map(str.isdigit, norm)), _LONGEST_NUMBER)
            found.add("n money" if norm.startswith(_MONEY) else f"n {digits}")
        elif text.kinds[at] == URL and not _LEARNED.search(text.norms[at]):
            found.add("n link")
    if piece:
        typed = text.clean[text.starts[piece[0]] : text.ends[piece[-1]] + 3]
        if "!" in typed:
            found.add("n !!" if "!!" in typed else "n !")
        if len(_CAPITALS.findall(typed)) > 1:
            found.add("n capitals")
    return sorted(found)


def features(text: Text, piece: range) -> list[str]:
    """All features of a piece, as the model was trained on them."""
    return word_features(words_of(text, piece)) + signs(text, piece) * SIGN_WEIGHT


def find(look: Look) -> Iterator[Hit]:
    """A hit for each piece of the text that reads as an advert."""
    model = load("spam")
    text = look.text
    for piece in pieces(text):
        shown = signs(text, piece) * SIGN_WEIGHT
        words = words_of(text, piece)
        if len(words) < FEWEST_WORDS and not {"n link", "n money"}.intersection(shown):
            continue
        asked = model.threshold
        if _DOSES.issuperset(shown):
            asked += MORE_WITHOUT_A_SIGN + (len(words) < SHORT)
        if model.score_words(words, shown) >= asked:
            start, end = text.starts[piece[0]], text.ends[piece[-1]]
            yield Hit(start, end, "words and numbers as adverts have them")


DETECTOR = Detector(find, {})
