"""The pages of an inquiry: a quiet line for who asked, a press for who answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.inquiries import queries
from community.inquiries.models import Inquiry, InquiryState
from community.kernel.db import db
from tests.stage import Stage, Visitor, new_key
from tests.threads.said import BLOCKED, OFF_LABEL

Visit = Callable[[str | None], Visitor]


def test_only_who_asked_reads_that_an_answer_will_come(stage: Stage, visit: Visit) -> None:
    thread = stage.start("mika")
    stage.reply("amara", thread, OFF_LABEL)

    line = "Medical Information will answer you in person"
    assert line in visit("amara").get(f"/threads/{thread.id}").text.split("<script")[0]
    for who in ("bruno", "mika", "rosa"):
        shown = visit(who).get(f"/threads/{thread.id}").text
        assert 'class="notice inquiry-line"' not in shown


def test_who_answers_sees_no_words_before_opening_it(stage: Stage, visit: Visit) -> None:
    stage.reply("amara", stage.start("mika"), OFF_LABEL)
    dora = visit("dora")

    assert "HFpEF" not in dora.get("/inquiries/1").text
    assert "HFpEF" in dora.post("/inquiries/1").text


def test_the_whole_round_works_without_script(stage: Stage, visit: Visit) -> None:
    post = stage.reply("bruno", stage.start("mika"))
    amara, dora = visit("amara"), visit("dora")

    asked = amara.post(
        f"/posts/{post.id}/inquiry", {"text": "What about dialysis?", "client_key": new_key()}
    )
    assert asked.status_code == 303
    path = asked.headers["Location"]
    opened = dora.post(path).text
    version = re.search(r'name="version" [^>]*value="(\d+)"', opened)
    assert version is not None
    sent = dora.post(
        f"{path}/answer",
        {"text": "It was not studied.", "references": "ORT-01", "client_key": new_key(),
         "version": version[1], "extent": "full", "delivery": "full text by post"},
    )  # fmt: skip
    assert sent.status_code == 303
    assert "The case is closed." in dora.get("/inquiries/").text

    read = amara.get(path).text
    assert "It was not studied." in read
    assert "ORT-01" in read
    assert "Also sent: full text by post" in read


def test_a_stopped_letter_stands_in_the_form_again(stage: Stage, visit: Visit) -> None:
    post = stage.reply("bruno", stage.start("mika"))

    page = visit("amara").post(
        f"/posts/{post.id}/inquiry", {"text": BLOCKED, "client_key": new_key()}
    )

    assert page.status_code == 422
    assert BLOCKED in page.text
    assert "shows who a patient is" in page.text


def test_the_pointer_page_shows_what_the_room_reads(stage: Stage, visit: Visit) -> None:
    post, rosa = stage.reply("amara", stage.start("mika"), "And on dialysis?"), visit("rosa")

    page = rosa.get(f"/posts/{post.id}/pointer").text
    assert "Our Medical Information team will answer you in person" in page
    unsaid = rosa.post(f"/posts/{post.id}/pointer", {"client_key": new_key()})
    assert unsaid.status_code == 422
    assert "No rule found a use outside the label" in unsaid.text
    sent = rosa.post(f"/posts/{post.id}/pointer", {"client_key": new_key(), "beyond_label": "y"})

    assert sent.status_code == 303
    assert "In this thread we only point there" in rosa.get(
        f"/threads/{post.thread_id}"
    ).text.replace("in this thread we", "In this thread we")


def test_an_answer_that_comes_too_late_is_given_back_word_for_word(
    stage: Stage, visit: Visit
) -> None:
    post = stage.reply("bruno", stage.start("mika"))
    inquiry = stage.ask_in_private("amara", post)
    long = "It was not studied in dialysis, <and> nothing was published."

    page = visit("dora").post(
        f"/inquiries/{inquiry.id}/answer",
        {
            "text": long,
            "references": "",
            "client_key": new_key(),
            "version": "7",
            "extent": "first",
        },
    )

    assert page.status_code == 409
    assert long.replace("<", "&lt;").replace(">", "&gt;") in page.text


def test_a_key_that_was_used_for_another_question_is_refused(stage: Stage, visit: Visit) -> None:
    thread, key = stage.start("mika"), new_key()
    posts = [stage.reply("amara", thread, f"Is {hour} a good hour?") for hour in ("ten", "four")]

    for who, path, form in (
        ("bruno", "inquiry", {"text": "Where is it written?"}),
        ("rosa", "pointer", {"beyond_label": "y"}),
    ):
        visitor, sent = visit(who), {**form, "client_key": key}
        answers = [visitor.post(f"/posts/{post.id}/{path}", sent).status_code for post in posts]
        assert answers == [303, 409]


def test_whichever_way_shows_an_inquiry_it_is_kept_that_it_was_read(
    stage: Stage, visit: Callable[[str | None], Visitor]
) -> None:
    post = stage.reply("bruno", stage.start("amara"), "Once a day, in the morning.")
    inquiry = stage.ask_in_private("amara", post, "Where is that written?")
    number = inquiry.id

    for way in ("answer", "close"):
        page = visit("dora").post(f"/inquiries/{number}/{way}")
        assert "Where is that written?" in page.text

    read = sa.select(sa.func.count()).where(AuditEntry.action == "inquiry.read")
    assert db.session.scalar(read) == 2


def test_after_a_first_answer_who_asked_reads_by_when_the_full_one_comes(
    stage: Stage, visit: Visit
) -> None:
    thread = stage.start("mika")
    stage.reply("amara", thread, OFF_LABEL)
    form = {"text": "The full answer follows.", "references": "", "client_key": new_key(),
            "version": "1", "extent": "first"}  # fmt: skip
    dora, amara = visit("dora"), visit("amara")
    assert dora.post("/inquiries/1/answer", {**form, "extent": ""}).status_code == 422
    assert dora.post("/inquiries/1/answer", form).status_code == 303
    assert "The full answer is still owed." in dora.get("/inquiries/").text

    assert "Their full answer follows by" in amara.get(f"/threads/{thread.id}").text
    assert "First answer sent, the full one follows" in amara.get("/inquiries/").text
    assert "The full answer is due:" in amara.get("/inquiries/1").text


def test_what_was_answered_long_ago_is_still_found(
    visit: Visit, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "DONE_A_PAGE", 2)
    thread = stage.start("mika")
    for number in range(3):
        stage.reply("amara", thread, f"{OFF_LABEL} This is my question {number}.")
    stage.commit()
    for inquiry in db.session.scalars(sa.select(Inquiry)):
        inquiry.state = InquiryState.CLOSED
    stage.commit()
    dora = visit("dora")
    first = dora.get("/inquiries/?show=done").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = dora.get(unescape(older[1])).text
    found = [re.findall(r'<h3><a href="(/inquiries/\d+)"', page) for page in (first, second)]
    assert [len(each) for each in found] == [2, 1]
    assert not set(found[0]) & set(found[1])
