"""The composer while one types: marks, suggestions, advice, responses, a question in private."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import begin, open_thread, post_with, send, write
from tests.site import PHONE, Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
WITH_REFERENCES = re.compile(r"PDE5 inhibitors[\s\S]*References:[\s\S]*\[ORT-13\]")


def test_a_suggestion_is_put_in_by_a_press_and_undone(site: Site, browse: Browse) -> None:
    thread, page = begin(site, "Very old people"), browse("bruno")
    open_thread(page, thread)

    write(page, "A 93-year-old woman with aortic stenosis.")

    expect(page.locator("[data-marks] mark").first).to_be_attached()
    page.get_by_role("button", name="Use these words").first.click()
    expect(page.get_by_label("Your reply")).to_have_value(
        "A 90-or-older woman with aortic stenosis."
    )
    expect(page.locator("[data-announced]")).to_contain_text("90-or-older")
    page.get_by_label("Your reply").press("Control+z")
    expect(page.get_by_label("Your reply")).to_have_value(
        "A 93-year-old woman with aortic stenosis."
    )


def test_a_rule_that_hits_twice_is_one_finding_whose_number_both_marks_bear(
    site: Site, browse: Browse
) -> None:
    thread, page = begin(site, "Two of them"), browse("bruno")
    open_thread(page, thread)

    write(page, "A 93-year-old woman. A week later a 95-year-old man.")

    marks, notes = page.locator("[data-marks] mark"), page.locator("[data-findings] > li")
    expect(marks).to_have_count(2)
    expect(notes).to_have_count(1)
    assert [mark.get_attribute("data-no") for mark in marks.all()] == ["1", "1"]
    places = notes.locator(".finding-places li")
    expect(places).to_have_count(2)
    places.nth(1).get_by_role("button", name="Use these words").click()
    expect(page.get_by_label("Your reply")).to_have_value(
        "A 93-year-old woman. A week later a 90-or-older man."
    )
    expect(marks).to_have_count(1)


def test_advice_is_read_before_the_reply_goes_out(site: Site, browse: Browse) -> None:
    thread, page = begin(site, "What was said in Madrid"), browse("rosa", size=PHONE)
    open_thread(page, thread)

    write(page, said.STAFF_ADVISED)
    send(page)

    tick = page.get_by_role("checkbox", name="I have read the advice")
    expect(tick).to_be_focused()
    expect(page.get_by_label("Your reply")).to_have_value(said.STAFF_ADVISED)
    tick.check()
    page.get_by_label("Why, if you want to say").fill("They asked where.")
    send(page)
    expect(post_with(page, said.STAFF_ADVISED)).to_be_visible()


def test_the_line_of_a_stopped_draft_says_what_sending_does_and_then_what_it_did(
    site: Site, browse: Browse
) -> None:
    thread, page = begin(site, "A leaflet"), browse("bruno")
    open_thread(page, thread)
    foot = page.locator("[data-kept]")

    write(page, said.BLOCKED)
    expect(page.locator("[data-verdict-next]")).to_contain_text("If you send it")
    send(page)
    expect(page.locator("[data-verdict-next]")).to_contain_text("It was kept out")

    write(page, said.PLAIN)
    send(page)
    expect(post_with(page, said.PLAIN)).to_be_visible()
    expect(foot).to_contain_text("Markdown works")


def test_a_stopped_thread_says_what_became_of_it_until_its_words_change(browse: Browse) -> None:
    page = browse("bruno")
    page.goto("/spaces/cardiology/threads/new")
    page.get_by_label("Title").fill("A question")
    page.get_by_label("What do you want to say or ask?").fill(said.BLOCKED)
    page.get_by_role("button", name="Post it").click()
    foot = page.locator("[data-verdict-next]")
    expect(foot).to_contain_text("It was kept out")
    page.get_by_label("What do you want to say or ask?").fill(f"{said.BLOCKED} And more.")
    expect(foot).to_contain_text("If you send it")


def test_an_approved_response_goes_in_with_its_references(site: Site, browse: Browse) -> None:
    thread = begin(site, "Ortelvane and other medicines", ("amara", "Sildenafil with it?"))
    page = browse("rosa")
    open_thread(page, thread)

    page.get_by_role("button", name="Approved responses").click()
    page.get_by_label("What is asked").fill("sildenafil now and then")
    hit = page.locator(".library-hit").first
    expect(hit).to_contain_text("Medicines that must not be combined with Ortelvane")
    hit.get_by_role("button", name="Put it in").click()

    expect(page.get_by_label("Your reply")).to_have_value(WITH_REFERENCES)
    send(page)
    expect(post_with(page, "the effects on blood pressure add up")).to_be_visible()


def test_what_can_be_cited_goes_in_at_the_caret_and_stands_under_the_post(
    site: Site, browse: Browse
) -> None:
    thread = begin(site, "How to start", ("amara", "What does the label say?"))
    page = browse("rosa")
    open_thread(page, thread)
    write(page, "The label says how to start.")

    page.get_by_text("What you can cite").click()
    page.get_by_role("button", name="ORT-11").click()

    expect(page.get_by_label("Your reply")).to_have_value("The label says how to start. [ORT-11]")
    send(page)
    expect(post_with(page, "how to start.")).to_contain_text("Summary of Product Characteristics")


def test_an_off_label_question_is_answered_in_private(site: Site, browse: Browse) -> None:
    thread, amara = begin(site, "Beyond the label"), browse("amara")
    open_thread(amara, thread)
    write(amara, said.OFF_LABEL)
    send(amara)
    amara.get_by_role("link", name="Your inquiry").click()
    expect(amara.get_by_text(said.OFF_LABEL)).to_be_visible()
    path = amara.url

    dora = browse("dora")
    dora.goto(path)
    dora.get_by_role("button", name="Open the inquiry").click()
    dora.get_by_label("Your answer").fill("It was not studied in HFpEF.")
    dora.get_by_label("References, one a line").fill("ORT-01")
    dora.get_by_role("radio", name="Yes, with all that was asked").check()
    dora.get_by_role("button", name="Send it to Dr Amara Okafor").click()
    expect(dora.get_by_text("stays open for: Put the pointer under the question")).to_be_visible()

    amara.reload()
    expect(amara.get_by_text("It was not studied in HFpEF.")).to_be_visible()
    bruno = browse("bruno")
    open_thread(bruno, thread)
    expect(bruno.get_by_text("It was not studied in HFpEF.")).to_have_count(0)


def test_an_inquiry_is_listed_with_the_day_and_the_hour_by_which_it_is_due(
    site: Site, browse: Browse
) -> None:
    thread, amara = begin(site, "By when?"), browse("amara")
    open_thread(amara, thread)
    write(amara, said.OFF_LABEL)
    send(amara)
    expect(amara.get_by_role("link", name="Your inquiry")).to_be_visible()

    amara.goto("/inquiries/")

    due = amara.locator(".meta span", has_text="Answer due:").first
    expect(due).to_have_text(re.compile(r"\w{3},? \d+ \w{3,4}( at|,)? \d\d:\d\d (GMT|BST|UTC)"))


def test_a_reply_begins_with_the_words_of_the_post_and_with_no_empty_quote(
    site: Site, browse: Browse
) -> None:
    thread = begin(
        site, "Where to stop", ("bruno", "I stop at ninety."), ("bruno", "5.5 is where I stop.")
    )
    page = browse("amara")
    open_thread(page, thread)
    field = page.get_by_label("Your reply")

    post_with(page, "ninety").get_by_role("link", name="Reply").click()
    expect(field).to_have_value("> I stop at ninety.\n\n")
    field.fill("")
    post_with(page, "5.5 is").get_by_role("link", name="Reply").click()
    expect(field).to_have_value(">\n> 5.5 is where I stop.\n\n")
    field.fill("")
    emptied = page.locator("[data-posts] .post").nth(1)
    emptied.locator(".prose").evaluate("prose => { prose.textContent = ' '; }")
    emptied.get_by_role("link", name="Reply").click()
    expect(field).to_be_focused()
    expect(field).to_have_value("")
