"""A site that changes its secret key: what was made with the one before still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from community.config import load
from community.invitations.services import issuing
from community.kernel import clock
from community.members import services
from community.members.models import Member, Purpose
from community.members.services import links
from community.spaces.models import Role
from tests.members.test_views import who_is
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]
HERE = "192.0.2.1"


@pytest.fixture
def change(app: Flask) -> Iterator[Callable[..., None]]:
    """What changes the key, and keeps the one before or not; undone afterwards."""
    settings, before = app.config["SETTINGS"], app.config["SECRET_KEY_FALLBACKS"]

    def changing(*, keep: bool = True) -> None:
        kept = (settings.secret_key,) if keep else ()
        app.secret_key = "quite another key, as long as the first"
        app.config["SECRET_KEY_FALLBACKS"] = list(kept)
        app.config["SETTINGS"] = replace(
            settings, secret_key=app.secret_key, secret_keys_before=kept
        )

    yield changing
    app.config["SETTINGS"], app.config["SECRET_KEY_FALLBACKS"] = settings, before
    app.secret_key = settings.secret_key


def app_of(member: Member) -> pyotp.TOTP:
    """Set up an app for a member."""
    offer = services.offer(actor=member)
    app = pyotp.TOTP(offer.secret.replace(" ", ""))
    services.set_up_authenticator(
        actor=member, sealed=offer.sealed, code=app.at(clock.now()), address=HERE
    )
    return app


def test_who_is_signed_in_stays_so(visit: Visit, change: Callable[..., None]) -> None:
    amara = visit("amara")
    change()
    assert who_is(amara) == "Dr Amara Okafor"


def test_without_the_key_before_everybody_signs_in_anew(
    visit: Visit, change: Callable[..., None]
) -> None:
    amara = visit("amara")
    change(keep=False)
    assert who_is(amara) is None


def test_a_link_that_was_made_before_is_the_same_in_a_letter_sent_afterwards(
    visit: Visit, stage: Stage, change: Callable[..., None]
) -> None:
    amara = stage.member("amara")
    link = links.make_link(amara, Purpose.SIGN_IN, lasting=links.LASTING[Purpose.SIGN_IN])
    stage.commit()
    before = links.address_of(link)
    change()
    assert links.address_of(link) == before
    stranger = visit(None)
    assert stranger.post(before.removeprefix("http://localhost")).status_code == 303
    assert who_is(stranger) == "Dr Amara Okafor"


def test_an_invitation_that_was_made_before_is_too(
    stage: Stage, change: Callable[..., None]
) -> None:
    invitation = issuing.issue(
        actor=stage.member("mika"), email="n@example.org", places=[("cardiology", Role.MEMBER)]
    )
    before = issuing.address_of(invitation)
    change()
    assert issuing.address_of(invitation) == before


def test_apps_and_codes_on_paper_still_open(stage: Stage, change: Callable[..., None]) -> None:
    rosa = stage.member("rosa")
    app = app_of(rosa)
    codes = services.make_recovery_codes(actor=rosa)
    stage.commit()
    change()
    for code in (app.at(clock.now() + timedelta(seconds=30)), codes[0]):
        services.show_code(actor=stage.member("rosa"), code=code, address=HERE)
    stage.commit()


def test_earlier_keys_are_read_from_the_environment() -> None:
    environ = {
        "COMMUNITY_SECRET_KEY": "the key of today, long enough",
        "COMMUNITY_SECRET_KEYS_BEFORE": "the key of yesterday, the key before that",
        "COMMUNITY_DATA_DIR": "/nowhere",
    }
    assert load(environ).secret_keys == (
        "the key of today, long enough",
        "the key of yesterday",
        "the key before that",
    )
