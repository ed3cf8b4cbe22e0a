"""The page on which a post is reported, the line under it, and the case at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa

from community.kernel.db import db
from community.reviews.models import Review
from community.threads.models import Post, Report
from tests.stage import Stage, Visitor, new_key
from tests.threads.said import PLAIN, STAFF_PLAIN

Visit = Callable[[str | None], Visitor]
WORDS = "The third line is the trouble."


@pytest.fixture
def post(stage: Stage) -> int:
    """A post of Bruno's, with one before it."""
    return stage.reply("bruno", stage.start("amara", "The first post."), PLAIN).id


def send(who: Visitor, post: int, **fields: str) -> tuple[int, str]:
    """Report a post; return the status and the page, or where it leads."""
    sent = {"reason": "wrong", "words": WORDS, "client_key": new_key(), **fields}
    answer = who.post(f"/posts/{post}/report", sent)
    leads_to = answer.headers.get("Location", "")
    return answer.status_code, unescape(who.get(leads_to).text if leads_to else answer.text)


def reports() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Report)) or 0


def the_case() -> Review:
    db.session.rollback()
    return db.session.scalars(sa.select(Review)).one()


def thread_of(post: int) -> str:
    return f"/threads/{db.session.get_one(Post, post).thread_id}"


def test_a_report_leads_from_under_the_post_to_the_moderators(visit: Visit, post: int) -> None:
    amara = visit("amara")
    assert (
        f'<a class="post__report" href="/posts/{post}/report">' in amara.get(thread_of(post)).text
    )
    form = unescape(amara.get(f"/posts/{post}/report").text)
    for words in (
        PLAIN, "within 4 hours of office time", "within 1 hour.", "Its author is not told",
        'href="/side-effects"', "It names or shows a patient", "Something else",
    ):  # fmt: skip
        assert words in form

    status, page = send(amara, post)

    assert status == 303
    for words in ("The moderators have it", "A moderator reads it by", WORDS, "It is wrong or"):
        assert words in page
    assert 'name="reason"' not in page
    assert reports() == 1


def test_the_own_posts_offer_nothing_of_it_and_everybody_gets_the_same_fragment(
    visit: Visit, stage: Stage, post: int
) -> None:
    pages = {who: visit(who).get(thread_of(post)).text for who in ("bruno", "amara", "mika")}
    for who, page in pages.items():
        own = stage.member(who).id
        assert f'.post:not([data-author="{own}"]) .post__report {{ display: inline-flex; }}' in page
    shown = {re.search(rf'<article[^>]*id="post-{post}".*?</article>', page, re.DOTALL)[0]  # type: ignore[index]
             for page in pages.values()}  # fmt: skip
    assert len(shown) == 1
    assert visit("bruno").get(f"/posts/{post}/report").status_code == 403
    assert send(visit("bruno"), post)[0] == 403


def test_who_may_only_read_may_report_and_who_is_no_member_finds_nothing(
    visit: Visit, stage: Stage, post: int
) -> None:
    assert send(visit("sven"), post)[0] == 303
    held = stage.reply("amara", db.session.get_one(Post, post).thread, "He was admitted on 14 March"
                       " 2026 with oedema.").id  # fmt: skip
    for who, what in (("ines", post), ("ada", post), ("paul", post), ("mika", held)):
        assert visit(who).get(f"/posts/{what}/report").status_code == 404
        assert send(visit(who), what)[0] == 404
    assert reports() == 1


def test_a_post_that_was_taken_down_is_reported_by_nobody(visit: Visit, post: int) -> None:
    visit("mika").post(f"/posts/{post}/remove", {"reason": "It names a patient."})
    assert visit("amara").get(f"/posts/{post}/report").status_code == 404
    assert send(visit("amara"), post)[0] == 404


def test_a_double_press_makes_one_report_and_another_try_is_told_kindly(
    visit: Visit, post: int
) -> None:
    amara, key = visit("amara"), new_key()
    for _ in range(2):
        status, page = send(amara, post, client_key=key)
        assert (status, "Thank you. The moderators have it" in page) == (303, True)
    status, page = send(amara, post, words="Once more.")
    assert status == 303
    assert "The moderators have this from you already. Nothing was sent twice." in page
    assert "Once more." not in page
    assert send(amara, post, words="Other words.", client_key=key)[0] == 409
    assert reports() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "Choose one of the list."),
        ({"reason": "boring"}, "Choose one of the list."),
        ({"reason": "other", "words": " "}, "Write a line, so that the moderators know"),
        ({"words": "word " * 201}, "1,000 are the most"),
        ({"client_key": "no key"}, "Invalid UUID"),
    ],
)
def test_what_is_not_whole_comes_back_with_nothing_lost(
    visit: Visit, post: int, fields: dict[str, str], said: str
) -> None:
    status, page = send(visit("amara"), post, **fields)
    assert status == 422
    if "client_key" not in fields:
        assert said in page
    assert fields.get("words", WORDS).strip() in page
    if fields.get("reason", "wrong") == "wrong":
        assert 'value="wrong" checked' in page
    assert reports() == 0


def test_reports_come_no_faster_than_posts(visit: Visit, post: int) -> None:
    amara = visit("amara")
    answers = [send(amara, post, reason="")[0] for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_only_the_reporter_sees_the_line_under_the_post(visit: Visit, post: int) -> None:
    path, line = thread_of(post), "You reported this post."
    assert line not in visit("amara").get(path).text
    send(visit("amara"), post)
    assert line in visit("amara").get(path).text
    for who in ("bruno", "mika", "rosa"):
        page = visit(who).get(path).text
        assert line not in page
        assert "Okafor" not in page.split(f'id="post-{post}"')[1]


def test_the_case_shows_the_post_in_its_place_with_each_report_and_who_made_it(
    visit: Visit, post: int
) -> None:
    send(visit("amara"), post)
    send(visit("rosa"), post, reason="unkind", words="")
    mika, case = visit("mika"), the_case()
    title = "Reported: wrong or dangerous"
    for path in ("/reviews/", f"/reviews/{case.id}"):
        cover = unescape(mika.get(path).text)
        assert title in cover
        for words in (PLAIN, WORDS, "Okafor"):
            assert words not in cover

    page = unescape(mika.post(f"/reviews/{case.id}").text)

    for words in (
        title, PLAIN, "The first post.", "2 members have reported it.", WORDS, "Dr Amara Okafor",
        "Dr Rosa Bianchi", "Leave it as it is", "Take it down", "A post that a member reported",
        "Read the report", "It is unkind, or attacks somebody",
    ):  # fmt: skip
        assert words in page
    assert "What became of" not in page


def test_who_reported_reads_that_a_post_stays_and_why(visit: Visit, post: int) -> None:
    amara, mika = visit("amara"), visit("mika")
    send(amara, post)
    case = the_case()
    nothing_chosen = mika.post(f"/reviews/{case.id}/decision", {"version": "1", "reason": "So."})
    assert nothing_chosen.status_code == 422
    assert "Choose one of the two." in nothing_chosen.text
    decided = mika.post(
        f"/reviews/{case.id}/decision",
        {"version": "1", "decision": "close", "reason": "A harsh view is no attack."},
    )
    assert decided.status_code == 303
    assert "those who reported it read your reason" in mika.get("/reviews/").text
    assert "You reported this post, and it has been read." in amara.get(thread_of(post)).text
    page = unescape(amara.get(f"/posts/{post}/report").text)
    for words in ("What came of your report", "It stays as it is.", "A harsh view is no attack."):
        assert words in page
    assert 'name="reason"' in page
    assert "harsh view" not in visit("bruno").get(thread_of(post)).text


def test_who_reported_reads_that_a_post_was_taken_down_and_its_author_why(
    visit: Visit, post: int
) -> None:
    amara, mika = visit("amara"), visit("mika")
    send(amara, post)
    answer = mika.post(
        f"/reviews/{the_case().id}/decision",
        {"version": "1", "decision": "remove", "reason": "The words on her age."},
    )
    assert answer.status_code == 303
    for who in ("amara", "bruno"):
        page = visit(who).get(thread_of(post)).text
        assert "was taken down by Dr Mika Lindqvist, who moderates here." in page
        assert "The words on her age." in page
        assert PLAIN not in page
    assert "You reported" not in visit("bruno").get(thread_of(post)).text
    page = unescape(amara.get(f"/posts/{post}/report").text)
    assert "It is not in the room any more." in page
    assert "The words on her age." in page
    assert PLAIN not in page
    assert 'name="reason"' not in page
    closed = mika.post(f"/reviews/{the_case().id}").text
    assert "It is not in the room any more." in closed


def test_a_case_that_compliance_decides_says_so_in_the_room(
    visit: Visit, stage: Stage, post: int
) -> None:
    own = stage.reply("cora", db.session.get_one(Post, post).thread, STAFF_PLAIN).id
    send(visit("mika"), own)
    stage.membership("mika").role = stage.membership("amara").role
    db.session.get_one(Review, the_case().id).owner = "compliance"
    stage.commit()
    visit("paul").post(
        f"/reviews/{the_case().id}/decision",
        {"version": "1", "decision": "remove", "reason": "It was not ours to say."},
    )
    page = visit("amara").get(thread_of(post)).text
    assert "was taken down by Paul Maddern of Alderwick." in page


def test_privacy_reads_why_and_not_who(visit: Visit, post: int) -> None:
    send(visit("amara"), post, reason="patient")
    db.session.rollback()
    case = db.session.scalars(sa.select(Review).where(Review.owner == "privacy")).one()
    page = unescape(visit("paul").post(f"/reviews/{case.id}").text)
    for words in (
        "Something may show who a patient is",
        "It names or shows a patient",
        WORDS,
        PLAIN,
    ):
        assert words in page
    assert "Okafor" not in page.split('id="why"')[1].split('id="around"')[0]
