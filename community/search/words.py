"""What is searched for: words out of whatever somebody typed, and the same for each database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from community.kernel.input import clean

LONGEST = 200  # characters that are read of what was typed
MOST_WORDS = 10
LONGEST_WORD = 60
SHORTEST_BEGINNING = 3  # shorter ones begin too many words

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WHOLE_IN_ONE_SIGN = "\u2e80"  # from here on a single sign is a word, as in Chinese

Part = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What somebody searches for: all parts must occur.

    A part is what was typed without a blank, such as `2.5` or `beta-blocker`: its words stand side
    by side. The last word of all may be the beginning of one. `written` is what was read of it.
    """

    written: str
    parts: tuple[Part, ...]

    @property
    def are_enough(self) -> bool:
        """Whether there is a word that is more than a single letter."""
        return any(len(w) > 1 or w >= _WHOLE_IN_ONE_SIGN for part in self.parts for w in part)

    @property
    def _ends_open(self) -> bool:
        return len(self.parts[-1][-1]) >= SHORTEST_BEGINNING

    def for_fts5(self, space_ids: Collection[int]) -> str:
        """Return the query for SQLite: https://www.sqlite.org/fts5.html#full_text_query_syntax."""
        phrases = [f'"{" ".join(part)}"' for part in self.parts]
        wanted = " AND ".join(phrases) + ("*" if self._ends_open else "")
        places = " OR ".join(f"s{space_id}" for space_id in space_ids)
        return f"(place : ({places})) AND ({{title text}} : ({wanted}))"

    def for_tsquery(self) -> str:
        """Return the words for PostgreSQL's `to_tsquery`, folded as the index is."""
        return " & ".join(self._phrases(""))

    def for_tsquery_in_text(self) -> str:
        """Return what asks for any of the words in the text itself, which bears the weight B."""
        return " | ".join(self._phrases("B"))

    def _phrases(self, weight: str) -> list[str]:
        parts = [[w for word in part for w in words_in(folded(word))] for part in self.parts]
        marks = [[f":{weight}" if weight else "" for _ in part] for part in parts]
        if self._ends_open and parts[-1]:
            marks[-1][-1] = f":*{weight}"
        return [
            " <-> ".join(f"'{w[:LONGEST_WORD]}'{m}" for w, m in zip(part, marked, strict=True))
            for part, marked in zip(parts, marks, strict=True)
            if part
        ]


def places_for_tsquery(space_ids: Collection[int]) -> str:
    """Return what begins a PostgreSQL query: the marks of spaces."""
    return " | ".join(f"'@{space_id}'" for space_id in space_ids)


def read(typed: str) -> Words:
    """Make words of what somebody typed, whatever it is; marks and operators mean nothing."""
    written = " ".join(clean(typed[: LONGEST * 2]).split())[:LONGEST].strip()
    parts: list[Part] = []
    left = MOST_WORDS
    for typed_part in _ACCENTS.sub("", unicodedata.normalize("NFC", written)).split():
        part = tuple(word[:LONGEST_WORD] for word in words_in(typed_part))[:left]
        left -= len(part)
        if part:
            parts.append(part)
    return Words(written, tuple(parts))


def words_in(text: str) -> list[str]:
    """Return the words of a text: runs of letters and digits."""
    return _WORD.findall(text)


def folded(word: str) -> str:
    """Return a word in small letters, without accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", word.lower()))


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text cut into words and what stands between them, each word with its folded form."""
    at = 0
    for found in _WORD.finditer(text):
        if at < found.start():
            yield text[at : found.start()], ""
        yield found[0], folded(found[0])
        at = found.end()
    if at < len(text):
        yield text[at:], ""
