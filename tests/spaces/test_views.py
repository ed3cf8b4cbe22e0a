"""The pages of a space, through a browser without script."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from community.guardrails import queries as guardrails
from community.insights import access as insights
from community.insights import queries as readings
from community.kernel import clock
from community.kernel.db import session
from community.kernel.paths import POLICIES
from community.spaces.models import MembershipState, Pause, Space
from community.stream.models import Stream
from tests import cast
from tests.stage import Stage, Visitor, new_key

Visit = Callable[[str | None], Visitor]

PAGES = ("charter", "members", "invitations", "edit", "archive", "leave")
SPACE = {
    "name": "Kidney", "slug": "kidney", "purpose": "Kidneys.", "value": "Answers.",
    "languages": "en", "time_zone": "Europe/Paris", "edit_minutes": "15", "countries": "FR",
    "goals": "One.\nTwo.",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["ines", "gone", "safi", "paul", "vera"])
def test_to_others_a_space_does_not_exist(visit: Visit, who: str, page: str) -> None:
    there = visit(who).get(f"/spaces/cardiology/{page}")
    nowhere = visit(who).get(f"/spaces/no-such-space/{page}")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert "Cardiology" not in there.get_data(as_text=True)


def test_members_read_how_to_reach_the_moderators_and_administrators_do_not(visit: Visit) -> None:
    seen = visit("amara").get("/spaces/cardiology/charter").get_data(as_text=True)
    assert f"mailto:{cast.address_of('mika')}" in seen
    assert 'id="who"' in seen
    assert "mailto:" not in visit("ada").get("/spaces/cardiology/charter").get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("amara", "edit", 403),
        ("amara", "archive", 404),
        ("mika", "archive", 404),
        ("mika", "edit", 200),
        ("ada", "edit", 200),
        ("ada", "leave", 404),
    ],
)
def test_who_opens_which_page(visit: Visit, who: str, page: str, status: int) -> None:
    assert visit(who).get(f"/spaces/cardiology/{page}").status_code == status


def test_the_list_of_all_spaces_is_the_administrator_s(visit: Visit) -> None:
    page = visit("ada").get("/spaces/").get_data(as_text=True)
    assert "Cardiology" in page
    assert "Neurology" in page
    assert visit("mika").get("/spaces/").status_code == 404


def test_an_administrator_sets_a_table(visit: Visit, stage: Stage) -> None:
    assert visit("ada").post("/spaces/new", SPACE).location == "/spaces/kidney/invitations"
    space = session().scalars(sa.select(Space).where(Space.slug == "kidney")).one()
    assert (space.goals, space.countries, space.edit_minutes) == (["One.", "Two."], ["FR"], 15)
    assert session().get(Stream, space.id) is not None
    assert visit("ada").get("/spaces/kidney/members").status_code == 200


@pytest.mark.parametrize("wrong", [{"slug": "Kidney room"}, {"purpose": ""}, {"languages": []}])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    visit: Visit, wrong: dict[str, object]
) -> None:
    answer = visit("ada").post("/spaces/new", {**SPACE, "not_for": "Prices.", **wrong})
    assert answer.status_code == 422
    assert "Prices." in answer.get_data(as_text=True)


@pytest.mark.parametrize("version", ["9" * 30, "-" + "9" * 30, "soon"])
@pytest.mark.parametrize("page", ["edit", "archive"])
def test_a_version_that_is_none_changes_nothing(
    visit: Visit, stage: Stage, page: str, version: str
) -> None:
    sent = {**SPACE, "reason": "It is done.", "version": version}
    assert visit("ada").post(f"/spaces/cardiology/{page}", sent).status_code == 422
    session().expire_all()
    assert (stage.space().name, stage.space().archived_at) == ("Cardiology", None)


def test_a_moderator_mends_the_charter_and_not_the_frame(visit: Visit, stage: Stage) -> None:
    version = stage.space().version
    sent = {**SPACE, "version": str(version)}
    assert visit("mika").post("/spaces/cardiology/edit", sent).status_code == 303
    session().expire_all()
    assert (stage.space().name, stage.space().countries) == ("Kidney", ["GB", "FR"])
    assert visit("cora").post("/spaces/cardiology/edit", sent).status_code == 409


def test_removing_needs_a_reason_which_the_person_reads(visit: Visit, stage: Stage) -> None:
    place = stage.membership("bruno")
    path = f"/spaces/cardiology/members/{place.id}/remove"
    assert visit("mika").post(path, {"reason": ""}).status_code == 422
    assert visit("amara").post(path, {"reason": "I like him not."}).status_code == 403
    assert visit("mika").post(path, {"reason": "Shared a screenshot."}).status_code == 303
    bruno = visit("bruno")
    assert bruno.get("/spaces/cardiology").status_code == 404
    page = bruno.get(f"/memberships/{place.id}").get_data(as_text=True)
    assert "Shared a screenshot." in page
    assert "Dr Mika Lindqvist" in page
    assert visit("mika").get(f"/memberships/{place.id}").status_code == 404


def test_a_pause_takes_two_moderators_and_shows_its_reason(visit: Visit, stage: Stage) -> None:
    place = stage.membership("amara")
    path = f"/spaces/cardiology/members/{place.id}/pause"
    sent = {"days": "5", "reason": "Second insult."}
    assert visit("mika").post(path, {**sent, "days": "15"}).status_code == 422
    assert visit("mika").post(path, sent).status_code == 303
    number = session().scalars(sa.select(Pause.id)).one()
    decide = f"/spaces/cardiology/pauses/{number}"
    assert visit("mika").post(f"{decide}/confirm", {"version": "1"}).status_code == 403
    assert "Second insult." in visit("cora").get("/spaces/cardiology/members").get_data(
        as_text=True
    )
    assert visit("cora").post(f"{decide}/confirm", {"version": "1"}).status_code == 303
    page = visit("amara").get(f"/memberships/{place.id}").get_data(as_text=True)
    assert "Second insult." in page
    assert visit("cora").post(f"{decide}/lift", {"version": "2"}).status_code == 303
    assert visit("amara").get(f"/memberships/{place.id}").status_code == 303


def test_the_person_concerned_does_not_see_a_pause_that_is_only_proposed(
    visit: Visit, stage: Stage
) -> None:
    place = stage.membership("amara")
    visit("mika").post(
        f"/spaces/cardiology/members/{place.id}/pause", {"days": "5", "reason": "Insult."}
    )
    assert "Insult." not in visit("amara").get("/spaces/cardiology/members").get_data(as_text=True)


def test_leaving_takes_two_presses_and_is_for_good(visit: Visit, stage: Stage) -> None:
    amara = visit("amara")
    assert amara.get("/spaces/cardiology/leave").status_code == 200
    assert amara.post("/spaces/cardiology/leave").status_code == 303
    session().expire_all()
    assert stage.membership("amara").state is MembershipState.LEFT
    assert amara.get("/spaces/cardiology").status_code == 404


def test_an_administrator_gives_a_role_and_a_stale_page_does_not(
    visit: Visit, stage: Stage
) -> None:
    path = f"/spaces/cardiology/members/{stage.membership('amara').id}/role"
    sent = {"role": "contributor", "version": "1"}
    assert visit("mika").post(path, sent).status_code == 404
    assert visit("ada").post(path, sent).status_code == 303
    assert visit("ada").post(path, {**sent, "role": "moderator"}).status_code == 409
    assert visit("ada").post(path, {"role": "msl", "version": "2"}).status_code == 403


def test_an_archived_space_says_why_on_its_charter(visit: Visit, stage: Stage) -> None:
    sent = {"reason": "The study is over.", "version": str(stage.space().version)}
    assert visit("ada").post("/spaces/cardiology/archive", sent).status_code == 303
    page = visit("amara").get("/spaces/cardiology/charter").get_data(as_text=True)
    assert "The study is over." in page
    assert visit("mika").get("/spaces/cardiology/edit").status_code == 403


def test_moderators_are_warned_where_the_promise_of_two_is_not_kept(visit: Visit) -> None:
    warned = visit("cora").get("/spaces/neurology/members").get_data(as_text=True)
    assert "promises two moderators" in warned
    for who, slug in (("ines", "neurology"), ("mika", "cardiology")):
        page = visit(who).get(f"/spaces/{slug}/members").get_data(as_text=True)
        assert "promises two moderators" not in page


def test_the_panel_and_the_use_policy_name_each_desk_that_opens_posts(
    visit: Visit, stage: Stage
) -> None:
    called = set(readings.desks_called_in())
    version = guardrails.find_set_in_force()
    assert version is not None
    routes = {desk for rule in guardrails.rules_of(version).rules for desk in rule.route}
    assert called == (routes | {duty.value for duty in insights.READERS}) - {"moderators"}
    words = {desk: desk.replace("_", " ").title() for desk in called}
    page = visit("amara").get("/spaces/cardiology/charter").get_data(as_text=True)
    [said] = re.findall(r"<span>([^<]+) at Alderwick open a single post", page)
    assert set(said.split(", ")) == {word.capitalize() for word in words.values()}
    policy = (POLICIES / "use/community/2026-09.en.md").read_text("utf-8")
    section = policy.split("each time it leaves a record:")[1].split("Every room shows")[0]
    bold = set(re.split(", | and ", ", ".join(re.findall(r"\*\*(.+?)\*\*", section))))
    assert bold - {"The people who keep the machines running"} == set(words.values())


def test_the_panel_counts_contributors_and_puts_no_number_of_desks_among_people(
    visit: Visit,
) -> None:
    page = visit("amara").get("/spaces/cardiology/charter").get_data(as_text=True)
    assert "1 of them is a contributor." in page
    assert re.search(r"Called in for a case</b>\s*<span>", page)


def test_who_is_paused_reads_until_when_by_their_own_clock_and_how_to_appeal(
    visit: Visit, stage: Stage
) -> None:
    thread = stage.start("amara").id
    sven, place = stage.member("sven"), stage.membership("sven")
    sven.time_zone, place.pause_reason = "America/New_York", "Second insult."
    place.paused_until = until = clock.now().replace(hour=2, minute=30) + timedelta(days=3)
    link = f'href="/memberships/{place.id}"'
    stage.commit()
    local = until.astimezone(ZoneInfo("America/New_York"))
    words = f"until {local.day} {local:%b %Y, %H:%M} (America/New York)"
    for path in ("/spaces/cardiology", f"/threads/{thread}"):
        page = visit("sven").get(path).text
        assert words in page
        assert link in page
    sent = {"text": "But.", "client_key": new_key()}
    refused = visit("sven").send(f"/threads/{thread}/posts", sent)
    assert refused.status_code == 403
    assert words in refused.get_json()["message"]
    assert link in visit("sven").get("/").text
    assert visit("sven").get(f"/memberships/{place.id}").status_code == 200
    assert link not in visit("amara").get("/").text
