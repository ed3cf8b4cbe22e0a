"""The pages of threads and the answers that a page's script gets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit.models import AuditEntry
from community.kernel import clock
from community.kernel.db import db
from community.reviews.models import Review
from community.threads import services
from community.threads.models import Draft, Post, PostState, Thread
from tests.stage import Stage, Visitor, new_key
from tests.threads.said import BLOCKED, HELD, PLAIN, STAFF_HELD

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def thread(stage: Stage) -> Thread:
    """A thread of Amara's with a reply of Bruno's."""
    thread = stage.start("amara")
    stage.reply("bruno", thread, "I wait for **two** weeks.")
    return thread


def reply(visitor: Visitor, thread: Thread, text: str = PLAIN, **more: Any) -> Any:
    sent = {"text": text, "client_key": new_key(), **more}
    return visitor.send(f"/threads/{thread.id}/posts", sent)


def last_post() -> Post:
    db.session.rollback()
    return db.session.scalars(sa.select(Post).order_by(Post.id.desc()).limit(1)).one()


# --- the contract of a reply -------------------------------------------------------------------


def test_a_reply_answers_201_with_the_post_as_the_room_sees_it(
    visit: Visit, thread: Thread
) -> None:
    answer = reply(visit("mika"), thread, "Start **low**.")
    assert answer.status_code == 201
    said = answer.get_json()
    assert (said["state"], said["number"]) == ("published", 3)
    assert said["seq"] > 0
    assert said["verdict"]["outcome"] == "allow"
    assert "<strong>low</strong>" in said["html"]
    assert f'id="post-{said["id"]}"' in said["html"]


def test_the_same_reply_again_answers_200_with_the_same_post(visit: Visit, thread: Thread) -> None:
    mika, key = visit("mika"), new_key()
    first = reply(mika, thread, client_key=key)
    again = reply(mika, thread, client_key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    same = {"id", "seq", "state", "html", "number"}
    assert {k: first.get_json()[k] for k in same} == {k: again.get_json()[k] for k in same}


def test_the_same_key_with_other_words_answers_409(visit: Visit, thread: Thread) -> None:
    mika, key = visit("mika"), new_key()
    reply(mika, thread, client_key=key)
    answer = reply(mika, thread, "Other words.", client_key=key)
    assert answer.status_code == 409
    assert answer.get_json()["error"] == "conflict"


def test_a_held_reply_answers_201_without_a_number_in_the_stream(
    visit: Visit, thread: Thread
) -> None:
    said = reply(visit("rosa"), thread, STAFF_HELD)
    assert said.status_code == 201
    body = said.get_json()
    assert (body["state"], body["seq"], body["html"]) == ("held", None, None)
    assert body["verdict"]["outcome"] == "hold"


def test_a_blocked_reply_answers_422_with_the_verdict_and_is_kept_as_a_draft(
    visit: Visit, thread: Thread
) -> None:
    amara = visit("amara")
    answer = reply(amara, thread, BLOCKED)
    assert answer.status_code == 422
    body = answer.get_json()
    assert body["error"] == "blocked"
    assert body["verdict"]["findings"][0]["rule"] == "privacy.birth-and-numbers"
    kept = amara.get(f"/drafts?place=thread:{thread.id}").get_json()
    assert kept["text"] == BLOCKED
    db.session.rollback()
    assert db.session.scalars(sa.select(Review.owner)).all() == ["privacy"]


def test_too_many_replies_answer_429_with_the_time_to_wait(visit: Visit, thread: Thread) -> None:
    mika = visit("mika")
    answers = [reply(mika, thread, f"Post {n}.") for n in range(21)]
    assert [a.status_code for a in answers[:20]] == [201] * 20
    assert answers[20].status_code == 429
    assert 0 < int(answers[20].headers["Retry-After"]) <= 61


def test_without_a_key_a_reply_is_refused(visit: Visit, thread: Thread) -> None:
    mika = visit("mika")
    for key in ("", "not a key", "1", None):
        assert reply(mika, thread, client_key=key).status_code == 422


def test_a_locked_thread_answers_403_with_the_reason(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    services.lock_thread(
        actor=stage.member("mika"), membership=stage.membership("mika"), thread=thread,
        locked=True, reason="Settled.",
    )  # fmt: skip
    stage.commit()
    answer = reply(visit("bruno"), thread)
    assert answer.status_code == 403
    assert "Settled." in answer.get_json()["message"]
    assert "Settled." in visit("bruno").get(f"/threads/{thread.id}").text


def test_a_foreign_thread_answers_404(visit: Visit, thread: Thread) -> None:
    assert reply(visit("ines"), thread).status_code == 404


# --- without script ----------------------------------------------------------------------------


def test_without_script_a_reply_leads_to_the_post(visit: Visit, thread: Thread) -> None:
    mika = visit("mika")
    sent = {"text": PLAIN, "client_key": new_key()}
    answer = mika.post(f"/threads/{thread.id}/posts", sent)
    assert answer.status_code == 303
    page = mika.get(answer.headers["Location"], follow_redirects=True)
    assert PLAIN in page.text


def test_without_script_a_blocked_text_stands_in_the_form_again_with_its_reason(
    visit: Visit, thread: Thread
) -> None:
    answer = visit("amara").post(
        f"/threads/{thread.id}/posts", {"text": BLOCKED, "client_key": new_key()}
    )
    assert answer.status_code == 422
    assert BLOCKED in answer.text
    assert f'action="/threads/{thread.id}/posts#reply"' in answer.text  # the page opens there
    assert 'id="reply"' in answer.text


def test_without_script_a_text_that_is_too_long_stands_in_the_form_again(
    visit: Visit, thread: Thread
) -> None:
    text = "long " * 5_000
    answer = visit("amara").post(
        f"/threads/{thread.id}/posts", {"text": text, "client_key": new_key()}
    )
    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert "20,000 are the most" in answer.text


def test_a_new_thread_without_a_title_keeps_what_was_written(visit: Visit, stage: Stage) -> None:
    answer = visit("amara").post(
        "/spaces/cardiology/threads/new",
        {"title": " ", "text": "What next?", "client_key": new_key(), "kind": "question"},
    )
    assert answer.status_code == 422
    assert "What next?" in answer.text
    assert "needs a title" in answer.text


def test_a_new_thread_is_started_and_shown(visit: Visit, stage: Stage) -> None:
    amara = visit("amara")
    answer = amara.post(
        "/spaces/cardiology/threads/new",
        {"title": "When to stop?", "text": PLAIN, "client_key": new_key(), "kind": "question",
         "tags": ["Titration"]},
        follow_redirects=True,
    )  # fmt: skip
    assert answer.status_code == 200
    assert "When to stop?" in answer.text
    assert "When to stop?" in visit("bruno").get("/spaces/cardiology").text


# --- reading -----------------------------------------------------------------------------------


def test_a_link_to_a_post_leads_to_its_page_and_place(visit: Visit, stage: Stage) -> None:
    thread = stage.start("amara")
    posts = [stage.reply("amara", thread, f"Post {n}.") for n in range(2, 62)]
    bruno = visit("bruno")
    answer = bruno.get(f"/posts/{posts[-1].id}")
    place = answer.headers["Location"]
    assert place.endswith(f"#post-{posts[-1].id}")
    page = bruno.get(place).text
    assert "Post 61." in page
    assert "Post 5." not in page


def test_the_first_unread_post_is_where_one_stopped(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    mika = visit("mika")
    assert mika.send(f"/threads/{thread.id}/read", {"number": "1"}).status_code == 204
    place = mika.get(f"/threads/{thread.id}/new").headers["Location"]
    assert place.endswith("#new")
    assert 'id="new"' in mika.get(place).text
    mika.send(f"/threads/{thread.id}/read", {"number": "2"})
    assert 'id="new"' not in mika.get(f"/threads/{thread.id}").text


def test_reading_a_page_keeps_nothing(visit: Visit, stage: Stage, thread: Thread) -> None:
    before = stage.space().version, db.session.scalar(sa.select(sa.func.count(Draft.id)))
    visit("mika").get(f"/threads/{thread.id}")
    row = visit("mika").get(f"/threads/{thread.id}/row").text
    db.session.rollback()
    assert "2" in row
    assert before == (
        stage.space().version, db.session.scalar(sa.select(sa.func.count(Draft.id))),
    )  # fmt: skip


def test_a_quote_stands_in_the_composer(visit: Visit, stage: Stage, thread: Thread) -> None:
    quoted = last_post()
    page = visit("mika").get(f"/threads/{thread.id}?quote={quoted.id}").text
    assert "&gt; I wait for **two** weeks." in page


def test_a_post_of_another_thread_is_not_quoted_here(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    other = stage.reply("bruno", stage.start("amara"), "From elsewhere.")
    assert "From elsewhere." not in visit("mika").get(
        f"/threads/{thread.id}?quote={other.id}"
    ).text  # fmt: skip


def test_a_held_post_is_shown_to_its_author_alone(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    stage.reply("rosa", thread, STAFF_HELD)
    assert STAFF_HELD in visit("rosa").get(f"/threads/{thread.id}").text
    for who in ("amara", "mika", "cora"):
        assert STAFF_HELD not in visit(who).get(f"/threads/{thread.id}").text


def test_company_posts_carry_name_role_company_and_medical_affairs(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    stage.reply("rosa", thread, "Welcome to this thread.")
    page = visit("amara").get(f"/threads/{thread.id}").text
    post = page.partition("post--company")[2]
    assert "Dr Rosa Bianchi" in post
    assert "Medical Affairs, Alderwick" in post


# --- drafts ------------------------------------------------------------------------------------


def test_a_draft_survives_in_another_browser(visit: Visit, thread: Thread) -> None:
    place = f"thread:{thread.id}"
    visit("mika").send("/drafts", {"place": place, "text": "I have begun"})
    assert "I have begun" in visit("mika").get(f"/threads/{thread.id}").text


def test_a_second_tab_is_told_and_overwrites_nothing(visit: Visit, thread: Thread) -> None:
    mika, place = visit("mika"), f"thread:{thread.id}"
    first = mika.send("/drafts", {"place": place, "text": "one", "seq": "0"}).get_json()["seq"]
    mika.send("/drafts", {"place": place, "text": "one two", "seq": str(first)})
    answer = mika.send("/drafts", {"place": place, "text": "other", "seq": str(first)})
    assert answer.status_code == 409
    assert answer.get_json()["error"] == "newer_draft"
    assert mika.get(f"/drafts?place={place}").get_json()["text"] == "one two"


@pytest.mark.parametrize("place", ["", "thread:", "thread:x", "room:1", "thread:" + "9" * 30])
def test_a_place_that_is_none_keeps_no_draft(visit: Visit, place: str) -> None:
    assert visit("mika").send("/drafts", {"place": place, "text": "x"}).status_code == 404


def test_nobody_keeps_a_draft_where_they_may_not_look(visit: Visit, thread: Thread) -> None:
    ines = visit("ines")
    for place in (f"thread:{thread.id}", f"space:{thread.space_id}", f"post:{last_post().id}"):
        assert ines.send("/drafts", {"place": place, "text": "x"}).status_code == 404
        assert ines.get(f"/drafts?place={place}").status_code == 404


# --- editing, taking down ----------------------------------------------------------------------


def test_an_edit_shows_its_difference_to_everyone(visit: Visit, thread: Thread) -> None:
    post, bruno = last_post(), visit("bruno")
    sent = {"text": "I wait for **four** weeks.", "client_key": new_key()}
    assert bruno.post(f"/posts/{post.id}/edit", sent).status_code == 303
    page = visit("amara").get(f"/posts/{post.id}/revisions").text
    assert "<ins" in page
    assert "four" in page
    assert "edited" in visit("amara").get(f"/threads/{thread.id}").text


def test_an_earlier_wording_is_covered_by_its_author_or_a_moderator(
    visit: Visit, thread: Thread
) -> None:
    post, bruno, amara = last_post(), visit("bruno"), visit("amara")
    page, cover = f"/posts/{post.id}/revisions", f"/posts/{post.id}/cover"
    assert bruno.post(cover, {"wording": "1"}).status_code == 422, "it stands in the room"
    sent = {"text": "I wait for **four** weeks.", "client_key": new_key()}
    assert bruno.post(f"/posts/{post.id}/edit", sent).status_code == 303
    assert "<del" in amara.get(page).text
    assert "Cover this wording" not in amara.get(page).text
    assert amara.post(cover, {"wording": "1"}).status_code == 403
    for nonsense in ("", "2", "99", "x"):
        assert visit("mika").post(cover, {"wording": nonsense}).status_code == 422

    for who in (bruno, visit("mika")):
        assert who.post(cover, {"wording": "1"}).status_code == 303
    for reader in (amara, bruno, visit("mika")):
        text = reader.get(page).text
        assert "two" not in text.split("</h1>")[1]
        assert "1 earlier wording is covered" in text
    done = [entry.action for entry in db.session.scalars(sa.select(AuditEntry))]
    assert done.count("post.wording_covered") == 1


def test_what_the_company_said_before_stays_to_be_read(visit: Visit, thread: Thread) -> None:
    rosa = visit("rosa")
    sent = {"text": "Thank you for the question.", "client_key": new_key()}
    rosa.post(f"/threads/{thread.id}/posts", sent)
    post = last_post()
    edited = {"text": "Thank you for this question.", "client_key": new_key()}
    assert rosa.post(f"/posts/{post.id}/edit", edited).status_code == 303
    assert rosa.post(f"/posts/{post.id}/cover", {"wording": "1"}).status_code == 403
    assert "<del" in visit("amara").get(f"/posts/{post.id}/revisions").text


def test_what_one_had_begun_to_change_is_there_again_until_it_is_sent(
    visit: Visit, thread: Thread
) -> None:
    post, bruno = last_post(), visit("bruno")
    path, place = f"/posts/{post.id}/edit", f"post:{post.id}"
    assert "had begun" not in bruno.get(path).text
    begun = {"place": place, "text": "I wait for six weeks.", "seq": "0"}
    assert bruno.send("/drafts", begun).status_code == 200

    page = bruno.get(path).text
    assert "I wait for six weeks." in page
    assert "had begun" in page
    assert re.search(r'<input[^>]*name="seq"[^>]*value="1"', page)
    anew = bruno.get(f"{path}?take=post").text
    assert post.text in anew
    assert "six weeks" not in anew

    sent = {"text": "I wait for seven weeks.", "client_key": new_key()}
    assert bruno.post(path, sent).status_code == 303
    assert "had begun" not in bruno.get(path).text
    assert bruno.get(f"/drafts?place={place}").json == {"seq": 0, "text": "", "title": ""}


def test_a_change_that_came_back_too_late_leads_to_a_new_post_and_not_to_a_closed_door(
    visit: Visit, thread: Thread, stage: Stage
) -> None:
    post = stage.reply("rosa", thread, "The label says how to start.")
    rosa = visit("rosa")
    sent = {"text": STAFF_HELD, "client_key": new_key()}
    assert rosa.post(f"/posts/{post.id}/edit", sent).status_code == 303
    assert rosa.post(f"/posts/{post.id}/withdraw").status_code == 303
    again = "Change it and send it again"
    assert again in rosa.get(f"/threads/{thread.id}").text
    with clock.moved(timedelta(minutes=31)):
        page = rosa.get(f"/threads/{thread.id}").text
    assert again not in page
    assert "Write a new one that corrects it" in page


def test_after_the_window_the_form_is_refused(visit: Visit, thread: Thread) -> None:
    post = last_post()
    with clock.moved(timedelta(minutes=31)):
        assert visit("bruno").get(f"/posts/{post.id}/edit").status_code == 403


def test_a_removed_post_is_a_tombstone_with_its_reason_and_comes_back(
    visit: Visit, thread: Thread
) -> None:
    post, mika = last_post(), visit("mika")
    assert mika.post(f"/posts/{post.id}/remove", {"reason": ""}).status_code == 422
    assert mika.post(f"/posts/{post.id}/remove", {"reason": "Names a patient."}).status_code == 303
    page = visit("amara").get(f"/threads/{thread.id}").text
    assert "Names a patient." in page
    assert "was taken down by Dr Mika Lindqvist, who moderates here." in page
    words = re.sub(r"<[^>]+>", "", page)
    assert "The reason: Names a patient. It was yours." in words
    assert "write to another moderator. Put it back" in words
    own = f'[data-by="moderator"][data-author="{post.author_id}"] .post__appeal'
    assert own in visit("bruno").get(f"/threads/{thread.id}").text
    assert own not in page
    assert "was taken down." in visit("bruno").get("/").text
    assert "two</strong> weeks" not in page
    assert visit("amara").get(f"/posts/{post.id}/revisions").status_code == 404
    assert mika.post(f"/posts/{post.id}/restore").status_code == 303
    assert "two</strong> weeks" in visit("amara").get(f"/threads/{thread.id}").text


def test_a_first_post_that_its_author_took_back_is_changed_and_sent_as_a_new_thread(
    visit: Visit, stage: Stage
) -> None:
    sent = {"title": "Which dose?", "kind": "question", "client_key": new_key()}
    rosa = visit("rosa")
    rosa.post("/spaces/cardiology/threads/new", {**sent, "text": STAFF_HELD})
    post = last_post()
    again = f"/spaces/cardiology/threads/new?take={post.id}"
    assert again not in rosa.get(f"/threads/{post.thread_id}").text
    assert STAFF_HELD not in rosa.get(again).text, "it waits"

    rosa.post(f"/posts/{post.id}/withdraw")

    assert f'href="{again}"' in rosa.get(f"/threads/{post.thread_id}").text
    page = rosa.get(again).text
    assert 'value="Which dose?"' in page
    assert STAFF_HELD in page
    assert '<option selected value="question">' in page
    assert STAFF_HELD not in visit("bruno").get(again).text
    stage.commit()
    assert rosa.get(f"/spaces/cardiology/threads/new?take={'9' * 19}").status_code == 200


def test_a_removed_post_cannot_be_read_by_quoting_it(visit: Visit, thread: Thread) -> None:
    post = last_post()
    visit("mika").post(f"/posts/{post.id}/remove", {"reason": "Names a patient."})
    page = visit("amara").get(f"/threads/{thread.id}?quote={post.id}").text
    assert "two** weeks" not in page


# --- what is new since -------------------------------------------------------------------------


def test_catching_up_gives_html_for_the_thread_at_hand_only(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    other = stage.start("amara")
    bruno = visit("bruno")
    head = bruno.get("/spaces/cardiology/stream?after=0").get_json()["head"]
    here, there = stage.reply("mika", thread), stage.reply("mika", other)
    missed = bruno.get(f"/spaces/cardiology/stream?after={head}&thread={thread.id}").get_json()
    html = {event["id"]: event["html"] for event in missed["events"] if event["kind"] == "post"}
    assert html[there.id] is None
    assert "I agree." in html[here.id]
    assert missed["head"] == head + 2


def test_a_held_post_is_not_in_the_stream(visit: Visit, stage: Stage, thread: Thread) -> None:
    bruno = visit("bruno")
    head = bruno.get("/spaces/cardiology/stream?after=0").get_json()["head"]
    held = stage.reply("rosa", thread, STAFF_HELD)
    stage.try_start("rosa", HELD)
    missed = bruno.get(f"/spaces/cardiology/stream?after={head}").get_json()
    assert missed["events"] == []
    assert held.state is PostState.HELD


def test_a_preview_keeps_nothing(visit: Visit, app: Flask, thread: Thread) -> None:
    answer = visit("rosa").send(f"/threads/{thread.id}/preview", {"text": STAFF_HELD})
    assert answer.status_code == 200
    assert answer.get_json()["outcome"] == "hold"
    db.session.rollback()
    assert db.session.scalars(sa.select(Review)).all() == []


# --- no button that leads to a refusal ---------------------------------------------------------


def may_be_edited(page: str, post: Post) -> bool:
    """Whether the page's own style shows the way to the edit, as the cascade has it."""
    shown = f'.post:not([data-closed])[data-author="{post.author_id}"] .post__own {{' in page
    return shown and f"#post-{post.id} .post__own {{ display: none; }}" not in page


def test_the_way_to_edit_goes_with_the_window(visit: Visit, thread: Thread) -> None:
    post = last_post()
    page = visit("bruno").get(f"/threads/{thread.id}").text
    assert may_be_edited(page, post)
    assert 'data-edit-minutes="30"' in page
    with clock.moved(timedelta(minutes=31)):
        assert not may_be_edited(visit("bruno").get(f"/threads/{thread.id}").text, post)


def test_a_paused_author_is_offered_no_edit(visit: Visit, stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("bruno", thread)
    post = last_post()
    place = stage.membership("bruno")
    place.paused_until, place.pause_reason = clock.now() + timedelta(days=2), "Twice rude."
    stage.commit()
    page = visit("bruno").get(f"/threads/{thread.id}").text
    assert not may_be_edited(page, post)
    assert visit("bruno").get(f"/posts/{post.id}/edit").status_code == 403


def test_in_an_archived_space_nothing_is_offered_that_would_be_refused(
    visit: Visit, stage: Stage, thread: Thread
) -> None:
    path = f"/threads/{thread.id}"
    before = visit("mika").get(path).text
    assert f"{path}/lock" in before
    assert f"{path}/pin" in before
    db.session.get_one(Thread, thread.id).space.archived_at = clock.now()
    stage.commit()
    after = visit("mika").get(path).text
    assert f"{path}/lock" not in after
    assert f"{path}/pin" not in after
    assert ".post__restore {" not in after
    assert not may_be_edited(visit("bruno").get(path).text, last_post())


# --- what a post cites ---------------------------------------------------------------------------


def cited_on(page: str) -> list[str]:
    """The ids of what the page says in full under its posts."""
    found = re.findall(r'<dl class="citations">(.*?)</dl>', page, re.DOTALL)
    return [key for part in found for key in re.findall(r"<dt>(.*?)</dt>", part)]


def test_what_a_post_cites_by_its_id_alone_stands_under_it_in_full(
    visit: Visit, thread: Thread, stage: Stage
) -> None:
    stage.reply("rosa", thread, "The label says how to start [ORT-11], and again (ORT-11).")
    page = visit("amara").get(f"/threads/{thread.id}").text
    assert cited_on(page) == ["ORT-11"]
    assert "Summary of Product Characteristics, Great Britain" in page


def test_a_citation_that_stands_in_the_post_is_not_said_twice(
    visit: Visit, thread: Thread, stage: Stage
) -> None:
    stage.reply(
        "amara", thread,
        "ORT-01: Halvorsen P, Adeline M, Okonjo T, et al. Velnatrect in chronic heart failure."
        " HLA-27 and ORT-99 are nothing that we know.",
    )  # fmt: skip
    assert cited_on(visit("bruno").get(f"/threads/{thread.id}").text) == []


def test_the_company_is_offered_what_can_be_cited_to_these_readers(
    visit: Visit, thread: Thread
) -> None:
    page = visit("rosa").get(f"/threads/{thread.id}").text
    offered = re.findall(r'data-cite="([^"]+)"', page)
    assert {"ORT-01", "ORT-11", "ORT-13"} <= set(offered)
    assert not {"ORT-05", "ORT-10", "ORT-12", "BRQ-01"} & set(offered), "not here, or not ours here"
    assert "data-cite" not in visit("amara").get(f"/threads/{thread.id}").text


def test_the_page_of_a_stopped_thread_says_what_became_of_it(visit: Visit) -> None:
    sent = {"title": "A patient of mine", "text": BLOCKED, "client_key": new_key()}
    page = visit("amara").post("/spaces/cardiology/threads/new", sent)
    assert page.status_code == 422
    assert "It was kept out, and a case is open with: Safety, Privacy." in page.text
