"""Safety handles a case on a phone: opens it, ticks its steps off, and closes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import Examined, faults_of_look
from tests.journeys.steps import begin
from tests.site import PHONE, Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


def open_case(page: Page) -> None:
    page.goto("/reviews/")
    page.locator(".queue-row").get_by_role("link").first.click()
    page.get_by_role("button", name="Open the case").click()


def test_safety_ticks_a_case_off_and_closes_it(site: Site, browse: Browse) -> None:
    begin(site, "Told in the room", ("amara", said.ROUTED))
    page = browse("safi", size=PHONE, dark=True)
    open_case(page)
    expect(page.get_by_text("3 steps are not ticked off")).to_be_visible()
    assert faults_of_look(page, "a case with steps", Examined()) == []

    open_case(page)
    hand_over = page.locator(".step").filter(has_text="Enter the case in the safety system")
    hand_over.get_by_role("button", name="Done").click()
    expect(page.get_by_text("2 steps are not ticked off")).to_be_visible()
    hand_over.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 steps are not ticked off")).to_be_visible()

    page.get_by_label("Closed, because").fill(
        "Another company's medicine; the author reports there."
    )
    for step in page.locator(".step-word").all():
        step.get_by_role("radio", name="Does not apply").check()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("Closed.")).to_be_visible()
    page.get_by_role("link", name="Decided").click()
    expect(page.locator(".queue-row").first.get_by_text("No case")).to_be_visible()
