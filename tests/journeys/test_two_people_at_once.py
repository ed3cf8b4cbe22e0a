"""Two people in one thread at the same time: what one does, the other sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.steps import (
    LONG,
    TODAY,
    begin,
    is_marked,
    mark,
    open_thread,
    post_with,
    reply,
    say,
    send,
    write,
)
from tests.site import PHONE, Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


def test_a_reply_appears_at_the_other_without_a_reload(site: Site, browse: Browse) -> None:
    thread = begin(site, "When do you start low?")
    amara, bruno = browse("amara"), browse("bruno", size=PHONE)
    for page in (amara, bruno):
        open_thread(page, thread)
        mark(page)

    reply(bruno, "We stop at 90, and **wait**.")
    expect(post_with(amara, "We stop at 90, and wait.")).to_be_visible()
    expect(post_with(amara, "We stop at 90").locator("time")).to_have_text(TODAY)
    reply(amara, "So do we in Leeds.")
    expect(post_with(bruno, "So do we in Leeds.")).to_have_count(1)

    for page in (amara, bruno):
        expect(page.locator("[data-posts] .post")).to_have_count(3)
        expect(page.get_by_label("Your reply")).to_have_value("")
        assert is_marked(page)


def test_an_edit_and_a_removal_arrive(site: Site, browse: Browse) -> None:
    thread = begin(site, "Which pressure stops you?", ("bruno", "I stop at 110."))
    amara, bruno = browse("amara"), browse("bruno")
    open_thread(amara, thread)
    mark(amara)
    open_thread(bruno, thread)

    post_with(bruno, "I stop at 110.").get_by_role("link", name="Edit").click()
    bruno.get_by_label("Your post", exact=True).fill("I stop at 100.")
    bruno.get_by_role("button", name="Save the change").click()
    expect(post_with(amara, "I stop at 100.")).to_be_visible()
    expect(post_with(amara, "I stop at 110.")).to_have_count(0)
    expect(post_with(amara, "I stop at 100.").get_by_role("link", name="edited")).to_be_visible()

    post_with(bruno, "I stop at 100.").get_by_role("link", name="Take down").click()
    bruno.get_by_label("Why").fill("I mixed up two papers.")
    bruno.get_by_role("button", name="Take it down").click()
    gone = amara.get_by_text("Post 2 was taken down by its author.")
    expect(gone).to_be_visible()
    expect(gone).to_contain_text("I mixed up two papers.")
    expect(amara.get_by_text("I stop at 100.")).to_have_count(0)
    assert is_marked(amara)


@pytest.mark.parametrize("who", ["bruno", "mika"], ids=["author", "moderator"])
def test_whoever_took_a_post_down_is_offered_to_undo_it_where_they_look(
    site: Site, browse: Browse, who: str
) -> None:
    thread = begin(site, "A slip", ("amara", LONG), ("bruno", "I would stop at 110."))
    page, amara = browse(who), browse("amara")
    open_thread(amara, thread)
    open_thread(page, thread)
    post_with(page, "stop at 110.").get_by_role("link", name="Take down").click()
    page.get_by_label("Why").fill("It belongs elsewhere.")
    page.get_by_role("button", name="Take it down").click()
    expect(amara.get_by_text("Post 3 was taken down by")).to_be_visible()

    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_have_count(1)
    expect(undo).to_be_in_viewport()
    undo.click()

    expect(post_with(page, "stop at 110.")).to_be_visible()
    expect(post_with(amara, "stop at 110.")).to_be_visible()
    expect(undo).to_have_count(0)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_a_reader_further_up_gets_a_pill_and_is_not_pushed(
    site: Site, browse: Browse, size: ViewportSize | None
) -> None:
    thread = begin(site, "A long thread", *[("amara", LONG)] * 4)
    amara, bruno = browse("amara", size=size), browse("bruno")
    open_thread(amara, thread)
    amara.evaluate("window.scrollTo(0, 300)")
    pill = amara.get_by_role("link", name="new post")
    expect(pill).to_have_count(0)

    say(bruno, thread, "The first that comes later.")
    expect(pill).to_have_text("1 new post")
    say(bruno, thread, "The second that comes later.")
    expect(pill).to_have_text("2 new posts")
    assert amara.evaluate("window.scrollY") == 300
    expect(amara.get_by_text("The first that comes later.")).to_be_hidden()

    pill.click()
    expect(amara.get_by_text("The first that comes later.")).to_be_in_viewport()
    expect(amara.get_by_text("The second that comes later.")).to_be_visible()
    expect(pill).to_have_count(0)


def test_who_reads_and_who_writes_is_shown(site: Site, browse: Browse) -> None:
    thread = begin(site, "Who is here?")
    amara, bruno = browse("amara"), browse("bruno", size=PHONE)
    open_thread(amara, thread)
    open_thread(bruno, thread)
    expect(amara.locator("[data-presence]")).to_have_text("BLDr Bruno Lefèvre is reading")
    expect(bruno.locator("[data-presence]")).to_contain_text("Dr Amara Okafor is reading")

    bruno.get_by_label("Your reply").press_sequentially("I think")
    expect(amara.get_by_text("Dr Bruno Lefèvre is writing")).to_be_visible()
    send(bruno)
    expect(amara.get_by_text("Dr Bruno Lefèvre is writing")).to_be_hidden()

    bruno.goto("/")
    expect(amara.locator("[data-presence]")).to_be_hidden()


def test_a_company_post_says_who_pays_its_author(site: Site, browse: Browse) -> None:
    thread = begin(site, "A question to everybody")
    amara, rosa = browse("amara", size=PHONE), browse("rosa")
    open_thread(amara, thread)
    open_thread(rosa, thread)
    expect(rosa.get_by_text("for Medical Affairs, Alderwick")).to_be_visible()
    reply(rosa, "Thank you, that is a good question, and I read along.")
    post = post_with(amara, "that is a good question")
    expect(post).to_be_visible()
    expect(post.get_by_text("Company", exact=True)).to_be_visible()
    expect(post.locator(".role")).to_have_text("Medical Affairs · Medical Affairs, Alderwick")
    expect(post.get_by_text("Works for Alderwick.")).to_be_visible()
    expect(post).to_have_attribute("aria-label", "Post 2 by Dr Rosa Bianchi, company")


def test_a_blocked_draft_shows_why_and_is_kept(site: Site, browse: Browse) -> None:
    thread = begin(site, "Is it safe?")
    rosa, amara = browse("rosa"), browse("amara")
    open_thread(amara, thread)
    open_thread(rosa, thread)
    write(rosa, said.STAFF_BLOCKED)
    verdict = rosa.locator("[data-verdict]")
    expect(verdict).to_contain_text("This can't go out as it stands. Your text is kept.")
    expect(rosa.locator("[data-findings]")).to_contain_text("completely safe")
    expect(rosa.locator("[data-marks] mark").first).to_contain_text("Ortelvane is completely safe")
    rosa.locator("[data-kept]").filter(has_text="Kept at").wait_for()
    with rosa.expect_response("**/posts") as answer:
        send(rosa)
    assert answer.value.status == 422
    expect(verdict).to_contain_text("This can't go out as it stands.")
    expect(rosa.get_by_label("Your reply")).to_have_value(said.STAFF_BLOCKED)
    expect(rosa.get_by_label("Your reply")).to_be_editable()
    write(rosa, f"{said.STAFF_BLOCKED} Or is it?")  # her own sending is no other window
    rosa.locator("[data-kept]").filter(has_text="Kept at").wait_for()

    open_thread(rosa, thread)
    expect(rosa.get_by_label("Your reply")).to_have_value(f"{said.STAFF_BLOCKED} Or is it?")
    write(rosa, "The label lists what is known.")
    expect(verdict).to_contain_text("Nothing to change.")
    send(rosa)
    expect(post_with(amara, "The label lists what is known.")).to_be_visible()
    expect(amara.locator("[data-posts] .post")).to_have_count(2)


def test_a_held_draft_is_its_authors_alone_until_the_desk_lets_it_go(
    site: Site, browse: Browse
) -> None:
    thread = begin(site, "Which of the two?")
    rosa, amara, mika, olga = (browse(who) for who in ("rosa", "amara", "mika", "olga"))
    for page in (amara, rosa):
        open_thread(page, thread)
    mark(amara)
    write(rosa, said.STAFF_HELD)
    expect(rosa.locator("[data-verdict]")).to_contain_text(
        "A person looks at this before it goes out."
    )
    expect(rosa.locator("[data-verdict-next]")).to_have_text("It goes to: Medical.")
    send(rosa)
    held = rosa.get_by_role("article", name="Your text that is not in the room")
    expect(held).to_contain_text(said.STAFF_HELD)
    expect(held).to_contain_text("Only you see this.")

    say(mika, thread, "This one is for everybody.")
    expect(post_with(amara, "This one is for everybody.")).to_be_visible()
    open_thread(mika, thread)
    for page in (amara, mika):
        expect(page.get_by_text(said.STAFF_HELD)).to_have_count(0)

    olga.goto("/reviews/")
    olga.locator(".queue-row").filter(has_text="Held").get_by_role("link").click()
    expect(olga.get_by_text(said.STAFF_HELD)).to_have_count(0)
    olga.get_by_role("button", name="Open the case").click()
    expect(olga.locator(".post--held")).to_contain_text(said.STAFF_HELD)
    olga.get_by_role("radio", name="Release").check()
    olga.get_by_role("button", name="Decide").click()

    expect(post_with(amara, said.STAFF_HELD)).to_be_visible()
    assert is_marked(amara)
    expect(amara.locator("[data-posts] .post").last).to_contain_text(said.STAFF_HELD)
    expect(post_with(amara, said.STAFF_HELD)).to_have_attribute("data-number", "3")
    open_thread(rosa, thread)
    expect(held).to_have_count(0)
