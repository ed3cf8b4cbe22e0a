"""The program with a thread, and three doors that only a benchmark needs.

One signs a member in, one is an empty page, and by a header of its own a request asks that what
was drawn for earlier ones be forgotten first.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue

from benchmarks import people
from community import create_app
from community.kernel import kept_pages, migrations, templates, unit_of_work, web
from community.kernel.db import db
from community.spaces.models import Membership
from community.threads import fragments, services
from community.threads.services import Published

FEWEST, PARAGRAPHS, THREADS = 5, 3, 20
POSTS = int(os.environ.get("BENCH_POSTS", "20"))
FORGET = "X-Bench-Forget"
PAGES, ALL = "pages", "all"
WORDS = (
    "In my clinic I begin with the lowest dose and ask for the **pressure while standing** after "
    "two weeks; only then do I go on. What do you do with people above eighty?"
)


def create() -> Flask:
    """Make the program on an empty database with one long thread and many short ones."""
    app = create_app()
    with app.app_context():
        migrations.upgrade()
        with unit_of_work.transaction():
            writers = max(FEWEST, int(os.environ.get("BENCH_READERS", "0")))
            places = [place.id for place in people.fill_space(writers)]
        with unit_of_work.transaction():
            _talk([db.session.get_one(Membership, place) for place in places])
        db.session.remove()
    people.open_door(app)
    app.add_url_rule("/bench/empty", view_func=web.public(_empty))
    app.wsgi_app = _Forgetful(app)  # type: ignore[method-assign]
    return app


def _talk(places: list[Membership]) -> None:
    text = "\n\n".join([WORDS] * PARAGRAPHS)
    opened = [_start(places[1 + number % 4], text, number) for number in range(THREADS)]
    for number in range(2, POSTS + 1):
        place = places[1 + number % 4]
        services.publish_post(
            actor=place.member, membership=place, thread=opened[0].post.thread, text=text,
            client_key=f"post-{number}",
        )  # fmt: skip


def _start(place: Membership, text: str, number: int) -> Published:
    opened = services.start_thread(
        actor=place.member, membership=place, title=f"How do you begin, case {number}?", text=text,
        client_key=f"thread-{number}",
    )  # fmt: skip
    assert isinstance(opened, Published)
    return opened


def _empty() -> ResponseReturnValue:
    return ""


class _Forgetful:
    """The program, which forgets what was drawn for others where a request asks for that."""

    def __init__(self, app: Flask) -> None:
        self.app, self.program = app, app.wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        wanted = environ.get("HTTP_X_BENCH_FORGET")
        if wanted:
            kept_pages.forget(self.app)
        if wanted == ALL:
            fragments.forget()
            templates.forget_parts(self.app.jinja_env)
        return self.program(environ, start_response)
