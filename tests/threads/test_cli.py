"""Importing at the console: what is read, what is said, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from community.kernel.db import db
from community.threads.cli import import_threads
from community.threads.models import Post
from tests.stage import Stage
from tests.threads.said import BLOCKED


@pytest.fixture
def console(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A console on the database of this test."""
    monkeypatch.setenv("COMMUNITY_MODE", "development")
    monkeypatch.setenv("COMMUNITY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMMUNITY_DATABASE_URL", database_url)
    return CliRunner()


def line(name: str = "t1", *texts: str, **more: Any) -> bytes:
    posts = [{"author": "a", "created": "2015-01-27T20:09:32.720", "text": t} for t in texts]
    return json.dumps({"id": name, "title": "A title", "posts": posts, **more}).encode()


def bring(console: CliRunner, folder: Path, *lines: bytes, slug: str = "cardiology") -> Result:
    file = folder / "threads.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    return console.invoke(import_threads, [str(file), "--space", slug])


def count_posts() -> int | None:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(Post.id)))


def test_a_clean_file_ends_with_zero_and_a_line_that_sums_up(
    console: CliRunner, stage: Stage, tmp_path: Path
) -> None:
    done = bring(console, tmp_path, line("t1", "One.", "Two."), b"", line("t2", "Three."))
    assert done.exit_code == 0, done.output
    assert "2 threads read: 3 posts brought in, 0 held, 0 there already" in done.stdout
    assert done.stderr == ""
    assert count_posts() == 3


def test_what_was_refused_is_listed_and_ends_with_one(
    console: CliRunner, stage: Stage, tmp_path: Path
) -> None:
    done = bring(console, tmp_path, line("t1", "One.", BLOCKED))
    assert done.exit_code == 1
    assert "t1, post 2: Blocked by the guardrails: privacy.birth-and-numbers." in done.stdout
    assert count_posts() == 1


BAD_LINES = {
    "not JSON": b"{",
    "deep": b"[" * 100_000,
    "not UTF-8": b"\xff\xfe{}",
    "not an object": b"[1]",
    "no posts": b'{"id": "x", "title": "t", "posts": []}',
    "posts is no list": b'{"id": "x", "title": "t", "posts": {"a": 1}}',
    "no id": b'{"title": "t", "posts": [{"author": "a", "text": "x"}]}',
    "id is true": line("x", "One.", id=True),
    "title is a number": line("x", "One.", title=7),
    "a post is text": line("x", posts=["One."]),
    "text is null": line("x", posts=[{"author": "a", "created": None, "text": None}]),
    "author is a list": line("x", posts=[{"author": [], "created": None, "text": "x"}]),
    "author is long": line("x", posts=[{"author": "a" * 256, "created": None, "text": "x"}]),
    "time is no time": line("x", posts=[{"author": "a", "created": "soon", "text": "x"}]),
    "time is a number": line("x", posts=[{"author": "a", "created": 5, "text": "x"}]),
    "time to come": line("x", posts=[{"author": "a", "created": "9998-01-01", "text": "x"}]),
    "time out of reach": line(
        "x", posts=[{"author": "a", "created": "0001-01-01T00:00:00+14:00", "text": "x"}]
    ),
}


@pytest.mark.parametrize("bad", list(BAD_LINES.values()), ids=list(BAD_LINES))
def test_a_bad_line_is_named_by_its_number_and_the_others_come_in(
    console: CliRunner, stage: Stage, tmp_path: Path, bad: bytes
) -> None:
    done = bring(console, tmp_path, line("t1", "One."), bad, line("t2", "Two."))
    assert done.exit_code == 1
    assert done.stderr.startswith("line 2: ")
    assert count_posts() == 2


def test_characters_that_no_database_takes_are_replaced(
    console: CliRunner, stage: Stage, tmp_path: Path
) -> None:
    said = b'{"id": 7, "title": "A", "posts": [{"author": 3, "text": "a\\u0000b \\ud800 c"}]}'
    assert bring(console, tmp_path, said).exit_code == 0
    db.session.rollback()
    assert db.session.scalars(sa.select(Post.text)).one() == "a\ufffdb \ufffd c"


def test_a_space_that_is_not_there_is_refused(
    console: CliRunner, stage: Stage, tmp_path: Path
) -> None:
    done = bring(console, tmp_path, line("t1", "One."), slug="nowhere")
    assert done.exit_code == 1
    assert "There is no space named 'nowhere'." in done.output


def test_without_a_space_or_a_file_it_is_called_wrongly(console: CliRunner) -> None:
    assert console.invoke(import_threads, ["nowhere.jsonl", "--space", "x"]).exit_code == 2
    assert console.invoke(import_threads, [__file__]).exit_code == 2
