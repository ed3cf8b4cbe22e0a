"""Who is asked once more who they are loses nothing of what they had typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.journeys.looking import Examined, faults_of_look
from tests.journeys.steps import invite_staff, make_long_ago
from tests.site import PHONE, Site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


def test_an_invitation_goes_out_after_the_password_without_being_typed_again(
    site: Site, browse: Browse
) -> None:
    ada = browse("ada", size=PHONE, dark=True)
    make_long_ago(site, "ada")
    invite_staff(ada, "liz@example.org")
    expect(ada.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert faults_of_look(ada, "asked again", Examined()) == []

    invite_staff(ada, "liz@example.org")  # looking at a page takes it apart
    ada.get_by_label("Password", exact=True).fill("not this one")
    ada.get_by_role("button", name="Go on").click()
    expect(ada.get_by_text("That is not your password.")).to_be_visible()
    ada.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    ada.get_by_role("button", name="Go on").click()

    expect(ada.get_by_text("The letter to liz@example.org is on its way")).to_be_visible()
    expect(ada.get_by_text("liz@example.org", exact=True)).to_be_visible()


def test_a_list_of_people_is_looked_over_and_sent(browse: Browse) -> None:
    mika = browse("mika", size=PHONE)
    mika.goto("/spaces/cardiology/invitations")
    mika.get_by_role("link", name="Invite several at once").click()
    mika.get_by_label("Who, one address a line").fill("Dr Olu <olu@example.org>\nno address")
    mika.get_by_role("button", name="Look it over").click()
    expect(mika.get_by_text("There is no e-mail address in this line.")).to_be_visible()
    mika.get_by_role("button", name="Invite one person").click()
    expect(mika.get_by_text("One person is invited.")).to_be_visible()
    assert faults_of_look(mika, "a list sent", Examined()) == []
