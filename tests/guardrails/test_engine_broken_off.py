"""Drafts that break off anywhere, as they are checked while one types."""

import json
from itertools import cycle

import pytest

from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set
from community.kernel.paths import DATA_ROOT

GB = frozenset({"GB"})
AUTHORS = (
    Context(affiliation="company", role="msl", countries=GB),
    Context(affiliation="hcp", role="member", countries=GB),
)
LINES = (DATA_ROOT / "demo" / "threads.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("context", AUTHORS, ids=["company", "hcp"])
@pytest.mark.parametrize(
    "text",
    ["She comes from T", "My patient is from a small place near K", "A", "Mrs", "3", "d.", "«"],
)
def test_a_draft_that_breaks_off_is_judged(text: str, context: Context) -> None:
    assert evaluate(text, shipped_set(), context).outcome


def test_what_the_demo_s_people_write_is_judged_wherever_it_breaks_off() -> None:
    posts = [post["text"] for line in LINES for post in json.loads(line)["posts"]]
    authors = cycle(AUTHORS)
    for text, step in zip(posts, cycle((23, 29, 31)), strict=False):
        for end in range(1, len(text), step):
            assert evaluate(text[:end], shipped_set(), next(authors)).outcome
