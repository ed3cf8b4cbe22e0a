"""Whatever is sent: a clear answer, the right status, never a broken page, never a lost draft."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from community.kernel.db import db
from community.threads.models import Post, Thread
from tests.stage import Stage, Visitor, new_key

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def thread(stage: Stage) -> Thread:
    """Where things are sent to."""
    return stage.start("amara")


@pytest.fixture
def amara(visit: Visit) -> Visitor:
    """Who sends them."""
    return visit("amara")


def send_raw(visitor: Visitor, path: str, body: bytes, kind: str = "application/json") -> Any:
    headers = {"X-CSRFToken": visitor.token, "Accept": "application/json", "Content-Type": kind}
    with visitor.app.app_context():
        return visitor.client.post(path, data=body, headers=headers)


def posts() -> list[Post]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Post).order_by(Post.id)))


# --- texts -------------------------------------------------------------------------------------

TEXTS = {
    "one letter": ("a", 201),
    "emoji": ("👩🏽‍⚕️🫀 ok", 201),
    "right to left": ("\u202e\u05e9\u05dc\u05d5\u05dd\u202c and back", 201),
    "zero width": ("a\u200bb\u200dc\ufeff", 201),
    "combining": ("e" + "\u0301" * 500, 201),
    "NUL": ("a\0b", 201),
    "controls": ("a\x01\x1b[31mb", 201),
    "half a surrogate": ("a\ud800b", 201),
    "nested quotes": (">" * 5_000 + " deep", 201),
    "nested lists": ("\n".join(" " * n + "- x" for n in range(190)), 201),
    "ten thousand lines": ("x\n" * 9_999 + "y", 201),
    "brackets": ("[" * 10_000, 201),
    "stars": ("*" * 19_999 + "a", 201),
    "a megabyte": ("x" * 1_000_000, 422),
    "a megabyte of lines": ("\n" * 999_999 + "x", 201),
    "just too long": ("x" * 20_001, 422),
    "empty": ("", 422),
    "blank": (" \n\t ", 422),
    "only controls": ("\x01\x02", 422),
}


@pytest.mark.parametrize(("text", "status"), list(TEXTS.values()), ids=list(TEXTS))
def test_a_text_is_taken_or_refused_in_words_and_its_page_still_works(
    amara: Visitor, thread: Thread, text: str, status: int
) -> None:
    body = json.dumps({"text": text, "client_key": new_key()}).encode()
    answer = send_raw(amara, f"/threads/{thread.id}/posts", body)
    assert answer.status_code == status, answer.get_json()
    if status == 422:
        assert answer.get_json()["message"]
        assert len(posts()) == 1
    assert amara.get(f"/threads/{thread.id}").status_code == 200


def test_more_than_can_be_taken_in_one_piece_is_refused(amara: Visitor, thread: Thread) -> None:
    body = json.dumps({"text": "x" * 7_000_000, "client_key": new_key()}).encode()
    assert send_raw(amara, f"/threads/{thread.id}/posts", body).status_code == 413


def test_a_text_that_is_too_long_leaves_the_draft_as_it_was(amara: Visitor, thread: Thread) -> None:
    place = f"thread:{thread.id}"
    amara.send("/drafts", {"place": place, "text": "What I had."})
    amara.send(f"/threads/{thread.id}/posts", {"text": "x" * 20_001, "client_key": new_key()})
    assert amara.get(f"/drafts?place={place}").get_json()["text"] == "What I had."


@pytest.mark.parametrize("path", ["/threads/{}/preview", "/spaces/cardiology/threads/preview"])
def test_a_preview_looks_at_no_more_than_a_post_may_hold(
    amara: Visitor, thread: Thread, path: str
) -> None:
    there = path.format(thread.id)
    assert amara.send(there, {"text": "x" * 20_000}).status_code == 200
    for length in (20_001, 1_000_000):
        refused = amara.send(there, {"text": "x" * length})
        assert refused.status_code == 422
        assert f"That is {length:,} characters" in refused.get_json()["message"]


# --- bodies ------------------------------------------------------------------------------------

BODIES = {
    "nothing": b"",
    "broken JSON": b'{"text": "x',
    "a list": b'["text"]',
    "a number": b"7",
    "null": b"null",
    "deep": b"[" * 50_000,
    "broken UTF-8": b'{"text": "\xff\xfe", "client_key": "\xff"}',
    "text is a number": b'{"text": 7, "client_key": "00000000-0000-4000-8000-000000000001"}',
    "text is a list": b'{"text": ["x"], "client_key": "00000000-0000-4000-8000-000000000001"}',
    "text is null": b'{"text": null, "client_key": "00000000-0000-4000-8000-000000000001"}',
    "key is an object": b'{"text": "x", "client_key": {}}',
    "nan": b'{"text": NaN, "client_key": "00000000-0000-4000-8000-000000000001"}',
    "huge number": b'{"text": 1' + b"0" * 5_000 + b"}",
}


@pytest.mark.parametrize("body", list(BODIES.values()), ids=list(BODIES))
@pytest.mark.parametrize("path", ["/threads/{}/posts", "/threads/{}/preview", "/threads/{}/read",
                                  "/drafts"])  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused_and_changes_nothing(
    amara: Visitor, thread: Thread, path: str, body: bytes
) -> None:
    answer = send_raw(amara, path.format(thread.id), body)
    assert answer.status_code in {200, 400, 404, 422}
    assert answer.status_code != 200 or path.endswith("preview")  # an empty text is fine to look at
    assert len(posts()) == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_kind_of_body_is_an_empty_form(amara: Visitor, thread: Thread, kind: str) -> None:
    answer = send_raw(amara, f"/threads/{thread.id}/posts", b"\x00\xffbinary", kind)
    assert answer.status_code in {400, 415, 422}
    assert len(posts()) == 1


@pytest.mark.parametrize("path", ["/spaces/cardiology/threads/new", "/posts/1/inquiry",
                                  "/profile/credential"])  # fmt: skip
def test_a_file_in_the_place_of_a_text_is_no_text(
    amara: Visitor, thread: Thread, path: str
) -> None:
    named = ("title", "text", "country", "licence_number", "issuing_body")
    files = {name: (io.BytesIO(b"words"), "a.png") for name in named}
    assert amara.post(path, {**files, "client_key": new_key()}).status_code == 422
    assert len(posts()) == 1


def test_a_stale_token_is_refused_with_words_that_help(amara: Visitor, thread: Thread) -> None:
    for token in ("", "stale", "x" * 10_000):
        headers = {"X-CSRFToken": token, "Accept": "application/json"}
        with amara.app.app_context():
            answer = amara.client.post(
                f"/threads/{thread.id}/posts",
                json={"text": "x", "client_key": new_key()},
                headers=headers,
            )
        assert answer.status_code == 400
        assert answer.get_json()["error"] == "stale_token"
    assert len(posts()) == 1


# --- addresses ---------------------------------------------------------------------------------

NUMBERS = ["0", "987654", str(2**63 - 1), str(2**63), "9" * 400, "-1", "1e3", "\u0661", "1%00", "x"]


@pytest.mark.parametrize("number", NUMBERS)
def test_an_address_of_nothing_is_not_found(amara: Visitor, number: str) -> None:
    for path in ("/threads/{}", "/threads/{}/new", "/threads/{}/row", "/posts/{}", "/reviews/{}",
                 "/posts/{}/edit", "/posts/{}/revisions", "/members/{}"):  # fmt: skip
        assert amara.get(path.format(number)).status_code == 404, path
    sent = {"text": "x", "client_key": new_key()}
    assert amara.send(f"/threads/{number}/posts", sent).status_code == 404


@pytest.mark.parametrize("slug", ["nowhere", "%00", "..", "a" * 5_000, "CARDIOLOGY", "%ff", "'--"])
def test_a_space_that_is_not_there_is_not_found(amara: Visitor, slug: str) -> None:
    for path in ("/spaces/{}", "/spaces/{}/charter", "/spaces/{}/stream?after=0"):
        assert amara.get(path.format(slug)).status_code in {404, 308}, path


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "9" * 18, "9" * 400, "1.5", "%00", "²", "1&from=1"]
)
def test_odd_places_in_a_thread_show_it_all_the_same_or_are_not_found(
    amara: Visitor, thread: Thread, value: str
) -> None:
    for name in ("from", "before", "take", "quote"):
        answer = amara.get(f"/threads/{thread.id}?{name}={value}")
        assert answer.status_code in {200, 404}, name


@pytest.mark.parametrize(
    "value", ["x", "1", "1.x", "9" * 40 + ".1", "-1.1", ".", "1.1.1", "1." + "9" * 30]
)
def test_odd_places_in_the_list_show_it_or_are_not_found(amara: Visitor, value: str) -> None:
    for name in ("before", "after"):
        assert amara.get(f"/spaces/cardiology?{name}={value}").status_code in {200, 404}, name


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "9" * 19, "²", "1 2"])
def test_a_number_that_is_none_is_said_to_be_none(amara: Visitor, after: str) -> None:
    answer = amara.get(
        f"/spaces/cardiology/stream?after={after}", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert "after=17" in answer.get_json()["message"]


def test_a_number_ahead_of_the_stream_asks_to_begin_anew(amara: Visitor) -> None:
    answer = amara.get("/spaces/cardiology/stream?after=" + "9" * 18)
    assert answer.get_json()["reset"] is True


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_a_reading_place_that_is_none_is_refused(
    amara: Visitor, thread: Thread, number: str
) -> None:
    sent = {"number": number}
    assert amara.send(f"/threads/{thread.id}/read", sent).status_code == 422


def test_an_answered_post_that_is_foreign_or_none_is_left_out(
    amara: Visitor, stage: Stage, thread: Thread
) -> None:
    elsewhere = stage.start("ines", slug="neurology")
    foreign = str(db.session.scalars(
        sa.select(Post.id).where(Post.thread_id == elsewhere.id)
    ).one())  # fmt: skip
    for reply_to in (foreign, "x", "-1", "9" * 40, "²"):
        sent = {"text": "x", "client_key": new_key(), "reply_to": reply_to}
        assert amara.send(f"/threads/{thread.id}/posts", sent).status_code == 201
    assert all(post.reply_to_id is None for post in posts())


def test_a_program_that_starts_an_odd_thread_is_answered_in_json(amara: Visitor) -> None:
    sent = {"title": "A", "text": "Kept.", "client_key": new_key(), "kind": "announcement"}
    answer = amara.send("/spaces/cardiology/threads/new", sent)
    assert answer.status_code == 422
    assert answer.get_json() == {"error": "invalid", "message": "kind: Choose one of the list."}


def test_the_news_are_refused_in_json_whatever_was_asked_for(amara: Visitor) -> None:
    answer = amara.get("/spaces/cardiology/stream?after=abc")
    assert answer.status_code == 422
    assert "after=17" in answer.get_json()["message"]


def test_a_thread_of_odd_kind_or_with_foreign_topics_is_refused_with_its_text(
    amara: Visitor, stage: Stage
) -> None:
    for odd in ({"kind": "announcement"}, {"kind": "x" * 9_000}, {"tags": ["Nowhere"]}):
        sent = {"title": "A", "text": "Kept.", "client_key": new_key(), "kind": "case", **odd}
        answer = amara.post("/spaces/cardiology/threads/new", sent)
        assert answer.status_code == 422
        assert "Kept." in answer.text
    long = {"title": "x" * 201, "text": "Kept.", "client_key": new_key(), "kind": "case"}
    answer = amara.post("/spaces/cardiology/threads/new", long)
    assert answer.status_code == 422
    assert "Kept." in answer.text
    assert posts() == []
