"""No page asks the database more often because there is more to show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from community.invitations import services as invitations
from community.kernel import kept_pages
from community.kernel.db import db
from community.spaces.models import Role
from community.threads.models import Thread
from tests import cast
from tests.insights.drawn import draw
from tests.stage import Stage, Visitor
from tests.threads import said

Visit = Callable[[str | None], Visitor]

_LIST = re.compile(r"\(\?(?:, \?)*\)")

PAGES = [
    ("amara", "/"),
    ("amara", "/spaces/cardiology"),
    ("amara", "/threads/{thread}"),
    ("amara", "/spaces/cardiology/members"),
    ("amara", "/spaces/cardiology/stream?after=0"),
    ("amara", "/spaces/cardiology/stream?after=0&thread={thread}"),
    ("amara", "/search?q=weeks"),
    ("amara", "/inquiries/"),
    ("rosa", "/threads/{thread}"),
    ("rosa", "/"),
    ("mika", "/threads/{thread}"),
    ("mika", "/reviews/"),
    ("mika", "/spaces/cardiology/invitations"),
    ("dora", "/inquiries/"),
    ("dora", "/reviews/"),
    ("olga", "/reviews/"),
    ("olga", "/insights/"),
    ("olga", "/insights/readings"),
    ("paul", "/audit"),
    ("paul", "/reviews/"),
    ("ada", "/members"),
    ("ada", "/spaces/"),
    ("vera", "/credentials"),
]


def fill(stage: Stage, round_: int) -> None:
    """Add to all that lists show: people, spaces, threads, posts, cases, inquiries, invitations."""
    for number in range(3):
        cast.add_another(db.session(), round_ * 10 + number)
        name = f"Round {round_}, number {number}"
        thread = stage.start("amara", f"{name}: how long do you wait?", title=name)
        mine = stage.reply("bruno", thread, f"{name}: about two weeks.")
        stage.reply("rosa", thread, said.STAFF_PLAIN)
        stage.try_reply("rosa", thread, said.STAFF_HELD)
        stage.try_reply("amara", thread, said.HELD)
        stage.reply("bruno", thread, said.ROUTED, reply_to=mine)
        stage.ask_in_private("amara", mine, f"{name}: where is it written?")
        invitations.issue(
            actor=stage.member("mika"), email=f"guest-{round_}-{number}@example.org",
            places=[("cardiology", Role.MEMBER)],
        )  # fmt: skip
        stage.commit()


@pytest.fixture
def thread_id(stage: Stage) -> int:
    """A thread that grows with each round."""
    draw(stage)
    return stage.start("amara", title="The thread that grows").id


def grow(stage: Stage, thread_id: int, round_: int) -> None:
    """Have more said in that thread."""
    thread = db.session.get_one(Thread, thread_id)
    for number in range(3):
        for who in ("amara", "bruno", "mika"):
            stage.reply(who, thread, f"Round {round_}, word {number} of {who}.")


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the statements that the database is asked meanwhile."""
    asked: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: Any) -> None:
        asked.append(_LIST.sub("(…)", statement))

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", hear)


def asked_by(visitor: Visitor, path: str) -> tuple[int, list[str]]:
    """Have a page drawn twice; return its length, and what the second time asked."""
    assert visitor.get(path).status_code == 200, path
    kept_pages.forget(visitor.app)
    with counting() as asked:
        page = visitor.get(path)
    return len(page.data), asked


def test_no_page_asks_more_often_where_there_is_more(
    visit: Visit, stage: Stage, thread_id: int
) -> None:
    visitors = {who: visit(who) for who in dict.fromkeys(who for who, _ in PAGES)}
    rounds: list[dict[tuple[str, str], tuple[int, list[str]]]] = []
    for round_ in range(2):
        fill(stage, round_)
        grow(stage, thread_id, round_)
        rounds.append(
            {
                (who, path): asked_by(visitors[who], path.format(thread=thread_id))
                for who, path in PAGES
            }
        )
    few, many = rounds
    assert [page for page in PAGES if many[page][0] <= few[page][0]] == []
    assert {
        page: more for page in PAGES if (more := Counter(many[page][1]) - Counter(few[page][1]))
    } == {}
