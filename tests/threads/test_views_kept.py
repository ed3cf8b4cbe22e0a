"""Pages made of kept parts: each deed shows at once, to each what is theirs, to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from community.kernel import templates
from community.kernel.db import db
from community.members import services as members
from community.members.services.profiles import Profile, change_profile, set_job
from community.spaces import services as spaces
from community.threads import fragments
from community.threads import services as threads
from tests import cast
from tests.stage import Stage, Visitor, new_key
from tests.threads import said

Visit = Callable[[str | None], Visitor]

_ONCE = re.compile(
    r'[0-9a-f]{16}|nonce="[^"]*"|name="csrf_token" value="[^"]*"|name="client_key" value="[^"]*"'
)
READERS = ("amara", "bruno", "mika", "rosa")


class Room:
    """A thread with two posts, and who reads it."""

    def __init__(self, stage: Stage, visit: Visit) -> None:
        self.stage = stage
        self.thread = stage.start("amara", "How long do you wait before you look again?")
        self.post = stage.reply("bruno", self.thread, "Two weeks, then the pressure once more.")
        stage.reply("rosa", self.thread, said.STAFF_PLAIN)
        stage.commit()
        self.paths = ("/", "/spaces/cardiology", f"/threads/{self.thread.id}")
        self.visitors = {who: visit(who) for who in READERS}

    def pages(self) -> dict[tuple[str, str], str]:
        """Return every page as each reader sees it, without what is new each time."""
        return {
            (who, path): _ONCE.sub("", visitor.get(path).text)
            for who, visitor in self.visitors.items()
            for path in self.paths
        }

    def page(self, who: str) -> str:
        """Return the thread's page as one of them sees it."""
        return self.visitors[who].get(self.paths[-1]).text


@pytest.fixture
def room(stage: Stage, visit: Visit) -> Room:
    return Room(stage, visit)


def _renamed(stage: Stage, who: str, **values: str) -> None:
    member = stage.member(who)
    kept = {name: getattr(member, name) for name in Profile.__dataclass_fields__}
    change_profile(actor=member, profile=Profile(**(kept | values)))


def _edit(room: Room) -> None:
    stage = room.stage
    threads.edit_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=room.post,
        text="Three weeks, and then once more.", client_key=new_key(),
    )  # fmt: skip


def _remove(room: Room) -> None:
    stage = room.stage
    threads.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=room.post,
        reason="It names a patient.",
    )  # fmt: skip


def _take_back_and_restore(room: Room) -> None:
    stage = room.stage
    bruno, place = stage.member("bruno"), stage.membership("bruno")
    threads.remove_post(actor=bruno, membership=place, post=room.post, reason="")
    stage.commit()
    room.pages()
    threads.restore_post(actor=bruno, membership=place, post=room.post)


def _lock(room: Room) -> None:
    stage = room.stage
    threads.lock_thread(
        actor=stage.member("mika"), membership=stage.membership("mika"), thread=room.thread,
        locked=True, reason="It has been answered.",
    )  # fmt: skip


def _pin(room: Room) -> None:
    stage = room.stage
    threads.pin_thread(
        actor=stage.member("mika"), membership=stage.membership("mika"), thread=room.thread,
        pinned=True,
    )  # fmt: skip


def _pause_posting(room: Room) -> None:
    stage = room.stage
    spaces.pause_posting(
        actor=stage.member("mika"), own=stage.membership("mika"), space=stage.space(),
        reason="We wait for the label.",
    )  # fmt: skip


def _remove_member(room: Room) -> None:
    stage = room.stage
    spaces.remove_member(
        actor=stage.member("mika"), own=stage.membership("mika"), place=stage.membership("amara"),
        reason="She has left the hospital.",
    )  # fmt: skip


def _give_job(room: Room) -> None:
    stage = room.stage
    rosa = stage.member("rosa")
    set_job(actor=stage.member("ada"), member=rosa, job="Medical Adviser", version=rosa.version)


def _close(room: Room) -> None:
    stage = room.stage
    rosa = stage.member("rosa")
    members.close_member(
        actor=stage.member("ada"), member=rosa, reason="Left.", version=rosa.version
    )


DEEDS: dict[str, Callable[[Room], object]] = {
    "a reply": lambda room: room.stage.reply("mika", room.thread, said.PLAIN),
    "a held reply": lambda room: room.stage.try_reply("amara", room.thread, said.HELD),
    "another thread": lambda room: room.stage.start("bruno", title="Another question"),
    "an edit": _edit,
    "a post taken down": _remove,
    "a post taken back and restored": _take_back_and_restore,
    "a lock": _lock,
    "a pin": _pin,
    "another name of an author": lambda room: _renamed(room.stage, "bruno", name="Dr Bruno Novak"),
    "another place of an author": lambda room: _renamed(
        room.stage, "bruno", institution="St Elsewhere"
    ),
    "another job of an author": _give_job,
    "another member": lambda _room: cast.add_another(db.session(), 7),
    "a member removed": _remove_member,
    "a member closed": _close,
    "a pause of the company": _pause_posting,
    "a page read": lambda room: threads.note_read(
        actor=room.stage.member("amara"), thread=room.thread, number=2
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_shows_on_the_next_page_as_if_nothing_had_been_kept(
    app: Flask, room: Room, deed: str
) -> None:
    before = room.pages()
    DEEDS[deed](room)
    room.stage.commit()
    kept = room.pages()
    assert kept != before
    fragments.forget()
    templates.forget_parts(app.jinja_env)
    assert kept == room.pages()


def test_what_is_one_readers_own_is_on_no_other_readers_page(room: Room) -> None:
    stage = room.stage
    amara = stage.member("amara")
    threads.note_read(actor=amara, thread=room.thread, number=1)
    stage.try_reply("amara", room.thread, said.HELD)
    threads.save_draft(actor=amara, place=f"thread:{room.thread.id}", text="My own beginning")
    stage.commit()
    for _ in range(2):
        own = room.page("amara")
        assert "My own beginning" in own
        assert "New since you were here, 2 posts" in own
        assert "14 March 2026" in own
        for who in ("bruno", "mika", "rosa"):
            page = room.page(who)
            assert "My own beginning" not in page
            assert "New since you were here, 2 posts" not in page
            assert "14 March 2026" not in page
            assert (amara.email or "?") not in page
            assert f'data-viewer="{amara.id}"' not in page


def test_who_was_removed_reads_nothing_of_a_page_that_is_kept(room: Room) -> None:
    room.pages()
    _remove_member(room)
    room.stage.commit()
    for path in room.paths[1:]:
        answer = room.visitors["amara"].get(path)
        assert answer.status_code == 404
        assert "Two weeks" not in answer.text
    assert "Pressure of 95" not in room.visitors["amara"].get("/").text
    assert "Two weeks" in room.page("bruno")
