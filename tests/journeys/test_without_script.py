"""With script off, everything but live news works."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, address_of
from tests.journeys.steps import begin, open_thread, post_with, reply
from tests.site import PHONE, Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


@pytest.fixture
def plain(browse: Browse) -> Callable[[str | None], Page]:
    """Browse with script off, on a phone."""
    return lambda who: browse(who, size=PHONE, script=False)


Plain = Callable[[str | None], Page]


def test_one_signs_in_reads_replies_edits_and_removes(site: Site, plain: Plain) -> None:
    thread = begin(site, "Without script")
    page = plain(None)
    page.goto(f"/threads/{thread}")
    page.get_by_label("E-mail").fill(address_of("amara"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Without script")
    expect(page.locator("[data-posts] .post time").first).to_contain_text("UTC")

    reply(page, "Sent by an ordinary form.")
    expect(post_with(page, "Sent by an ordinary form.")).to_be_visible()
    post_with(page, "Sent by an ordinary form.").get_by_role("link", name="Edit").click()
    page.get_by_label("Your post", exact=True).fill("Changed by an ordinary form.")
    page.get_by_role("button", name="Save the change").click()
    expect(post_with(page, "Changed by an ordinary form.")).to_be_visible()
    post_with(page, "Changed by an ordinary form.").get_by_role("link", name="Take down").click()
    page.get_by_label("Why").fill("Said twice.")
    page.get_by_role("button", name="Take it down").click()
    expect(page.get_by_text("Post 2 was taken down by its author.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(post_with(page, "Changed by an ordinary form.")).to_be_visible()

    page.locator("summary").filter(visible=True).first.click()
    page.get_by_role("button", name="Sign out").click()
    assert page.request.get(f"/threads/{thread}", max_redirects=0).status == 303


def test_one_starts_a_thread(site: Site, plain: Plain) -> None:
    page = plain("bruno")
    page.goto("/spaces/cardiology")
    page.get_by_role("link", name="Ask the table").click()
    page.get_by_label("Title").fill("Asked without script")
    page.get_by_label("What do you want to say or ask?").fill("When do you **stop**?")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asked without script")
    expect(post_with(page, "When do you stop?").locator("strong")).to_have_text("stop")


def test_a_quote_and_a_blocked_draft_keep_the_words(site: Site, plain: Plain) -> None:
    thread = begin(site, "Safe?", ("bruno", "Is it safe in the elderly?"))
    page = plain("rosa")
    open_thread(page, thread)
    post_with(page, "in the elderly?").get_by_role("link", name="Reply").click()
    field = page.get_by_label("Your reply")
    assert "> Is it safe in the elderly?" in field.input_value()
    reply(page, said.STAFF_BLOCKED)
    expect(page.locator("[data-verdict]")).to_contain_text("This can't go out as it stands.")
    expect(page.locator("[data-findings]")).to_contain_text("Never call a medicine completely safe")
    expect(field).to_have_value(said.STAFF_BLOCKED)
    expect(post_with(page, said.STAFF_BLOCKED)).to_have_count(0)

    reply(page, "The label lists what is known.")
    expect(post_with(page, "The label lists what is known.")).to_contain_text("Works for Alderwick")


def test_a_held_draft_waits_and_the_desk_lets_it_go(site: Site, plain: Plain) -> None:
    thread = begin(site, "Compared with what?")
    rosa, olga = plain("rosa"), plain("olga")
    open_thread(rosa, thread)
    reply(rosa, said.STAFF_HELD)
    expect(rosa.locator(".post--held")).to_contain_text("Only you see this.")
    olga.goto("/reviews/")
    olga.locator(".queue-row").filter(has_text="Held").get_by_role("link").click()
    olga.get_by_role("button", name="Open the case").click()
    olga.get_by_role("radio", name="Return it to").check()
    olga.get_by_role("button", name="Decide").click()
    expect(olga.locator(".error").first).to_be_visible()  # a return needs its reason
    olga.get_by_label("What the author reads").fill("No trial compared the two.")
    olga.get_by_role("button", name="Decide").click()
    open_thread(rosa, thread)
    expect(rosa.get_by_text("This came back to you.")).to_be_visible()
    expect(rosa.get_by_text("No trial compared the two.")).to_be_visible()
    rosa.get_by_role("link", name="Change it and send it again").click()
    expect(rosa.get_by_label("Your reply")).to_have_value(said.STAFF_HELD)


def test_an_author_takes_back_what_waits_and_the_desk_has_nothing_to_decide(
    site: Site, plain: Plain
) -> None:
    thread = begin(site, "Too quick?")
    rosa, olga = plain("rosa"), plain("olga")
    open_thread(rosa, thread)
    reply(rosa, said.STAFF_HELD)
    olga.goto("/reviews/")
    olga.locator(".queue-row").filter(has_text="Held").get_by_role("link").first.click()
    olga.get_by_role("button", name="Open the case").click()

    rosa.get_by_role("button", name="Take it back").click()

    expect(rosa.get_by_text("You took this back before anybody decided.")).to_be_visible()
    olga.get_by_role("radio", name="Release").check()
    olga.get_by_role("button", name="Decide").click()
    expect(olga.get_by_text("Somebody else has just decided this case.")).to_be_visible()
    rosa.get_by_role("link", name="Change it and send it again").click()
    expect(rosa.get_by_label("Your reply")).to_have_value(said.STAFF_HELD)
