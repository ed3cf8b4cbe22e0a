"""What happens to clean professional text, from a member and from a liaison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_guardrails.figures import share, table
from benchmarks.bench_guardrails.labelled import Item, judge_as, read_items
from community.guardrails.engine import GuardrailSet, Verdict

AUTHORS = (("hcp", "from an HCP"), ("company", "from an MSL"))
# Under which kind of finding each label of `clean_for` would be a false alarm.
KINDS = {
    "abuse": {"abuse"},
    "adverse_event": {"adverse_event", "special_situation"},
    "misinformation": {"misinformation"},
    "off_label": {"off_label"},
    "phi": {"patient_identity"},
    "promotional": {"promotional", "comparative"},
    "spam": {"spam"},
}


@dataclass(frozen=True, slots=True)
class CleanText:
    """One clean text, who sent it, and what came of it."""

    item: Item
    author: str
    verdict: Verdict

    @property
    def is_stopped(self) -> bool:
        """Whether it was held or blocked."""
        return self.verdict.outcome in {"hold", "block"}


def judge_clean(folder: Path, guardrail_set: GuardrailSet, every: int) -> list[CleanText]:
    """Each clean text, once for each author."""
    items = read_items(folder, "clean_professional", every)
    return [
        CleanText(item, name, judge_as(affiliation, item["text"], guardrail_set))
        for affiliation, name in AUTHORS
        for item in items
    ]


def report(texts: Iterable[CleanText]) -> str:
    """Shares held or blocked and advised, by author and genre, then false alarms by detector."""
    seen = list(texts)
    rows = []
    for _, name in AUTHORS:
        own = [text for text in seen if text.author == name]
        rows.append(_row(name, "all", own))
        rows += [
            _row(name, genre, [t for t in own if t.item["genre"] == genre])
            for genre in sorted({t.item["genre"] for t in own})
        ]
    stopped = Counter(
        f"{t.author}: {finding.rule}"
        for t in seen
        for finding in {f.rule: f for f in t.verdict.findings}.values()
        if finding.outcome != "allow"
    )
    return "\n\n".join(
        (
            table(("author", "genre", "held or blocked", "advised"), rows),
            table(("author", "clean for", "found all the same"), _by_detector(seen)),
            table(
                ("rules that fire most on clean text", "texts"),
                [(rule, str(n)) for rule, n in stopped.most_common(25)],
            ),
        )
    )


def _row(name: str, genre: str, texts: list[CleanText]) -> tuple[str, str, str, str]:
    advised = sum(text.verdict.outcome == "advise" for text in texts)
    stopped = sum(text.is_stopped for text in texts)
    return name, genre, share(stopped, len(texts)), share(advised, len(texts))


def _by_detector(texts: list[CleanText]) -> list[tuple[str, str, str]]:
    rows = []
    for _, name in AUTHORS:
        for detector, kinds in KINDS.items():
            own = [t for t in texts if t.author == name and detector in t.item["clean_for"]]
            found = sum(any(f.kind in kinds for f in t.verdict.findings) for t in own)
            rows.append((name, detector, share(found, len(own))))
    return rows
