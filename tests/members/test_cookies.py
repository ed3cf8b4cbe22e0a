"""The session's cookie where clocks do not agree, and where another version has signed it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import itsdangerous
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

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


def test_a_cookie_that_the_version_before_signed_by_sha_1_opens_its_session(
    app: Flask, visit: Visit
) -> None:
    amara = visit("amara")
    _sign_cookie_as_before(app, amara)
    assert amara.get("/session.json").get_json()["member"]["name"] == "Dr Amara Okafor"


def test_one_that_was_signed_so_with_another_key_opens_nothing(app: Flask, visit: Visit) -> None:
    amara = visit("amara")
    _sign_cookie_as_before(app, amara, key="not the key of this installation")
    assert amara.get("/session.json").get_json()["member"] is None


@pytest.mark.parametrize(("key", "status"), [("", 303), ("not the key of this installation", 400)])
def test_a_form_that_the_version_before_signed_by_sha_1_is_taken_where_the_key_is_ours(
    app: Flask, visit: Visit, key: str, status: int
) -> None:
    amara = visit("amara")
    now = itsdangerous.URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    before = itsdangerous.URLSafeTimedSerializer(
        key or str(app.secret_key),
        salt="wtf-csrf-token",
        signer_kwargs={"digest_method": hashlib.sha1},
    )
    token = before.dumps(now.loads(amara.token))
    assert amara.post("/sign-out", {"csrf_token": token}).status_code == status


def _sign_cookie_as_before(app: Flask, visitor: Visitor, key: str = "") -> None:
    """Sign what the browser carries as Flask does by itself, and as we did."""
    with visitor.client.session_transaction() as cookie:
        carried = dict(cookie)
    other = Flask("before")
    other.secret_key = key or app.secret_key
    signing = SecureCookieSessionInterface().get_signing_serializer(other)
    assert signing is not None
    visitor.client.set_cookie("roundtable", signing.dumps(carried))


def _sign_with_a_clock_off_by(shift: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    true = itsdangerous.TimestampSigner.get_timestamp
    monkeypatch.setattr(
        itsdangerous.TimestampSigner,
        "get_timestamp",
        lambda self: true(self) + int(shift.total_seconds()),
    )
