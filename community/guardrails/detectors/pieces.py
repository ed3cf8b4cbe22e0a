"""A long text in pieces of a few sentences: what one sentence says must not drown in the rest."""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.phrases.text import WORD, Text

WORDS_OF_A_PIECE = 45
WORDS_LEFT_WHOLE = 70


def pieces(text: Text) -> list[range]:
    """Token ranges of whole sentences, each of about 45 words; a short text is one piece.

    Worked out once for a text.
    """
    known = text.memo.get("pieces")
    if isinstance(known, list):
        return known
    words = sum(kind == WORD for kind in text.kinds)
    whole = [range(len(text.kinds))] if words else []
    cut = whole if words <= WORDS_LEFT_WHOLE else list(_cut(text))
    text.memo["pieces"] = cut
    return cut


def _cut(text: Text) -> Iterator[range]:
    start, words = 0, 0
    sentences = text.sentences
    for at, kind in enumerate(text.kinds):
        words += kind == WORD
        last = at + 1 == len(sentences)
        ends = last or sentences[at + 1] != sentences[at]
        if last or (ends and words >= WORDS_OF_A_PIECE) or words > 3 * WORDS_OF_A_PIECE:
            yield range(start, at + 1)
            start, words = at + 1, 0


def words_of(text: Text, piece: range) -> dict[str, int]:
    """The different words of a piece, each with the token where it stands first."""
    known = text.memo.setdefault("words_of_pieces", {})
    assert isinstance(known, dict)
    found: dict[str, int] | None = known.get(piece)
    if found is None:
        norms, kinds = text.norms, text.kinds
        backwards = reversed(piece)
        known[piece] = found = {norms[at]: at for at in backwards if kinds[at] == WORD}
    return found
