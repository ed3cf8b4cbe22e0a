"""The law of the stream: an old page and its events make a fresh page, whatever got lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from community.kernel import unit_of_work
from community.kernel.db import db
from community.kernel.errors import Forbidden
from community.stream import queries as stream
from community.threads import services
from community.threads.models import Post, PostState, Thread
from tests.listening import Listener
from tests.reading import fresh
from tests.stage import Stage, Visitor, new_key

DEEDS, SEED = 500, 7


@dataclass
class Page:
    """A thread's page as its script keeps it: fragments by id, and the number they are fresh to."""

    visitor: Visitor
    thread_id: int
    last: int
    posts: dict[int, tuple[int, str]]
    listener: Listener | None = None
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    resets: int = 0

    def show(self, event: dict[str, Any]) -> None:
        """Put a post in its place, unless a newer wording is there."""
        if event["kind"] != "post" or event["thread"] != self.thread_id:
            return
        shown = self.posts.get(event["id"])
        if shown is None or event["version"] > shown[0]:
            self.posts[event["id"]] = (event["version"], event["html"])

    def take(self, events: list[dict[str, Any]]) -> None:
        """Apply what comes in order; keep the rest until the hole is filled."""
        self.waiting |= {event["seq"]: event for event in events if event["seq"] > self.last}
        while (event := self.waiting.pop(self.last + 1, None)) is not None:
            self.show(event)
            self.last += 1

    def catch_up(self) -> None:
        """Ask what came since, until nothing is left."""
        while True:
            answer = self.visitor.get(
                f"/spaces/cardiology/stream?after={self.last}&thread={self.thread_id}"
            ).get_json()
            assert not answer["reset"]
            for event in answer["events"]:
                self.show(event)
            self.last = answer["next"]
            if self.last >= answer["head"]:
                return


@pytest.fixture
def open_page(app: Flask) -> Callable[[str, Thread], Page]:
    """Load a thread's page: the head is read before the posts, as the view does."""

    def open_it(who: str, thread: Thread) -> Page:
        head = stream.get_head(space_id=thread.space_id).seq
        return Page(Visitor(app, who), thread.id, head, fresh(app, thread))

    return open_it


class Deeds:
    """What people do in a space, at random."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.random, self.count = stage, random.Random(seed), 0  # noqa: S311
        self.threads = [stage.start(who, title=f"Thread of {who}") for who in ("amara", "bruno")]

    def do(self) -> None:
        """Do one thing, and commit it or take it back."""
        self.count += 1
        deed = self.random.choices(
            (self.reply, self.edit, self.remove, self.restore, self.hold, self.lock, self.start),
            weights=(40, 25, 12, 10, 6, 4, 3),
        )[0]
        try:
            deed()
        except Forbidden:  # the thread is locked just now
            unit_of_work.rollback()
            return
        if self.random.random() < 0.1:
            unit_of_work.rollback()
        else:
            unit_of_work.commit()

    def reply(self) -> None:
        """Answer in a thread."""
        thread, who = self.random.choice(self.threads), self.random.choice(["amara", "bruno"])
        if thread.locked_at is None:
            services.publish_post(
                actor=self.stage.member(who),
                membership=self.stage.membership(who),
                thread=thread,
                text=f"Thought {self.count}: halve it first.",
                client_key=new_key(),
            )

    def edit(self) -> None:
        """Give a post another wording."""
        if post := self._some(PostState.PUBLISHED):
            services.edit_post(
                actor=post.author,
                membership=self.stage.membership(self._name(post)),
                post=post,
                text=f"Thought {self.count}, said better.",
                client_key=new_key(),
            )

    def remove(self) -> None:
        """Take a post down, as its author or as a moderator."""
        if post := self._some(PostState.PUBLISHED):
            who = self.random.choice(["mika", self._name(post)])
            services.remove_post(
                actor=self.stage.member(who),
                membership=self.stage.membership(who),
                post=post,
                reason="It names a patient.",
            )

    def restore(self) -> None:
        """Put a post back."""
        if post := self._some(PostState.REMOVED):
            services.restore_post(
                actor=self.stage.member("mika"),
                membership=self.stage.membership("mika"),
                post=post,
                reason="It does not.",
            )

    def hold(self) -> None:
        """Write something that a person lets out only later."""
        held = self._some(PostState.HELD)
        if held is not None:
            services.release_post(actor=self.stage.member("mika"), post=held)
            return
        thread = self.random.choice(self.threads)
        if thread.locked_at is None:
            services.publish_post(
                actor=self.stage.member("rosa"),
                membership=self.stage.membership("rosa"),
                thread=thread,
                text="Ortelvane is better tolerated than everything else.",
                client_key=new_key(),
            )

    def lock(self) -> None:
        """Close a thread to replies, or open it again."""
        thread = self.random.choice(self.threads)
        services.lock_thread(
            actor=self.stage.member("mika"),
            membership=self.stage.membership("mika"),
            thread=thread,
            locked=thread.locked_at is None,
            reason="Enough for today.",
        )

    def start(self) -> None:
        """Open another thread: news of the space, not of the page."""
        services.start_thread(
            actor=self.stage.member("bruno"),
            membership=self.stage.membership("bruno"),
            title=f"Question {self.count}",
            text="Who has seen this?",
            client_key=new_key(),
        )

    def _some(self, state: PostState) -> Post | None:
        ids = [thread.id for thread in self.threads]
        found = db.session.query(Post).filter(Post.state == state, Post.thread_id.in_(ids))
        posts = found.order_by(Post.id).all()
        return self.random.choice(posts) if posts else None

    def _name(self, post: Post) -> str:
        return (post.author.email or "").partition("@")[0]


def test_old_page_and_its_events_make_a_fresh_page_after_500_deeds_while_cut_off(
    app: Flask, stage: Stage, open_page: Callable[[str, Thread], Page]
) -> None:
    deeds = Deeds(stage, SEED)
    thread = deeds.threads[0]
    for _ in range(20):
        deeds.do()
    page = open_page("mika", thread)
    for _ in range(DEEDS):
        deeds.do()
    assert page.posts != fresh(app, thread), "something happened"
    page.catch_up()
    assert page.posts == fresh(app, thread)


def test_whatever_part_of_the_pushes_is_lost_asking_makes_it_good(
    app: Flask, stage: Stage, open_page: Callable[[str, Thread], Page]
) -> None:
    deeds, chance = Deeds(stage, 99), random.Random(99)  # noqa: S311
    thread = deeds.threads[0]
    page = open_page("mika", thread)
    page.listener = Listener(app, page.visitor)
    assert page.listener.watch(thread.space_id, thread.id)["ok"]
    for _ in range(150):
        deeds.do()
        pushed = page.listener.heard("event")
        chance.shuffle(pushed)
        page.take([event for event in pushed if chance.random() < 0.8])
        if chance.random() < 0.1:
            page.catch_up()
    page.catch_up()
    assert page.posts == fresh(app, thread)


def test_pushes_alone_keep_a_page_fresh(
    app: Flask, stage: Stage, open_page: Callable[[str, Thread], Page]
) -> None:
    deeds = Deeds(stage, 5)
    thread = deeds.threads[0]
    page = open_page("mika", thread)
    page.listener = Listener(app, page.visitor)
    assert page.listener.watch(thread.space_id, thread.id)["ok"]
    for _ in range(150):
        deeds.do()
        page.take(page.listener.heard("event"))
    assert page.waiting == {}
    assert page.posts == fresh(app, thread)


def test_a_held_text_leaves_no_trace_in_the_stream(
    app: Flask, stage: Stage, open_page: Callable[[str, Thread], Page]
) -> None:
    thread = stage.start("amara")
    page = open_page("mika", thread)
    before = stream.get_head(space_id=thread.space_id)
    post = stage.reply("rosa", thread, "Ortelvane is better tolerated than everything else.")
    assert post.state is PostState.HELD
    assert stream.get_head(space_id=thread.space_id) == before
    page.catch_up()
    assert post.id not in page.posts
