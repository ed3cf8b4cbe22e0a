"""Measure how hard a Markdown text is to read, as the school year it asks for.

English: the Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom,
"Derivation of new readability formulas for Navy enlisted personnel", 1975).
German: the first of the four Wiener Sachtextformeln (Bamberger and Vanecek,
"Lesen, Verstehen, Lernen, Schreiben", 1984), whose scale begins at year 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from community.kernel.plain_text import Block, blocks, sentences
from community.kernel.syllables import english_syllables, german_syllables

LONG_WORD_SYLLABLES = 3
HARDEST = 3
LONGEST_LABEL = 8
SHORTEST_HARD = 12

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.\u2011][^\W_]+)*")
_FULL_SENTENCE = re.compile(r"[.!?:;\u2026][\"'\u00bb\u2019\u201c\u201d)]*$")


@dataclass(frozen=True, slots=True)
class HardSentence:
    """One sentence with its own grade and its number of words."""

    text: str
    words: int
    grade: float


@dataclass(frozen=True, slots=True)
class Readability:
    """What was measured in one text.

    `grade` is a school year; `mean_sentence_length` counts words; `long_words` are
    the different words of three or more syllables, the longest first, and
    `long_word_share` is their part of all running words, from 0 to 1.
    """

    formula: str
    grade: float
    sentences: int
    words: int
    mean_sentence_length: float
    long_words: tuple[str, ...]
    long_word_share: float
    hardest: tuple[HardSentence, ...]


def measure(markdown: str, *, language: str) -> Readability:
    """Measure a Markdown text in "en" or "de".

    Headings, table heads and lines that only announce what follows ("Please do")
    are labels and not counted, since they would flatter the grade. A list item or a
    table row counts as one sentence or more. A number is one word of one syllable.

    Raises ValueError for another language and for a text without a sentence.
    """
    if language not in _FORMULAS:
        raise ValueError(f'there is no readability formula for "{language}" here.')
    name, grade_of, syllables = _FORMULAS[language]
    read = [found for text in _spoken(markdown) if (found := _Sentence.read(text, syllables))]
    if not read:
        raise ValueError("there is no sentence to measure.")
    words = [word for sentence in read for word in sentence.words]
    numbers = [number for sentence in read for number in sentence.syllables]
    long = _long_words(zip(words, numbers, strict=True))
    return Readability(
        formula=name,
        grade=grade_of(read),
        sentences=len(read),
        words=len(words),
        mean_sentence_length=len(words) / len(read),
        long_words=long,
        long_word_share=sum(n >= LONG_WORD_SYLLABLES for n in numbers) / len(words),
        hardest=_hardest(read, grade_of),
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: list[str]
    syllables: list[int]

    @classmethod
    def read(cls, text: str, syllables: Callable[[str], int]) -> _Sentence | None:
        words = _WORD.findall(text)
        return cls(text, words, [syllables(word) for word in words]) if words else None


def _spoken(markdown: str) -> Iterable[str]:
    for block in blocks(markdown):
        if not _is_label(block):
            yield from sentences(block.text)


def _is_label(block: Block) -> bool:
    if block.kind == "paragraph":
        is_short = len(_WORD.findall(block.text)) <= LONGEST_LABEL
        return is_short and not _FULL_SENTENCE.search(block.text)
    return block.kind == "heading"


def _long_words(counted: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Give each long word once, as it was written first, the longest first."""
    written: dict[str, str] = {}
    syllables: dict[str, int] = {}
    for word, number in counted:
        if number >= LONG_WORD_SYLLABLES:
            written.setdefault(word.lower(), word)
            syllables[word.lower()] = number
    order = sorted(written, key=lambda word: (-syllables[word], -len(word), word))
    return tuple(written[word] for word in order)


def _hardest(
    read: list[_Sentence], grade_of: Callable[[list[_Sentence]], float]
) -> tuple[HardSentence, ...]:
    """Grade each sentence alone; very short ones are left out, as one long word decides there."""
    graded = [
        HardSentence(sentence.text, len(sentence.words), grade_of([sentence]))
        for sentence in read
        if len(sentence.words) >= SHORTEST_HARD
    ]
    return tuple(sorted(graded, key=lambda sentence: -sentence.grade)[:HARDEST])


def _flesch_kincaid(read: list[_Sentence]) -> float:
    words = sum(len(sentence.words) for sentence in read)
    syllables = sum(sum(sentence.syllables) for sentence in read)
    return 0.39 * words / len(read) + 11.8 * syllables / words - 15.59


def _wiener_sachtext(read: list[_Sentence]) -> float:
    letters = [len(word) for sentence in read for word in sentence.words]
    syllables = [number for sentence in read for number in sentence.syllables]
    percent = 100 / len(letters)
    many = percent * sum(number >= 3 for number in syllables)
    length = len(letters) / len(read)
    long = percent * sum(number > 6 for number in letters)
    one = percent * sum(number == 1 for number in syllables)
    return 0.1935 * many + 0.1672 * length + 0.1297 * long - 0.0327 * one - 0.875


_FORMULAS: dict[str, tuple[str, Callable[[list[_Sentence]], float], Callable[[str], int]]] = {
    "en": ("Flesch-Kincaid grade level", _flesch_kincaid, english_syllables),
    "de": ("Wiener Sachtextformel 1", _wiener_sachtext, german_syllables),
}
