"""The door and the pages about members, as a browser without script sees them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from community.audit.models import AuditEntry
from community.kernel import clock
from community.kernel.db import db
from tests import cast
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]
NEW_PASSWORD = "four words make one"


def address_in(letter: str) -> str:
    """Return the path of the link in a letter."""
    found = re.search(r"http://localhost(/\S+)", letter)
    assert found is not None, letter
    return found[1]


def sign_in(visitor: Visitor, who: str, password: str = cast.PASSWORD, **more: str) -> int:
    """Send the sign-in form and return the status."""
    data = {"email": cast.address_of(who), "password": password, **more}
    return visitor.post("/sign-in", data).status_code


def who_is(visitor: Visitor) -> str | None:
    """Return the name of who is signed in."""
    member = visitor.get("/session.json").get_json()["member"]
    return str(member["name"]) if member else None


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    out.seek(0)
    return out


# --- signing in -----------------------------------------------------------------------------------


def test_a_member_signs_in_with_address_and_password(visit: Visit) -> None:
    stranger = visit(None)
    assert sign_in(stranger, "amara") == 303
    assert who_is(stranger) == "Dr Amara Okafor"


def test_the_session_names_member_and_affiliation_or_nobody(visit: Visit) -> None:
    assert visit(None).get("/session.json").get_json()["member"] is None
    answer = visit("rosa").get("/session.json").get_json()
    assert answer["csrf_token"]
    assert answer["member"]["affiliation"] == "company"


def test_a_program_signs_in_with_json_and_learns_where_to_go(visit: Visit) -> None:
    stranger = visit(None)
    good = {"email": cast.address_of("amara"), "password": cast.PASSWORD}
    answer = stranger.send("/sign-in", {**good, "next": "/spaces/cardiology"})
    assert (answer.status_code, answer.get_json()) == (200, {"next": "/spaces/cardiology"})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "amara@example.org", "password": "not this one"}, 401),
        ({"email": "amara@example.org"}, 422),
        ({"email": {"a": 1}, "password": ["x"]}, 422),
        ({}, 422),
    ],
)
def test_a_program_is_told_in_json_what_is_wrong(
    visit: Visit, body: dict[str, object], status: int
) -> None:
    answer = visit(None).send("/sign-in", body)
    assert answer.status_code == status
    assert answer.get_json()["message"]


def test_json_that_is_no_object_is_refused_and_not_a_fault(visit: Visit) -> None:
    stranger = visit(None)
    headers = {"X-CSRFToken": stranger.token, "Accept": "application/json"}
    assert stranger.client.post("/sign-in", json=[1, 2], headers=headers).status_code == 422


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(visit: Visit) -> None:
    pages = []
    for email in ("amara@example.org", "nobody@example.org"):
        page = visit(None).post("/sign-in", {"email": email, "password": "not this one"})
        assert page.status_code == 401
        text = re.sub(r'(nonce|csrf_token)[^>]*value="[^"]*"|nonce="[^"]*"', "", page.text)
        pages.append(text.replace(email, "…"))
    assert pages[0] == pages[1]


def test_a_refused_sign_in_keeps_the_address_and_drops_the_password(visit: Visit) -> None:
    page = visit(None).post(
        "/sign-in", {"email": "amara@example.org", "password": "hunter2 hunter"}
    )
    assert "amara@example.org" in page.text
    assert "hunter2 hunter" not in page.text


def test_tries_are_slowed_down_and_told_how_long(visit: Visit) -> None:
    stranger = visit(None)
    statuses = [sign_in(stranger, "amara", "wrong words here") for _ in range(7)]
    assert statuses[0] == 401
    last = stranger.post("/sign-in", {"email": cast.address_of("amara"), "password": "x"})
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) <= 60


def test_one_who_is_slowed_down_gets_in_by_link(visit: Visit, stage: Stage) -> None:
    stranger = visit(None)
    for _ in range(7):
        sign_in(stranger, "amara", "wrong words here")
    stranger.post("/sign-in/link", {"email": cast.address_of("amara")})
    stranger.post(address_in(stage.work()[0].body))
    assert who_is(stranger) == "Dr Amara Okafor"


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/e"]
)
def test_sign_in_never_leads_to_another_site(visit: Visit, place: str) -> None:
    data = {"email": cast.address_of("amara"), "password": cast.PASSWORD, "next": place}
    assert visit(None).post("/sign-in", data).location == "/"


def test_the_sign_in_page_leads_on_to_where_one_wanted_to_go(visit: Visit) -> None:
    stranger = visit(None)
    turned_away = stranger.get("/profile/security")
    assert turned_away.status_code == 303
    page = stranger.get(turned_away.location)
    assert 'value="/profile/security"' in page.text


def test_signing_in_starts_a_session_of_its_own(visit: Visit) -> None:
    visitor = visit("bruno")
    before = visitor.client.get_cookie("roundtable")
    sign_in(visitor, "amara")
    after = visitor.client.get_cookie("roundtable")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert who_is(visitor) == "Dr Amara Okafor"


def test_signing_out_ends_the_session_also_for_a_kept_cookie(visit: Visit) -> None:
    visitor = visit(None)
    sign_in(visitor, "amara")
    kept = visitor.client.get_cookie("roundtable")
    assert kept is not None
    assert visitor.post("/sign-out").status_code == 303
    visitor.client.set_cookie("roundtable", kept.value)
    assert who_is(visitor) is None


def test_signing_out_takes_a_post(visit: Visit) -> None:
    visitor = visit("amara")
    assert visitor.get("/sign-out").status_code == 405
    assert who_is(visitor) == "Dr Amara Okafor"


def test_a_form_without_its_token_changes_nothing(visit: Visit) -> None:
    visitor = visit("amara")
    assert visitor.client.post("/sign-out").status_code == 400
    assert who_is(visitor) == "Dr Amara Okafor"


# --- links by mail --------------------------------------------------------------------------------


def test_a_link_lets_in_once_and_only_by_a_press(visit: Visit, stage: Stage) -> None:
    stranger = visit(None)
    stranger.post("/sign-in/link", {"email": cast.address_of("amara")})
    path = address_in(stage.work()[0].body)
    for _scanner in range(3):
        assert stranger.get(path).status_code == 200
    assert who_is(stranger) is None
    assert stranger.post(path).status_code == 303
    assert who_is(stranger) == "Dr Amara Okafor"
    assert visit(None).post(path).status_code == 410
    assert visit(None).get(path).status_code == 410


@pytest.mark.parametrize("door", ["/sign-in/link", "/password/reset"])
def test_a_link_runs_out_after_ten_minutes(visit: Visit, stage: Stage, door: str) -> None:
    stranger = visit(None)
    stranger.post(door, {"email": cast.address_of("amara")})
    letter = stage.work()[0].body
    path = address_in(letter)
    assert "for 10 minutes" in letter
    with clock.moved(timedelta(minutes=9)):
        assert stranger.get(path).status_code == 200
    with clock.moved(timedelta(minutes=11)):
        assert stranger.get(path).status_code == 410
        assert stranger.post(path, {"password": NEW_PASSWORD}).status_code == 410
    assert who_is(stranger) is None


@pytest.mark.parametrize("path", ["/sign-in/link", "/password/reset"])
def test_asking_for_a_link_never_tells_whether_an_address_is_known(
    visit: Visit, stage: Stage, path: str
) -> None:
    pages = []
    for email in ("amara@example.org", "nobody@example.org"):
        page = visit(None).post(path, {"email": email})
        assert page.status_code == 200
        pages.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page.text).replace(email, "…"))
    assert pages[0] == pages[1]
    assert [letter.to for letter in stage.work()] == ["amara@example.org"]


def test_a_forgotten_password_is_replaced_and_other_browsers_are_out(
    visit: Visit, stage: Stage
) -> None:
    elsewhere, here = visit("amara"), visit(None)
    here.post("/password/reset", {"email": cast.address_of("amara")})
    path = address_in(stage.work()[0].body)
    assert here.get(path).status_code == 200
    assert here.post(path, {"password": "short"}).status_code == 422
    assert here.post(path, {"password": NEW_PASSWORD}).status_code == 303
    assert who_is(here) == "Dr Amara Okafor"
    assert who_is(elsewhere) is None
    assert sign_in(visit(None), "amara") == 401
    assert sign_in(visit(None), "amara", NEW_PASSWORD) == 303
    assert stage.work()[0].subject == "Your password was changed"


def test_a_link_for_one_purpose_is_no_good_for_another(visit: Visit, stage: Stage) -> None:
    stranger = visit(None)
    stranger.post("/sign-in/link", {"email": cast.address_of("amara")})
    token = address_in(stage.work()[0].body).rpartition("/")[2]
    answer = stranger.post(f"/password/reset/{token}", {"password": NEW_PASSWORD})
    assert answer.status_code == 410


def test_a_new_address_counts_once_its_mailbox_has_answered(visit: Visit, stage: Stage) -> None:
    amara = visit("amara")
    data = {"email": "amara@new.example.org", "current": cast.PASSWORD}
    assert amara.post("/profile/email", data).status_code == 303
    letter = stage.work()[0]
    assert letter.to == "amara@new.example.org"
    assert stage.member("amara").email == cast.address_of("amara")
    path = address_in(letter.body)
    assert amara.get(path).status_code == 200
    assert amara.post(path).status_code == 303
    assert {mail.to for mail in stage.work()[:1]} == {"amara@example.org"}
    new = {"email": "amara@new.example.org", "password": cast.PASSWORD}
    assert visit(None).post("/sign-in", new).status_code == 303
    assert sign_in(visit(None), "amara") == 401


def test_a_new_address_that_is_taken_gets_the_same_answer_and_no_letter(
    visit: Visit, stage: Stage
) -> None:
    data = {"email": cast.address_of("bruno"), "current": cast.PASSWORD}
    assert visit("amara").post("/profile/email", data).status_code == 303
    assert stage.work() == []


# --- one's own ------------------------------------------------------------------------------------


def test_changing_the_password_asks_for_the_present_one(visit: Visit) -> None:
    amara = visit("amara")
    wrong = amara.post("/profile/password", {"current": "no", "password": NEW_PASSWORD})
    assert wrong.status_code == 422
    assert "That is not your password." in wrong.text
    right = {"current": cast.PASSWORD, "password": NEW_PASSWORD}
    assert amara.post("/profile/password", right).status_code == 303
    assert who_is(amara) == "Dr Amara Okafor"


def test_one_sees_ones_own_sessions_and_ends_the_others(visit: Visit) -> None:
    here, there = visit("amara"), visit("amara")
    assert "Sign out elsewhere" in here.get("/profile/security").text
    assert here.post("/profile/sessions/end-others").status_code == 303
    assert who_is(there) is None
    assert who_is(here) == "Dr Amara Okafor"


def test_nobody_ends_the_session_of_another(visit: Visit, stage: Stage) -> None:
    amara, bruno = visit("amara"), visit("bruno")
    page = amara.get("/profile/security").text
    assert "/sessions/" not in page.replace("/sessions/end-others", "")
    for number in range(1, 4):
        bruno.post(f"/profile/sessions/{number}/end")
    assert who_is(amara) == "Dr Amara Okafor"


def test_each_time_zone_is_offered_once_by_its_name_of_today(visit: Visit) -> None:
    page = visit("amara").get("/profile").text
    for today, before in (("Asia/Kolkata", "Asia/Calcutta"), ("Europe/Kyiv", "Europe/Kiev")):
        assert f'value="{today}"' in page
        assert f'value="{before}"' not in page


def test_members_are_listed_by_their_names_and_not_by_their_titles(visit: Visit) -> None:
    page = visit("ada").get("/members").text.partition("<tbody>")[2]
    names = ["Ada Quinn", "Dr Amara Okafor", "Cora Whitfield", "Dora Klein", "Dr Greta Holm"]
    places = [page.index(name) for name in names]
    assert places == sorted(places)


def test_nobody_says_themselves_what_they_do_at_the_company(visit: Visit, stage: Stage) -> None:
    rosa = visit("rosa")
    page = rosa.get("/profile").text
    assert 'name="job"' not in page
    assert "An administrator sets it." in page
    fields = {"name": "Rosa Bianchi", "time_zone": "UTC", "language": "en", "country": "GB"}
    for job in ("", "Consultant cardiologist, independent"):
        assert rosa.post("/profile", {**fields, "job": job}).status_code == 303
        db.session.expire_all()
        assert stage.member("rosa").job == "Medical Affairs"


def test_the_administrator_sets_a_role_and_an_empty_one_is_told(visit: Visit, stage: Stage) -> None:
    ada, rosa = visit("ada"), stage.member("rosa")
    place, version = f"/members/{rosa.id}/job", str(rosa.version)
    refused = ada.post(place, {"job": " ", "version": version})
    assert refused.status_code == 422
    assert ada.post(place, {"job": "MSL, UK", "version": version}).status_code == 303
    db.session.expire_all()
    assert stage.member("rosa").job == "MSL, UK"


def test_a_profile_is_changed_and_what_was_typed_wrongly_is_kept(
    visit: Visit, stage: Stage
) -> None:
    amara = visit("amara")
    fields = {
        "name": "Dr Amara  Okafor-Bell",
        "institution": "Leeds",
        "interests": "None.",
        "country": "US",
        "time_zone": "Europe/Berlin",
        "language": "en",
    }
    wrong = amara.post("/profile", {**fields, "name": "", "time_zone": "Moon/Base"})
    assert wrong.status_code == 422
    assert "Leeds" in wrong.text
    assert amara.post("/profile", fields).status_code == 303
    member = stage.member("amara")
    assert (member.name, member.institution) == ("Dr Amara Okafor-Bell", "Leeds")
    assert member.time_zone == "Europe/Berlin"
    assert member.country == "GB", "the country follows the licence"


def test_a_photo_is_shown_to_neighbours_until_it_is_removed(visit: Visit, stage: Stage) -> None:
    amara = visit("amara")
    sent = {"photo": (picture(), "me.png")}
    answer = amara.post("/profile/photo", sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    member = stage.member("amara")
    path = f"/members/{member.id}/photo/{member.photo_key}"
    served = visit("ada").get(path)
    assert (served.status_code, served.content_type) == (200, "image/webp")
    assert "private" in served.headers["Cache-Control"]
    assert visit("ines").get(path).status_code == 404
    assert amara.get(f"/profile/photo/{member.photo_key}").status_code == 200
    assert visit("bruno").get(path).status_code == 200
    amara.post("/profile/photo/remove")
    assert visit("ada").get(path).status_code == 404


def test_what_is_no_picture_is_refused_on_the_page(visit: Visit) -> None:
    sent = {"photo": (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "me.png")}
    answer = visit("amara").post("/profile/photo", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "JPEG, PNG or WebP" in answer.text
    assert visit("amara").post("/profile/photo", {}).status_code == 422


# --- waiting, closed ------------------------------------------------------------------------------


def test_a_pending_member_sees_the_waiting_page_and_nothing_else(visit: Visit) -> None:
    pia = visit("pia")
    for path in ("/", "/members/1", "/credentials", "/spaces/cardiology"):
        answer = pia.get(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/waiting")
    assert "A person is looking" in pia.get("/waiting").text
    for path in ("/profile", "/profile/security", "/profile/credential"):
        assert pia.get(path).status_code == 200


def test_a_closed_member_reads_why_and_can_only_leave(visit: Visit) -> None:
    rex = visit(None)
    assert sign_in(rex, "rex") == 303
    page = rex.get("/", follow_redirects=True)
    assert page.status_code == 403
    assert "Left the profession." in page.text
    assert rex.get("/profile").location.split("?")[0] == "/closed"
    assert rex.post("/sign-out").status_code == 303


# --- credentials ----------------------------------------------------------------------------------


def credential_of(stage: Stage, who: str) -> tuple[int, int]:
    credential = stage.member(who).credential
    assert credential is not None
    return credential.id, credential.version


def test_a_credential_that_is_checked_opens_the_door(visit: Visit, stage: Stage) -> None:
    number, version = credential_of(stage, "pia")
    vera, pia = visit("vera"), visit("pia")
    assert "Dr Pia Keller" in vera.get("/credentials").text
    assert vera.get(f"/credentials/{number}").status_code == 200
    data = {"note": "Register, today", "recheck_on": "2099-01-01", "version": str(version)}
    assert vera.post(f"/credentials/{number}/check", data).status_code == 303
    assert pia.get("/waiting").status_code == 303
    letter = stage.work()[0]
    assert (letter.to, letter.subject) == ("pia@example.org", "You can go in")


def test_a_returned_credential_says_why_and_is_handed_in_again(visit: Visit, stage: Stage) -> None:
    number, version = credential_of(stage, "pia")
    vera, pia = visit("vera"), visit("pia")
    empty = vera.post(f"/credentials/{number}/refuse", {"reason": " ", "version": str(version)})
    assert empty.status_code == 422
    data = {"reason": "The number has eight digits.", "version": str(version)}
    assert vera.post(f"/credentials/{number}/refuse", data).status_code == 303
    assert "The number has eight digits." in pia.get("/waiting").text
    again = {"profession": "physician", "licence_number": "7654321", "issuing_body": "GMC",
             "country": "GB"}  # fmt: skip
    assert pia.post("/profile/credential", again).status_code == 303
    assert "A person is looking" in pia.get("/waiting").text


def test_of_two_who_decide_on_one_credential_the_second_is_told(visit: Visit, stage: Stage) -> None:
    number, version = credential_of(stage, "pia")
    vera = visit("vera")
    check = {"note": "", "recheck_on": "2099-01-01", "version": str(version)}
    refuse = {"reason": "Not in the register.", "version": str(version)}
    assert vera.post(f"/credentials/{number}/check", check).status_code == 303
    assert vera.post(f"/credentials/{number}/refuse", refuse).status_code == 409
    stage.commit()
    assert stage.member("pia").is_verified


@pytest.mark.parametrize("who", ["amara", "cora", "ada", "safi"])
def test_credentials_do_not_exist_for_those_who_do_not_check_them(
    visit: Visit, stage: Stage, who: str
) -> None:
    number, version = credential_of(stage, "pia")
    visitor = visit(who)
    assert visitor.get("/credentials").status_code == 404
    assert visitor.get(f"/credentials/{number}").status_code == 404
    data = {"recheck_on": "2099-01-01", "version": str(version)}
    assert visitor.post(f"/credentials/{number}/check", data).status_code == 404


# --- administration -------------------------------------------------------------------------------


def test_the_list_of_members_is_the_administrators(visit: Visit) -> None:
    page = visit("ada").get("/members?words=okafor")
    assert "Dr Amara Okafor" in page.text
    assert "Dr Bruno" not in page.text
    for who in ("amara", "cora", "vera"):
        assert visit(who).get("/members").status_code == 404
        assert visit(who).get("/members/new").status_code == 404


def test_a_new_company_member_comes_in_by_the_link_and_sets_a_password(
    visit: Visit, stage: Stage
) -> None:
    data = {
        "email": "Timo@alderwick.example",
        "name": "Timo Berg",
        "job": "Medical Affairs",
        "duties": ["medical"],
    }
    assert visit("ada").post("/members/new", data).status_code == 303
    assert visit("ada").post("/members/new", data).status_code == 422
    letter = stage.work()[0]
    assert letter.to == "timo@alderwick.example"
    timo = visit(None)
    assert timo.post(address_in(letter.body)).status_code == 303
    assert who_is(timo) == "Timo Berg"
    assert timo.post("/profile/password", {"password": NEW_PASSWORD}).status_code in {303, 200}


def test_closing_a_member_shuts_every_door_with_a_reason(visit: Visit, stage: Stage) -> None:
    ada, amara = visit("ada"), visit("amara")
    member = stage.member("amara")
    path, version = f"/members/{member.id}", str(member.version)
    assert ada.post(f"{path}/close", {"version": version}).status_code == 422
    data = {"reason": "Sold her password.", "version": version}
    assert ada.post(f"{path}/close", data).status_code == 303
    assert "Sold her password." in amara.get("/closed").text
    assert amara.get("/profile").status_code == 303
    stage.commit()
    version = str(stage.member("amara").version)
    assert ada.post(f"{path}/reopen", {"version": version}).status_code == 303
    assert amara.get("/profile").status_code == 200


def test_where_a_device_was_lost_the_administrator_signs_its_owner_out_everywhere(
    visit: Visit, stage: Stage
) -> None:
    ada, here, lost = visit("ada"), visit("amara"), visit("amara")
    path = f"/members/{stage.member('amara').id}"
    assert "Signed in on 2 browsers." in ada.get(path).text
    assert ada.post(f"{path}/sign-out").status_code == 303
    assert "Sign out everywhere" not in ada.get(path).text
    assert (who_is(here), who_is(lost)) == (None, None)
    assert any(letter.subject == "You were signed out everywhere" for letter in stage.work())
    assert sign_in(lost, "amara") == 303
    record = sa.select(AuditEntry.new).where(AuditEntry.action == "member.signed_out")
    assert db.session.scalars(record).all() == [{"sessions": 2}]


def test_nobody_but_the_administrator_signs_others_out_and_never_themselves(
    visit: Visit, stage: Stage
) -> None:
    for who in ("amara", "cora", "vera", "mika"):
        path = f"/members/{stage.member('rosa').id}/sign-out"
        assert visit(who).post(path).status_code == 404
    own = f"/members/{stage.member('ada').id}/sign-out"
    assert visit("ada").post(own).status_code == 403


def test_a_member_is_not_opened_again_without_a_version(visit: Visit, stage: Stage) -> None:
    path = f"/members/{stage.member('rex').id}"
    assert visit("ada").post(f"{path}/reopen", {"version": "soon"}).status_code == 422
    stage.commit()
    assert stage.member("rex").is_closed


@pytest.mark.parametrize("deed", ["duties", "close", "reopen"])
def test_members_are_looked_after_by_the_administrator_alone(
    visit: Visit, stage: Stage, deed: str
) -> None:
    path = f"/members/{stage.member('rosa').id}/{deed}"
    data = {"version": "1", "reason": "Because.", "duties": ["administrator"]}
    for who in ("rosa", "vera", "cora", "amara"):
        assert visit(who).post(path, data).status_code == 404
    stage.commit()
    assert stage.member("rosa").duties == []


def test_the_page_of_a_member_does_not_exist_for_those_who_share_no_space(
    visit: Visit, stage: Stage
) -> None:
    path = f"/members/{stage.member('ines').id}"
    assert visit("ada").get(path).status_code == 200
    assert visit("ines").get(path).status_code == 200
    unknown, unseen = visit("amara").get("/members/999999"), visit("amara").get(path)
    assert (unknown.status_code, unseen.status_code) == (404, 404)


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "x", ""])
def test_a_number_that_is_none_is_refused_and_not_a_fault(
    visit: Visit, stage: Stage, number: str
) -> None:
    ada, path = visit("ada"), f"/members/{stage.member('rosa').id}"
    data = {"version": number, "reason": "Because."}
    assert ada.post(f"{path}/close", data).status_code == 422
    assert ada.get(f"/members?after={number}").status_code == 200


def test_the_administrator_reads_where_a_member_has_a_place_and_what_they_accepted(
    visit: Visit, stage: Stage
) -> None:
    ada = visit("ada")
    page = ada.get(f"/members/{stage.member('mika').id}").text
    assert re.search(r'href="/spaces/cardiology/members">Cardiology</a>, Moderator', page)
    assert "accepted on" in page
    assert "paused until" in ada.get(f"/members/{stage.member('sven').id}").text
    gone = ada.get(f"/members/{stage.member('gone').id}").text
    assert "taken away on" in gone
    assert "Not accepted yet" in ada.get(f"/members/{stage.member('nora').id}").text
    seen_by_a_peer = visit("amara").get(f"/members/{stage.member('mika').id}").text
    assert "accepted on" not in seen_by_a_peer
