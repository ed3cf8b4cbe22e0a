"""Rows that are written past the part of SQLAlchemy that looks after objects."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel import clock, rows
from community.kernel.db import db
from community.kernel.unit_of_work import commit, rollback
from community.members.models import Credential, Member
from community.spaces.models import Membership
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


_PLACE = (
    sa.select(*rows.columns_of(Membership, Member, Credential), Membership.id + 1)
    .select_from(Membership)
    .join(Member, Member.id == Membership.member_id)
    .outerjoin(Credential, Credential.member_id == Member.id)
    .where(Membership.id == sa.bindparam("id"))
)
_MODELS = (Membership, Member, Credential)


def place_of(stage: Stage, name: str) -> int:
    return stage.membership(name).id


def test_rows_come_as_the_session_would_give_them(stage: Stage) -> None:
    key = place_of(stage, "amara")
    commit()
    db.session.expunge_all()
    ((*found, more),) = rows.objects(_PLACE, {"id": key}, *_MODELS)
    assert more == key + 1
    for each in found:
        table, kind = rows.table_of(type(each)), type(each)
        held = db.session.execute(sa.select(table).where(table.c.id == each.id)).one()
        assert {name: vars(each)[name] for name in held._asdict()} == held._asdict()
        assert db.session.get(kind, each.id) is each
        assert each not in db.session.dirty


def test_what_an_outer_join_did_not_find_is_nothing(stage: Stage) -> None:
    ((place, member, credential, _),) = rows.objects(
        _PLACE, {"id": place_of(stage, "rosa")}, *_MODELS
    )
    assert (place.member_id, credential) == (member.id, None)
    assert rows.objects(_PLACE, {"id": -1}, *_MODELS) == []


def test_a_row_that_was_taken_up_is_changed_like_any_other(stage: Stage) -> None:
    key = place_of(stage, "amara")
    db.session.expunge_all()
    ((place, member, _, _),) = rows.objects(_PLACE, {"id": key}, *_MODELS)
    assert place.member is member
    member.job = "Head of the ward"
    commit()
    assert db.session.scalar(sa.select(Member.job).where(Member.id == member.id)) == member.job
    member.job = "Nobody"
    rollback()
    assert member.job == "Head of the ward"


def test_what_is_at_hand_stays_as_it_is_there(stage: Stage) -> None:
    amara, key = stage.member("amara"), place_of(stage, "amara")
    table = rows.table_of(Member)
    rows.write(sa.update(table).where(table.c.id == amara.id).values(job="Changed elsewhere"))
    before = amara.job
    rows.objects(_PLACE, {"id": key}, *_MODELS)
    assert amara.job == before != "Changed elsewhere"


def test_what_the_session_had_forgotten_is_not_asked_for_again(stage: Stage) -> None:
    amara, key = stage.member("amara"), place_of(stage, "amara")
    commit()
    assert "name" not in vars(amara)
    rows.objects(_PLACE, {"id": key}, *_MODELS)
    assert vars(amara)["name"]


def test_a_link_is_said_only_where_nothing_is_known(stage: Stage) -> None:
    thread = stage.start("amara")
    rows.link(thread, "author", stage.member("bruno"))
    assert thread.author is stage.member("amara")
    commit()
    rows.link(thread, "author", stage.member("amara"))
    assert vars(thread)["author"] is stage.member("amara")
    assert thread not in db.session.dirty
