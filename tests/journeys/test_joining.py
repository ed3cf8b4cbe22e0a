"""From an invitation to the first reply, as the two people and the desk between them see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from community.kernel import mail
from tests.cast import PASSWORD
from tests.journeys.steps import begin, open_thread, post_with, reply
from tests.site import PHONE, Site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
GUEST = "lena.brandt@example.org"


def invite(moderator: Page, address: str) -> None:
    """Invite an address into Cardiology by the page; wait until its letter has gone."""
    moderator.goto("/spaces/cardiology/invitations")
    moderator.get_by_label("E-mail").fill(address)
    moderator.get_by_label("A personal word").fill("Your talk on titration belongs here.")
    moderator.get_by_role("button", name="Invite", exact=True).click()
    standing(moderator, address, "Sent")


def standing(moderator: Page, address: str, word: str) -> None:
    """Load the list until the invitation stands as it should: the worker sends the letter."""
    row = moderator.locator(".invited li").filter(has_text=address)
    expect(row).to_be_visible()
    for _ in range(60):
        if row.locator(".badge", has_text=word).count():
            return
        moderator.reload()
    raise AssertionError(f"not {word}: {row.inner_text()}")


def link_in_letter(site: Site, address: str) -> str:
    """Return the path of the invitation that lies in the mailbox."""
    letters = mail.laid_down(site.app.config["SETTINGS"].mail_url)
    letter = next(one for one in letters if one.to == address and "/invitations/" in one.body)
    assert "titration" not in letter.body  # what is about medicine does not go by mail
    found = re.search(rf"{re.escape(site.url)}(/invitations/\S+)", letter.body)
    assert found is not None, letter.body
    return found.group(1)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_colleague_is_invited_joins_is_checked_reads_and_replies(
    site: Site, browse: Browse, *, script: bool
) -> None:
    address = GUEST if script else f"second.{GUEST}"
    thread = begin(site, "Read by somebody new")
    mika, vera = browse("mika"), browse("vera")
    invite(mika, address)
    guest = browse(None, size=PHONE, script=script)
    look_at_the_invitation(guest, link_in_letter(site, address))
    fill_in_who_one_is(guest)
    expect(guest.get_by_role("heading", name="How we use and look after")).to_be_visible()
    assert guest.request.get(f"/threads/{thread}", max_redirects=0).status == 303
    guest.get_by_role("checkbox").check()
    guest.get_by_role("button", name="Accept and enter").click()
    expect(guest.get_by_role("heading", name="A person is looking")).to_be_visible()
    assert guest.request.get(f"/threads/{thread}", max_redirects=0).status == 303

    vera.goto("/credentials")
    vera.get_by_role("link", name="Dr Lena Brandt").first.click()
    expect(vera.get_by_text("LANR 1234")).to_be_visible()
    vera.get_by_role("button", name="Let Dr Lena Brandt in").click()

    open_thread(guest, thread)
    reply(guest, "Thank you for the seat.")
    expect(post_with(guest, "Thank you for the seat.")).to_be_visible()
    open_thread(mika, thread)
    expect(post_with(mika, "Thank you for the seat.")).to_contain_text("Dr Lena Brandt")
    mika.goto("/spaces/cardiology/invitations")
    standing(mika, address, "Joined")


def look_at_the_invitation(guest: Page, link: str) -> None:
    """Open the link: everything one needs for a yes stands there; then take the seat."""
    for _ in range(2):  # a scanner of mail opens it first; nothing is used up
        answer = guest.goto(link)
        assert answer is not None
        assert answer.status == 200
    expect(guest.get_by_role("heading", level=1)).to_have_text(
        "We keep a seat for you at Cardiology."
    )
    expect(guest.locator(".letter")).to_contain_text("Dr Mika Lindqvist")
    expect(guest.locator(".letter")).to_contain_text("Your talk on titration belongs here.")
    for heading in ("Who can read what you write", "Why this space exists"):
        expect(guest.get_by_role("heading", name=heading)).to_be_visible()
    expect(guest.get_by_text("Where the gap between guideline and clinic")).to_be_visible()
    expect(guest.get_by_label("Who is at the table").get_by_text("Dr Rosa Bianchi")).to_be_visible()
    policy = guest.locator("section[aria-labelledby=policy-1] > ul > li")
    assert 3 <= policy.count() <= 7
    guest.get_by_role("button", name="Take the seat").click()


def fill_in_who_one_is(guest: Page) -> None:
    """Fill in the form of a new member."""
    expect(guest.get_by_label("E-mail")).to_have_attribute("readonly", "")
    guest.get_by_label("Name", exact=True).fill("Dr Lena Brandt")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_label("Profession", exact=True).select_option("physician")
    guest.get_by_label("Country").select_option("DE")
    guest.get_by_label("Licence number").fill("LANR 1234")
    guest.locator("[name=issuing_body]").fill("Ärztekammer Hamburg")
    guest.get_by_role("button", name="Go on to the use policy").click()


def test_a_taken_seat_is_taken(site: Site, browse: Browse) -> None:
    address = "kept.once@example.org"
    mika = browse("mika")
    invite(mika, address)
    link = link_in_letter(site, address)
    guest = browse(None)
    guest.goto(link)
    guest.get_by_role("button", name="Take the seat").click()
    fill_in_who_one_is(guest)
    expect(guest.get_by_role("button", name="Accept and enter")).to_be_visible()

    other = browse(None)
    answer = other.goto(link)
    assert answer is not None
    assert answer.status == 410
    expect(other.get_by_text("This invitation can't be used").first).to_be_visible()


def test_no_takes_one_click_and_may_say_why(site: Site, browse: Browse) -> None:
    address = "no.thanks@example.org"
    mika = browse("mika")
    invite(mika, address)
    guest = browse(None, size=PHONE)
    guest.goto(link_in_letter(site, address))
    guest.get_by_text("Say no, and why").click()
    guest.get_by_label("Why (you may leave it empty)").fill("On leave until spring.")
    guest.get_by_role("button", name="Decline").click()
    expect(guest.get_by_role("button", name="Take the seat")).to_have_count(0)
    mika.reload()
    row = mika.locator(".invited li").filter(has_text=address)
    expect(row).to_contain_text("Declined")
    expect(row).to_contain_text("On leave until spring.")
