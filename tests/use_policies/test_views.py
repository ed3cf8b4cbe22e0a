"""The pages about use policies, as a browser without script sees them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from community.kernel import clock
from community.use_policies import queries
from tests.stage import Stage, Visitor
from tests.use_policies.conftest import BEFORE_NEXT, WITH_NEXT

Visit = Callable[[str | None], Visitor]
ACCEPT = "/use-policies/accept"


def form_of(page: str) -> dict[str, str]:
    """Return the hidden values of the form that accepts, and its tick."""
    found = re.search(r'<form class="accept".*?</form>', page, re.DOTALL)
    assert found is not None
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0])
    return {name: value for name, value in hidden if name != "csrf_token"} | {"read": "y"}


def accepted_version(stage: Stage, who: str) -> str | None:
    row = queries.find_last_acceptance(viewer=stage.member(who), policy="community")
    return row.version if row else None


# --- what asks ------------------------------------------------------------------------------------


def test_a_program_of_one_who_never_accepted_is_not_told_of_a_change(visit: Visit) -> None:
    answer = visit("nora").get("/spaces/cardiology", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "changed" not in answer.get_json()["message"]


def test_whoever_has_not_accepted_is_led_to_the_text_from_every_page(visit: Visit) -> None:
    answer = visit("nora").get("/spaces/cardiology")
    assert answer.status_code == 303
    assert answer.location == "/use-policies/accept?next=/spaces/cardiology"


def test_the_text_stands_there_whole_with_its_summary_first(visit: Visit, stage: Stage) -> None:
    page = visit("nora").get(ACCEPT).text
    text = queries.library().text("community", "2026-11", "en")
    places = [page.index(sentence) for sentence in text.summary]
    assert places == sorted(places)
    assert places[-1] < page.index('id="clause-1"') < page.index('id="clause-10"')
    assert 'href="#clause-10"' in page
    assert "What is new for you" not in page


def test_it_can_be_read_and_accepted_in_german(visit: Visit, stage: Stage) -> None:
    visitor = visit("nora")
    page = visitor.get(f"{ACCEPT}?language=de&next=/profile").text
    assert "Kurz gesagt" in page
    assert visitor.post(ACCEPT, form_of(page)).location == "/profile"
    (row,) = queries.acceptances(viewer=stage.member("nora"))
    assert (row.language, row.shown_as) == ("de", "page")


def test_an_unknown_language_falls_back_to_english(visit: Visit) -> None:
    assert "In short" in visit("nora").get(f"{ACCEPT}?language=tlh").text


def test_accepting_opens_the_door_and_leads_to_where_one_wanted_to_go(visit: Visit) -> None:
    visitor = visit("nora")
    page = visitor.get(f"{ACCEPT}?next=/profile").text
    answer = visitor.post(ACCEPT, form_of(page))
    assert (answer.status_code, answer.location) == (303, "/profile")
    assert visitor.get("/profile").status_code == 200


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_accepting_never_leads_to_another_site(visit: Visit, place: str) -> None:
    visitor = visit("nora")
    form = form_of(visitor.get(ACCEPT).text) | {"next": place}
    assert visitor.post(ACCEPT, form).location == "/"


def test_a_press_without_the_tick_is_refused_and_keeps_the_place(
    visit: Visit, stage: Stage
) -> None:
    visitor = visit("nora")
    form = form_of(visitor.get(f"{ACCEPT}?language=de&next=/profile").text)
    del form["read"]
    answer = visitor.post(ACCEPT, form)
    assert answer.status_code == 422
    assert "Tick the box first" in answer.text
    assert form_of(answer.text)["language"] == "de"
    assert form_of(answer.text)["next"] == "/profile"
    assert accepted_version(stage, "nora") is None


def test_a_changed_hash_is_refused_and_the_text_shown_again(visit: Visit, stage: Stage) -> None:
    visitor = visit("nora")
    form = form_of(visitor.get(ACCEPT).text)
    answer = visitor.post(ACCEPT, form | {"sha256": "0" * 64})
    assert answer.status_code == 422
    assert "Read it again" in answer.text
    assert form_of(answer.text)["sha256"] == form["sha256"]
    assert re.search(r"<input[^>]* checked", answer.text) is None
    assert accepted_version(stage, "nora") is None


@pytest.mark.parametrize(
    "more",
    [{"policy": "x"}, {"version": "\0"}, {"policy": "../../etc"}, {"version": "2" * 100_000}],
)
def test_nonsense_is_not_found_and_no_fault(visit: Visit, more: dict[str, str]) -> None:
    visitor = visit("nora")
    form = form_of(visitor.get(ACCEPT).text)
    assert visitor.post(ACCEPT, form | more).status_code == 404


def test_whoever_owes_nothing_is_led_on(visit: Visit) -> None:
    assert visit("amara").get(f"{ACCEPT}?next=/profile").location == "/profile"


def test_the_text_is_read_before_the_credential_is_checked(visit: Visit) -> None:
    assert visit("pia").get("/use-policies/mine").status_code == 200


# --- the next version -----------------------------------------------------------------------------


def test_a_new_version_asks_again_and_says_first_what_is_new(visit: Visit, stage: Stage) -> None:
    visitor = visit("amara")
    with clock.moved(WITH_NEXT):
        visitor.sign_in_as("amara")
        assert visitor.get("/profile").status_code in {200, 303}
        assert visitor.get("/spaces/cardiology").location.startswith(ACCEPT)
        page = visitor.get(ACCEPT).text
        change = "You now get an answer to an appeal within five days. It was seven."
        assert page.index(change) < page.index("What is new</h2>")
        assert page.index("You accepted version 2026-11") < page.index(change)
        assert "<del>" in page
        assert "<ins>" in page
        assert visitor.post(ACCEPT, form_of(page)).status_code == 303
        assert visitor.get("/spaces/cardiology").status_code == 200
    newest, oldest = queries.acceptances(viewer=stage.member("amara"))
    assert (newest.version, newest.shown_as) == ("2027-01", "page with differences")
    assert oldest.version == "2026-11"


def test_a_page_from_before_the_new_version_accepts_nothing(visit: Visit, stage: Stage) -> None:
    visitor = visit("nora")
    old = form_of(visitor.get(ACCEPT).text)
    with clock.moved(WITH_NEXT):
        visitor.sign_in_as("nora")
        answer = visitor.post(ACCEPT, old)
        assert answer.status_code == 409
        assert form_of(answer.text)["version"] == "2027-01"
    assert accepted_version(stage, "nora") is None


def test_from_midnight_on_a_page_that_was_kept_leads_to_the_new_version(visit: Visit) -> None:
    visitor = visit("amara")
    with clock.moved(BEFORE_NEXT):
        visitor.sign_in_as("amara")
        for _ in range(3):
            assert visitor.get("/spaces/cardiology").status_code == 200
    with clock.moved(WITH_NEXT):
        assert visitor.get("/spaces/cardiology").location.startswith(ACCEPT)


def test_programs_are_told_that_the_policy_asks(visit: Visit) -> None:
    answer = visit("nora").get("/spaces/cardiology", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.get_json()["next"] == ACCEPT


@pytest.mark.usefixtures("own_shelf")
class TestGrace:
    """A version that leaves time to those who accepted the one before."""

    @pytest.fixture
    def own_shelf(self, own_shelf: Path) -> Path:
        """Give the next version 14 days of grace."""
        for file in (own_shelf / "use" / "community").glob("2027-01.*.md"):
            text = file.read_text("utf-8").replace(
                "asks_again = true", "asks_again = true\ngrace_days = 14"
            )
            file.write_text(text, "utf-8")
        return own_shelf

    def test_leaves_the_door_open_and_says_until_when(self, visit: Visit) -> None:
        visitor = visit("amara")
        with clock.moved(WITH_NEXT):
            visitor.sign_in_as("amara")
            assert visitor.get("/spaces/cardiology").status_code == 200
            assert "You have until 25 Jan 2027" in visitor.get(ACCEPT).text
            declined = visitor.post("/use-policies/decline")
            assert "Go on for now" in visitor.get(declined.location).text

    def test_ends(self, visit: Visit) -> None:
        visitor = visit("amara")
        with clock.moved(WITH_NEXT + timedelta(days=14)):
            visitor.sign_in_as("amara")
            assert visitor.get("/spaces/cardiology").location.startswith(ACCEPT)


# --- declining ------------------------------------------------------------------------------------


def test_declining_says_what_happens_now_and_leaves_the_way_back(visit: Visit) -> None:
    visitor = visit("nora")
    answer = visitor.post("/use-policies/decline", {"next": "/profile"})
    assert (answer.status_code, answer.location) == (303, "/use-policies/declined?next=/profile")
    page = visitor.get(answer.location).text
    assert "Nothing is lost" in page
    assert "roundtable@example.org" in page
    assert f"{ACCEPT}?next=/profile" in page
    assert visitor.get("/spaces/cardiology").location.startswith(ACCEPT)
    assert visitor.post(ACCEPT, form_of(visitor.get(ACCEPT).text)).status_code == 303


def test_only_a_press_declines(visit: Visit) -> None:
    assert visit("amara").get("/use-policies/decline").status_code == 405


def test_there_is_nothing_to_decline_for_whoever_has_accepted(visit: Visit) -> None:
    assert visit("amara").post("/use-policies/decline").location == "/"
    assert visit("amara").get("/use-policies/declined").location == "/"


# --- what one has accepted ------------------------------------------------------------------------


def own(visitor: Visitor) -> str:
    """Return the path of the newest of one's own acceptances."""
    found = re.search(r"/use-policies/accepted/\d+", visitor.get("/use-policies/mine").text)
    assert found is not None
    return found[0]


def test_ones_own_acceptances_are_listed_with_hash_and_time(visit: Visit, stage: Stage) -> None:
    page = visit("amara").get("/use-policies/mine").text
    (row,) = queries.acceptances(viewer=stage.member("amara"))
    assert row.sha256 in page
    assert "15 Oct 2026, 10:00:00 UTC+01:00 (Europe/London)" in page


def test_whoever_has_accepted_nothing_is_told_so(visit: Visit) -> None:
    assert "Nothing yet" in visit("nora").get("/use-policies/mine").text


def test_an_accepted_text_is_read_word_for_word_for_ever(visit: Visit, own_shelf: Path) -> None:
    visitor = visit("amara")
    path = own(visitor)
    for file in (own_shelf / "use" / "community").iterdir():
        file.write_text(file.read_text("utf-8").replace("Alderwick", "Somebody"), "utf-8")
    page = visitor.get(path).text
    assert "Alderwick runs this community" in page
    assert "15 Oct 2026, 10:00:00 UTC+01:00 (Europe/London)" in page


def test_the_very_file_has_the_very_hash(visit: Visit, stage: Stage) -> None:
    visitor = visit("amara")
    answer = visitor.get(own(visitor) + ".md")
    (row,) = queries.acceptances(viewer=stage.member("amara"))
    assert hashlib.sha256(answer.data).hexdigest() == row.sha256
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("ending", ["", ".md"])
def test_anothers_acceptance_is_not_there(visit: Visit, ending: str) -> None:
    path = own(visit("amara")) + ending
    assert visit("bruno").get(path).status_code == 404
    assert visit("ada").get(path).status_code == 404
    assert visit(None).get(path).status_code == 303


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [None, "nora", "pia", "amara"])
def test_the_text_in_force_is_no_secret(visit: Visit, who: str | None) -> None:
    visitor = visit(who)
    assert "In short" in visitor.get("/use-policies/community/2026-11/en").text
    assert "Kurz gesagt" in visitor.get("/use-policies/community/2026-11/de").text
    assert visitor.get("/use-policies/").status_code == 200


def test_the_text_is_never_for_search_engines(visit: Visit) -> None:
    answer = visit(None).get("/use-policies/community/2026-11/en")
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_language_that_is_not_there_leads_to_one_that_is(visit: Visit) -> None:
    answer = visit(None).get("/use-policies/community/2026-11/it")
    assert answer.location == "/use-policies/community/2026-11/en"


@pytest.mark.parametrize("path", ["community/2027-01/en", "community/1999-01/en", "x/2026-11/en"])
def test_what_does_not_hold_yet_is_not_there(visit: Visit, path: str) -> None:
    for who in (None, "amara"):
        assert visit(who).get(f"/use-policies/{path}").status_code == 404


def test_old_versions_stay_readable_for_members_alone(visit: Visit) -> None:
    member, stranger = visit("nora"), visit(None)
    with clock.moved(WITH_NEXT):
        member.sign_in_as("nora")
        path = "/use-policies/community/2026-11/en"
        assert "This version no longer holds" in member.get(path).text
        assert path in member.get("/use-policies/").text
        assert stranger.get(path).status_code == 404
        assert path not in stranger.get("/use-policies/").text
        assert stranger.get("/use-policies/community/2027-01/en").status_code == 200


def test_a_version_that_lacks_a_language_is_not_there(visit: Visit, own_shelf: Path) -> None:
    (own_shelf / "use" / "community" / "2027-01.de.md").unlink()
    with clock.moved(WITH_NEXT):
        stranger = visit(None)
        assert stranger.get("/use-policies/community/2027-01/en").status_code == 404
        assert stranger.get("/use-policies/community/2026-11/en").status_code == 200
