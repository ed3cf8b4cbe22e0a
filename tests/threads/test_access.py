"""Who may see, write and change what: every list equals its check, for every member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from community.kernel.access import Decision
from community.kernel.db import db
from community.kernel.errors import Forbidden, NotFound
from community.members import access as members
from community.members.models import Member
from community.reviews import access as reviews
from community.reviews.models import Review
from community.spaces import access as spaces
from community.spaces import queries as space_queries
from community.spaces.models import Membership, Space
from community.threads import access, services
from community.threads.models import Post, Thread
from tests.cast import CAST
from tests.stage import Stage
from tests.threads.said import BLOCKED, HELD, PLAIN, ROUTED, STAFF_HELD

READERS = {"amara", "bruno", "mika", "cora", "rosa", "nora", "pia", "sven"}


@dataclass
class Room:
    """A room with everything that somebody may not be allowed to see."""

    stage: Stage
    thread: Thread
    removed: Post
    held: Post
    held_thread: Thread


@pytest.fixture
def room(stage: Stage) -> Room:
    """A thread with a removed and a held post, one that waits, one elsewhere, and cases."""
    thread = stage.start("amara")
    removed = stage.reply("bruno", thread)
    services.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=removed, reason="No."
    )
    held = stage.reply("rosa", thread, STAFF_HELD)
    stage.reply("mika", thread, ROUTED)
    stage.try_reply("cora", thread, HELD)
    stage.try_reply("amara", thread, BLOCKED)
    stage.try_start("bruno", HELD)
    stage.start("ines", slug="neurology")
    waiting = db.session.scalars(sa.select(Thread).where(Thread.last_number == 0)).one()
    return Room(stage, thread, removed, held, waiting)


def place_of(viewer: Member, space_id: int) -> Membership | None:
    return space_queries.find_membership(viewer=viewer, space_id=space_id)


def test_each_list_holds_what_its_check_lets_see_and_nothing_else(room: Room) -> None:
    for who in CAST:
        compare_lists_and_checks(room.stage.member(who))


def compare_lists_and_checks(viewer: Member) -> None:
    session = db.session

    threads = set(session.scalars(sa.select(Thread).where(access.threads_visible_to(viewer))))
    assert threads == {
        each
        for each in session.scalars(sa.select(Thread))
        if access.may_see_thread(viewer, place_of(viewer, each.space_id), each)
    }
    listed = sa.select(Post).join(Post.thread).where(access.posts_visible_to(viewer))
    posts = set(session.scalars(listed))
    assert posts == {
        each
        for each in session.scalars(sa.select(Post))
        if access.may_see_post(viewer, place_of(viewer, each.thread.space_id), each)
    }
    cases = set(session.scalars(sa.select(Review).where(reviews.reviews_visible_to(viewer))))
    assert cases == {
        each
        for each in session.scalars(sa.select(Review))
        if reviews.may_see_review(viewer, place_of(viewer, each.space_id), each)
    }
    rooms = set(session.scalars(sa.select(Space).where(spaces.spaces_visible_to(viewer))))
    assert rooms == {
        each
        for each in session.scalars(sa.select(Space))
        if spaces.may_see_space(viewer, place_of(viewer, each.id), each)
    }
    people = set(session.scalars(sa.select(Member).where(members.members_visible_to(viewer))))
    assert people == {
        each for each in session.scalars(sa.select(Member)) if members.may_see_member(viewer, each)
    }


def those_who(room: Room, may: Callable[[Member, Membership | None], Decision]) -> set[str]:
    """Return who of the cast may."""
    found = set()
    for who in CAST:
        viewer = room.stage.member(who)
        if may(viewer, place_of(viewer, room.thread.space_id)):
            found.add(who)
    return found


def test_a_thread_is_seen_by_the_spaces_members_and_nobody_else(room: Room) -> None:
    assert those_who(room, lambda v, m: access.may_see_thread(v, m, room.thread)) == READERS


def test_a_held_post_is_seen_by_its_author_alone(room: Room) -> None:
    assert those_who(room, lambda v, m: access.may_see_post(v, m, room.held)) == {"rosa"}


def test_a_thread_that_waits_is_seen_by_its_author_alone(room: Room) -> None:
    waiting = room.held_thread
    assert those_who(room, lambda v, m: access.may_see_thread(v, m, waiting)) == {"bruno"}


def test_whoever_reads_may_reply_unless_paused(room: Room) -> None:
    may = those_who(room, lambda v, m: access.may_reply(v, m, room.thread))
    assert may == READERS - {"sven"}


def test_only_moderators_lock_and_put_back_what_they_took_down(room: Room) -> None:
    moderators = {"mika", "cora"}
    assert those_who(room, lambda v, m: access.may_moderate_thread(v, m, room.thread)) == moderators
    assert those_who(room, lambda v, m: access.may_restore_post(v, m, room.removed)) == moderators


def test_nobody_posts_for_the_company_without_a_role_that_readers_see(room: Room) -> None:
    rosa = room.stage.member("rosa")
    rosa.job = ""
    answer = access.may_reply(rosa, room.stage.membership("rosa"), room.thread)
    assert (bool(answer), answer.code) == (False, "no_role")


def test_a_paused_member_is_told_until_when_and_why(stage: Stage) -> None:
    thread = stage.start("amara")
    with pytest.raises(Forbidden) as refused:
        stage.try_reply("sven", thread, PLAIN)
    assert refused.value.values["why"] == "Third insult within 90 days."


def test_nothing_is_added_to_an_archived_space(stage: Stage) -> None:
    thread = stage.start("amara")
    thread.space.archived_at = thread.created_at
    stage.commit()
    for who in ("amara", "mika"):
        with pytest.raises(Forbidden):
            stage.try_reply(who, thread, PLAIN)
        with pytest.raises(Forbidden):
            stage.try_start(who, PLAIN)


def test_a_member_who_was_removed_finds_no_thread(stage: Stage) -> None:
    thread = stage.start("amara")
    with pytest.raises(NotFound):
        stage.try_reply("gone", thread, PLAIN)
