"""Passkeys in a real browser, with an authenticator that the browser itself pretends to have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests import cast
from tests.journeys.looking import Examined, faults_of_look
from tests.journeys.steps import invite_staff, make_long_ago
from tests.site import PHONE, Site, running_site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


@pytest.fixture(scope="module")
def module_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site in earnest: staff need a second factor."""
    folder = tmp_path_factory.mktemp("earnest")
    with running_site(sqlite_template, folder, COMMUNITY_SECOND_FACTOR="required") as site:
        yield site


class Device:
    """A phone or key that the browser pretends to have; it says yes to everything."""

    def __init__(self, page: Page, *, knows_owner: bool = True) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": knows_owner,
            "isUserVerified": knows_owner,
            "automaticPresenceSimulation": True,
        }
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        """Return the passkeys on it."""
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        keys: list[dict[str, Any]] = found["credentials"]
        return keys

    def take(self, key: dict[str, Any]) -> None:
        """Copy a passkey onto it, as a key chain does."""
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})

    def go_away(self) -> None:
        """Take the device from the browser."""
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    def refuse(self) -> None:
        """Have its owner not be recognised from now on."""
        self.cdp.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False}
        )


def add_passkey(page: Page, name: str) -> None:
    """Add a passkey on the page that staff are led to."""
    page.goto("/profile/second-factor")
    page.get_by_label("Name of the new passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text(name, exact=True)).to_be_visible()


def give_password(page: Page, who: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(cast.address_of(who))
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_staff_add_a_passkey_and_it_is_their_second_step_from_then_on(
    site: Site, browse: Browse
) -> None:
    rosa = browse("rosa")
    device = Device(rosa)
    rosa.goto("/")
    expect(rosa.get_by_role("heading", name="Second factor", exact=True)).to_be_visible()
    add_passkey(rosa, "Work laptop")
    rosa.goto("/")
    expect(rosa).to_have_url(f"{site.url}/")
    (key,) = device.keys()

    later = browse(None, size=PHONE)
    Device(later).take(key)
    give_password(later, "rosa")
    expect(later.get_by_role("heading", name="One more step")).to_be_visible()
    assert faults_of_look(later, "passkeys", Examined()) == []
    later.get_by_role("button", name="Use a passkey").click()
    expect(later).to_have_url(f"{site.url}/")


def test_a_passkey_alone_signs_in_without_a_name_or_password(browse: Browse) -> None:
    cora = browse("cora")
    device = Device(cora)
    add_passkey(cora, "Phone")
    (key,) = device.keys()

    later = browse(None)
    Device(later).take(key)
    later.goto("/sign-in?next=/profile/security")
    later.get_by_role("button", name="Use a passkey").click()
    expect(later.get_by_role("heading", name="Signing in", exact=True)).to_be_visible()


def test_a_passkey_whose_owner_is_not_recognised_signs_nobody_in(browse: Browse) -> None:
    safi = browse("safi")
    device = Device(safi)
    add_passkey(safi, "Phone")
    (key,) = device.keys()

    finder = browse(None)
    found = Device(finder)
    found.take(key)
    found.refuse()
    finder.goto("/sign-in")
    finder.get_by_role("button", name="Use a passkey").click()
    expect(finder.get_by_role("alert").filter(has_text="Nothing came back")).to_be_visible()
    assert finder.request.get("/session.json").json()["member"] is None


def test_a_passkey_of_somebody_else_is_no_second_step(browse: Browse) -> None:
    paul = browse("paul")
    device = Device(paul)
    add_passkey(paul, "Phone")
    dora = browse("dora")
    Device(dora)
    add_passkey(dora, "Tablet")
    (key,) = device.keys()

    thief = browse(None)
    Device(thief).take(key)
    give_password(thief, "dora")
    thief.get_by_role("button", name="Use a passkey").click()
    expect(thief.get_by_role("alert").filter(has_text="Nothing came back")).to_be_visible()
    assert thief.request.get("/session.json").json()["member"] is None


def test_passkeys_are_renamed_and_removed_and_the_last_one_stays(browse: Browse) -> None:
    vera = browse("vera", size=PHONE)
    phone = Device(vera)
    add_passkey(vera, "Phone")
    vera.get_by_text("Rename").click()
    vera.get_by_label("New name of Phone").fill("Old phone")
    vera.get_by_role("button", name="Save").click()
    expect(vera.get_by_text("Old phone", exact=True)).to_be_visible()

    vera.get_by_role("button", name="Remove Old phone").click()
    vera.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(vera.get_by_text("Add another one first")).to_be_visible()

    phone.go_away()
    Device(vera)
    add_passkey(vera, "Key on the ring")
    vera.get_by_role("button", name="Remove Old phone").click()
    vera.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(vera.get_by_text("opens nothing here any more")).to_be_visible()
    expect(vera.get_by_text("Old phone", exact=True)).to_have_count(0)


def test_a_form_goes_on_by_itself_after_a_passkey_has_shown_who_one_is(
    site: Site, browse: Browse
) -> None:
    ada = browse("ada")
    Device(ada)
    add_passkey(ada, "Office key")
    make_long_ago(site, "ada")
    invite_staff(ada, "liz@example.org")
    expect(ada.get_by_role("heading", name="Is it you?")).to_be_visible()
    ada.get_by_role("button", name="Use a passkey").click()
    expect(ada.get_by_text("The letter to liz@example.org is on its way")).to_be_visible()
