"""The demo fills: who tries the product for the first time sees the room as it was written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from community import create_app
from community.demo import content
from community.demo.filling import HELD_DRAFTS
from community.kernel import clock
from community.kernel.db import db
from community.threads.models import Post, PostState, Thread
from tests.stage import settings_for


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, str]:
    """The demo community in a folder of its own, and what the command said."""
    folder = tmp_path_factory.mktemp("demo")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("COMMUNITY_")}
    done = subprocess.run(
        [Path(sys.executable).parent / "community", "demo", "--no-serve"],
        env=kept | {"COMMUNITY_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (database,) = folder.glob("*.sqlite3")
    return create_app(settings_for(f"sqlite:///{database}", folder)), done.stdout


def test_everybody_of_the_cast_gets_a_link(filled: tuple[Flask, str]) -> None:
    _app, said = filled
    assert said.count("/sign-in/link/") == len([p for p in content.cast() if "roles" in p])


def test_only_what_is_written_to_wait_waits(filled: tuple[Flask, str]) -> None:
    app, _said = filled
    written = {
        (saying.thread["title"], saying.post["text"])
        for saying in content.sayings(clock.now())
        if saying.expects.get("outcome") in {"hold", "block"} or "state" in saying.post
    }
    with app.app_context():
        waiting = db.session.execute(
            sa.select(Thread.title, Post.text)
            .join(Post.thread)
            .where(Post.state.in_([PostState.HELD, PostState.RETURNED]))
        )
        unexpected = {(title, text) for title, text in waiting} - written
    drafts = {text for _author, _minutes, text in HELD_DRAFTS}
    assert [text for _title, text in unexpected if text not in drafts] == []
