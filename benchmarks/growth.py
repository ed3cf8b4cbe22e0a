"""What pages and a reply cost with a thousand posts in a space, and with a million.

`python -m benchmarks.growth`. The whole program in this process, on a SQLite file. What is there
is copied until there are as many posts as wished: a tenth of them in one long thread, the others
fifty a thread, each with its wording, its event and its entry in the record; every member has
opened every second thread. Printed are milliseconds of processor time, medians, and how they grow.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from benchmarks import people
from community import config, create_app
from community.kernel import migrations, unit_of_work
from community.kernel.db import db
from community.spaces.models import Membership
from community.threads import services
from community.threads.services import Published

MEMBERS, A_THREAD, LONG_SHARE = 20, 50, 10
ROOM = 1_000  # numbers left free for the replies that are measured
WORDS = "\n\n".join(
    ["In my clinic I begin with the lowest dose and ask for the pressure while standing."] * 4
)
COUNT = "with recursive n(i) as (select :first union all select i + 1 from n where i < :last) "
# Post i of the copy: in the long thread where i is divisible by LONG_SHARE, else fifty a thread.
THREAD_OF = (
    "(case when i % :long = 0 then :first_thread else :first_thread + 1 + i / :a_thread end)"
)


def main() -> None:
    """Grow the space and measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 30_000, 1_000_000])
    parser.add_argument("--times", type=int, default=30, help="each page is asked for")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        app = _program(Path(folder))
        first = _fill(app)
        found: dict[str, list[float]] = {}
        for number, posts in enumerate(options.posts):
            _grow(app, first, options.posts[number - 1] + ROOM if number else 1, posts)
            for name, cost in _measure(app, first, options.times, who=number).items():
                found.setdefault(name, []).append(cost)
    print(f"{'ms':24}" + "".join(f"{posts:>12,}" for posts in options.posts) + "      growth")
    for name, costs in found.items():
        row = "".join(f"{cost:12.1f}" for cost in costs)
        print(f"{name:24}{row}{costs[-1] / costs[0]:12.2f}")


def _program(folder: Path) -> Flask:
    environ = {
        **os.environ,
        "COMMUNITY_MODE": "production",
        "COMMUNITY_SECRET_KEY": secrets.token_urlsafe(32),
        "COMMUNITY_DATA_DIR": str(folder),
        "COMMUNITY_DATABASE_URL": "",
        "COMMUNITY_BASE_URL": "http://localhost",
        "COMMUNITY_REDIS_URL": "",
    }
    app = create_app(config.load(environ))
    people.open_door(app)
    return app


def _fill(app: Flask) -> int:
    """Make the space and its first thread, which all others are copied from; return its id."""
    with app.app_context():
        migrations.upgrade()
        with unit_of_work.transaction():
            ids = [place.id for place in people.fill_space(MEMBERS)]
        with unit_of_work.transaction():
            place = db.session.get_one(Membership, ids[1])
            opened = services.start_thread(
                actor=place.member, membership=place, title="How do you begin?", text=WORDS,
                client_key="first",
            )  # fmt: skip
            assert isinstance(opened, Published)
            thread_id = opened.post.thread.id
        db.session.remove()
    return thread_id


def _grow(app: Flask, first_thread: int, first: int, last: int) -> None:
    values = {
        "first": first, "last": last, "long": LONG_SHARE, "a_thread": A_THREAD,
        "first_thread": first_thread, "members": MEMBERS,
    }  # fmt: skip
    with app.app_context(), db.engine.begin() as connection:
        for statement in STATEMENTS:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(sa.text(statement), used)


def _columns(table: str, **given: str) -> str:
    """Return an insert of a copy of the first row of a table, some columns given anew."""
    names = [column.name for column in db.metadata.tables[table].columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    chosen = ", ".join(given.get(name, f'one."{name}"') for name in names)
    key = next(iter(db.metadata.tables[table].primary_key.columns)).name
    one = f"(select * from {table} order by {key} limit 1) as one"  # noqa: S608 - our own names
    return f"insert into {table} ({quoted}) {COUNT} select {chosen} from n, {one}"  # noqa: S608


AUTHOR = "(select min(id) from member) + i % :members"
POST = "(select min(id) from post) + i"
STATEMENTS = (
    _columns("thread", id=":first_thread + 1 + i / :a_thread", author_id=AUTHOR, last_number="0",
             news_at="strftime('%Y-%m-%d %H:%M:%f000', one.news_at, '-' || i || ' seconds')")
    + " where i % :a_thread = 0 or i = :first on conflict do nothing",
    _columns(
        "post", id=POST, thread_id=THREAD_OF, author_id=AUTHOR, client_key="'post-' || i",
        number="1 + (case when i % :long = 0 then i / :long else i % :a_thread end)",
    ),
    _columns("revision", id="(select min(id) from revision) + i", post_id=POST, editor_id=AUTHOR),
    _columns(
        "event", seq="(select max(seq) from event) + 1 + i - :first", thread_id=THREAD_OF,
        subject_id=POST,
    ),
    "update stream set seq = (select max(seq) from event)",
    _columns("audit_entry", seq="(select max(seq) from audit_entry) + 1 + i - :first"),
    "update audit_head set seq = (select max(seq) from audit_entry)",
    """update thread set last_number =
        (select coalesce(max(number), 0) from post where thread_id = thread.id)""",
    """insert into read_position (member_id, thread_id, number, at)
        select member.id, thread.id, thread.last_number, thread.created_at from thread, member
        where thread.id % 2 = 0 on conflict do nothing""",
)  # fmt: skip


def _measure(app: Flask, first_thread: int, times: int, *, who: int) -> dict[str, float]:
    client = app.test_client()
    token = client.get(f"/bench/sign-in/{who}").get_json()["csrf"]
    with app.app_context():
        head = db.session.scalar(sa.text("select seq from stream"))
        last = db.session.scalar(sa.text("select max(id) from thread"))
        db.session.remove()

    def read(path: str) -> Callable[[], None]:
        def ask() -> None:
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

        return ask

    def reply() -> None:
        answer = client.post(
            f"/threads/{last - 1}/posts",
            json={"text": WORDS, "client_key": str(uuid.uuid4())},
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )
        assert answer.status_code == 201, answer.text

    asked = {
        "home": read("/"),
        "space": read("/spaces/bench"),
        "thread, short": read(f"/threads/{last - 1}"),
        "thread, long, its end": read(f"/threads/{first_thread}"),
        "thread, long, its start": read(f"/threads/{first_thread}?from=2"),
        "stream, 10 events": read(f"/spaces/bench/stream?after={head - 10}"),
        "reply": reply,
    }
    return {name: _median(ask, min(times, 15) if name == "reply" else times)
            for name, ask in asked.items()}  # fmt: skip


def _median(ask: Callable[[], None], times: int) -> float:
    ask()
    costs = []
    for _ in range(times):
        begun = time.process_time()
        ask()
        costs.append((time.process_time() - begun) * 1e3)
    return statistics.median(costs)


if __name__ == "__main__":
    main()
