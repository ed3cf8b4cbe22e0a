"""What becomes of a text, of an edit, and of a post that is taken down."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.audit import services as audit
from community.audit.models import AuditEntry
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid
from community.reviews import queries as reviews
from community.reviews import services as closing
from community.reviews.models import DecisionKind, Review, Settled
from community.reviews.services import steps
from community.stream import queries as stream
from community.threads import queries, services
from community.threads.models import Post, PostState, RevisionState, Thread
from community.threads.services import Blocked, Published
from tests.stage import Stage, new_key
from tests.threads.said import (
    BLOCKED,
    HELD,
    PLAIN,
    ROUTED,
    STAFF_BLOCKED,
    STAFF_HELD,
    STAFF_PLAIN,
)


def count(table: type[Post | Review | Thread | AuditEntry]) -> int | None:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def edit(stage: Stage, who: str, post: Post, text: str, key: str = "") -> Published | Blocked:
    result = services.edit_post(
        actor=stage.member(who),
        membership=stage.membership(who),
        post=post,
        text=text,
        client_key=key or new_key(),
    )
    stage.commit()
    return result


def remove(stage: Stage, who: str, post: Post, reason: str = "Names a patient.") -> None:
    services.remove_post(
        actor=stage.member(who), membership=stage.membership(who), post=post, reason=reason
    )
    stage.commit()


def restore(stage: Stage, who: str, post: Post) -> None:
    services.restore_post(actor=stage.member(who), membership=stage.membership(who), post=post)
    stage.commit()


def seq_of(stage: Stage) -> int:
    return stream.get_head(space_id=stage.space().id).seq


# --- one text ----------------------------------------------------------------------------------


def test_posts_are_numbered_densely_in_the_order_of_publication(stage: Stage) -> None:
    thread = stage.start("amara")
    posts = [stage.reply(who, thread) for who in ("bruno", "mika", "amara")]
    assert [post.number for post in posts] == [2, 3, 4]
    assert thread.last_number == 4


def test_a_published_post_leaves_one_piece_of_news_and_one_entry(stage: Stage) -> None:
    thread = stage.start("amara")
    head, entries = seq_of(stage), count(AuditEntry)
    post = stage.reply("bruno", thread)
    missed = stream.after(space_id=thread.space_id, seq=head)
    assert [(news.kind, news.subject_id) for news in missed.news] == [("post", post.id)]
    assert count(AuditEntry) == (entries or 0) + 1
    assert audit.verify().holds


def test_the_same_request_twice_is_one_post(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()
    first = stage.reply("bruno", thread, client_key=key)
    again = stage.try_reply("bruno", thread, "I agree.", client_key=key)
    assert isinstance(again, Published)
    assert again.repeated
    assert again.post is first
    assert thread.last_number == 2


def test_the_same_key_with_other_words_or_elsewhere_is_a_conflict(stage: Stage) -> None:
    thread, other, key = stage.start("amara"), stage.start("amara"), new_key()
    stage.reply("bruno", thread, client_key=key)
    with pytest.raises(Conflict):
        stage.try_reply("bruno", thread, "Something else.", client_key=key)
    with pytest.raises(Conflict):
        stage.try_reply("bruno", other, "I agree.", client_key=key)


def test_two_authors_may_use_the_same_key(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()
    assert stage.reply("bruno", thread, client_key=key).number == 2
    assert stage.reply("mika", thread, client_key=key).number == 3


def test_the_same_new_thread_twice_is_one_thread(stage: Stage) -> None:
    key = new_key()
    first = stage.start("amara", client_key=key)
    assert stage.start("amara", client_key=key) is first
    assert count(Thread) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t\n", "\u00a0"])
def test_an_empty_text_is_refused(stage: Stage, text: str) -> None:
    thread = stage.start("amara")
    with pytest.raises(Invalid):
        stage.try_reply("amara", thread, text)


def test_twenty_thousand_characters_are_the_most(stage: Stage) -> None:
    thread = stage.start("amara")
    assert stage.reply("amara", thread, "ä" * 20_000).number == 2
    with pytest.raises(Invalid, match="20,000"):
        stage.try_reply("amara", thread, "ä" * 20_001)


# --- held and blocked --------------------------------------------------------------------------


def test_a_held_post_has_no_number_no_news_and_waits_for_its_desk(stage: Stage) -> None:
    thread = stage.start("amara")
    head = seq_of(stage)
    post = stage.reply("rosa", thread, STAFF_HELD)
    assert (post.state, post.number) == (PostState.HELD, None)
    assert seq_of(stage) == head
    case = reviews.find_open_for(subject_kind="post", subject_id=post.id)
    assert case is not None
    assert (case.owner, case.text) == ("medical", STAFF_HELD)


def test_a_released_post_stands_at_the_end_of_its_thread(stage: Stage) -> None:
    thread = stage.start("amara")
    held = stage.reply("rosa", thread, STAFF_HELD)
    stage.reply("bruno", thread)
    services.release_post(actor=stage.member("olga"), post=held)
    stage.commit()
    assert (held.state, held.number) == (PostState.PUBLISHED, 3)
    assert held.revisions[-1].state is RevisionState.SHOWN
    assert thread.last_number == 3


def test_a_blocked_text_is_no_post_but_the_authors_draft_and_its_desk_has_a_case(
    stage: Stage,
) -> None:
    thread = stage.start("amara")
    result = stage.try_reply("amara", thread, BLOCKED)
    assert isinstance(result, Blocked)
    assert count(Post) == 1
    draft = queries.find_draft(viewer=stage.member("amara"), place=f"thread:{thread.id}")
    assert draft is not None
    assert draft.text == BLOCKED
    case = db.session.scalars(sa.select(Review)).one()
    assert (case.owner, case.subject_kind, case.text) == ("privacy", "draft", BLOCKED)


def test_a_blocked_request_sent_again_opens_no_second_case(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()
    stage.try_reply("amara", thread, BLOCKED, client_key=key)
    stage.try_reply("amara", thread, BLOCKED, client_key=key)
    assert count(Review) == 1


def test_a_blocked_new_thread_is_kept_with_its_title(stage: Stage) -> None:
    stage.try_start("amara", BLOCKED, title="What next?")
    draft = queries.find_draft(viewer=stage.member("amara"), place=f"space:{stage.space().id}")
    assert draft is not None
    assert (draft.title, draft.text) == ("What next?", BLOCKED)
    assert count(Thread) == 0


def test_a_routed_text_is_published_and_its_desk_has_a_case_from_the_posts_time(
    stage: Stage,
) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread, ROUTED)
    assert post.state is PostState.PUBLISHED
    case = db.session.scalars(sa.select(Review)).one()
    assert (case.owner, case.clock_from) == ("safety", post.created_at)


def test_company_staff_are_blocked_too(stage: Stage) -> None:
    thread = stage.start("amara")
    assert isinstance(stage.try_reply("rosa", thread, STAFF_BLOCKED), Blocked)


def test_nobody_replies_in_a_thread_whose_first_post_is_held(stage: Stage) -> None:
    result = stage.try_start("amara", HELD)
    assert isinstance(result, Published)
    with pytest.raises(Forbidden):
        stage.try_reply("amara", result.post.thread, PLAIN)


# --- drafts and reading ------------------------------------------------------------------------


def test_what_was_sent_is_no_draft_any_more(stage: Stage) -> None:
    thread = stage.start("amara")
    place = f"thread:{thread.id}"
    services.save_draft(actor=stage.member("bruno"), place=place, text="I ag")
    stage.reply("bruno", thread)
    assert queries.find_draft(viewer=stage.member("bruno"), place=place) is None


def test_a_second_tab_overwrites_nothing(stage: Stage) -> None:
    actor, place = stage.member("amara"), f"space:{stage.space().id}"
    first = services.save_draft(actor=actor, place=place, text="one").seq
    services.save_draft(actor=actor, place=place, text="one and two", seq=first)
    with pytest.raises(Conflict):
        services.save_draft(actor=actor, place=place, text="three", seq=first)
    kept = queries.find_draft(viewer=actor, place=place)
    assert kept is not None
    assert kept.text == "one and two"


def test_reading_goes_forward_only_and_not_beyond_the_end(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("amara", thread)
    bruno = stage.member("bruno")
    for number, expected in ((1, 1), (99, 2), (1, 2)):
        services.note_read(actor=bruno, thread=thread, number=number)
        stage.commit()
        assert queries.read_number(viewer=bruno, thread=thread) == expected


def test_who_replies_has_read_as_far_as_that(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("bruno", thread)
    assert queries.read_number(viewer=stage.member("bruno"), thread=thread) == 2


# --- editing -----------------------------------------------------------------------------------


def test_an_edit_keeps_the_wording_before_and_raises_the_version(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread, "Start with 25 mg.")
    edit(stage, "bruno", post, "Start with 50 mg.")
    assert (post.text, post.number, post.version) == ("Start with 50 mg.", 2, 2)
    assert post.edited_at is not None
    assert [(r.text, r.state) for r in queries.revisions(post=post)] == [
        ("Start with 25 mg.", RevisionState.OLD), ("Start with 50 mg.", RevisionState.SHOWN),
    ]  # fmt: skip


def test_a_held_edit_leaves_the_published_wording_in_place(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("rosa", thread, "The label says how to start.")
    head = seq_of(stage)
    edit(stage, "rosa", post, STAFF_HELD)
    assert (post.text, post.state, post.version) == (
        "The label says how to start.", PostState.PUBLISHED, 1,
    )  # fmt: skip
    assert post.edited_at is None
    assert seq_of(stage) == head
    waiting = queries.own_waiting_edits(viewer=stage.member("rosa"), thread=thread)
    assert [revision.text for revision in waiting] == [STAFF_HELD]


def test_what_came_back_is_shown_until_its_author_writes_another_wording(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("rosa", thread, "The label says how to start.")
    for text in (STAFF_HELD, f"Again: {STAFF_HELD}"):
        edit(stage, "rosa", post, text)
    waiting = queries.own_waiting_edits(viewer=stage.member("rosa"), thread=thread)
    assert [revision.text for revision in waiting] == [f"Again: {STAFF_HELD}"]

    edit(stage, "rosa", post, STAFF_PLAIN)

    assert queries.own_waiting_edits(viewer=stage.member("rosa"), thread=thread) == []
    assert queries.own_stopped(viewer=stage.member("rosa")) == []


def test_one_key_with_another_title_is_no_answer_to_the_thread_before(stage: Stage) -> None:
    key = new_key()
    stage.try_start("amara", PLAIN, title="When to look again?", client_key=key)
    with pytest.raises(Conflict, match="other words"):
        stage.try_start("amara", PLAIN, title="When to stop?", client_key=key)


def test_a_blocked_edit_changes_nothing(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    assert isinstance(edit(stage, "bruno", post, BLOCKED), Blocked)
    assert (post.text, post.version) == ("I agree.", 1)


def test_an_edit_sent_twice_is_one_edit(stage: Stage) -> None:
    thread, key = stage.start("amara"), new_key()
    post = stage.reply("bruno", thread)
    edit(stage, "bruno", post, "I do agree.", key)
    edit(stage, "bruno", post, "I do agree.", key)
    assert len(post.revisions) == 2
    with pytest.raises(Conflict):
        edit(stage, "bruno", post, "I do not agree.", key)


def test_the_window_for_edits_closes(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    with clock.moved(timedelta(minutes=29)):
        edit(stage, "bruno", post, "I do agree.")
    with clock.moved(timedelta(minutes=31)), pytest.raises(Forbidden, match="can be edited"):
        edit(stage, "bruno", post, "I did agree.")


def test_nobody_edits_somebody_elses_post_moderators_not_excepted(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    for who in ("amara", "mika", "cora"):
        with pytest.raises(Forbidden):
            edit(stage, who, post, "Changed.")


# --- taking down and putting back --------------------------------------------------------------


def test_a_moderator_takes_a_post_down_with_a_reason_and_puts_it_back_where_it_stood(
    stage: Stage,
) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    stage.reply("amara", thread)
    remove(stage, "mika", post)
    view = queries.post_views([post.id])[0]
    assert (view.state, view.number, view.html) == ("removed", 2, "")
    assert (view.removed_role, view.removed_reason) == ("moderator", "Names a patient.")
    restore(stage, "mika", post)
    view = queries.post_views([post.id])[0]
    assert (view.state, view.number, view.version) == ("published", 2, 3)
    assert "I agree." in view.html


def test_a_moderator_gives_a_reason_an_author_need_not(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    with pytest.raises(Invalid):
        remove(stage, "mika", post, reason="  ")
    remove(stage, "bruno", post, reason="")
    assert post.removed_role == "author"


def test_an_author_puts_back_only_what_the_author_took_down(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    remove(stage, "mika", post)
    with pytest.raises(Forbidden):
        restore(stage, "bruno", post)
    restore(stage, "mika", post)
    remove(stage, "bruno", post, reason="")
    restore(stage, "bruno", post)
    assert post.state is PostState.PUBLISHED


def test_a_post_is_taken_down_once(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    remove(stage, "mika", post)
    with pytest.raises(Conflict):
        remove(stage, "cora", post)
    restore(stage, "cora", post)
    with pytest.raises(Conflict):
        restore(stage, "mika", post)


def test_a_locked_thread_takes_replies_from_moderators_only(stage: Stage) -> None:
    thread = stage.start("amara")
    mika, place = stage.member("mika"), stage.membership("mika")
    with pytest.raises(Invalid):
        services.lock_thread(actor=mika, membership=place, thread=thread, locked=True, reason="")
    services.lock_thread(
        actor=mika, membership=place, thread=thread, locked=True, reason="Settled."
    )
    stage.commit()
    with pytest.raises(Forbidden, match="locked"):
        stage.try_reply("bruno", thread, PLAIN)
    assert stage.reply("mika", thread).number == 2
    services.lock_thread(actor=mika, membership=place, thread=thread, locked=False, reason="")
    stage.commit()
    assert stage.reply("bruno", thread).number == 3


def test_a_pinned_thread_stands_above_the_others(stage: Stage) -> None:
    first, second = stage.start("amara"), stage.start("amara")
    services.pin_thread(
        actor=stage.member("mika"), membership=stage.membership("mika"), thread=first, pinned=True
    )
    stage.commit()
    viewer, space = stage.member("bruno"), stage.space()
    assert [row.id for row in queries.pinned_threads(viewer=viewer, space=space)] == [first.id]
    page = queries.threads_page(viewer=viewer, space=space)
    assert [row.id for row in page.rows] == [second.id]


def test_every_deed_of_a_moderator_is_proven_with_its_reason(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    remove(stage, "mika", post)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "post.removed")
    ).one()
    assert (entry.actor_name, entry.reason) == ("Dr Mika Lindqvist", "Names a patient.")
    assert "I agree" not in str(entry.new)


def test_an_edit_that_tells_a_side_effect_more_closely_opens_no_second_case(stage: Stage) -> None:
    thread = stage.start("bruno")
    post = stage.reply("amara", thread, ROUTED)
    (case,) = db.session.scalars(sa.select(Review).where(Review.desk == "safety"))
    closer = f"{ROUTED} She has stopped it, and is well."
    edit(stage, "amara", post, closer)
    (again,) = db.session.scalars(sa.select(Review).where(Review.desk == "safety"))
    assert (again.id, again.text, again.version) == (case.id, closer, 2)
    with pytest.raises(Conflict, match="changed since you opened it"):
        closing.close(
            actor=stage.member("safi"), review_id=case.id, version=1,
            decision=DecisionKind.CLOSE, reason="Entered.",
        )  # fmt: skip


def test_an_edit_after_its_case_was_closed_is_a_case_of_its_own(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("bruno"), ROUTED)
    (case,) = db.session.scalars(sa.select(Review).where(Review.desk == "safety"))
    closing.close(
        actor=stage.member("safi"), review_id=case.id, version=1, decision=DecisionKind.CLOSE,
        reason="Entered.", said=steps.all_alike(case, Settled.DONE),
    )  # fmt: skip
    stage.commit()
    edit(stage, "amara", post, f"{ROUTED} She has lost the child.")
    found = db.session.scalars(sa.select(Review).where(Review.desk == "safety")).all()
    assert [each.is_open for each in found] == [False, True]
