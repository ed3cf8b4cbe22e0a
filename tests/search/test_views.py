"""The page of the search, its box on other pages, and the topics that lead to it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask

from community.audit import services as audit
from tests.stage import Stage, Visitor
from tests.threads.said import STAFF_PLAIN

Visit = Callable[[str | None], Visitor]


def heading(page: str) -> str:
    """Return the words of a page's heading."""
    (found,) = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return " ".join(found.split())


def test_a_result_shows_title_author_space_and_the_words_that_were_found(
    visit: Visit, stage: Stage
) -> None:
    thread = stage.start("amara", title="Ankles that swell")
    post = stage.reply("rosa", thread, STAFF_PLAIN)
    page = visit("bruno").get("/search?q=looked+ankles").text
    assert heading(page) == "1 result for “looked ankles”"
    assert f'<a href="/posts/{post.id}"><mark>Ankles</mark> that swell</a>' in page
    assert "I will <mark>look</mark> that up" in page
    assert '<span class="tag-company">Company</span>' in page
    assert "<span>Dr Rosa Bianchi</span>" in page
    assert "<span>Cardiology</span>" in page
    assert re.search(r'<time datetime="[^"]+Z">', page)
    assert visit("bruno").get(f"/posts/{post.id}").status_code == 303


def test_what_people_wrote_and_typed_stays_text(visit: Visit, stage: Stage) -> None:
    text = "A <script>alert(1)</script> & <b>ramipril</b> 'quoted' \"twice\""
    stage.reply("bruno", stage.start("amara", title="<img src=x> ramipril"), text)
    page = visit("amara").get("/search?q=ramipril").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;img src=x&gt; <mark>ramipril</mark>" in page
    typed = visit("amara").get('/search?q="><script>alert(2)</script>&from="><b>').text
    assert "<script>alert" not in typed
    assert 'value="&#34;&gt;&lt;script&gt;' in typed


@pytest.mark.parametrize(
    ("q", "says"),
    [
        ("", "What are you looking for?"),
        ("a", "That is too little to look for"),
        ("%3F%21", "That is too little to look for"),
        ("nowhere", "No post that you may read has all of this"),
        ("x" * 10_000, "No post that you may read has all of this"),
    ],
)
def test_where_nothing_is_found_it_says_what_to_do(visit: Visit, q: str, says: str) -> None:
    answer = visit("amara").get(f"/search?q={q}")
    assert answer.status_code == 200
    assert says in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "q=weeks&page=0", "q=weeks&page=-1", "q=weeks&page=99999999999999999999", "q=weeks&page=x",
        "q=weeks&until=x", "q=weeks&until=999999999999999999", "since=2026-13-45",
        "topic=%22", "product='", "from=%25", "q=weeks&q=more", "q[]=1",
        "space=&q=weeks", "q=%ff%fe", "topic=" + "x" * 5_000,
    ],
)  # fmt: skip
def test_an_address_that_no_form_would_send_gets_a_page(visit: Visit, query: str) -> None:
    assert visit("amara").get(f"/search?{query}").status_code == 200


def test_a_space_that_one_is_not_in_reads_as_one_that_is_not_there(
    visit: Visit, stage: Stage
) -> None:
    ines = visit("ines")
    headers = {"Accept": "application/json"}
    foreign = ines.get("/search?q=weeks&space=cardiology", headers=headers)
    missing = ines.get("/search?q=weeks&space=nowhere", headers=headers)
    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data)
    assert foreign.status_code == 404


def test_the_address_of_the_next_page_keeps_what_was_asked(visit: Visit, stage: Stage) -> None:
    thread = stage.start("amara")
    for number in range(21):
        stage.reply("bruno", thread, f"Number {number} on ramipril & ankles.")
    amara = visit("amara")
    page = amara.get("/search?q=ramipril+%26+ankles&from=bruno&space=cardiology").text
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    second = amara.get(following.replace("&amp;", "&")).text
    assert heading(second) == heading(page) == "21 results for “ramipril &amp; ankles”"
    assert second.count('<li class="thread-row found">') == 1
    assert "Page 2 of 2." in second


def test_a_topic_leads_from_rows_and_heads_to_its_threads(visit: Visit, stage: Stage) -> None:
    thread = stage.start("amara", title="Ankles that swell", tags=["Titration"])
    stage.start("amara", title="Another one")
    bruno = visit("bruno")
    link = '<a href="/search?space=cardiology&amp;topic=Titration">Titration</a>'
    for path in ("/", "/spaces/cardiology", f"/threads/{thread.id}", f"/threads/{thread.id}/row"):
        assert link in bruno.get(path).text, path
    page = bruno.get("/search?space=cardiology&topic=Titration").text
    assert heading(page) == "1 thread on “Titration”"
    assert "Ankles that swell" in page
    assert "Another one" not in page


def test_a_space_and_the_first_page_have_a_box_that_leads_here(visit: Visit) -> None:
    here = visit("amara").get("/spaces/cardiology").text
    assert 'action="/search"' in here
    assert 'name="space" value="cardiology"' in here
    assert "In all my spaces" not in here
    assert "In all my spaces" in visit("cora").get("/spaces/cardiology").text
    assert 'action="/search"' in visit("amara").get("/").text
    assert 'action="/search"' not in visit("ada").get("/").text


def test_what_is_searched_for_stands_in_no_log_and_no_record(
    visit: Visit, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    before = audit.verify().entries
    caplog.set_level(logging.DEBUG)
    assert visit("amara").get("/search?q=unheardof&from=unheardof").status_code == 200
    assert "unheardof" not in caplog.text
    assert audit.verify().entries == before


def test_whoever_searches_without_end_is_slowed_down(app: Flask, visit: Visit) -> None:
    amara = visit("amara")
    answers = [amara.get("/search?q=weeks").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert visit("bruno").get("/search?q=weeks").status_code == 200
