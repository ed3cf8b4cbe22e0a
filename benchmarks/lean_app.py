"""A yardstick: a forum's page and reply with nothing around them, on Flask, gevent and SQLite.

A signed cookie says who asks, two small statements read the member and the thread, and the HTML of
the 20 posts is kept by the thread's version. A reply is two statements and a commit that waits for
the disk. There is no access, no sanitizing, no proof and no news: it is what such a page costs at
least, written as the product would be if it were nothing else.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import gevent
import sqlalchemy as sa
from flask import Flask, jsonify, request, session
from flask.typing import ResponseReturnValue

POSTS, PARAGRAPHS = 20, 4
PARAGRAPH = (
    "<p>In my clinic I begin with the lowest dose and ask for the <strong>pressure while standing"
    "</strong> after two weeks; only then do I go on. What do you do with people above eighty?</p>"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ thread.title }}</title></head>
<body><header><nav>
{% for room in rooms %}<a href="/rooms/{{ room }}">{{ room }}</a>{% endfor %}
</nav><p>{{ member.name }}</p></header>
<main><h1>{{ thread.title }}</h1><ol>{{ posts | safe }}</ol>
<form method="post" action="/reply"><textarea name="text"></textarea><button>Reply</button></form>
</main><footer>{% for room in rooms %}<p>{{ room }}</p>{% endfor %}</footer></body></html>"""
POST = """{% for post in posts %}
<li><article id="post-{{ post.id }}" data-number="{{ post.number }}"><header>
<h3><a href="/members/{{ post.author }}">{{ post.author }}</a></h3><time>{{ post.at }}</time>
<a href="/posts/{{ post.id }}">#{{ post.number }}</a></header>
<div class="prose">{{ post.html | safe }}</div>
<footer><a href="#reply">Reply</a><a href="/posts/{{ post.id }}/edit">Edit</a></footer>
</article></li>{% endfor %}"""
ROOMS = tuple(f"Room {number}" for number in range(8))

_schema = sa.MetaData()
member = sa.Table(
    "member", _schema, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text)
)
thread = sa.Table(
    "thread", _schema, sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.Text),
    sa.Column("version", sa.Integer), sa.Column("last_number", sa.Integer),
)  # fmt: skip
post = sa.Table(
    "post", _schema, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("thread_id", sa.Integer), sa.Column("number", sa.Integer),
    sa.Column("author", sa.Text), sa.Column("at", sa.Text), sa.Column("html", sa.Text),
)  # fmt: skip

READ_MEMBER = sa.select(member.c.name).where(member.c.id == sa.bindparam("id"))
READ_THREAD = sa.select(thread).where(thread.c.id == sa.bindparam("id"))
READ_POSTS = sa.select(post).where(post.c.thread_id == sa.bindparam("id")).limit(POSTS)
COUNT = (
    sa.update(thread)
    .where(thread.c.id == sa.bindparam("thread"))
    .values(last_number=thread.c.last_number + 1)
    .returning(thread.c.last_number)
)

_drawn: dict[tuple[int, int], str] = {}


def create() -> Flask:
    """Make it on an empty database, with one thread."""
    app = Flask(__name__)
    app.secret_key = os.environ["COMMUNITY_SECRET_KEY"]
    engine = sa.create_engine(f"sqlite:///{Path(os.environ['COMMUNITY_DATA_DIR']) / 'lean.db'}")
    page_template, posts_template = map(app.jinja_env.from_string, (PAGE, POST))
    sa.event.listen(engine, "connect", _set_pragmas)
    _schema.create_all(engine)
    with engine.begin() as connection:
        _fill(connection)

    @app.before_request
    def take_turns() -> None:
        gevent.sleep(0)

    @app.get("/bench/sign-in/<int:number>")
    def sign_in(number: int) -> ResponseReturnValue:
        session["member"] = number + 1
        return jsonify(csrf="")

    @app.get("/threads/<int:thread_id>")
    def page(thread_id: int) -> ResponseReturnValue:
        with engine.connect() as connection:
            who = connection.execute(READ_MEMBER, {"id": session["member"]}).one()
            found = connection.execute(READ_THREAD, {"id": thread_id}).one()
            drawn = _drawn.get((found.id, found.version))
            if drawn is None:
                posts = connection.execute(READ_POSTS, {"id": thread_id}).all()
                drawn = posts_template.render(posts=posts)
                _drawn[found.id, found.version] = drawn
        return page_template.render(thread=found, member=who, posts=drawn, rooms=ROOMS)

    @app.post("/threads/<int:thread_id>/posts")
    def reply(thread_id: int) -> ResponseReturnValue:
        with engine.begin() as connection:
            number = connection.execute(COUNT, {"thread": thread_id}).scalar_one()
            said = {
                "thread_id": thread_id,
                "number": number,
                "author": f"Dr Writer {session['member']}",
                "at": "2026-01-01",
                "html": request.get_json()["text"],
            }
            connection.execute(sa.insert(post), said)
        return jsonify(number=number), 201

    return app


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=wal", "synchronous=full"):
        connection.execute(f"pragma {pragma}")


def _fill(connection: sa.Connection) -> None:
    connection.execute(
        sa.insert(member), [{"id": key, "name": f"Dr Writer {key}"} for key in range(1, 101)]
    )
    connection.execute(
        sa.insert(thread), {"id": 1, "title": "How?", "version": 1, "last_number": POSTS}
    )
    connection.execute(
        sa.insert(post),
        [
            {
                "thread_id": 1,
                "number": number,
                "author": f"Dr Writer {number % 5}",
                "at": "2026-01-01",
                "html": PARAGRAPH * PARAGRAPHS,
            }
            for number in range(1, POSTS + 1)
        ],
    )
