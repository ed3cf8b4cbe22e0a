"""Sentences written for this project, by model: what public data do not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.bench_guardrails.cases import Case
from community.guardrails.phrases import Text
from tools.training.recipe import lines

FOLDER = Path(__file__).resolve().parent / "own"
CASES = Path(__file__).resolve().parents[2] / "benchmarks" / "cases"
DEMO = Path(__file__).resolve().parents[2] / "demo" / "threads.jsonl"
PULL = {False: 0.5, True: 1.5}
LITTLE_PULL = {False: 0.15, True: 1.0}
"""How much one of them pulls by label, against 1 for one of the public texts."""


def talk(data: Path) -> Iterator[tuple[str, str]]:
    """Pairs of group and text: how colleagues of the demo and people in public forums talk."""
    for row in lines(DEMO):
        for post in row["posts"]:
            if "expect" not in post:
                yield f"demo {row['id']}", post["text"]
    for row in lines(data / "forum_threads.jsonl"):
        for post in row["posts"]:
            yield f"forum {row['id']}", post["text"]
    for row in lines(data / "health_qa_threads.jsonl"):
        for post in row["posts"]:
            yield f"health {row['id']}", post["text"]


def own_sentences(name: str) -> Iterator[tuple[str, bool]]:
    """Pairs of text and label from `own/<name>.tsv`."""
    for line in (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        label, text = line.split("\t", 1)
        yield text, label == "1"


def own_replies(name: str) -> Iterator[tuple[str, str, bool]]:
    """Triples of post answered, reply and label from `own/<name>.tsv`."""
    for line in (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        label, asked, text = line.split("\t", 2)
        yield asked, text, label == "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Case):
    """A draft written to learn from; `span` are the words for which it is labelled as it is."""

    second: str = ""
    span: tuple[str, ...] = ()

    def is_meant(self, text: Text, first: int, after: int) -> bool:
        """Whether most of a sentence, or most of the words that count, are the other's.

        `text` is this text as read, `first` and `after` bound the sentence in its tokens.
        """
        start, end = text.place(text.starts[first], text.ends[after - 1])
        for words in self.span:
            begins = self.text.find(words)
            shared = min(end, begins + len(words)) - max(start, begins)
            if 2 * shared >= min(end - start, len(words)):
                return True
        return False


def written() -> Iterator[Written]:
    """Drafts of the staff and posts of members from `own/drafts.jsonl`."""
    for row in lines(FOLDER / "drafts.jsonl"):
        plain = {**row, "countries": tuple(row["countries"]), "span": tuple(row.get("span", ()))}
        yield Written(**plain)


def drafts(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Triples of id, text and label: the drafts of the benchmark that rules may be tuned on."""
    for name in ("good", "routed", "stop"):
        for row in lines(CASES / f"{name}.jsonl"):
            if int(sha256(row["id"].encode()).hexdigest()[:8], 16) % 2 == 0:
                yield row["id"], row["text"], row.get("kind") == kind
