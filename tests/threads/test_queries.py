"""Pages of threads and posts: whole, in order, both ways, without holes or doubles."""

from __future__ import annotations

from datetime import datetime, timedelta

from community.kernel import clock
from community.threads import queries, services
from community.threads.models import Thread
from tests.stage import Stage
from tests.threads.said import HELD, STAFF_HELD


def a_long_thread(stage: Stage, posts: int = 103) -> Thread:
    thread = stage.start("amara")
    for number in range(2, posts + 1):
        services.publish_post(
            actor=stage.member("amara"),
            membership=stage.membership("amara"),
            thread=thread,
            text=f"Post {number}.",
            client_key=f"key-{number}",
        )
    stage.commit()
    return thread


def test_posts_are_paged_forwards_and_backwards_to_the_same_whole(stage: Stage) -> None:
    thread = a_long_thread(stage)
    forwards, start = [], 1
    while True:
        page = queries.posts_page(thread=thread, from_number=start)
        assert page.has_before is (start > 1)
        forwards += [row.number for row in page.rows]
        if not page.has_after:
            break
        start = page.rows[-1].number + 1
    assert forwards == list(range(1, 104))
    backwards: list[int] = []
    end = thread.last_number + 1
    while True:
        page = queries.posts_page(thread=thread, before_number=end)
        assert page.has_after is (end <= thread.last_number)
        backwards = [row.number for row in page.rows] + backwards
        if not page.has_before:
            break
        end = page.rows[0].number
    assert backwards == forwards


def test_a_page_beyond_the_end_is_empty_and_says_so(stage: Stage) -> None:
    thread = stage.start("amara")
    page = queries.posts_page(thread=thread, from_number=10**15)
    assert page.rows == ()
    assert not page.has_after


def test_threads_are_paged_by_their_news_both_ways(stage: Stage) -> None:
    start = clock.now() - timedelta(days=3)
    for number in range(65):  # pairs with the same moment: the id decides
        stage.start("amara", title=f"Thread {number}", at=start + timedelta(minutes=number // 2))
    viewer, space = stage.member("bruno"), stage.space()

    def key(row: queries.ThreadRow) -> tuple[datetime, int]:
        return row.news_at, row.id

    pages = [queries.threads_page(viewer=viewer, space=space)]
    while pages[-1].has_after:
        pages.append(
            queries.threads_page(viewer=viewer, space=space, before=key(pages[-1].rows[-1]))
        )
    keys = [key(row) for page in pages for row in page.rows]
    assert len(set(keys)) == 65
    assert keys == sorted(keys, reverse=True)
    back = queries.threads_page(viewer=viewer, space=space, after=key(pages[1].rows[0]))
    assert [row.id for row in back.rows] == [row.id for row in pages[0].rows]
    assert not back.has_before


def test_a_thread_with_news_is_unread_until_it_was_read(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("mika", thread)
    bruno, space = stage.member("bruno"), stage.space()
    assert queries.unread_counts(viewer=bruno, space_ids=[space.id]) == {space.id: 1}
    assert queries.get_thread_row(viewer=bruno, thread_id=thread.id).unread == 2
    services.note_read(actor=bruno, thread=thread, number=2)
    stage.commit()
    assert queries.unread_counts(viewer=bruno, space_ids=[space.id]) == {}
    stage.reply("mika", thread)
    assert queries.get_thread_row(viewer=bruno, thread_id=thread.id).unread == 1


def test_held_texts_count_for_nobody(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("rosa", thread, STAFF_HELD)
    stage.try_start("rosa", HELD)
    bruno, space = stage.member("bruno"), stage.space()
    assert queries.get_thread_row(viewer=bruno, thread_id=thread.id).unread == 1
    assert queries.unread_counts(viewer=bruno, space_ids=[space.id]) == {space.id: 1}
    assert len(queries.posts_page(thread=thread).rows) == 1


def test_five_posts_stand_around_a_text_that_is_decided(stage: Stage) -> None:
    thread = a_long_thread(stage, posts=8)
    held = stage.reply("rosa", thread, STAFF_HELD)
    around = queries.context_around(post=held)
    assert [view.number for view in around] == [4, 5, 6, 7, 8]
