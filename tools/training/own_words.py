"""Sentences written for this project, by model: what public data do not have."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

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


def drafts(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Triples of id, text and label: the drafts of the benchmark that rules may be tuned on."""
    for name in ("good", "routed", "stop"):
        for row in lines(CASES / f"{name}.jsonl"):
            if int(sha256(row["id"].encode()).hexdigest()[:8], 16) % 2 == 0:
                yield row["id"], row["text"], row.get("kind") == kind
