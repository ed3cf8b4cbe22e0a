"""Pages made of kept parts: each deed shows at once, to each what is theirs, to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.desk import services as desk
from community.kernel import clock, kept_answers, kept_pages, templates
from community.kernel.db import db
from community.members import services as members
from community.members.models import CredentialState, MemberSession
from community.members.services.profiles import Profile, change_profile, set_job
from community.members.services.seen import write_seen
from community.reviews.models import DecisionKind
from community.spaces import services as spaces
from community.spaces.models import Role
from community.threads import fragments
from community.threads import services as threads
from community.threads.models import Report, ReportReason
from tests import cast
from tests.home.test_questions_a_page import counting
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
        self.news = f"/spaces/cardiology/stream?after=0&thread={self.thread.id}"
        self.visitors = {who: visit(who) for who in READERS}

    def pages(self) -> dict[tuple[str, str], str]:
        """Return every page as each reader sees it, without what is new each time."""
        return {
            (who, path): _ONCE.sub("", visitor.get(path).text)
            for who, visitor in self.visitors.items()
            for path in self.paths
        }

    def news_and_pages(self) -> dict[tuple[str, str], str]:
        """Return the same, and what each is told who asks for news."""
        news = {(who, self.news): each.get(self.news).text for who, each in self.visitors.items()}
        return news | self.pages()

    def page(self, who: str) -> str:
        """Return the thread's page as one of them sees it."""
        return self.visitors[who].get(self.paths[-1]).text

    def drawn_anew(self) -> dict[tuple[str, str], str]:
        """Return the same where nothing had been kept, neither whole pages nor parts of them."""
        kept_pages.forget(self.stage.app)
        kept_answers.forget(self.stage.app)
        fragments.forget()
        templates.forget_parts(self.stage.app.jinja_env)
        return self.news_and_pages()


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


def _report(room: Room) -> Report:
    stage = room.stage
    return threads.report_post(
        actor=stage.member("amara"), membership=stage.membership("amara"), post=room.post,
        reason=ReportReason.WRONG, words="Two weeks are too long.", client_key=new_key(),
    )  # fmt: skip


def _decide_report(room: Room) -> None:
    case = _report(room).review
    room.stage.commit()
    room.news_and_pages()
    desk.decide(
        actor=room.stage.member("mika"), review_id=case.id, version=case.version,
        decision=DecisionKind.CLOSE, reason="They are not.",
    )  # fmt: skip


def _take_back_and_restore(room: Room) -> None:
    stage = room.stage
    bruno, place = stage.member("bruno"), stage.membership("bruno")
    threads.remove_post(actor=bruno, membership=place, post=room.post, reason="")
    stage.commit()
    room.news_and_pages()
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


def _give_role(room: Room) -> None:
    stage = room.stage
    place = stage.membership("amara")
    spaces.change_role(
        actor=stage.member("ada"), place=place, role=Role.MODERATOR, version=place.version
    )


def _pause_member(room: Room) -> None:
    stage = room.stage
    pause = spaces.propose_pause(
        actor=stage.member("mika"), own=stage.membership("mika"), place=stage.membership("amara"),
        days=3, reason="You have named patients.",
    )  # fmt: skip
    spaces.confirm_pause(
        actor=stage.member("cora"), own=stage.membership("cora"), pause=pause,
        version=pause.version,
    )  # fmt: skip


def _archive(room: Room) -> None:
    space = room.stage.space()
    spaces.archive_space(
        actor=room.stage.member("ada"), space=space, reason="It has done its work.",
        version=space.version,
    )  # fmt: skip


def _sign_out(room: Room) -> None:
    own = sa.select(MemberSession).where(MemberSession.member_id == room.stage.member("amara").id)
    for each in db.session.scalars(own):
        each.ended_at = clock.now()


def _doubt(room: Room) -> None:
    credential = room.stage.member("amara").credential
    assert credential is not None
    credential.state = CredentialState.PENDING


DEEDS: dict[str, Callable[[Room], object]] = {
    "a reply": lambda room: room.stage.reply("mika", room.thread, said.PLAIN),
    "a held reply": lambda room: room.stage.try_reply("amara", room.thread, said.HELD),
    "another thread": lambda room: room.stage.start("bruno", title="Another question"),
    "an edit": _edit,
    "a post taken down": _remove,
    "a post taken back and restored": _take_back_and_restore,
    "a report": _report,
    "a report decided": _decide_report,
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
    "a member left": lambda room: spaces.leave(
        actor=room.stage.member("amara"), place=room.stage.membership("amara")
    ),
    "a member paused": _pause_member,
    "another role": _give_role,
    "a space archived": _archive,
    "a session ended": _sign_out,
    "a credential in doubt": _doubt,
    "another time zone": lambda room: _renamed(room.stage, "amara", time_zone="Asia/Tokyo"),
    "a draft": lambda room: threads.save_draft(
        actor=room.stage.member("amara"), place=f"thread:{room.thread.id}", text="A beginning"
    ),
    "a question in private": lambda room: room.stage.ask_in_private("amara", room.post),
    "a page read": lambda room: threads.note_read(
        actor=room.stage.member("amara"), thread=room.thread, number=2
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_shows_on_the_next_page_as_if_nothing_had_been_kept(
    room: Room, deed: str
) -> None:
    before = room.news_and_pages()
    DEEDS[deed](room)
    room.stage.commit()
    kept = room.news_and_pages()
    assert kept != before
    assert kept == room.drawn_anew()


TIMES = {
    "a window to edit has closed": timedelta(minutes=31),
    "a session was left alone too long": timedelta(days=15),
    "a pause is over": timedelta(days=3, seconds=1),
    "the clock was set back": -timedelta(days=1),
}


@pytest.mark.parametrize("passed", TIMES)
def test_a_page_is_as_the_clock_would_have_it(room: Room, passed: str) -> None:
    _pause_member(room)
    room.stage.commit()
    room.news_and_pages()
    before = room.news_and_pages()
    with clock.moved(TIMES[passed]):
        kept = room.news_and_pages()
        assert kept == room.drawn_anew()
    assert (kept != before) is (TIMES[passed] > timedelta(0))


def test_a_page_to_which_nothing_happened_is_not_drawn_again(room: Room) -> None:
    room.pages()  # with which each browser is given its cookie
    room.pages()
    with counting() as asked:
        first = room.pages()
    assert asked == []
    room.stage.start("ines", slug="neurology")
    with counting() as asked:
        assert room.pages() == first
    assert asked == []
    room.stage.reply("bruno", room.thread)
    with counting() as asked:
        assert room.pages() != first
    assert asked


def test_no_two_answers_bear_the_same_nonce_or_name_of_a_form(room: Room) -> None:
    once = re.compile(r'nonce="([^"]*)"|name="client_key" value="([^"]*)"')
    seen: set[str] = set()
    for _ in range(4):
        answer = room.visitors["amara"].get(room.paths[-1])
        nonces, keys = (set(found) - {""} for found in zip(*once.findall(answer.text), strict=True))
        assert len(nonces) == len(keys) == 1
        assert not (nonces | keys) & seen
        seen |= nonces | keys
        assert f"'nonce-{nonces.pop()}'" in answer.headers["Content-Security-Policy"]


def test_a_reply_from_a_page_that_was_sent_again_is_a_reply_of_its_own(room: Room) -> None:
    bruno = room.visitors["bruno"]
    for number in range(3):
        key = re.findall(r'name="client_key" value="([^"]*)"', room.page("bruno"))[0]
        bruno.post(
            f"/threads/{room.thread.id}/posts", {"text": f"Word {number}.", "client_key": key}
        )
    page = room.page("bruno")
    assert all(f"Word {number}." in page for number in range(3))


def test_reading_a_page_that_was_sent_again_keeps_a_session_awake(room: Room) -> None:
    room.pages()
    later = timedelta(seconds=40)
    with clock.moved(later):
        room.pages()
        write_seen()
        now = clock.now()
    own = sa.select(MemberSession).where(MemberSession.member_id == room.stage.member("amara").id)
    seen = max(each.seen_at for each in db.session.scalars(own))
    assert now - seen < timedelta(seconds=20)


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
