"""Show what differs between two Markdown texts, sentence by sentence and then word by word.

Only words and the addresses of links count: bold, line breaks, a list's marks or a split
paragraph make no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from community.kernel.plain_text import BlockKind, blocks, sentences

BlockChange = Literal["same", "changed", "added", "removed"]
RunChange = Literal["same", "added", "removed"]

ALIKE = 0.5
"""From which share of common words on two sentences count as one that was reworded (0 to 1)."""

LARGEST_PAIRING = 250_000
"""How many pairs of sentences or words are compared at most; beyond, one replaces the other."""

_PIECE = re.compile(r"\s+|[^\W_]+(?:[-'\u2019.][^\W_]+)*|.")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words with the same fate, spaces included."""

    kind: RunChange
    text: str


@dataclass(frozen=True, slots=True)
class DifferenceBlock:
    """One sentence, heading, item or row of either text, as runs that a template renders.

    `role` says what it stood in: "heading", "paragraph", "item" or "row"; `level` is a
    heading's level, else 0.
    """

    kind: BlockChange
    role: BlockKind
    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    role: BlockKind
    level: int


def difference(older: str, newer: str) -> list[DifferenceBlock]:
    """Give both Markdown texts as one list of blocks, in the order of reading.

    All blocks are "same" where only the formatting differs.
    """
    before, after = _clauses(older), _clauses(newer)
    # Its rule against frequent elements stays on: it keeps a line that stands there
    # thousands of times from costing the square of that.
    matcher = SequenceMatcher(
        a=[clause.text for clause in before], b=[clause.text for clause in after]
    )
    found: list[DifferenceBlock] = []
    for tag, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if tag == "equal":
            found += [_whole("same", clause) for clause in after[b_start:b_end]]
        else:
            found += _reworded(before[a_start:a_end], after[b_start:b_end])
    return found


def only_changes(found: list[DifferenceBlock]) -> list[DifferenceBlock]:
    """Leave out what stayed the same, but keep each heading under which something differs."""
    kept: list[DifferenceBlock] = []
    waiting: list[DifferenceBlock] = []
    for block in found:
        if block.role == "heading":
            waiting = [above for above in waiting if above.level < block.level]
        if block.kind != "same":
            kept += [*waiting, block]
            waiting = []
        elif block.role == "heading":
            waiting.append(block)
    return kept


def _clauses(markdown: str) -> list[_Clause]:
    found: list[_Clause] = []
    for block in blocks(markdown, with_targets=True):
        texts = [block.text] if block.kind in ("heading", "row") else sentences(block.text)
        found += [_Clause(text, block.kind, block.level) for text in texts]
    return found


def _reworded(before: list[_Clause], after: list[_Clause]) -> Iterator[DifferenceBlock]:
    """Pair sentences that are alike, in order; the others were removed or added."""
    a_next = b_next = 0
    for a_place, b_place in [*_pairs(before, after), (len(before), len(after))]:
        yield from (_whole("removed", clause) for clause in before[a_next:a_place])
        yield from (_whole("added", clause) for clause in after[b_next:b_place])
        if a_place < len(before):
            runs = _runs(before[a_place].text, after[b_place].text)
            clause = after[b_place]
            yield DifferenceBlock("changed", clause.role, clause.level, runs)
        a_next, b_next = a_place + 1, b_place + 1


def _pairs(before: list[_Clause], after: list[_Clause]) -> list[tuple[int, int]]:
    """Choose the pairs, in order, whose likeness adds up highest (by dynamic programming)."""
    if not before or not after or len(before) * len(after) > LARGEST_PAIRING:
        return []
    older = [_bag(clause) for clause in before]
    newer = [_bag(clause) for clause in after]
    best = [[0.0] * (len(newer) + 1) for _ in range(len(older) + 1)]
    for a in range(len(older) - 1, -1, -1):
        for b in range(len(newer) - 1, -1, -1):
            likeness = _likeness(older[a], newer[b])
            paired = likeness + best[a + 1][b + 1] if likeness >= ALIKE else 0.0
            best[a][b] = max(paired, best[a + 1][b], best[a][b + 1])
    return list(_chosen(best))


def _chosen(best: list[list[float]]) -> Iterator[tuple[int, int]]:
    a = b = 0
    while best[a][b] > 0:
        if best[a][b] == best[a + 1][b]:
            a += 1
        elif best[a][b] == best[a][b + 1]:
            b += 1
        else:
            yield a, b
            a, b = a + 1, b + 1


def _bag(clause: _Clause) -> Counter[str]:
    return Counter(piece.lower() for piece in _PIECE.findall(clause.text) if piece[0].isalnum())


def _likeness(older: Counter[str], newer: Counter[str]) -> float:
    """Give the share of common words of two sentences, from 0 to 1 (Dice's coefficient)."""
    shared = older.keys() & newer.keys()
    if not shared:
        return 0.0
    common = sum(min(older[word], newer[word]) for word in shared)
    return 2 * common / (older.total() + newer.total())


def _runs(older: str, newer: str) -> tuple[Run, ...]:
    before, after = _PIECE.findall(older), _PIECE.findall(newer)
    if len(before) * len(after) > LARGEST_PAIRING:
        return tuple(_replacement(older, newer))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    runs: list[Run] = []
    for tag, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        removed, added = "".join(before[a_start:a_end]), "".join(after[b_start:b_end])
        runs += [Run("same", added)] if tag == "equal" else _replacement(removed, added)
    return _merged(runs)


def _replacement(removed: str, added: str) -> list[Run]:
    both = (Run("removed", removed), Run("added", added))
    return [run for run in both if run.text]


def _merged(runs: list[Run]) -> tuple[Run, ...]:
    """Let a lone space or mark between two changes belong to both, so that phrases stay whole."""
    merged: list[Run] = []
    removed = added = ""
    for place, run in enumerate(runs):
        is_inside = run.kind == "same" and 0 < place < len(runs) - 1
        if run.kind == "removed":
            removed += run.text
        elif run.kind == "added":
            added += run.text
        elif is_inside and not any(character.isalnum() for character in run.text):
            removed, added = removed + run.text, added + run.text
        else:
            merged += [*_replacement(removed, added), run]
            removed = added = ""
    return (*merged, *_replacement(removed, added))


def _whole(kind: Literal["same", "added", "removed"], clause: _Clause) -> DifferenceBlock:
    return DifferenceBlock(kind, clause.role, clause.level, (Run(kind, clause.text),))
