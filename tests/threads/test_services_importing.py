"""Threads of an earlier community come in through the same door as any other text, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from community.audit import services as audit
from community.audit.models import AuditEntry
from community.desk import services as desk
from community.guardrails.models import JudgedText
from community.jobs.models import Job
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Forbidden
from community.members.models import Member
from community.reviews import queries as reviews
from community.reviews.models import DecisionKind, Review
from community.spaces import queries as spaces
from community.stream import queries as stream
from community.stream.models import Event
from community.threads.models import Draft, Post, PostState, Thread
from community.threads.services.foreign import ForeignPost, ForeignThread
from community.threads.services.importing import Arrival, import_thread
from tests.stage import Stage
from tests.threads.said import BLOCKED, HELD, PLAIN, ROUTED

THEN = datetime(2015, 1, 27, 20, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def thread_of(*texts: str, name: str = "old-1", authors: str = "abcdefgh") -> ForeignThread:
    """Return a thread of the earlier community, a post an hour."""
    posts = [
        ForeignPost(author, THEN + timedelta(hours=place), text)
        for place, (author, text) in enumerate(zip(authors, texts, strict=False))
    ]
    return ForeignThread(name, "How do you store it?", tuple(posts))


def bring(stage: Stage, thread: ForeignThread) -> list[Arrival]:
    space_id = stage.space().id
    stage.commit()
    return list(import_thread(space_id=space_id, thread=thread))


def outcomes(arrivals: list[Arrival]) -> list[str]:
    return [arrival.outcome for arrival in arrivals]


def the_thread(name: str = "old-1") -> Thread:
    return db.session.scalars(sa.select(Thread).where(Thread.import_id == name)).one()


def posts() -> list[Post]:
    return list(db.session.scalars(sa.select(Post).order_by(Post.id)))


def test_a_thread_comes_in_with_its_order_and_its_original_times(stage: Stage) -> None:
    assert outcomes(bring(stage, thread_of("First.", "Second.", "Third."))) == ["published"] * 3
    thread = the_thread()
    assert thread.title == "How do you store it?"
    assert thread.created_at == THEN
    assert thread.news_at == THEN + timedelta(hours=2)
    assert [(post.number, post.published_at) for post in posts()] == [
        (1, THEN), (2, THEN + timedelta(hours=1)), (3, THEN + timedelta(hours=2)),
    ]  # fmt: skip
    assert {post.origin for post in posts()} == {"import"}


def test_each_author_becomes_one_member_who_never_signs_in(stage: Stage) -> None:
    bring(stage, thread_of("One.", "Two.", "Three.", authors="xyx"))
    bring(stage, thread_of("Four.", name="old-2", authors="x"))
    first, second, third, fourth = (post.author for post in posts())
    assert first is third is fourth
    assert second is not first
    assert first.name.startswith("Imported member ")
    assert first.email is None
    assert first.sign_in_allowed is False


def test_imported_authors_do_not_count_as_readers(stage: Stage) -> None:
    space = stage.space()
    before, ids = spaces.readers_panel(space).total, spaces.reader_ids(space.id)
    bring(stage, thread_of("One.", "Two."))
    assert spaces.readers_panel(stage.space()).total == before
    assert spaces.reader_ids(stage.space().id) == ids


def test_running_again_changes_nothing(stage: Stage) -> None:
    thread = thread_of("One.", BLOCKED, HELD, "Four.")
    bring(stage, thread)

    def state() -> list[int | None]:
        tables = (Thread, Post, Member, Review, JudgedText, AuditEntry, Event)
        count = sa.func.count()
        return [db.session.scalar(sa.select(count).select_from(table)) for table in tables]

    before = state()
    assert outcomes(bring(stage, thread)) == ["there", "refused", "held", "there"]
    assert state() == before


def test_a_stopped_import_goes_on_where_it_stopped(stage: Stage) -> None:
    whole = thread_of("One.", "Two.", "Three.")
    bring(stage, ForeignThread(whole.id, whole.title, whole.posts[:1]))
    assert outcomes(bring(stage, whole)) == ["there", "published", "published"]
    assert [post.number for post in posts()] == [1, 2, 3]


def test_an_import_stopped_in_the_middle_of_a_long_thread_has_kept_whole_pieces(
    stage: Stage,
) -> None:
    thread = thread_of(*[f"Post {n}." for n in range(60)], authors="ab" * 30)
    space_id = stage.space().id
    stage.commit()
    run = import_thread(space_id=space_id, thread=thread)
    next(run)
    run.close()
    assert the_thread().last_number == len(posts()) == 50
    assert outcomes(bring(stage, thread)) == ["there"] * 50 + ["published"] * 10


def test_a_blocked_post_is_refused_with_its_rule_and_never_its_words(stage: Stage) -> None:
    arrivals = bring(stage, thread_of("One.", BLOCKED, "Three."))
    assert outcomes(arrivals) == ["published", "refused", "published"]
    assert "privacy.birth-and-numbers" in arrivals[1].why
    assert "943" not in arrivals[1].why
    assert len(posts()) == 2
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_a_held_post_is_held_and_a_moderator_can_release_it(stage: Stage) -> None:
    assert outcomes(bring(stage, thread_of("One.", HELD, "Three."))) == [
        "published", "held", "published",
    ]  # fmt: skip
    held = posts()[1]
    assert held.state is PostState.HELD
    case = reviews.find_open_for(subject_kind="post", subject_id=held.id)
    assert case is not None
    desk.decide(
        actor=stage.member("mika"), review_id=case.id, version=case.version,
        decision=DecisionKind.RELEASE, reason="",
    )  # fmt: skip
    stage.commit()
    assert posts()[1].number == 3


def test_where_the_first_post_is_blocked_the_whole_thread_is_refused_and_each_post_says_so(
    stage: Stage,
) -> None:
    arrivals = bring(stage, thread_of(BLOCKED, "Two.", "Three."))
    assert outcomes(arrivals) == ["refused"] * 3
    assert "first post" in arrivals[2].why
    assert posts() == []


def test_where_the_first_post_is_held_the_later_ones_follow_after_its_release(
    stage: Stage,
) -> None:
    thread = thread_of(HELD, "Two.")
    arrivals = bring(stage, thread)
    assert outcomes(arrivals) == ["held", "refused"]
    assert "Import again" in arrivals[1].why
    case = reviews.find_open_for(subject_kind="post", subject_id=posts()[0].id)
    assert case is not None
    desk.decide(
        actor=stage.member("mika"), review_id=case.id, version=case.version,
        decision=DecisionKind.RELEASE, reason="",
    )  # fmt: skip
    stage.commit()
    assert outcomes(bring(stage, thread)) == ["there", "published"]
    assert the_thread().last_number == 2


def test_a_case_counts_from_the_import_and_nobody_gets_a_letter(stage: Stage) -> None:
    with clock.moved(NOW):
        waiting = db.session.scalars(sa.select(Job)).all()
        bring(stage, thread_of("One.", ROUTED))
        case = db.session.scalars(sa.select(Review)).one()
        assert case.owner == "safety"
        assert case.clock_from == NOW
        assert all(deadline.due_at > NOW for deadline in case.deadlines)
        assert db.session.scalars(sa.select(Job)).all() == waiting
        assert stage.work() == []


def test_an_import_is_proven_and_told(stage: Stage) -> None:
    head = stream.get_head(space_id=stage.space().id).seq
    bring(stage, thread_of("One.", "Two."))
    space_id = stage.space().id
    kinds = [news.kind for news in stream.after(space_id=space_id, seq=head).news]
    assert kinds.count("post") == 2
    actions = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert actions.count("post.published") == 2
    assert actions.count("member.imported") == 2
    assert audit.verify().holds


def test_a_text_that_cannot_be_a_post_is_refused_and_makes_no_member(stage: Stage) -> None:
    arrivals = bring(stage, thread_of("One.", "   ", "x" * 20_001))
    assert outcomes(arrivals) == ["published", "refused", "refused"]
    assert "nothing written" in arrivals[1].why
    assert "20,001" in arrivals[2].why
    named = sa.select(sa.func.count()).where(Member.sign_in_allowed.is_(False))
    assert db.session.scalar(named) == 1


def test_a_post_whose_words_changed_since_is_refused_and_the_old_words_stay(stage: Stage) -> None:
    bring(stage, thread_of("One."))
    arrivals = bring(stage, thread_of("Another."))
    assert outcomes(arrivals) == ["refused"]
    assert "other words" in arrivals[0].why
    assert posts()[0].text == "One."


def test_the_same_name_in_another_space_is_another_thread_and_another_author(
    stage: Stage,
) -> None:
    bring(stage, thread_of("One."))
    space_id = stage.space("neurology").id
    stage.commit()
    list(import_thread(space_id=space_id, thread=thread_of("One.")))
    first, second = posts()
    assert first.thread.space_id != second.thread.space_id
    assert first.author_id != second.author_id


def test_nothing_is_imported_into_an_archived_space(stage: Stage) -> None:
    stage.space().archived_at = NOW
    with pytest.raises(Forbidden):
        bring(stage, thread_of("One."))
    assert posts() == []


def test_posts_without_author_or_time_take_the_time_before_and_one_nameless_author(
    stage: Stage,
) -> None:
    said = (ForeignPost("a", THEN, "One."), ForeignPost("", None, "Two."),
            ForeignPost("", None, PLAIN))  # fmt: skip
    bring(stage, ForeignThread("old-1", "A title", said))
    assert [post.published_at for post in posts()] == [THEN] * 3
    assert posts()[1].author is posts()[2].author
    assert posts()[1].author.name == "Imported, author not named"
