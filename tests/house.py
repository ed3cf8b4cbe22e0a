"""One program a kind of database and process: putting it together costs more than most tests.

Between two tests its database and its folder are made anew at the same places, and what the
program knows in memory (tries counted, sockets, who is where) is forgotten.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from community import create_app
from community.config import Settings
from community.kernel import kept_answers, kept_pages
from community.kernel.db import db
from community.kernel.sockets import Sockets
from tests.stage import hurry

_programs: dict[Settings, Flask] = {}


def emptied(folder: Path) -> Path:
    """Give a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@contextmanager
def program_with(settings: Settings) -> Iterator[Flask]:
    """Give the program with these settings as if it had just been started."""
    if settings not in _programs:
        _programs[settings] = _made(settings)
    app = _programs[settings]
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        forget(app)


def _made(settings: Settings) -> Flask:
    app = create_app(settings)
    hurry(app)
    return app


def forget(app: Flask) -> None:
    """Let a program know nothing any more that it keeps in memory."""
    kept_pages.forget(app)
    kept_answers.forget(app)
    app.extensions["limiter"].storage.reset()
    live = app.extensions["realtime"]
    live.close()
    live.sockets = Sockets()
    live.kept.clear()
    live.unseated.clear()
    live.day = None
