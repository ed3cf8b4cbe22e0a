"""Our own drafts: read, split, judged and counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from community.guardrails.engine import Context, GuardrailSet, Verdict, evaluate

FOLDER = Path(__file__).resolve().parents[1] / "cases"
HALVES = ("tune", "held")
LABELS = ("good", "stop", "side_effect", "quality", "clean")
AUTHORS = {"msl": ("company", "msl"), "hcp": ("hcp", "member")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One draft, with the thread it stands in and what ought to happen to it."""

    id: str
    style: str
    author: str
    countries: tuple[str, ...]
    text: str
    label: str
    second: str
    title: str = ""
    question: str = ""
    kind: str = ""
    fixed: str = ""

    @property
    def half(self) -> str:
        """`tune` or `held`: as `fixed` says, else by the id."""
        return self.fixed or HALVES[int(sha256(self.id.encode()).hexdigest()[:8], 16) % 2]

    @property
    def context(self) -> Context:
        """What the engine is told besides the words."""
        affiliation, role = AUTHORS[self.author]
        return Context(
            affiliation=affiliation,
            role=role,
            countries=frozenset(self.countries),
            thread_title=self.title,
            answered=self.question,
            thread_texts=(self.question,) if self.question else None,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft and what the engine made of it."""

    case: Case
    verdict: Verdict

    @property
    def is_right(self) -> bool:
        """Whether what ought to happen did."""
        if self.case.label == "good":
            return self.verdict.outcome in {"allow", "advise"}
        if self.case.label == "clean":
            left_alone = {"safety", "quality"}.isdisjoint(self.verdict.routes)
            return left_alone and self.verdict.outcome in {"allow", "advise"}
        if self.case.label == "stop":
            return self.verdict.outcome in {"hold", "block"}
        return {"side_effect": "safety", "quality": "quality"}[
            self.case.label
        ] in self.verdict.routes


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case of every file, in the order of files and lines."""
    lines = [
        line
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Case(**{**item, "countries": tuple(item["countries"])}) for item in map(json.loads, lines)
    ]


def judge(cases: Iterable[Case], guardrail_set: GuardrailSet) -> list[Judged]:
    """Each case with its verdict."""
    return [Judged(case, evaluate(case.text, guardrail_set, case.context)) for case in cases]


Count = tuple[int, int]
MEASURES: dict[str, tuple[Callable[[Judged], bool], Callable[[Judged], bool]]] = {
    "good replies that go out at once": (lambda j: j.case.label == "good", lambda j: j.is_right),
    "good replies with advice": (
        lambda j: j.case.label == "good",
        lambda j: j.verdict.outcome == "advise",
    ),
    "members' posts left alone": (lambda j: j.case.label == "clean", lambda j: j.is_right),
    "others stopped": (lambda j: j.case.label == "stop", lambda j: j.is_right),
    "side effects that reach safety": (
        lambda j: j.case.label == "side_effect",
        lambda j: j.is_right,
    ),
    "complaints that reach quality": (lambda j: j.case.label == "quality", lambda j: j.is_right),
}


def counts(judged: Iterable[Judged]) -> dict[str, Count]:
    """Per measure how many of how many."""
    seen = list(judged)
    return {
        name: (sum(did(j) for j in seen if of(j)), sum(of(j) for j in seen))
        for name, (of, did) in MEASURES.items()
    }
