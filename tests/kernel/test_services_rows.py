"""Rows that are written past the part of SQLAlchemy that looks after objects."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel import clock, rows
from community.kernel.db import db
from community.kernel.unit_of_work import commit, rollback
from community.threads.models import Post, PostState, Revision, RevisionState, Thread
from tests.stage import Stage


def written(stage: Stage, thread: Thread, *, key: str) -> Post:
    author, now = stage.member("amara"), clock.now()
    post = Post(
        thread=thread, author=author, client_key=key, state=PostState.HELD, text="Words",
        html="<p>Words</p>", created_at=now,
    )  # fmt: skip
    wording = Revision(
        post=post, number=1, editor_id=author.id, text="Words", html="<p>Words</p>",
        created_at=now, state=RevisionState.HELD,
    )  # fmt: skip
    rows.insert(post, wording)
    return post


def test_a_row_that_was_inserted_is_read_back_whole(stage: Stage) -> None:
    thread = stage.start("amara")
    post = written(stage, thread, key="whole")
    held = {column.name: getattr(post, column.name) for column in rows.table_of(Post).columns}
    commit()
    found = db.session.execute(
        sa.select(rows.table_of(Post)).where(Post.client_key == "whole")
    ).one()
    assert found._asdict() == held
    assert found.thread_id == thread.id
    assert [wording.post_id for wording in post.revisions] == [found.id]


def test_a_row_that_was_inserted_can_be_changed_like_any_other(stage: Stage) -> None:
    post = written(stage, stage.start("amara"), key="changed")
    assert db.session.get(Post, post.id) is post
    post.text = "Other words"
    commit()
    text = db.session.scalar(sa.select(Post.text).where(Post.client_key == "changed"))
    assert text == "Other words"


def test_a_row_that_was_inserted_falls_with_its_transaction(stage: Stage) -> None:
    written(stage, stage.start("amara"), key="fallen")
    rollback()
    assert db.session.scalar(sa.select(Post.id).where(Post.client_key == "fallen")) is None


def test_a_row_that_fell_leaves_its_number_to_the_next(stage: Stage) -> None:
    thread = stage.start("amara")
    commit()
    fallen = written(stage, thread, key="fallen")
    rollback()
    assert fallen not in db.session
    post = written(stage, thread, key="kept")
    commit()
    assert db.session.get(Post, post.id) is post


def test_what_was_changed_before_is_written_before(stage: Stage) -> None:
    thread = stage.start("amara")
    thread.title = "Changed before"
    table = rows.table_of(Thread)
    same = sa.update(table).where(table.c.title == sa.bindparam("was"))
    changed = same.values(kind="question").returning(table.c.id)
    assert [row.id for row in rows.write(changed, {"was": "Changed before"})] == [thread.id]
