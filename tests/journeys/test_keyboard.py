"""By keyboard alone: sign in, read, reply, decide a case; the focus is always to be seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD, address_of
from tests.journeys.steps import begin, open_thread, post_with, reply
from tests.site import Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
MOST_STEPS = 120

# A focused control is marked by itself or by what holds it (a choice and its label).
SEEN = """
() => {
  const focused = document.activeElement;
  const box = focused.getBoundingClientRect();
  const marked = (node) => {
    const style = getComputedStyle(node);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== 'none';
  };
  const near = [focused, focused.closest('label'), focused.parentElement].filter(Boolean);
  const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return { marked: near.some(marked), inView, what: focused.outerHTML.slice(0, 160) };
}
"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on by Tab until a control has the focus; each stop on the way can be seen."""
    expect(wanted).to_be_visible()
    target = wanted.element_handle()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        seen = page.evaluate(SEEN)
        assert seen["marked"], f"no mark of focus: {seen['what']}"
        assert seen["inView"], f"out of sight: {seen['what']}"
        if page.evaluate("node => node === document.activeElement", target):
            return
    raise AssertionError(f"never reached: {wanted}")


def press(page: Page, wanted: Locator) -> None:
    """Go to a control and press Enter."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_one_signs_in_reads_and_replies(site: Site, browse: Browse) -> None:
    thread = begin(site, "By keyboard", ("bruno", "No mouse here."))
    page = browse(None)
    page.goto(f"/threads/{thread}")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(address_of("amara"))
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    press(page, post_with(page, "No mouse here.").get_by_role("link", name="Reply"))
    field = page.get_by_label("Your reply")
    expect(field).to_be_focused()
    assert "> No mouse here." in field.input_value()
    page.keyboard.type("Nor here.")
    press(page, page.get_by_role("button", name="Reply", exact=True))
    expect(post_with(page, "Nor here.")).to_be_visible()
    expect(field).to_have_value("")
    own = post_with(page, "Nor here.").get_by_role("link", name="Edit")
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    press(page, own)
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit post 3")


def test_the_menu_opens_and_closes(site: Site, browse: Browse) -> None:
    page = browse("mika")
    page.goto("/")
    menu = page.get_by_label("Menu of Dr Mika Lindqvist")
    press(page, menu)
    first = page.get_by_role("navigation", name="Menu").get_by_role("link").first
    tab_to(page, first)
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_desk_lets_a_held_text_go(site: Site, browse: Browse) -> None:
    thread = begin(site, "Held, then let go")
    rosa, page = browse("rosa"), browse("olga")
    open_thread(rosa, thread)
    reply(rosa, said.STAFF_HELD)
    expect(rosa.get_by_text("Only you see this.")).to_be_visible()
    page.goto("/")
    press(page, page.get_by_role("link", name="Desk").first)
    press(page, page.locator(".queue-row").get_by_role("link").first)
    press(page, page.get_by_role("button", name="Open the case"))
    tab_to(page, page.get_by_role("radio", name="Release"))
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Release")).to_be_checked()
    press(page, page.get_by_role("button", name="Decide"))
    expect(post_with(rosa, said.STAFF_HELD)).to_be_visible()
