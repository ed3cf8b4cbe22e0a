"""Letters about answers and summaries: to whom and when, and no word of what was said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from community.jobs import services as jobs
from community.kernel import clock
from community.kernel.errors import NotFound
from community.kernel.mail import Laid
from community.notifications.services import is_due, leave_summaries, look_through_news
from community.spaces import services as spaces
from community.spaces.models import Letters, MembershipState
from community.threads import services as threads
from community.threads.models import Thread
from tests.stage import Stage, new_key

LATER = timedelta(minutes=11)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@contextmanager
def later(stage: Stage, by: timedelta = LATER) -> Iterator[None]:
    """Let time pass, look through the news, and send what was left."""
    with clock.moved(by):
        look_through_news()
        stage.commit()
        jobs.work_off()
        yield


def letters_of(stage: Stage, *, about: str) -> list[Laid]:
    return [letter for letter in stage.letters() if about in letter.subject]


def answers(stage: Stage) -> list[str]:
    return sorted(letter.to for letter in letters_of(stage, about="You have an answer"))


def want(stage: Stage, who: str, level: Letters) -> None:
    place = stage.membership(who)
    spaces.choose_letters(actor=stage.member(who), place=place, level=level)
    stage.commit()


@pytest.fixture
def thread(stage: Stage) -> Thread:
    """A thread of Amara's, looked through long ago."""
    found = stage.start("amara", title="Pressure of 95 and feeling fine")
    with later(stage):
        pass
    return found


def test_whoever_began_a_thread_hears_of_an_answer_and_not_what_it_says(
    stage: Stage, thread: Thread
) -> None:
    post = stage.reply("bruno", thread, "Four weeks, and a diary.")
    with later(stage, timedelta(minutes=9)):
        assert answers(stage) == [], "who reads along needs none"
    with later(stage):
        (letter,) = letters_of(stage, about="You have an answer")
    assert letter.to == "amara@example.org"
    assert f"/posts/{post.id}" in letter.body
    for words in ("Four weeks", "Bruno", "Lefèvre", "Pressure of 95"):
        assert words not in letter.body + letter.subject


def test_whoever_is_answered_in_a_thread_of_another_hears_of_it_too(
    stage: Stage, thread: Thread
) -> None:
    asked = stage.reply("mika", thread, "And in the elderly?")
    threads.note_read(actor=stage.member("amara"), thread=thread, number=9)
    stage.commit()
    stage.reply("bruno", thread, "I start lower.", reply_to=asked)
    threads.note_read(actor=stage.member("amara"), thread=thread, number=9)
    stage.commit()
    with later(stage):
        assert answers(stage) == ["mika@example.org"]


def test_of_a_thread_there_is_one_letter_until_one_has_read_on(
    stage: Stage, thread: Thread
) -> None:
    for _ in range(3):
        stage.reply("bruno", thread)
    with later(stage):
        assert answers(stage) == ["amara@example.org"]
    stage.reply("mika", thread)
    with later(stage):
        assert answers(stage) == ["amara@example.org"]
    threads.note_read(actor=stage.member("amara"), thread=thread, number=5)
    stage.reply("mika", thread)
    with later(stage):
        assert answers(stage) == ["amara@example.org"] * 2


def test_what_is_read_or_taken_down_by_then_is_in_no_letter(stage: Stage, thread: Thread) -> None:
    stage.reply("bruno", thread)
    threads.note_read(actor=stage.member("amara"), thread=thread, number=2)
    post = stage.reply("mika", thread)
    threads.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=post, reason=""
    )
    stage.commit()
    with later(stage):
        assert answers(stage) == []


def test_what_is_read_while_the_letter_waits_is_in_none(stage: Stage, thread: Thread) -> None:
    stage.reply("bruno", thread)
    with clock.moved(LATER):
        look_through_news()
        threads.note_read(actor=stage.member("amara"), thread=thread, number=2)
        stage.commit()
        jobs.work_off()
    assert answers(stage) == []


@pytest.mark.parametrize("ended", [MembershipState.LEFT, MembershipState.REMOVED])
def test_who_has_lost_their_place_hears_of_nothing(
    stage: Stage, thread: Thread, ended: MembershipState
) -> None:
    stage.reply("bruno", thread)
    stage.membership("amara").state = ended
    stage.commit()
    with later(stage):
        assert answers(stage) == []


def test_who_wants_no_letters_gets_none_and_one_space_says_nothing_of_another(
    stage: Stage, thread: Thread
) -> None:
    want(stage, "amara", Letters.NONE)
    stage.reply("bruno", thread)
    with later(stage):
        assert answers(stage) == []
    assert stage.membership("bruno").notification_level == Letters.ANSWERS


def test_nobody_chooses_for_another(stage: Stage) -> None:
    with pytest.raises(NotFound):
        spaces.choose_letters(
            actor=stage.member("bruno"), place=stage.membership("amara"), level=Letters.NONE
        )


def test_who_wants_each_thread_hears_of_one_and_its_author_does_not(stage: Stage) -> None:
    want(stage, "rosa", Letters.THREADS)
    want(stage, "amara", Letters.THREADS)
    stage.start("amara")
    with later(stage):
        found = letters_of(stage, about="A new thread")
    assert [letter.to for letter in found] == ["rosa@example.org"]


def test_an_edit_of_what_was_told_is_no_news(stage: Stage, thread: Thread) -> None:
    post = stage.reply("bruno", thread)
    with later(stage):
        assert len(answers(stage)) == 1
    threads.note_read(actor=stage.member("amara"), thread=thread, number=1)
    threads.edit_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post,
        text="I agree, mostly.", client_key=new_key(),
    )  # fmt: skip
    stage.commit()
    with later(stage):
        assert len(answers(stage)) == 1


# --- summaries -----------------------------------------------------------------------------------


def summaries(stage: Stage) -> list[Laid]:
    return letters_of(stage, about="What is new")


def at_seven(stage: Stage, when: datetime) -> None:
    with clock.moved(when):
        leave_summaries()
        stage.commit()
        jobs.work_off()


def test_a_summary_counts_the_threads_with_something_unread_since_the_last(stage: Stage) -> None:
    want(stage, "mika", Letters.DAILY)
    with clock.moved(MONDAY - timedelta(hours=3)):
        first = stage.start("amara", "How long do you wait?", title="A patient of mine")
        stage.start("bruno", "Which cuff do you use?", title="Cuffs")
    at_seven(stage, MONDAY)
    (letter,) = summaries(stage)
    assert letter.to == "mika@example.org"
    assert "Cardiology: 2 threads" in letter.body
    assert "A patient of mine" not in letter.body
    at_seven(stage, MONDAY + timedelta(hours=2))
    assert len(summaries(stage)) == 1, "one a day"

    at_seven(stage, MONDAY + timedelta(days=1))
    assert len(summaries(stage)) == 1, "nothing is new"
    with clock.moved(MONDAY + timedelta(days=1, hours=5)):
        stage.reply("bruno", first)
    at_seven(stage, MONDAY + timedelta(days=2))
    assert "Cardiology: 1 thread\r\n" in summaries(stage)[0].body


def test_who_wants_no_summary_gets_none(stage: Stage) -> None:
    with clock.moved(MONDAY - timedelta(hours=3)):
        stage.start("amara")
    at_seven(stage, MONDAY)
    assert summaries(stage) == []


@pytest.mark.parametrize(
    ("level", "before", "now", "zone", "due"),
    [
        (Letters.DAILY, None, MONDAY, "UTC", True),
        (Letters.DAILY, None, MONDAY.replace(hour=6), "UTC", False),
        (Letters.DAILY, None, MONDAY.replace(hour=6), "Europe/Berlin", True),
        (Letters.DAILY, MONDAY, MONDAY + timedelta(hours=5), "UTC", False),
        (Letters.DAILY, MONDAY, MONDAY + timedelta(days=1), "UTC", True),
        (Letters.WEEKLY, None, MONDAY, "UTC", True),
        (Letters.WEEKLY, None, MONDAY + timedelta(days=1), "UTC", False),
        (Letters.WEEKLY, MONDAY, MONDAY + timedelta(days=7), "UTC", True),
        (Letters.WEEKLY, None, MONDAY.replace(hour=23), "Pacific/Auckland", False),
    ],
)
def test_a_summary_is_due_in_the_readers_own_morning(
    level: Letters, before: datetime | None, now: datetime, zone: str, *, due: bool
) -> None:
    assert is_due(level, before, now, zone) is due
