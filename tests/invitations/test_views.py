"""The way in, page by page: scanners, wrong addresses, second tabs, second use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from community.invitations import services
from community.invitations.models import Invitation, InvitationState, InvitedPlace
from community.jobs import services as jobs
from community.kernel import clock, unit_of_work
from community.kernel.db import session
from community.members.models import Member
from community.spaces.models import Role
from community.spaces.services import archive_space
from tests import cast
from tests.stage import Stage, Visitor, asks_who_one_is

Visit = Callable[[str | None], Visitor]

NEW = "new.person@example.org"
JOIN = {
    "name": "Dr Nadia Benhaddou",
    "password": cast.PASSWORD,
    "time_zone": "Europe/Paris",
    "profession": "physician",
    "country": "FR",
    "licence_number": "10001234567",
    "issuing_body": "Ordre des médecins",
}


@pytest.fixture
def invite(stage: Stage) -> Callable[..., str]:
    """Invite an address; return the path of the link."""

    def inviting(email: str = NEW, who: str = "mika", slug: str = "cardiology") -> str:
        made = services.issue(
            actor=stage.member(who), email=email, places=[(slug, Role.MEMBER)],
            note="We spoke in Lyon.",
        )  # fmt: skip
        stage.commit()
        return "/" + services.address_of(made).split("/", 3)[3]

    return inviting


def state() -> InvitationState:
    session().expire_all()
    return session().scalars(sa.select(Invitation.state)).one()


def member_of(email: str) -> Member | None:
    session().expire_all()
    return session().scalar(sa.select(Member).where(Member.email == email))


def test_the_page_shows_who_invites_why_and_who_reads_along(
    visit: Visit, invite: Callable[..., str]
) -> None:
    page = visit(None).get(invite()).get_data(as_text=True)
    for words in (
        "Dr Mika Lindqvist",
        "We spoke in Lyon.",
        "Patients who need help today.",
        "6 health professionals and 2 people of Alderwick can read this.",
        "Dr Rosa Bianchi",
        "Never write anything that could show who a patient is.",
        "Take the seat",
    ):
        assert words in page
    assert NEW not in page


def test_a_scanner_s_get_changes_nothing(visit: Visit, invite: Callable[..., str]) -> None:
    path = invite()
    for _ in range(3):
        assert visit(None).get(path).status_code == 200
        assert visit(None).get(f"{path}/join").status_code == 200
    assert state() is InvitationState.ISSUED
    assert member_of(NEW) is None


def test_the_page_s_script_says_that_somebody_reads(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path = invite()
    assert visit(None).post(f"{path}/opened").status_code == 204
    assert state() is InvitationState.OPENED


def test_going_on_without_script_says_the_same(visit: Visit, invite: Callable[..., str]) -> None:
    path = invite()
    answer = visit(None).post(f"{path}/continue")
    assert (answer.status_code, answer.location) == (303, f"{path}/join")
    assert state() is InvitationState.OPENED


def test_who_joins_is_signed_in_and_meets_the_policy_first(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path, person = invite(), visit(None)
    answer = person.post(f"{path}/join", JOIN)
    assert (answer.status_code, answer.location) == (303, "/spaces/cardiology")
    member = member_of(NEW)
    assert member is not None
    assert (member.country, member.time_zone) == ("FR", "Europe/Paris")
    assert person.get("/session.json").get_json()["member"]["name"] == JOIN["name"]
    assert "/use-policies/" in person.get("/spaces/cardiology").location
    assert state() is InvitationState.REDEEMED


@pytest.mark.parametrize("missing", ["name", "password", "profession", "licence_number"])
def test_what_is_missing_is_asked_for_and_the_rest_is_kept(
    visit: Visit, invite: Callable[..., str], missing: str
) -> None:
    path = invite()
    answer = visit(None).post(f"{path}/join", {**JOIN, missing: ""})
    assert answer.status_code == 422
    assert "Ordre des médecins" in answer.get_data(as_text=True)
    assert state() is InvitationState.ISSUED


def test_a_weak_password_uses_nothing_up(visit: Visit, invite: Callable[..., str]) -> None:
    path = invite()
    answer = visit(None).post(f"{path}/join", {**JOIN, "password": "short"})
    assert answer.status_code == 422
    assert state() is InvitationState.ISSUED
    assert visit(None).post(f"{path}/join", JOIN).status_code == 303


def test_a_refusal_half_way_keeps_no_half(visit: Visit, invite: Callable[..., str]) -> None:
    path = invite()
    place = session().scalars(sa.select(InvitedPlace)).one()
    place.role = Role.MSL  # which no health professional may hold: refused at the very end
    unit_of_work.commit()
    answer = visit(None).post(f"{path}/join", JOIN)
    assert answer.status_code == 403
    assert "Ordre des médecins" in answer.get_data(as_text=True)
    assert state() is InvitationState.ISSUED
    assert member_of(NEW) is None


def archive(stage: Stage, slug: str) -> None:
    space = stage.space(slug)
    archive_space(
        actor=stage.member("ada"), space=space, reason="It is over.", version=space.version
    )
    stage.commit()


def test_who_joins_goes_into_a_space_that_is_open_and_is_told_of_the_other(
    visit: Visit, stage: Stage
) -> None:
    places = [("cardiology", Role.MEMBER), ("neurology", Role.MEMBER)]
    made = services.issue(actor=stage.member("cora"), email=cast.address_of("olga"), places=places)
    stage.commit()
    archive(stage, "cardiology")
    olga = visit("olga")
    answer = olga.post("/" + services.address_of(made).split("/", 3)[3] + "/join")
    assert (answer.status_code, answer.location) == (303, "/spaces/neurology")
    assert "Cardiology is archived by now" in olga.get(answer.location).get_data(as_text=True)


def test_a_space_archived_meanwhile_is_said_and_nothing_used_up(
    visit: Visit, invite: Callable[..., str], stage: Stage
) -> None:
    path = invite()
    archive(stage, "cardiology")
    answer = visit(None).post(f"{path}/join", JOIN)
    assert answer.status_code == 403
    assert "archived by now" in answer.get_data(as_text=True)
    assert state() is InvitationState.ISSUED
    assert member_of(NEW) is None


def test_the_address_is_the_invited_one_whatever_is_sent(
    visit: Visit, invite: Callable[..., str]
) -> None:
    visit(None).post(f"{invite()}/join", {**JOIN, "email": "somebody@example.org"})
    assert member_of("somebody@example.org") is None
    assert member_of(NEW) is not None


def test_a_second_use_opens_nothing_for_a_stranger(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path = invite()
    visit(None).post(f"{path}/join", JOIN)
    for answer in (
        visit(None).get(path),
        visit(None).get(f"{path}/join"),
        visit(None).post(f"{path}/join", JOIN),
        visit(None).post(f"{path}/decline"),
    ):
        assert answer.status_code == 410


def test_a_second_tab_of_who_has_joined_goes_on_into_the_space(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path, person = invite(), visit(None)
    person.post(f"{path}/join", JOIN)
    for answer in (
        person.get(path),
        person.get(f"{path}/join"),
        person.post(f"{path}/join", JOIN),
    ):
        assert (answer.status_code, answer.location) == (303, "/spaces/cardiology")


def test_used_expired_revoked_and_invented_links_are_refused_in_the_same_words(
    visit: Visit, invite: Callable[..., str], stage: Stage
) -> None:
    path = invite()
    said = {visit(None).get("/invitations/" + "a" * 43).get_data(as_text=True)}
    with clock.moved(timedelta(days=15)):
        expired = visit(None).get(path)
    revoked_path = invite("other@example.org")
    other = (
        session()
        .scalars(sa.select(Invitation).where(Invitation.email == "other@example.org"))
        .one()
    )
    services.revoke(actor=stage.member("mika"), invitation=other, reason="", version=1)
    stage.commit()
    revoked = visit(None).get(revoked_path)
    visit(None).post(f"{path}/decline")
    declined = visit(None).get(path)
    said |= {page.get_data(as_text=True) for page in (expired, revoked, declined)}
    assert {_without_nonce(page) for page in said} == {_without_nonce(next(iter(said)))}
    assert "example.org" not in next(iter(said))


def _without_nonce(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "nonce" not in line)


def test_declining_takes_one_press_and_its_reason_is_for_the_moderators(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path = invite()
    assert visit(None).post(f"{path}/decline", {"reason": "On leave."}).status_code == 200
    assert state() is InvitationState.DECLINED
    page = visit("mika").get("/spaces/cardiology/invitations").get_data(as_text=True)
    assert "On leave." in page


def test_who_is_a_member_signs_in_on_the_way_and_joins_with_one_press(
    visit: Visit, invite: Callable[..., str], stage: Stage
) -> None:
    path, ines = invite(cast.address_of("ines")), visit(None)
    asked = ines.get(f"{path}/join")
    assert asked.status_code == 303
    assert asked.location.startswith("/sign-in?next=")
    signed = ines.post("/sign-in", {
        "email": cast.address_of("ines"), "password": cast.PASSWORD, "next": f"{path}/join",
    })  # fmt: skip
    assert signed.location == f"{path}/join"
    assert "one press" in ines.get(signed.location).get_data(as_text=True)
    assert ines.post(signed.location).location == "/spaces/cardiology"
    assert ines.get("/spaces/cardiology").status_code == 200
    assert state() is InvitationState.REDEEMED


def test_a_form_of_a_tab_opened_before_signing_in_makes_no_second_member(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path = invite(cast.address_of("ines"))
    stranger = visit(None).post(f"{path}/join", JOIN)
    assert (stranger.status_code, stranger.location) == (303, f"{path}/join")
    assert state() is InvitationState.ISSUED
    signed_in = visit("ines").post(f"{path}/join", JOIN)
    assert signed_in.location == "/spaces/cardiology"


def test_somebody_else_s_session_is_told_so_and_uses_nothing_up(
    visit: Visit, invite: Callable[..., str]
) -> None:
    path, ines = invite(), visit("ines")
    for answer in (ines.get(f"{path}/join"), ines.post(f"{path}/join", JOIN)):
        page = answer.get_data(as_text=True)
        assert answer.status_code == 403
        assert "for another address" in page
        assert "n…@e…" in page
        assert NEW not in page
    assert state() is InvitationState.ISSUED
    assert ines.get("/spaces/cardiology").status_code == 404


def test_a_member_accepts_in_the_app(
    visit: Visit, invite: Callable[..., str], stage: Stage
) -> None:
    invite(cast.address_of("ines"))
    ines, number = visit("ines"), session().scalars(sa.select(Invitation.id)).one()
    assert "Cardiology" in ines.get("/invitations/").get_data(as_text=True)
    assert visit("amara").post(f"/invitations/own/{number}/accept").status_code == 404
    assert ines.post(f"/invitations/own/{number}/accept").location == "/spaces/cardiology"
    assert ines.get("/spaces/cardiology").status_code == 200
    assert ines.post(f"/invitations/own/{number}/accept").status_code == 404


def test_a_closed_member_s_session_takes_no_place(visit: Visit, invite: Callable[..., str]) -> None:
    path = invite(cast.address_of("rex"), "cora", "neurology")
    assert visit("rex").post(f"{path}/join").status_code == 403
    assert state() is InvitationState.ISSUED


# --- those who invite -------------------------------------------------------------------------

ASK = {"email": NEW, "role": "member", "places": "cardiology", "expires_days": "14"}


def test_a_moderator_invites_and_sees_who_is_where(visit: Visit, app: Flask) -> None:
    mika = visit("mika")
    assert mika.post("/spaces/cardiology/invitations", ASK).status_code == 303
    page = mika.get("/spaces/cardiology/invitations").get_data(as_text=True)
    assert NEW in page
    assert "On its way" in page


@pytest.mark.parametrize(
    "staff",
    [
        {"role": "moderator"},
        {"affiliation": "company"},
        {"role": "msl", "affiliation": "company"},
    ],
)
def test_staff_are_invited_only_shortly_after_showing_who_one_is(
    visit: Visit, stage: Stage, staff: dict[str, str]
) -> None:
    ada, path = visit("ada"), "/spaces/cardiology/invitations"
    with clock.moved(timedelta(minutes=11)):
        assert asks_who_one_is(ada.post(path, {**ASK, **staff}))
        assert count_invitations() == 0
        assert ada.post(path, ASK).location == path, "a health professional is asked in as before"
        ada.post("/confirm", {"password": cast.PASSWORD})
        other = {**ASK, **staff, "email": "other@example.org"}
        assert ada.post(path, other).location == path
        assert count_invitations() == 2


def test_an_invitation_of_staff_is_sent_again_only_shortly_after_showing_who_one_is(
    visit: Visit, invite: Callable[..., str]
) -> None:
    ada, path = visit("ada"), "/spaces/cardiology/invitations"
    invite()
    assert ada.post(path, {**ASK, "email": "o@example.org", "role": "moderator"}).location == path
    first, second = session().scalars(sa.select(Invitation.id).order_by(Invitation.id))
    with clock.moved(timedelta(minutes=11)):
        assert ada.post(f"{path}/{first}/resend", {"version": "1"}).location == path
        assert asks_who_one_is(ada.post(f"{path}/{second}/resend", {"version": "1"}))


def test_a_moderator_is_not_asked_again_for_an_address_of_staff_which_would_tell_whose_it_is(
    visit: Visit, invite: Callable[..., str]
) -> None:
    mika, path = visit("mika"), "/spaces/cardiology/invitations"
    invite(cast.address_of("vera"))
    with clock.moved(timedelta(minutes=11)):
        asked = mika.post(f"{path}/1/resend", {"version": "1"})
        assert asked.location == path


def count_invitations() -> int:
    session().expire_all()
    return session().scalar(sa.select(sa.func.count(Invitation.id))) or 0


def test_a_letter_that_no_server_takes_is_said_and_told_to_the_administrator(
    visit: Visit, app: Flask
) -> None:
    cora, ada = visit("cora"), visit("ada")
    assert cora.post("/spaces/cardiology/invitations", ASK).status_code == 303
    assert "could not be done" not in ada.get("/").text
    here = app.config["SETTINGS"]
    with app.app_context():
        app.config["SETTINGS"] = replace(here, mail_url="smtp://127.0.0.1:1")
        for turn in range(9):
            with clock.moved(clock.now() + timedelta(minutes=20 * turn)):
                jobs.work_off()
        app.config["SETTINGS"] = here
    page = cora.get("/spaces/cardiology/invitations").text
    assert "Could not be delivered" in page
    assert "On its way" not in page
    assert "1 letter or other piece of work" in ada.get("/").text
    assert "could not be done" not in cora.get("/").text


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"email": "no address"}, 422),
        ({"email": cast.address_of("amara")}, 422),
        ({"expires_days": "900"}, 422),
        ({"role": "moderator"}, 422),
        ({"places": "neurology"}, 422),
        ({"places": []}, 422),
        ({"email": "ne\x00w@example.org"}, 422),
        ({"note": "x" * 2001}, 422),
    ],
)
def test_what_can_t_be_invited_is_said_and_what_was_typed_is_kept(
    visit: Visit, stage: Stage, more: dict[str, Any], status: int
) -> None:
    answer = visit("mika").post(
        "/spaces/cardiology/invitations", {**ASK, "note": "Come soon.", **more}
    )
    assert answer.status_code == status
    assert "note" in more or "Come soon." in answer.get_data(as_text=True)
    assert session().scalars(sa.select(Invitation.id)).all() == []


@pytest.mark.parametrize(("who", "status"), [("amara", 403), ("ines", 404), ("safi", 404)])
def test_the_list_is_for_those_who_look_after_the_space(
    visit: Visit, who: str, status: int
) -> None:
    path = "/spaces/cardiology/invitations"
    assert visit(who).get(path).status_code == status
    assert visit(who).post(path, ASK).status_code == status
