"""Of two deeds on one row at once, the second builds on the first, and none is lost."""

from __future__ import annotations

import pytest

from community.kernel import unit_of_work
from community.kernel.db import db
from community.kernel.errors import Conflict
from community.threads import queries, services
from community.threads.models import Post, Thread
from tests.stage import Stage


def test_of_two_moderators_who_take_a_post_down_the_second_is_told(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    place = stage.membership("mika")
    assert post.state.value == "published"  # read before the other acts
    with stage.app.app_context(), unit_of_work.transaction():
        services.remove_post(
            actor=stage.member("mika"),
            membership=stage.membership("mika"),
            post=db.session.get_one(Post, post.id),
            reason="The first reason.",
        )
    with pytest.raises(Conflict):
        services.remove_post(
            actor=stage.member("mika"), membership=place, post=post, reason="The second."
        )
    unit_of_work.rollback()
    assert db.session.get_one(Post, post.id).removed_reason == "The first reason."


def test_a_pin_that_meets_a_new_post_is_newer_than_it(stage: Stage) -> None:
    thread = stage.start("amara")
    before = thread.version
    with stage.app.app_context():
        stage.reply("bruno", db.session.get_one(Thread, thread.id))
    services.pin_thread(
        actor=stage.member("mika"),
        membership=stage.membership("mika"),
        thread=thread,
        pinned=True,
    )
    stage.commit()
    assert thread.version == before + 2


def test_what_one_has_read_never_goes_back_though_two_windows_tell(stage: Stage) -> None:
    thread = stage.start("amara")
    for _ in range(3):
        stage.reply("amara", thread)
    reader = stage.member("bruno")
    assert queries.read_number(viewer=reader, thread=thread) == 0
    with stage.app.app_context(), unit_of_work.transaction():
        services.note_read(
            actor=stage.member("bruno"), thread=db.session.get_one(Thread, thread.id), number=4
        )
    services.note_read(actor=reader, thread=thread, number=2)
    stage.commit()
    assert queries.read_number(viewer=reader, thread=thread) == 4


def test_the_first_words_of_two_windows_do_not_overwrite_each_other(stage: Stage) -> None:
    thread = stage.start("amara")
    place = f"thread:{thread.id}"
    writer = stage.member("bruno")
    assert queries.find_draft(viewer=writer, place=place) is None
    with stage.app.app_context(), unit_of_work.transaction():
        services.save_draft(actor=stage.member("bruno"), place=place, text="one", seq=0)
    with pytest.raises(Conflict):
        services.save_draft(actor=writer, place=place, text="two", seq=0)
    unit_of_work.rollback()
    saved = services.save_draft(actor=stage.member("bruno"), place=place, text="three", seq=1)
    assert (saved.text, saved.seq) == ("three", 2)
