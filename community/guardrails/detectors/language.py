"""Sentences in another language than the rules are agreed for.

A language shows by its small words (Ingle 1976; Grefenstette 1995): a sentence is in another
language where it holds several of that language's and hardly any of the set's own. A language
whose small words are not known here shows by a longer sentence of words of which English knows
hardly any, and another script by its letters. Names of people, societies and papers, Latin terms
and lone words are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from community.guardrails.detectors.fields import fields_of
from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.language_words import AMBIGUOUS, LANGUAGES
from community.guardrails.phrases import Passage
from community.guardrails.phrases.text import WORD

_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u03ff\u0400-\u052f\u0530-\u06ff\u0900-\u0fff\u10a0-\u11ff\u3040-\u30ff\u3400-\u9fff"
    r"\ua960-\ua97f\uac00-\ud7ff]{2,}"
)
_LATIN = re.compile(r"[A-Za-z]+")
_NAMED_SCRIPTS = (
    ("\u0370", "\u03ff", "Greek"), ("\u0400", "\u052f", "a language in Cyrillic letters"),
    ("\u0590", "\u05ff", "Hebrew"), ("\u0600", "\u06ff", "a language in Arabic letters"),
    ("\u3040", "\u30ff", "Japanese"), ("\u3400", "\u9fff", "Chinese or Japanese"),
    ("\u1100", "\u11ff", "Korean"), ("\uac00", "\ud7ff", "Korean"),
)  # fmt: skip
_FEWEST_LETTERS = 10
_FEWEST_SIGNS = 4  # of a script without letters
_SHARE = 0.2  # small words of a sentence, at least; of running text they are four in ten
_UNKNOWN = "another language"
_FEWEST_WORDS = 6  # of a sentence in a language of which we know nothing
_MOST_OWN, _MOST_KNOWN = 1 / 6, 1 / 3  # words by which such a sentence may look like English
_HAS_VOCABULARY = "en"
_LOWER = re.compile(r"(?<![\w.@/-])[^\W\d_][^\W\d_'’-]+")


def find(look: Look) -> Iterator[Hit]:
    """A hit for each stretch of own sentences in another language than the set's."""
    text = look.text
    others = _other_words(look.guardrail_set.language)
    if others is None:
        return
    rows = [row for row in look.reading.rows if row.number not in text.quoted]
    home = look.guardrail_set.language
    found = [((row.first, row.after), _language_of(row.passage, home)) for row in rows]
    for first, after, name in _stretches(found):
        yield Hit(text.starts[first], text.ends[after - 1], name)


def _stretches(
    found: Sequence[tuple[tuple[int, int], str]],
) -> Iterator[tuple[int, int, str]]:
    """Neighbouring sentences in another language, as one."""
    begun: tuple[int, int, str] | None = None
    for (first, after), name in found:
        if begun and name:
            begun = (begun[0], after, begun[2])
        elif name:
            begun = (first, after, name)
        elif begun:
            yield begun
            begun = None
    if begun:
        yield begun


def _language_of(passage: Passage, home: str) -> str:
    """The name of the other language that a sentence is in, or ''; found out once."""
    asked = "language", home
    known = passage.memo.get(asked)
    if not isinstance(known, str):
        script = "" if passage.typed.isascii() else _other_script(passage.typed)
        known = script or _by_small_words(passage, home) or _by_no_word_of_ours(passage, home)
        passage.memo[asked] = known
    return known


def _other_script(stretch: str) -> str:
    runs = _OTHER_SCRIPT.findall(stretch)
    letters = sum(map(len, runs))
    signs = sum(len(run) for run in runs if run[0] >= "\u3040")
    latin = sum(map(len, _LATIN.findall(stretch)))
    if signs < _FEWEST_SIGNS and (letters < _FEWEST_LETTERS or letters < latin):
        return ""
    first = runs[0][0]
    return next((n for low, high, n in _NAMED_SCRIPTS if low <= first <= high), _UNKNOWN)


def _by_small_words(passage: Passage, home: str) -> str:
    if (_other_words(home) or frozenset()).isdisjoint(passage.norms):
        return ""
    strong: Counter[str] = Counter()
    weak: Counter[str] = Counter()
    words = 0
    known, at_home = _words(home)
    for norm, kind in zip(passage.norms, passage.kinds, strict=True):
        words += kind == WORD
        for language, is_strong in known.get(norm, ()):
            (strong if is_strong else weak)[language] += 1
    if not strong:
        return ""
    language = max(strong, key=lambda code: (strong[code] * 2 + weak[code], code))
    clear, small = strong[language], strong[language] + weak[language]
    both = _small_words(language)  # "in" speaks for neither
    own = sum(norm in at_home and norm not in both for norm in passage.norms)
    several = small >= 2 and (own == 0 or (clear >= 2 and own * 3 <= small))
    return LANGUAGES[language][0] if several and small >= _SHARE * words else ""


def _by_no_word_of_ours(passage: Passage, home: str) -> str:
    """Whether a sentence has hardly a word that English has. Names and medicines do not count."""
    if home != _HAS_VOCABULARY or len(passage.norms) < _FEWEST_WORDS:
        return ""
    own = _words(home)[1]
    if sum(norm in own for norm in passage.norms) > _MOST_OWN * len(passage.norms):
        return ""
    medicines = {passage.norms[at] for at in passage.lists.get("{other_medicine}", ())}
    words = [
        word for word in _LOWER.findall(passage.typed) if word.islower() and word not in medicines
    ]
    if len(words) < _FEWEST_WORDS or sum(map(own.__contains__, words)) > _MOST_OWN * len(words):
        return ""
    known = sum(word in own or bool(fields_of(word)) for word in words)
    return _UNKNOWN if known < _MOST_KNOWN * len(words) else ""


@lru_cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(" ".join(LANGUAGES[language][1:]).split())


@lru_cache(maxsize=8)
def _words(home: str) -> tuple[dict[str, tuple[tuple[str, bool], ...]], frozenset[str]]:
    """Small words of the other languages with language and strength, and those of our own."""
    own = _small_words(home)
    found: dict[str, tuple[tuple[str, bool], ...]] = {}
    for code, (_, strong, weak) in LANGUAGES.items():
        if code != home:
            for row, is_strong in ((strong, True), (weak, False)):
                for word in row.split():
                    sure = is_strong and word not in AMBIGUOUS
                    found[word] = (*found.get(word, ()), (code, sure))
    return {word: of for word, of in found.items() if word not in own}, own


@lru_cache(maxsize=8)
def _other_words(home: str) -> frozenset[str] | None:
    """Words by which another language shows; None where we don't know the set's own."""
    if home not in LANGUAGES:
        return None
    return frozenset(word for word, of in _words(home)[0].items() if any(sure for _, sure in of))


DETECTOR = Detector(find, {})
