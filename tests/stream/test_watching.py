"""Who is told what, live: by which page they have open, and by what they may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from community.kernel import realtime, unit_of_work
from community.kernel.db import db
from community.members.models import Member
from community.spaces import realtime as spaces_realtime
from community.spaces.models import Membership, MembershipState
from community.spaces.realtime import Place, find_threads_with, tell_missed_with
from community.stream import queries as stream
from community.stream.models import Stream
from community.stream.services import append
from community.threads import news
from community.threads.fragments import render_posts
from community.threads.realtime import find_place
from tests.listening import Listener
from tests.stage import Stage, Visitor

UNSEEN = {"ok": False, "error": "not_found"}

Open = Callable[..., Listener]


@pytest.fixture
def opened(app: Flask, stage: Stage) -> Open:
    """Open a page as a member of the cast and watch."""

    def open_page(who: str, thread: int | None = None, slug: str = "cardiology") -> Listener:
        page = Listener(app, Visitor(app, who))
        answer = page.watch(stage.space(slug).id, thread)
        assert answer["ok"], answer
        return page

    return open_page


def test_a_post_reaches_who_reads_the_thread_whole_and_the_space_bare(
    stage: Stage, opened: Open
) -> None:
    thread, other = stage.start("amara"), stage.start("bruno")
    reader = opened("mika", thread.id)
    elsewhere, lobby = opened("bruno", other.id), opened("rosa")
    outside = opened("ines", slug="neurology")
    post = stage.reply("amara", thread, "Halve the dose **first**.")
    (whole,) = reader.heard("event")
    (bare,) = elsewhere.heard("event")
    assert f'id="post-{post.id}"' in whole.pop("html")
    assert "<strong>first</strong>" not in str(bare)
    assert "html" not in bare
    assert whole == bare == lobby.heard("event")[0]
    head = stream.get_head(space_id=stage.space().id)
    assert bare == {
        "space": stage.space().id,
        "thread": thread.id,
        "seq": head.seq,
        "kind": "post",
        "id": post.id,
        "version": 1,
    }
    assert outside.heard("event") == []


def test_the_acknowledgement_says_where_the_line_ends(stage: Stage, opened: Open) -> None:
    thread = stage.start("amara")
    page = opened("mika")
    answer = page.watch(stage.space().id, thread.id)
    head = stream.get_head(space_id=stage.space().id)
    assert (answer["ok"], answer["head"], answer["generation"]) == (
        True,
        head.seq,
        head.generation,
    )


def test_the_acknowledgement_counts_what_came_while_the_page_was_let_in(
    stage: Stage, opened: Open
) -> None:
    thread, page = stage.start("amara"), opened("mika")
    space_id, thread_id = stage.space().id, thread.id

    def find_while_news_comes(viewer: Member, key: int) -> Place | None:
        append(space_id=space_id, thread_id=key, kind="post", subject_id=1, version=9)
        unit_of_work.commit()
        return find_place(viewer, key)

    find_threads_with(find_while_news_comes)
    try:
        answer = page.watch(space_id, thread_id)
    finally:
        find_threads_with(find_place)
    assert answer["head"] == stream.get_head(space_id=space_id).seq


def test_a_page_that_comes_back_is_told_what_it_missed_as_if_it_had_asked(
    app: Flask, stage: Stage, opened: Open
) -> None:
    thread, page = stage.start("amara"), opened("mika")
    space_id, before = stage.space().id, stream.get_head(space_id=stage.space().id).seq
    post = stage.reply("amara", thread, "Halve the dose **first**.")
    answer = page.watch(space_id, thread.id, before)
    asked = Visitor(app, "mika").get(f"/spaces/cardiology/stream?after={before}&thread={thread.id}")
    assert answer["missed"] == asked.get_json()
    assert [event["id"] for event in answer["missed"]["events"]] == [post.id]
    assert answer["head"] == answer["missed"]["head"] == before + 1
    assert page.watch(space_id, thread.id, answer["head"])["missed"]["events"] == []
    assert page.watch(space_id, thread.id, 99_999)["missed"]["reset"]
    assert "missed" not in page.watch(space_id, thread.id)


def test_the_page_of_a_space_that_nothing_has_happened_in_can_come_back(
    stage: Stage, opened: Open
) -> None:
    answer = opened("cora", slug="neurology").watch(stage.space("neurology").id, None, 0)
    assert (answer["ok"], answer["missed"]["events"]) == (True, [])


@pytest.mark.parametrize("after", [-1, 1.5, "1", True, 2**53])
def test_a_number_that_is_none_is_refused(stage: Stage, opened: Open, after: object) -> None:
    assert not opened("mika").watch(stage.space().id, None, after)["ok"]


def test_more_than_can_be_said_in_one_breath_is_left_to_be_asked_for(
    stage: Stage, opened: Open
) -> None:
    thread, page = stage.start("amara"), opened("mika")
    head = stream.get_head(space_id=stage.space().id).seq
    words = "word " * 3_500
    for _ in range(1 + spaces_realtime.MOST_MISSED // len(words)):
        stage.reply("amara", thread, words)
    answer = page.watch(stage.space().id, thread.id, head)
    assert "missed" not in answer
    assert answer["head"] == stream.get_head(space_id=stage.space().id).seq > head


def test_who_is_removed_while_it_is_looked_up_is_told_nothing(stage: Stage, opened: Open) -> None:
    thread, page = stage.start("amara"), opened("mika")
    space_id = stage.space().id

    def look_up_while_they_are_removed(*asked: Any) -> str:
        db.session.execute(
            sa.update(Membership)
            .where(Membership.member_id == stage.member("mika").id)
            .values(state=MembershipState.REMOVED)
        )
        unit_of_work.commit()
        return news.since(*asked)

    tell_missed_with(look_up_while_they_are_removed)
    try:
        assert page.watch(space_id, thread.id, 0) == UNSEEN
    finally:
        tell_missed_with(news.since)


@pytest.mark.parametrize("who", ["ines", "ada", "safi", "gone"])
def test_what_one_may_not_see_is_answered_as_if_it_were_not(
    app: Flask, stage: Stage, who: str
) -> None:
    thread = stage.start("amara")
    page = Listener(app, Visitor(app, who))
    space_id = stage.space().id
    assert page.watch(space_id) == UNSEEN == page.watch(99_999)
    assert page.watch(space_id, thread.id) == UNSEEN == page.watch(space_id, 99_999)
    assert page.watch(space_id, thread.id, 0) == UNSEEN == page.watch(space_id, None, 0)
    stage.reply("amara", thread)
    assert page.heard("event") == []


def test_a_thread_is_watched_in_its_own_space_only(app: Flask, stage: Stage, opened: Open) -> None:
    thread = stage.start("cora", slug="neurology")
    page = opened("cora")
    assert page.watch(stage.space("cardiology").id, thread.id) == UNSEEN
    assert page.watch(stage.space("neurology").id, thread.id)["ok"]


def test_a_thread_that_waits_for_a_person_is_watched_by_its_author_alone(
    stage: Stage, opened: Open
) -> None:
    thread = stage.start("amara")
    thread.last_number = 0
    unit_of_work.commit()
    space_id = stage.space().id
    author, other = opened("amara"), opened("bruno")
    assert author.watch(space_id, thread.id)["ok"]
    assert other.watch(space_id, thread.id) == UNSEEN


def test_going_to_another_page_leaves_the_one_before(stage: Stage, opened: Open) -> None:
    first, second = stage.start("amara"), stage.start("bruno")
    page = opened("mika", first.id)
    assert page.watch(stage.space().id, second.id)["ok"]
    page.heard("event")
    stage.reply("amara", first)
    (event,) = page.heard("event")
    assert "html" not in event


# --- losing access ------------------------------------------------------------------------------


def remove(stage: Stage, who: str) -> None:
    """End a place in the space as its service does, but tell no socket to close."""
    membership = stage.membership(who)
    membership.state = MembershipState.REMOVED
    append(
        space_id=membership.space_id,
        kind="members",
        subject_id=membership.member_id,
        version=2,
        revokes=True,
    )
    unit_of_work.commit()


def test_whoever_loses_the_space_hears_nothing_from_that_commit_on(
    stage: Stage, opened: Open
) -> None:
    thread = stage.start("amara")
    removed, stays = opened("bruno", thread.id), opened("mika", thread.id)
    remove(stage, "bruno")
    stage.reply("amara", thread)
    assert removed.heard("event") == []
    assert not removed.is_connected
    assert [event["kind"] for event in stays.heard("event")] == ["members", "post"]


def test_a_socket_in_a_room_of_before_hears_nothing_even_if_it_is_never_closed(
    stage: Stage, opened: Open, app: Flask
) -> None:
    thread = stage.start("amara")
    kept = opened("bruno", thread.id)
    # As if this process had missed the word about the removal:
    db.session.execute(
        sa.update(Membership)
        .where(Membership.member_id == stage.member("bruno").id)
        .values(state=MembershipState.REMOVED)
    )
    db.session.execute(sa.update(Stream).values(generation=Stream.generation + 1))
    unit_of_work.commit()
    stage.reply("amara", thread)
    assert kept.heard("event") == []


def test_many_sockets_of_a_member_watch_no_more_often_than_one_and_others_are_not_held_up(
    stage: Stage, opened: Open
) -> None:
    space_id = stage.space().id
    pages = [opened("mika") for _ in range(10)]
    often = int(spaces_realtime.WATCHES.split()[0]) - len(pages)
    answers = [pages[number % 10].watch(space_id) for number in range(often)]
    assert all(answer["ok"] for answer in answers)
    for page in pages:
        assert page.watch(space_id) == {"ok": False, "error": "too_many"}
        assert page.is_connected, "what it has is not taken from it"
    assert opened("bruno").watch(space_id)["ok"]


def test_nobody_can_enter_a_room_by_its_name(stage: Stage, opened: Open, app: Flask) -> None:
    thread = stage.start("amara")
    outsider = Listener(app, Visitor(app, "ines"))
    for event in ("join", "enter_room", "subscribe", "watch"):
        outsider.say(event, {"room": f"{stage.space().id}:1:{thread.id}:en"})
    stage.reply("amara", thread)
    assert outsider.heard("event") == []


def test_a_missed_word_about_lost_access_is_made_good_by_the_next_look(
    stage: Stage, opened: Open
) -> None:
    thread = stage.start("amara")
    removed, stays = opened("bruno", thread.id), opened("mika", thread.id)
    db.session.execute(
        sa.update(Membership)
        .where(Membership.member_id == stage.member("bruno").id)
        .values(state=MembershipState.REMOVED)
    )
    db.session.execute(sa.update(Stream).values(generation=Stream.generation + 1))
    unit_of_work.commit()
    spaces_realtime.look()
    assert not removed.is_connected
    stage.reply("amara", thread)
    assert [event["kind"] for event in stays.heard("event")] == ["post"]


# --- what gets lost -----------------------------------------------------------------------------


def test_news_that_another_program_wrote_is_told_by_the_next_look(
    stage: Stage, opened: Open
) -> None:
    page = opened("mika")
    spaces_realtime.look()
    page.heard("head")
    db.session.execute(sa.update(Stream).values(seq=Stream.seq + 3))
    unit_of_work.commit()
    spaces_realtime.look()
    (head,) = page.heard("head")
    now = stream.get_head(space_id=stage.space().id)
    assert head == {
        "space": stage.space().id,
        "seq": now.seq,
        "generation": now.generation,
    }
    spaces_realtime.look()
    assert page.heard("head") == [], "told once"


def test_a_failing_fragment_costs_neither_the_write_nor_the_others(
    stage: Stage, opened: Open
) -> None:
    thread = stage.start("amara")
    page = opened("mika", thread.id)

    def fail(_ids: list[int], _language: str) -> dict[int, str]:
        raise RuntimeError

    realtime.register_renderer("post", fail)
    try:
        post = stage.reply("amara", thread)
    finally:
        realtime.register_renderer("post", render_posts)
    (event,) = page.heard("event")
    assert event["id"] == post.id
    assert "html" not in event, "the page asks for what it says"


# --- presence and typing ------------------------------------------------------------------------


def test_a_page_says_who_is_there(stage: Stage, opened: Open) -> None:
    thread = stage.start("amara")
    mika, rosa = opened("mika", thread.id), opened("rosa", thread.id)
    lobby = opened("bruno")
    spaces_realtime.show_presence()
    here = mika.heard("presence")[-1]
    assert {(m["name"], m["company"]) for m in here["members"]} == {
        ("Dr Mika Lindqvist", False),
        ("Dr Rosa Bianchi", True),
    }
    assert (here["thread"], here["count"]) == (thread.id, 2)
    assert lobby.heard("presence")[-1]["count"] == 3
    rosa.socket.disconnect()
    assert mika.watch(stage.space().id, thread.id)["here"]["count"] == 1


def test_two_pages_of_one_member_are_one_person(stage: Stage, opened: Open) -> None:
    opened("mika")
    page = opened("mika")
    answer = page.watch(stage.space().id)
    assert answer["here"]["count"] == 1


def test_the_others_in_the_thread_see_that_somebody_writes(stage: Stage, opened: Open) -> None:
    thread, other = stage.start("amara"), stage.start("bruno")
    writer, second_tab = opened("amara", thread.id), opened("amara", thread.id)
    reader, elsewhere = opened("mika", thread.id), opened("mika", other.id)
    assert writer.say("typing", {}) == {"ok": True}
    (typing,) = reader.heard("typing")
    assert typing["member"]["name"] == "Dr Amara Okafor"
    assert (typing["space"], typing["thread"]) == (stage.space().id, thread.id)
    for silent in (writer, second_tab, elsewhere):
        assert silent.heard("typing") == []
    for page in (writer, second_tab):
        page.say("typing", {})
        assert reader.heard("typing") == [], "at most every two seconds, by all pages of a member"


def test_whoever_may_not_write_is_not_shown_writing(stage: Stage, opened: Open) -> None:
    thread = stage.start("amara")
    paused, reader = opened("sven", thread.id), opened("mika", thread.id)
    assert paused.say("typing", {}) == {"ok": False, "error": "read_only"}
    lobby = opened("bruno")
    assert lobby.say("typing", {}) == UNSEEN
    assert reader.heard("typing") == []
