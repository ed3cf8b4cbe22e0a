"""The program with two doors that only a benchmark needs: sign in at once, and cause news."""

from __future__ import annotations

import os
import secrets

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from benchmarks import people
from community import create_app
from community.kernel import migrations, unit_of_work, web
from community.kernel.db import db
from community.kernel.realtime import register_renderer
from community.spaces.realtime import Place, find_threads_with
from community.stream.services import append

SPACE = THREAD = 1
HTML = "<li>" + "A post of about a kilobyte, as long as most are. " * 20 + "</li>"


def create() -> Flask:
    """Make the program on an empty database with as many readers as asked for."""
    app = create_app()
    with app.app_context():
        migrations.upgrade()
        with unit_of_work.transaction():
            people.fill_space(int(os.environ["BENCH_READERS"]))
        db.session.remove()
    people.open_door(app)
    app.add_url_rule("/bench/news/<int:count>", view_func=web.public(_cause_news))
    find_threads_with(lambda _viewer, _thread: Place(SPACE, may_write=True))
    register_renderer("post", lambda ids, _language: dict.fromkeys(ids, HTML))
    return app


def _cause_news(count: int) -> ResponseReturnValue:
    for _ in range(count):
        append(
            space_id=SPACE,
            thread_id=THREAD,
            kind="post",
            subject_id=secrets.randbelow(1 << 30),
            version=1,
        )
        unit_of_work.commit()
    return jsonify(ok=True)
