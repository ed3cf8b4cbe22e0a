"""A reply is drawn and read a second time; a pause appears on open pages and holds a reply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.insights.drawn import draw
from tests.journeys.steps import TODAY, begin, is_marked, mark, open_thread, post_with, reply
from tests.site import PHONE, Site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
WHY = "A batch is being recalled."


def test_a_reply_goes_from_the_draw_to_a_second_reader_and_back_to_its_author(
    site: Site, browse: Browse
) -> None:
    with site.app.app_context():
        draw(site.stage)
    thread = begin(site, "Which do you take away first?")
    rosa, olga = browse("rosa", size=PHONE), browse("olga", script=False)
    open_thread(rosa, thread)
    reply(rosa, "The label says to wait for two weeks.")
    expect(post_with(rosa, "The label says to wait")).to_have_count(1)

    olga.goto("/insights/")
    olga.get_by_label("Afterwards").get_by_role("link", name="Second readings").click()
    olga.get_by_role("link", name="Post 2 by Dr Rosa Bianchi").click()
    expect(olga.get_by_text("The label says to wait")).to_have_count(0)
    olga.get_by_role("button", name="Take it and read it").click()
    expect(olga.get_by_text("The label says to wait for two weeks.")).to_be_visible()
    olga.get_by_label("Within the rules, but could be better").check()
    olga.get_by_label("Note to the author").fill("Begin with the answer.")
    olga.get_by_role("button", name="Keep this opinion").click()
    expect(olga.get_by_text("Kept. The author reads it.")).to_be_visible()

    rosa.goto("/")
    rosa.get_by_role("link", name="Read the notes").click()
    expect(rosa.get_by_text("Begin with the answer.")).to_be_visible()
    rosa.get_by_role("button", name="I have read it").click()
    expect(rosa.get_by_role("button", name="I have read it")).to_have_count(0)


def test_a_pause_appears_on_open_pages_holds_the_company_and_goes_again(
    site: Site, browse: Browse
) -> None:
    thread = begin(site, "Is it the right moment?")
    rosa, amara, paul = browse("rosa"), browse("amara", size=PHONE), browse("paul")
    for page in (rosa, amara):
        open_thread(page, thread)
        mark(page)

    paul.goto("/spaces/cardiology/company-posting")
    paul.get_by_label("Why").fill(WHY)
    paul.get_by_role("button", name="Pause company posting here").click()
    paul.get_by_role("dialog").get_by_role("button", name="Pause company posting here").click()
    expect(rosa.get_by_text("Company posting is paused here")).to_be_visible()
    expect(rosa.get_by_text(WHY)).to_be_visible()
    expect(amara.get_by_text("Alderwick has paused its own posts here")).to_be_visible()
    expect(amara.get_by_text(WHY)).to_have_count(0)
    expect(amara.locator("[data-live-notices] time")).to_have_text(TODAY)

    reply(rosa, "This waits for a person.")
    expect(rosa.get_by_text("Only you see this.")).to_be_visible()
    reply(amara, "And this does not.")
    expect(post_with(rosa, "And this does not.")).to_be_visible()
    expect(post_with(amara, "This waits for a person.")).to_have_count(0)

    paul.get_by_label("Why").fill("The batch was another one.")
    paul.get_by_role("button", name="Lift the pause").click()
    expect(amara.get_by_text("Alderwick has paused")).to_have_count(0)
    assert is_marked(amara)
