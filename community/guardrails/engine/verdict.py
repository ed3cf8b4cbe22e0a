"""What comes out of judging: findings, the marks they leave in the text, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from community.guardrails.rules import OUTCOMES

_WEIGHT = {outcome: weight for weight, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One hit of one rule: `start` to `end` in code points of the text as sent, half-open.

    `says` is the rule in a sentence, `why` its reason and what was seen, `reason` both in one,
    `what` only what was seen, where a detector can name it. `do` says what to do, and `suggestion`
    is a text that may stand in place of the span. `offers` are deeds to offer beside it. `whole`:
    it is about the text as a whole, not about some words.
    """

    rule: str
    kind: str
    outcome: str
    start: int
    end: int
    says: str
    why: str
    reason: str
    do: str
    routes: tuple[str, ...]
    suggestion: str | None = None
    offers: tuple[str, ...] = ()
    whole: bool = False
    what: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON holds it."""
        return {**asdict(self), "routes": list(self.routes), "offers": list(self.offers)}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Finding:
        """The finding that JSON holds; what was kept before a field was known lacks it."""
        known = {field.name: kept[field.name] for field in fields(cls) if field.name in kept}
        lists = {name: tuple(kept.get(name, ())) for name in ("routes", "offers")}
        return cls(**known | lists)


@dataclass(frozen=True, slots=True)
class Mark:
    """Words to mark in the text: the stretch that findings which overlap or touch cover together.

    `findings` are places in the verdict's list, `outcome` is the heaviest of theirs.
    """

    start: int
    end: int
    outcome: str
    findings: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """The mark as JSON holds it."""
        return {**asdict(self), "findings": list(self.findings)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The heaviest outcome over one text, its findings in the order of the text, and its routes.

    `owner` is the desk that decides on a hold: the first of the route of the first rule, in the
    order of the set, that holds. `routes` begins with the desks of the heaviest findings.
    """

    outcome: str = "allow"
    findings: tuple[Finding, ...] = ()
    routes: tuple[str, ...] = ()
    owner: str | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The findings merged by their words, none over another; those on the whole text aside."""
        merged: list[Mark] = []
        for place, finding in enumerate(self.findings):
            if finding.whole or finding.start == finding.end:
                continue
            mark = Mark(finding.start, finding.end, finding.outcome, (place,))
            if merged and mark.start <= merged[-1].end:
                mark = _joined(merged.pop(), mark)
            merged.append(mark)
        return tuple(merged)

    def as_json(self) -> dict[str, Any]:
        """The verdict as JSON holds it."""
        return {
            "outcome": self.outcome,
            "findings": [finding.as_json() for finding in self.findings],
            "marks": [mark.as_json() for mark in self.marks],
            "routes": list(self.routes),
            "owner": self.owner,
        }


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """The verdict over `findings`, which come in the order of the set's rules."""
    if not findings:
        return Verdict()
    kept = _without_doubles(findings)
    heaviest = sorted(kept, key=lambda finding: -_WEIGHT[finding.outcome])
    outcome = heaviest[0].outcome
    holds = [finding for finding in findings if finding.outcome == "hold"]
    return Verdict(
        outcome=outcome,
        findings=tuple(kept),
        routes=tuple(dict.fromkeys(desk for finding in heaviest for desk in finding.routes)),
        owner=next((f.routes[0] for f in holds if f.routes), None) if outcome == "hold" else None,
    )


def is_answered(fallback: Finding, findings: Sequence[Finding]) -> bool:
    """Whether one of `findings`, at least as heavy, touches the words of a last resort's."""
    return any(
        finding.start < fallback.end
        and fallback.start < finding.end
        and _WEIGHT[finding.outcome] >= _WEIGHT[fallback.outcome]
        for finding in findings
    )


def _joined(left: Mark, right: Mark) -> Mark:
    outcome = max(left.outcome, right.outcome, key=_WEIGHT.__getitem__)
    return Mark(left.start, max(left.end, right.end), outcome, left.findings + right.findings)


def _without_doubles(findings: Sequence[Finding]) -> list[Finding]:
    """Of findings of one kind, drop what a finding at least as heavy says of the same words.

    What lies wholly within another says nothing that the other does not; its desks and offers go
    over to the other. A lighter finding on more words stays: it speaks of the rest of them too.
    """
    kept: list[Finding] = []
    widest: dict[tuple[str, int], int] = {}  # kind and weight to the place of what reaches furthest
    for finding in sorted(findings, key=lambda f: (f.start, -f.end, -_WEIGHT[f.outcome])):
        weight = _WEIGHT[finding.outcome]
        at_least = (widest.get((finding.kind, heavy)) for heavy in range(weight, len(OUTCOMES)))
        wider = [p for p in at_least if p is not None and kept[p].end >= finding.end]
        if wider and not finding.whole:
            kept[wider[-1]] = _united(kept[wider[-1]], finding)
            continue
        if not finding.whole:
            widest[finding.kind, weight] = len(kept)
        kept.append(finding)
    return sorted(kept, key=lambda finding: (finding.start, finding.end))


def _united(wide: Finding, narrow: Finding) -> Finding:
    same_words = (wide.start, wide.end) == (narrow.start, narrow.end)
    return replace(
        wide,
        routes=tuple(dict.fromkeys(wide.routes + narrow.routes)),
        offers=tuple(dict.fromkeys(wide.offers + narrow.offers)),
        suggestion=narrow.suggestion if same_words and wide.suggestion is None else wide.suggestion,
    )
