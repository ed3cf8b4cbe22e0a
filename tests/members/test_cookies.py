"""The session's cookie where clocks do not agree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import itsdangerous
import pytest
from flask import Flask

from community.members.models import LONGEST
from tests.stage import Visitor

Visit = Callable[[str | None], Visitor]


@pytest.mark.parametrize("ahead", [timedelta(seconds=2), timedelta(hours=1)])
def test_a_cookie_from_a_clock_that_is_ahead_keeps_its_member_signed_in(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    _sign_with_a_clock_off_by(ahead, monkeypatch)
    amara = visit("amara")
    monkeypatch.undo()
    assert amara.get("/session.json").get_json()["member"]["name"] == "Dr Amara Okafor"


def test_a_cookie_older_than_any_session_opens_nothing(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sign_with_a_clock_off_by(-LONGEST - timedelta(days=1), monkeypatch)
    amara = visit("amara")
    monkeypatch.undo()
    assert amara.get("/session.json").get_json()["member"] is None


def test_a_cookie_that_somebody_changed_opens_nothing(app: Flask, visit: Visit) -> None:
    amara = visit("amara")
    cookie = amara.client.get_cookie("roundtable")
    assert cookie is not None
    amara.client.set_cookie("roundtable", cookie.value[:-3] + "abc")
    assert amara.get("/session.json").get_json()["member"] is None


def test_cookies_and_tokens_of_forms_are_signed_by_sha_256(visit: Visit) -> None:
    amara = visit("amara")
    cookie = amara.client.get_cookie("roundtable")
    assert cookie is not None
    for signed in (cookie.value, amara.token):
        signature = itsdangerous.base64_decode(signed.rpartition(".")[2])
        assert len(signature) == hashlib.sha256().digest_size


def _sign_with_a_clock_off_by(shift: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    true = itsdangerous.TimestampSigner.get_timestamp
    monkeypatch.setattr(
        itsdangerous.TimestampSigner,
        "get_timestamp",
        lambda self: true(self) + int(shift.total_seconds()),
    )
