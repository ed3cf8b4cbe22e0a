"""What an author is told: each rule that hits once, with all the words that it hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from community.guardrails.engine.verdict import Finding, Mark
from community.guardrails.rules import OUTCOMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that a rule hits, once however often they stand there: `spans` says where.

    `what` was seen in them, where a detector can name it; `suggestion` may stand in their place.
    """

    words: str
    what: str
    suggestion: str | None
    in_title: bool
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What one rule says of a draft. Its place among the notes is the number of all its marks.

    `words` are empty where the rule speaks of the text as a whole. `in_title`: of nothing else.
    """

    rule: str
    outcome: str
    says: str
    why: str
    do: str
    offers: tuple[str, ...]
    words: tuple[Words, ...]
    in_title: bool

    def as_json(self) -> dict[str, Any]:
        """The note as JSON holds it."""
        return asdict(self)


def notes_on(
    text: str, findings: Sequence[Finding], title: str = "", title_findings: Sequence[Finding] = ()
) -> list[Note]:
    """Return the notes on a draft: the gravest first, then the title's, each by its first hit."""
    hits: dict[str, list[tuple[Finding, bool]]] = {}
    for found, in_title in ((title_findings, True), (findings, False)):
        for finding in found:
            hits.setdefault(finding.rule, []).append((finding, in_title))
    notes = [_note(each, text, title) for each in hits.values()]
    return sorted(notes, key=lambda note: -OUTCOMES.index(note.outcome))


def notes_on_case(text: str, kept: Sequence[Mapping[str, Any]], title: str) -> list[Note]:
    """Return the notes on a text by the findings that a case keeps as JSON."""
    found: dict[bool, list[Finding]] = {True: [], False: []}
    for finding in kept:
        found[bool(finding.get("in_title"))].append(Finding.of_json(finding))
    return notes_on(text, found[False], title, found[True])


def numbers_of(mark: Mark, findings: Sequence[Finding], notes: Sequence[Note]) -> list[int]:
    """Return the numbers of the notes that a mark belongs to, counted from 1."""
    rules = {findings[place].rule for place in mark.findings}
    return [number for number, note in enumerate(notes, 1) if note.rule in rules]


def _note(hits: Sequence[tuple[Finding, bool]], text: str, title: str) -> Note:
    first = hits[0][0]
    seen_alike = all(finding.why == first.why for finding, _ in hits)
    return Note(
        rule=first.rule,
        outcome=first.outcome,
        says=first.says,
        why=first.why if seen_alike else _why_alone(first),
        do=first.do,
        offers=tuple(dict.fromkeys(offer for finding, _ in hits for offer in finding.offers)),
        words=_words(hits, text, title, name_what=not seen_alike),
        in_title=all(in_title for _, in_title in hits),
    )


def _why_alone(finding: Finding) -> str:
    """The reason of the rule without what was seen, which then stands beside each of the words."""
    why = finding.why[len(f"{finding.what}: ") :] if finding.what else finding.why
    return why[:1].upper() + why[1:]


def _words(
    hits: Sequence[tuple[Finding, bool]], text: str, title: str, *, name_what: bool
) -> tuple[Words, ...]:
    spans: dict[tuple[str, str, str | None, bool], list[tuple[int, int]]] = {}
    for finding, in_title in hits:
        if finding.whole or finding.start == finding.end:
            continue
        words = (title if in_title else text)[finding.start : finding.end]
        key = words, finding.what if name_what else "", finding.suggestion, in_title
        spans.setdefault(key, []).append((finding.start, finding.end))
    return tuple(
        Words(words=words, what=what, suggestion=suggestion, in_title=in_title, spans=tuple(where))
        for (words, what, suggestion, in_title), where in spans.items()
    )
