"""Advice at the doors: 409 for a program, a confirming page for a form; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from tests.stage import Stage, Visitor, new_key
from tests.threads.said import STAFF_ADVISED

Visit = Callable[[str | None], Visitor]


def test_a_program_is_told_what_to_confirm(stage: Stage, visit: Visit) -> None:
    thread, rosa, key = stage.start("amara"), visit("rosa"), new_key()
    said = {"text": STAFF_ADVISED, "client_key": key}

    answer = rosa.send(f"/threads/{thread.id}/posts", said)

    assert answer.status_code == 409
    body = answer.get_json()
    assert body["error"] == "advice"
    rules = body["verdict"]["advised"]
    assert body["verdict"]["marks"][0]["findings"] == [0]

    again = rosa.send(
        f"/threads/{thread.id}/posts",
        {**said, "confirmed": ",".join(rules), "advice_reason": "Asked for."},
    )

    assert again.status_code == 201


def test_without_script_a_page_asks_and_sends(stage: Stage, visit: Visit) -> None:
    thread, rosa, key = stage.start("amara"), visit("rosa"), new_key()
    said = {"text": STAFF_ADVISED, "client_key": key}

    page = rosa.post(f"/threads/{thread.id}/posts", said)

    assert page.status_code == 409
    assert STAFF_ADVISED in unescape(page.text)
    ticked = re.search(r'name="confirmed" value="([^"]+)"', page.text)
    assert ticked is not None

    sent = rosa.post(f"/threads/{thread.id}/posts", {**said, "confirmed": ticked[1]})

    assert sent.status_code == 303


def test_a_reason_that_is_too_long_is_refused_and_the_text_stays(
    stage: Stage, visit: Visit
) -> None:
    thread, rosa = stage.start("amara"), visit("rosa")

    page = rosa.post(
        f"/threads/{thread.id}/posts",
        {"text": STAFF_ADVISED, "client_key": new_key(), "advice_reason": "x" * 2001},
    )

    assert page.status_code == 422
    assert STAFF_ADVISED in unescape(page.text)


def test_the_company_line_is_the_houses_and_not_the_authors(stage: Stage, visit: Visit) -> None:
    thread, rosa = stage.start("amara"), visit("rosa")
    sent = {"text": "I read on.", "client_key": new_key(), "author": "hcp", "affiliation": "hcp",
            "reply_type": "", "disclosure": "", "guardrail_set": ""}  # fmt: skip

    for path in (f"/threads/{thread.id}/posts", "/spaces/cardiology/threads/new"):
        rosa.post(
            path, {**sent, "client_key": new_key(), "title": "A question", "kind": "question"}
        )

    page = visit("amara").get(f"/threads/{thread.id}").text
    assert page.count("Works for Alderwick.") == 1
    listed = visit("amara").get(f"/threads/{thread.id + 1}").text
    assert "Works for Alderwick." in listed
