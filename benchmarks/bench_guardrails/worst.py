"""The misses and the false alarms to read, heaviest first and taken in turn from every source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from community.guardrails.engine import OUTCOMES, Verdict

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A text that was judged wrongly."""

    source: str
    id: str
    text: str
    about: str
    verdict: Verdict

    @property
    def weight(self) -> tuple[int, int]:
        """How loud the verdict was: a block before a hold, many findings before few."""
        return OUTCOMES.index(self.verdict.outcome), len(self.verdict.findings)


def write_worst(path: Path, misses: Iterable[Error], alarms: Iterable[Error]) -> None:
    """Write both lists for people to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [_part("Missed", list(misses)), _part("False alarms", list(alarms))]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _part(title: str, errors: list[Error]) -> str:
    chosen = _in_turn(errors)[:MOST]
    lines = [f"# {title}: {len(chosen)} of {len(errors)}"]
    for error in chosen:
        found = "; ".join(
            f"{f.rule} ({error.text[f.start : f.end]})" for f in error.verdict.findings
        )
        lines += [
            f"\n[{error.source}] {error.id}: {error.about} -> {error.verdict.outcome}",
            f"  {error.text[:600]}",
            *([f"  = {found}"] if found else []),
        ]
    return "\n".join(lines)


def _in_turn(errors: list[Error]) -> list[Error]:
    """One of each source after the other, so that the largest set does not fill the page."""
    sources: defaultdict[str, list[Error]] = defaultdict(list)
    for error in sorted(errors, key=lambda error: error.weight, reverse=True):
        sources[error.source].append(error)
    rounds = zip_longest(*sources.values())
    return [error for error in chain.from_iterable(rounds) if error is not None]
