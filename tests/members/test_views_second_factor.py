"""The second factor at the door, as a browser without script meets it."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from community import create_app
from community.config import Settings, SettingsError, load
from community.kernel import clock
from community.kernel.db import db
from community.members.models import MemberSession
from tests import cast
from tests.stage import Stage, Visitor, asks_who_one_is, carried_by, settings_for

Visit = Callable[[str | None], Visitor]
FACTOR, STEP = "/profile/second-factor", "/sign-in/second"


@pytest.fixture
def settings(database_url: str, premises: Path) -> Settings:
    """An installation in earnest: staff and duties need a second factor."""
    return replace(settings_for(database_url, premises), second_factor="required")


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, page
    return html.unescape(found[1])


def add_app(visitor: Visitor, *, minutes_ago: int = 5) -> pyotp.TOTP:
    """Set up an app on the pages, some minutes ago."""
    with clock.moved(timedelta(minutes=-minutes_ago)):
        page = visitor.get("/profile/authenticator").text
        secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
        assert secret is not None, page
        app = pyotp.TOTP(secret[1].replace(" ", ""))
        form = {"offer_key": hidden(page, "offer_key"), "code": app.at(clock.now())}
        answer = visitor.post("/profile/authenticator", form)
        assert (answer.status_code, answer.location) == (303, FACTOR)
    return app


def sign_in(visit: Visit, who: str, **more: str) -> Visitor:
    """Sign in by password and stop where that leads."""
    visitor = visit(None)
    data = {"email": cast.address_of(who), "password": cast.PASSWORD, **more}
    answer = visitor.post("/sign-in", data)
    assert answer.status_code == 303
    visitor.led_to = answer.location  # type: ignore[attr-defined]
    return visitor


def key_of(visitor: Visitor) -> str:
    """Return what the browser's cookie carries."""
    with visitor.client.session_transaction() as cookie:
        return str(cookie["_user_id"])


# --- who needs one --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["rosa", "ada", "paul"])
@pytest.mark.parametrize("path", ["/", "/reviews/", "/profile", "/profile/security", "/waiting"])
def test_staff_without_a_second_factor_are_led_to_set_one_up(
    visit: Visit, who: str, path: str
) -> None:
    assert visit(who).get(path).location.startswith(FACTOR)


def test_who_holds_a_duty_needs_one_too(visit: Visit, stage: Stage) -> None:
    stage.member("amara").duties = ["medical"]
    stage.commit()
    assert visit("amara").get("/").location.startswith(FACTOR)


def test_health_professionals_go_in_without_and_may_have_one(visit: Visit) -> None:
    amara = visit("amara")
    assert amara.get("/").status_code == 200
    add_app(amara)
    assert amara.get("/").status_code == 200


def test_who_tries_it_out_reads_that_it_is_waived_here(visit: Visit, app: Flask) -> None:
    here = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(here, second_factor="waived")
    try:
        assert "nobody needs a second factor here" in visit("rosa").get(FACTOR).text
        assert visit("rosa").get("/").status_code == 200
    finally:
        app.config["SETTINGS"] = here


def test_a_program_is_told_in_json_which_door_is_shut(visit: Visit) -> None:
    answer = visit("rosa").get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]) == (403, "second_factor")


def test_one_who_has_set_an_app_up_is_in_with_a_new_key(visit: Visit) -> None:
    rosa = visit("rosa")
    before = key_of(rosa)
    add_app(rosa)
    assert key_of(rosa) != before
    assert rosa.get("/").status_code == 200
    assert "Show me my recovery codes" in rosa.get(FACTOR).text


def test_the_picture_to_scan_is_drawn_in_the_page_without_style(visit: Visit) -> None:
    page = visit("rosa").get("/profile/authenticator").text
    assert '<svg viewBox="0 0 ' in page
    assert "style=" not in page


def test_codes_are_shown_once(visit: Visit) -> None:
    rosa = visit("rosa")
    add_app(rosa)
    page = rosa.post("/profile/recovery-codes").text
    codes = re.findall(r"<code>([a-z2-9]{6}-[a-z2-9]{6})</code>", page)
    assert len(codes) == 10
    assert codes[0] not in rosa.get(FACTOR).text


def test_codes_asked_for_a_sixth_time_within_an_hour_are_refused_in_plain_words(
    visit: Visit,
) -> None:
    rosa = visit("rosa")
    add_app(rosa)
    for _ in range(5):
        assert rosa.post("/profile/recovery-codes").status_code == 200
    refused = rosa.post("/profile/recovery-codes")
    assert refused.status_code == 429
    assert "That was a few too many in a short time." in refused.text
    assert int(refused.headers["Retry-After"]) > 0


def test_staff_can_not_remove_their_last_second_factor(visit: Visit) -> None:
    rosa = visit("rosa")
    add_app(rosa)
    refused = rosa.post("/profile/authenticator/remove")
    assert refused.status_code == 409
    assert "Add another one first" in refused.text


# --- the second step ------------------------------------------------------------------------------


@pytest.fixture
def app_of_rosa(visit: Visit) -> pyotp.TOTP:
    """The app that rosa signs in with."""
    return add_app(visit("rosa"))


def test_after_the_password_the_digits_are_asked_and_lead_on(
    visit: Visit, app_of_rosa: pyotp.TOTP
) -> None:
    rosa = sign_in(visit, "rosa", next="/spaces/cardiology")
    assert rosa.led_to == f"{STEP}?next=/spaces/cardiology"  # type: ignore[attr-defined]
    page = rosa.get(rosa.led_to).text  # type: ignore[attr-defined]
    form = {"code": app_of_rosa.at(clock.now()), "next": hidden(page, "next")}
    answer = rosa.post(STEP, form)
    assert (answer.status_code, answer.location) == (303, "/spaces/cardiology")
    assert rosa.get("/spaces/cardiology").status_code == 200


def test_a_password_alone_opens_nothing(visit: Visit, app_of_rosa: pyotp.TOTP, app: Flask) -> None:
    half = sign_in(visit, "rosa")
    assert half.get("/session.json").get_json()["member"] is None
    for path in (
        "/",
        "/profile",
        FACTOR,
        "/profile/authenticator",
        "/confirm",
        "/spaces/cardiology",
    ):
        assert half.get(path).location.startswith(STEP), path
    for path in ("/profile/password", "/profile/recovery-codes", "/profile/authenticator/remove"):
        assert half.post(path).location.startswith(STEP), path
    answer = half.get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "second_step")


def test_one_half_signed_in_can_start_over(visit: Visit, app_of_rosa: pyotp.TOTP) -> None:
    half = sign_in(visit, "rosa")
    assert half.post("/sign-out").location == "/sign-in"
    assert half.get("/sign-in").status_code == 200


def test_wrong_digits_are_refused_and_after_five_slowed_down(
    visit: Visit, app_of_rosa: pyotp.TOTP
) -> None:
    half = sign_in(visit, "rosa")
    wrong = "000000" if app_of_rosa.at(clock.now()) != "000000" else "111111"
    statuses = [half.post(STEP, {"code": wrong}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_the_second_step_gives_the_browser_a_new_key(visit: Visit, app_of_rosa: pyotp.TOTP) -> None:
    half = sign_in(visit, "rosa")
    before = key_of(half)
    half.post(STEP, {"code": app_of_rosa.at(clock.now())})
    assert key_of(half) != before


def test_a_link_by_mail_stands_for_the_password_and_no_more(
    visit: Visit, stage: Stage, app_of_rosa: pyotp.TOTP
) -> None:
    stranger = visit(None)
    stranger.post("/sign-in/link", {"email": cast.address_of("rosa")})
    letter = next(each for each in stage.work() if "/sign-in/link/" in each.body)
    path = re.search(r"http://localhost(/sign-in/link/\S+)", letter.body)
    assert path is not None
    assert stranger.post(path[1]).location == STEP
    assert stranger.get("/").location.startswith(STEP)


def test_a_new_password_stands_for_the_old_one_and_no_more(
    visit: Visit, stage: Stage, app_of_rosa: pyotp.TOTP
) -> None:
    stranger = visit(None)
    stranger.post("/password/reset", {"email": cast.address_of("rosa")})
    letter = next(each for each in stage.work() if "/password/reset/" in each.body)
    path = re.search(r"http://localhost(/password/reset/\S+)", letter.body)
    assert path is not None
    assert stranger.post(path[1], {"password": "four words make one"}).location == STEP


def test_sessions_from_before_the_second_factor_show_it_too(visit: Visit) -> None:
    here, there = visit("amara"), visit("amara")
    add_app(here)
    assert here.get("/").status_code == 200
    assert there.get("/").location.startswith(STEP)


def test_a_reset_ends_every_session_and_the_next_sign_in_sets_up_anew(
    visit: Visit, stage: Stage, app_of_rosa: pyotp.TOTP
) -> None:
    ada = visit("ada")
    add_app(ada)
    rosa = stage.member("rosa")
    form = {"proof": "Called her desk.", "version": str(rosa.version)}
    answer = ada.post(f"/members/{rosa.id}/second-factor/reset", form)
    assert answer.location == f"/members/{rosa.id}"
    again = sign_in(visit, "rosa")
    assert again.get("/").location.startswith(FACTOR)


# --- once more, before something weighty ----------------------------------------------------------


def test_figures_leave_as_a_file_only_shortly_after_one_has_shown_who_one_is(
    visit: Visit, app_of_rosa: pyotp.TOTP
) -> None:
    paul = visit("paul")
    app = add_app(paul)
    assert paul.get("/insights/rules.csv").status_code == 200
    with clock.moved(timedelta(minutes=11)):
        asked = paul.get("/insights/rules.csv")
        assert asked.location == "/confirm?next=/insights/rules.csv"
        assert "six digits" in paul.get(asked.location).text.lower()
        assert paul.post("/confirm", {"code": "12345"}).status_code == 422
        code = {"code": app.at(clock.now()), "next": "/insights/rules.csv"}
        assert paul.post("/confirm", code).location == "/insights/rules.csv"
        assert paul.get("/insights/rules.csv").status_code == 200


def test_a_signature_is_given_only_shortly_after_one_has_shown_who_one_is(visit: Visit) -> None:
    olga = visit("olga")
    add_app(olga)
    with clock.moved(timedelta(minutes=11)):
        assert olga.get("/guardrails/1/sign").location == "/confirm?next=/guardrails/1/sign"
        assert asks_who_one_is(olga.post("/guardrails/1/sign"))


@pytest.mark.parametrize("deed", ["new", "duties", "job", "close", "reopen"])
def test_members_are_looked_after_only_shortly_after_showing_who_one_is(
    visit: Visit, stage: Stage, deed: str
) -> None:
    rosa, ada = stage.member("rosa"), visit("ada")
    add_app(ada)
    path = "/members/new" if deed == "new" else f"/members/{rosa.id}/{deed}"
    form = {"duties": ["administrator"], "job": "Owner", "reason": "So.", "version": "1",
            "email": "other@example.org", "name": "Other"}  # fmt: skip
    with clock.moved(timedelta(minutes=11)):
        assert asks_who_one_is(ada.post(path, form))
    stage.commit()
    assert (stage.member("rosa").duties, stage.member("rosa").is_closed) == ([], False)


def test_the_company_is_silenced_at_once_and_heard_again_only_by_who_shows_who_they_are(
    visit: Visit,
) -> None:
    ada = visit("ada")
    add_app(ada)
    with clock.moved(timedelta(minutes=11)):
        paused = ada.post("/company-posting/pause", {"reason": "A wrong dose."})
        assert paused.location == "/company-posting"
        resumed = ada.post("/company-posting/resume", {"reason": "Mended."})
        assert asks_who_one_is(resumed)


def test_a_role_in_a_space_is_given_only_shortly_after_showing_who_one_is(
    visit: Visit, stage: Stage
) -> None:
    place, ada = stage.membership("amara"), visit("ada")
    add_app(ada)
    with clock.moved(timedelta(minutes=11)):
        form = {"role": "moderator", "version": str(place.version)}
        path = f"/spaces/cardiology/members/{place.id}/role"
        assert asks_who_one_is(ada.post(path, form))


@pytest.mark.parametrize("who", ["olga", "rosa"])
def test_staff_change_their_name_only_shortly_after_showing_who_they_are(
    visit: Visit, stage: Stage, who: str
) -> None:
    name, visitor = stage.member(who).name, visit(who)
    app = add_app(visitor)
    form = {"name": name, "title": "Head", "country": "GB", "time_zone": "UTC", "language": "en"}
    with clock.moved(timedelta(minutes=11)):
        assert visitor.post("/profile", form).location == "/profile", "the rest may be changed"
        other = {**form, "name": "Somebody Else"}
        assert asks_who_one_is(visitor.post("/profile", other))
        stage.commit()
        assert (stage.member(who).name, stage.member(who).title) == (name, "Head")
        visitor.post("/confirm", {"code": app.at(clock.now())})
        assert visitor.post("/profile", other).location == "/profile"
    stage.commit()
    assert stage.member(who).name == "Somebody Else"


def test_one_without_a_second_factor_shows_the_password(visit: Visit) -> None:
    amara = visit("amara")
    with clock.moved(timedelta(minutes=11)):
        asked = amara.get("/profile/authenticator")
        assert asked.location == "/confirm?next=/profile/authenticator"
        assert amara.post("/confirm", {"password": "not this one"}).status_code == 422
        form = {"password": cast.PASSWORD, "next": "/profile/authenticator"}
        assert amara.post("/confirm", form).location == "/profile/authenticator"
        assert amara.get("/profile/authenticator").status_code == 200


def test_showing_it_once_more_gives_the_browser_a_new_key_and_keeps_open_forms(
    visit: Visit,
) -> None:
    amara = visit("amara")
    before, form = key_of(amara), {"password": cast.PASSWORD, "next": "/profile"}
    token = amara.get("/session.json").get_json()["csrf_token"]
    assert amara.post("/confirm", form).location == "/profile"
    assert key_of(amara) != before
    assert amara.client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_every_form_that_goes_along_is_told_in_words_whatever_its_fields(
    visit: Visit, stage: Stage
) -> None:
    rosa, ada = stage.member("rosa"), visit("ada")
    add_app(ada)
    many = "\n".join(f"person{number}@hospital.example" for number in range(60))
    with clock.moved(timedelta(minutes=11)):
        closing = ada.post(f"/members/{rosa.id}/reopen", {"version": "0"}).text
        assert f"Open the access of {rosa.name} again." in closing
        several = {"people": many, "role": "moderator", "places": "cardiology", "step": "send",
                   "expires_days": "14"}  # fmt: skip
        asked = ada.post("/spaces/cardiology/invitations/several", several).text
        assert "Invite several people to cardiology." in asked
        assert "person59@hospital.example</dd>" in asked, "nobody goes along unseen"


def test_whoever_is_asked_again_reads_what_for(app: Flask) -> None:
    asking = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and "asks_again" in inspect.getsource(app.view_functions[rule.endpoint])
    }
    assert len(asking) > 15
    assert [each for each in asking if not hasattr(app.view_functions[each], "deed")] == []


def test_a_form_goes_along_through_the_question_and_is_done_after_it(
    visit: Visit, stage: Stage
) -> None:
    rosa, ada = stage.member("rosa"), visit("ada")
    app = add_app(ada)
    path = f"/members/{rosa.id}/job"
    form = {"job": 'Owner of "all" <that>', "version": str(rosa.version)}
    with clock.moved(timedelta(minutes=11)):
        asked = ada.post(path, form)
        assert ">Owner of &#34;all&#34; &lt;that&gt;</dd>" in asked.text
        assert f"Set the role of {rosa.name}." in asked.text
        wrong = ada.post("/confirm", {**carried_by(asked), "code": "12345"})
        assert wrong.status_code == 422
        assert carried_by(wrong).items() >= {f"carried-{n}": v for n, v in form.items()}.items()
        right = ada.post("/confirm", {**carried_by(wrong), "code": app.at(clock.now())})
        assert f'action="{path}"' in right.text
        stage.commit()
        assert stage.member("rosa").job != form["job"], "nothing is done by the answer itself"
        assert ada.post(path, carried_by(right)).status_code == 303
    stage.commit()
    assert stage.member("rosa").job == form["job"]


@pytest.mark.parametrize("to", ["//elsewhere.example", "https://elsewhere.example", "/\\e.example"])
def test_a_form_goes_along_to_this_site_alone(visit: Visit, to: str) -> None:
    answer = visit("amara").post(
        "/confirm", {"password": cast.PASSWORD, "carried_to": to, "carried-reason": "So."}
    )
    assert answer.location == "/"


def test_a_password_does_not_go_along(visit: Visit) -> None:
    amara = visit("amara")
    with clock.moved(timedelta(minutes=11)):
        asked = amara.post("/profile/password", {"password": "correct horse battery"})
    assert asked.location.startswith("/confirm")
    assert "correct horse" not in asked.text


def test_one_with_neither_is_told_the_way(visit: Visit, stage: Stage) -> None:
    stage.member("amara").password_hash = ""
    stage.commit()
    assert "sign out and in again by a link" in visit("amara").get("/confirm").text


def test_a_script_is_told_where_to_show_it(visit: Visit) -> None:
    amara = visit("amara")
    with clock.moved(timedelta(minutes=11)):
        answer = amara.send("/profile/passkeys/question", {})
    assert (answer.status_code, answer.get_json()["error"]) == (403, "confirm")


def test_a_site_can_ask_health_professionals_too(
    app: Flask, visit: Visit, settings: Settings
) -> None:
    assert visit("amara").get("/").status_code == 200
    app.config["SETTINGS"] = replace(settings, second_factor="everyone")
    try:
        assert visit("amara").get("/").location.startswith(FACTOR)
    finally:
        app.config["SETTINGS"] = settings


# --- sessions end, and settings -------------------------------------------------------------------


@pytest.mark.parametrize(("who", "hours"), [("amara", 15 * 24), ("gone", 15 * 24)])
def test_a_session_left_alone_leads_to_the_door(visit: Visit, who: str, hours: int) -> None:
    visitor = visit(who)
    with clock.moved(timedelta(hours=hours)):
        assert visitor.get("/").location.startswith("/sign-in")


def test_staff_sign_in_again_after_twelve_hours_alone(visit: Visit) -> None:
    rosa = visit("rosa")
    add_app(rosa)
    with clock.moved(timedelta(hours=11)):
        assert rosa.get("/").status_code == 200
    with clock.moved(timedelta(hours=13)):
        assert rosa.get("/").location.startswith("/sign-in?")


def test_the_factor_is_noted_on_the_session_alone(visit: Visit, app_of_rosa: pyotp.TOTP) -> None:
    half = sign_in(visit, "rosa")
    half.post(STEP, {"code": app_of_rosa.at(clock.now())})
    with half.app.app_context():
        rows = db.session.scalars(sa.select(MemberSession).order_by(MemberSession.id)).all()
        assert rows[-1].strong_at is not None


def test_an_installation_in_earnest_can_not_waive_it() -> None:
    key = {"COMMUNITY_SECRET_KEY": "x" * 32}
    assert load(key).asks_second_factor
    with pytest.raises(SettingsError):
        load({**key, "COMMUNITY_SECOND_FACTOR": "waived"})
    assert not load({**key, "COMMUNITY_MODE": "development"}).asks_second_factor
    insisting = {**key, "COMMUNITY_MODE": "development", "COMMUNITY_SECOND_FACTOR": "required"}
    assert load(insisting).asks_second_factor


def test_security_txt_names_the_contact_where_one_is_set(visit: Visit, app: Flask) -> None:
    assert visit(None).get("/.well-known/security.txt").status_code == 404
    here = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(here, security_contact="mailto:security@example.org")
    try:
        answer = visit(None).get("/.well-known/security.txt")
    finally:
        app.config["SETTINGS"] = here
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert f"{clock.now():%Y-%m-%dT}" < fields["Expires"] < f"{clock.now().year + 1}-12"


def test_on_tls_the_cookie_is_for_this_host_alone_and_no_script_reads_it(
    settings: Settings,
) -> None:
    app = create_app(replace(settings, base_url="https://community.example.org"))
    client = app.test_client()
    with app.app_context():
        answer = client.get("/sign-in", base_url="https://community.example.org")
        db.engine.dispose()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-roundtable=")
    for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert word in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path",
    ["/profile/password", "/profile/email", "/profile/sessions/end-others"],
)
def test_how_one_signs_in_is_changed_only_shortly_after_showing_who_one_is(
    visit: Visit, path: str
) -> None:
    amara = visit("amara")
    with clock.moved(timedelta(minutes=11)):
        assert asks_who_one_is(amara.post(path))
