"""Signing in by the company's own provider: a real OpenID provider in a process of its own."""

from __future__ import annotations

import contextlib
import http.server
import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.config import CompanySignIn, Settings, SettingsError, load
from community.kernel import clock
from community.kernel.db import db
from community.members.models import MemberSession
from tests.cast import address_of
from tests.site import free_port
from tests.stage import Stage, Visitor, settings_for

Visit = Callable[[str | None], Visitor]
START_SECONDS = 60


def person(who: str, **more: object) -> dict[str, object]:
    """Return what the company knows of one of its people."""
    return {"sub": f"no-{who}", "email": address_of(who), "email_verified": True, **more}


PEOPLE = [
    person("rosa", groups=["everybody", "rt-safety"], amr=["pwd", "mfa"]),
    person("safi", groups=["everybody"], amr=["pwd"]),
    person("ada", groups=[], amr=["mfa"]),
    person("cora", email_verified=False),
    person("amara"),
    person("rex"),
    {"sub": "somebody-new", "email": address_of("rosa"), "email_verified": True},
    {"sub": "stranger", "email": "stranger@example.org", "email_verified": True},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The company's provider."""
    port = free_port()
    people = [word for each in PEOPLE for word in ("--user-claims", json.dumps(each))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    server = subprocess.Popen(
        [*command, *people], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    try:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and server.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/jwks", timeout=5).close()
                break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(15)


@pytest.fixture
def settings(database_url: str, premises: Path, issuer: str) -> Settings:
    """An installation in earnest that trusts the company's provider."""
    duties = (("rt-safety", "safety"), ("rt-quality", "quality"), ("rt-admin", "administrator"))
    provider = CompanySignIn(issuer, "roundtable", "a secret of two", duties=duties)
    return replace(
        settings_for(database_url, premises), second_factor="required", company_sign_in=provider
    )


@dataclass
class Trip:
    """One way to the provider: what was asked there, and the address that it sends back to."""

    asked: dict[str, list[str]]
    back: str


def go_there(visitor: Visitor, sub: str, place: str = "/sign-in/company") -> Trip:
    """Follow the link on the sign-in page, and say to the provider who one is."""
    away = visitor.get(place)
    assert away.status_code == 302, away.text
    answer = requests.post(away.location, data={"sub": sub}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "localhost"
    return Trip(parse_qs(urlsplit(away.location).query), f"{back.path}?{back.query}")


def who_is(visitor: Visitor) -> str | None:
    member = visitor.get("/session.json").get_json()["member"]
    return str(member["name"]) if member else None


def test_staff_sign_in_by_the_company_which_vouches_for_both_factors(visit: Visit) -> None:
    rosa = visit(None)
    assert "/sign-in/company?next=/spaces/cardiology" in rosa.get(
        "/sign-in?next=/spaces/cardiology"
    ).text.replace("%2F", "/")
    trip = go_there(rosa, "no-rosa", "/sign-in/company?next=/spaces/cardiology")
    assert trip.asked["code_challenge_method"] == ["S256"]
    assert trip.asked["nonce"]
    answer = rosa.get(trip.back)
    assert (answer.status_code, answer.location) == (303, "/spaces/cardiology")
    assert who_is(rosa) == "Dr Rosa Bianchi"
    assert rosa.get("/").status_code == 200


def test_where_the_company_asked_for_a_password_alone_the_second_factor_is_ours(
    visit: Visit,
) -> None:
    safi = visit(None)
    safi.get(go_there(safi, "no-safi").back)
    assert who_is(safi) == "Dr Safi Rahman"
    assert safi.get("/").location.startswith("/profile/second-factor")


def test_groups_bring_and_take_the_duties_that_they_decide_on(visit: Visit, stage: Stage) -> None:
    for who in ("rosa", "safi"):
        visitor = visit(None)
        visitor.get(go_there(visitor, f"no-{who}").back)
    db.session.expire_all()
    assert stage.member("rosa").duties == ["safety"]
    assert stage.member("safi").duties == []
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "member.duties_changed")
    ).all()
    told = [str(stage.member(who).id) for who in ("rosa", "safi")]
    assert [each.subject_id for each in entries] == told
    letters = [letter for letter in stage.work() if letter.to == address_of("ada")]
    assert len(letters) == 2
    assert all("the company's sign-in" in letter.body for letter in letters)


def test_the_last_administrator_stays_one_whatever_the_groups_say(
    visit: Visit, stage: Stage
) -> None:
    ada = visit(None)
    ada.get(go_there(ada, "no-ada").back)
    db.session.expire_all()
    assert stage.member("ada").duties == ["administrator"]


@pytest.mark.parametrize("sub", ["no-cora", "no-amara", "stranger"])
def test_who_is_no_member_of_staff_with_a_verified_address_stays_outside(
    visit: Visit, sub: str
) -> None:
    visitor = visit(None)
    refused = visitor.get(go_there(visitor, sub).back)
    assert refused.status_code == 403
    assert "An administrator has to make you a member first" in refused.text
    assert who_is(visitor) is None


def test_the_address_of_one_who_has_come_before_brings_nobody_else_in(visit: Visit) -> None:
    rosa = visit(None)
    rosa.get(go_there(rosa, "no-rosa").back)
    other = visit(None)
    assert other.get(go_there(other, "somebody-new").back).status_code == 403
    assert who_is(other) is None


def test_the_way_back_is_good_once_and_in_one_browser(visit: Visit) -> None:
    rosa, thief = visit(None), visit(None)
    trip = go_there(rosa, "no-rosa")
    assert thief.get(trip.back).status_code == 403
    assert who_is(thief) is None
    assert rosa.get(trip.back).status_code == 303
    assert rosa.get(trip.back).status_code == 403


def test_a_state_or_a_code_that_was_altered_is_refused(visit: Visit) -> None:
    rosa = visit(None)
    trip = go_there(rosa, "no-rosa")
    assert rosa.get(trip.back.replace("state=", "state=x")).status_code == 403
    assert rosa.get("/sign-in/company/back").status_code == 403
    assert rosa.get("/sign-in/company/back?error=access_denied&state=1").status_code == 403
    trip = go_there(rosa, "no-rosa")
    assert rosa.get(trip.back.replace("code=", "code=x")).status_code == 403
    assert who_is(rosa) is None


def test_a_token_of_another_issuer_is_refused(visit: Visit, stage: Stage) -> None:
    here = stage.app.config["SETTINGS"]
    assert here.company_sign_in is not None
    elsewhere = replace(
        here.company_sign_in,
        issuer=here.company_sign_in.issuer.replace("localhost", "127.0.0.1"),
    )
    rosa = visit(None)
    stage.app.config["SETTINGS"] = replace(here, company_sign_in=elsewhere)
    try:
        away = rosa.get("/sign-in/company").location.replace("127.0.0.1", "localhost")
        answer = requests.post(away, data={"sub": "no-rosa"}, allow_redirects=False, timeout=10)
        back = urlsplit(answer.headers["Location"])
        stage.app.config["SETTINGS"] = replace(
            here, company_sign_in=replace(elsewhere, issuer="http://localhost:1")
        )
        stage.app.extensions["company_sign_in"] = (
            stage.app.extensions["company_sign_in"][0],
            stage.app.config["SETTINGS"].company_sign_in,
        )
        assert rosa.get(f"{back.path}?{back.query}").status_code == 403
    finally:
        stage.app.config["SETTINGS"] = here
    assert who_is(rosa) is None


def test_a_provider_that_is_away_is_said_plainly(visit: Visit, stage: Stage) -> None:
    here = stage.app.config["SETTINGS"]
    assert here.company_sign_in is not None
    away = replace(here.company_sign_in, issuer=f"http://localhost:{free_port()}")
    stage.app.config["SETTINGS"] = replace(here, company_sign_in=away)
    try:
        page = visit(None).get("/sign-in/company")
    finally:
        stage.app.config["SETTINGS"] = here
    assert page.status_code == 503
    assert "can not be reached just now" in page.text


def test_a_provider_that_sends_us_elsewhere_is_not_followed(visit: Visit, stage: Stage) -> None:
    here = stage.app.config["SETTINGS"]
    assert here.company_sign_in is not None
    with sending_on(here.company_sign_in.issuer) as detour:
        elsewhere = replace(here.company_sign_in, issuer=detour)
        stage.app.config["SETTINGS"] = replace(here, company_sign_in=elsewhere)
        try:
            assert visit(None).get("/sign-in/company").status_code == 503
        finally:
            stage.app.config["SETTINGS"] = here


@contextlib.contextmanager
def sending_on(place: str) -> Iterator[str]:
    """Give the address of a server that sends everybody on to the same path of another place."""

    class SendsOn(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{place}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SendsOn) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_hosts_that_only_the_provider_names_are_not_asked(visit: Visit, stage: Stage) -> None:
    here = stage.app.config["SETTINGS"]
    assert here.company_sign_in is not None
    rosa = visit(None)
    trip = go_there(rosa, "no-rosa")
    client, _ = stage.app.extensions["company_sign_in"]
    keys = client.server_metadata["jwks_uri"]
    client.server_metadata["jwks_uri"] = keys.replace("localhost", "127.0.0.1")
    assert rosa.get(trip.back).status_code == 403
    named = replace(here.company_sign_in, hosts=("127.0.0.1",))
    stage.app.config["SETTINGS"] = replace(here, company_sign_in=named)
    stage.app.extensions["company_sign_in"] = (client, named)
    try:
        assert rosa.get(go_there(rosa, "no-rosa").back).status_code == 303
    finally:
        stage.app.config["SETTINGS"] = here


def coming_back(
    visit: Visit, stage: Stage, said: dict[str, str], **named: Any
) -> tuple[int, str | None]:
    """Let Rosa in by a provider that says something else of itself; give status and who she is."""
    here = stage.app.config["SETTINGS"]
    assert here.company_sign_in is not None
    provider = replace(here.company_sign_in, **named)
    stage.app.config["SETTINGS"] = replace(here, company_sign_in=provider)
    try:
        rosa = visit(None)
        trip = go_there(rosa, "no-rosa")
        client, _ = stage.app.extensions["company_sign_in"]
        client.server_metadata.update(said)
        return rosa.get(trip.back).status_code, who_is(rosa)
    finally:
        stage.app.config["SETTINGS"] = here
        del stage.app.extensions["company_sign_in"]


ELSEWHERE = "http://127.0.0.1:1/userinfo"


def test_a_host_that_is_never_asked_keeps_nobody_outside(visit: Visit, stage: Stage) -> None:
    entered = coming_back(visit, stage, {"userinfo_endpoint": ELSEWHERE})
    assert entered == (303, "Dr Rosa Bianchi")


def test_a_host_that_would_be_asked_for_groups_has_to_be_named_and_the_log_says_which(
    visit: Visit, stage: Stage, issuer: str, caplog: pytest.LogCaptureFixture
) -> None:
    there = {"userinfo_endpoint": f"{issuer}/userinfo".replace("localhost", "127.0.0.1")}
    assert coming_back(visit, stage, there, groups_claim="teams") == (403, None)
    assert "do not name 127.0.0.1, the host of the userinfo_endpoint" in caplog.messages[-1]
    entered = coming_back(visit, stage, there, groups_claim="teams", hosts=("127.0.0.1",))
    assert entered == (303, "Dr Rosa Bianchi")


def test_hosts_are_named_in_whichever_letters(visit: Visit, stage: Stage, issuer: str) -> None:
    apart = {"jwks_uri": f"{issuer}/jwks"}
    numbered = issuer.replace("localhost", "127.0.0.1")
    entered = coming_back(visit, stage, apart, issuer=numbered, hosts=("LocalHost",))
    assert entered == (303, "Dr Rosa Bianchi")


def test_a_provider_with_tls_is_asked_nowhere_without_it(
    visit: Visit, stage: Stage, issuer: str, caplog: pytest.LogCaptureFixture
) -> None:
    here = stage.app.config["SETTINGS"]
    rosa = visit(None)
    trip = go_there(rosa, "no-rosa")
    client, provider = stage.app.extensions["company_sign_in"]
    safe = replace(provider, issuer=issuer.replace("http:", "https:"))
    stage.app.config["SETTINGS"] = replace(here, company_sign_in=safe)
    stage.app.extensions["company_sign_in"] = (client, safe)
    try:
        assert rosa.get(trip.back).status_code == 403
    finally:
        stage.app.config["SETTINGS"] = here
    said = "localhost, the host of the token_endpoint, is to be asked without TLS"
    assert said in caplog.messages[-1]


def test_a_session_by_the_company_ends_by_our_limits_and_is_asked_for_there_again(
    visit: Visit,
) -> None:
    rosa = visit(None)
    rosa.get(go_there(rosa, "no-rosa").back)
    with clock.moved(timedelta(hours=13)):
        assert who_is(rosa) is None
        rosa.get(go_there(rosa, "no-rosa").back)
        assert who_is(rosa) == "Dr Rosa Bianchi"


def test_the_session_says_how_one_came(visit: Visit) -> None:
    rosa = visit(None)
    rosa.get(go_there(rosa, "no-rosa").back)
    with rosa.app.app_context():
        last = db.session.scalars(
            sa.select(MemberSession).order_by(MemberSession.id.desc())
        ).first()
        assert last is not None
        assert (last.how, last.strong_at is not None) == ("company", True)


def test_without_settings_there_is_no_such_door(visit: Visit, stage: Stage) -> None:
    here = stage.app.config["SETTINGS"]
    stage.app.config["SETTINGS"] = replace(here, company_sign_in=None)
    try:
        assert visit(None).get("/sign-in/company").status_code == 404
        assert "/sign-in/company" not in visit(None).get("/sign-in").text
    finally:
        stage.app.config["SETTINGS"] = here


KEY = {"COMMUNITY_SECRET_KEY": "x" * 32}
WHOLE = {
    **KEY,
    "COMMUNITY_OIDC_ISSUER": "https://sign-in.example.org",
    "COMMUNITY_OIDC_CLIENT_ID": "roundtable",
    "COMMUNITY_OIDC_CLIENT_SECRET": "secret",
    "COMMUNITY_OIDC_DUTIES": "CN=Safety=safety, legal-group=legal",
    "COMMUNITY_OIDC_HOSTS": "keys.example.org, groups.example.org",
}


def test_the_environment_says_which_groups_bring_which_duties() -> None:
    found = load(WHOLE).company_sign_in
    assert found is not None
    assert found.duties == (("CN=Safety", "safety"), ("legal-group", "legal"))
    assert load(KEY).company_sign_in is None


@pytest.mark.parametrize(
    "change",
    [
        {"COMMUNITY_OIDC_ISSUER": "http://sign-in.example.org"},
        {"COMMUNITY_OIDC_CLIENT_SECRET": ""},
        {"COMMUNITY_OIDC_DUTIES": "safety"},
    ],
)
def test_settings_that_do_not_hold_together_stop_the_start(change: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        load({**WHOLE, **change})
