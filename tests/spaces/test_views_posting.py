"""The pages of the incident switch, and the banner that stands above a space's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from community.spaces import queries
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]
PLACE, BOARD = "/spaces/cardiology/company-posting", "/company-posting"
WHY = {"reason": "A batch is being recalled."}


def test_a_pause_is_shown_to_each_in_the_words_that_are_for_them(
    stage: Stage, visit: Visit
) -> None:
    thread = stage.start("amara").id
    assert visit("paul").post(f"{PLACE}/pause", WHY).status_code == 303
    for path in ("/spaces/cardiology", f"/threads/{thread}", "/spaces/cardiology/charter"):
        for who in ("rosa", "cora", "mika"):
            page = visit(who).get(path).text
            assert "Company posting is paused here" in page
            assert "by Paul Maddern (Compliance)" in page
            assert WHY["reason"] in page
        page = visit("amara").get(path).text
        assert "Alderwick has paused its own posts here since" in page
        assert WHY["reason"] not in page
        assert "Paul Maddern" not in page


def test_a_pause_everywhere_stands_above_every_space_until_it_is_lifted(visit: Visit) -> None:
    olga = visit("olga")
    assert olga.post(f"{BOARD}/pause", WHY).status_code == 303
    for who, slug in (("rosa", "cardiology"), ("cora", "neurology")):
        assert "paused everywhere" in visit(who).get(f"/spaces/{slug}").text
    assert "Lift the pause everywhere" in olga.get(BOARD).text
    assert olga.post(f"{BOARD}/resume", {"reason": "All is clear."}).status_code == 303
    for who, slug in (("rosa", "cardiology"), ("cora", "neurology")):
        assert "paused everywhere" not in visit(who).get(f"/spaces/{slug}").text
    assert "All is clear." in olga.get(BOARD).text
    assert "All is clear." in visit("mika").get(PLACE).text


@pytest.mark.parametrize("path", ["/", "/guardrails/", "/library/", "/reviews/"])
def test_a_pause_everywhere_stands_on_each_page_of_the_company_s_people(
    visit: Visit, path: str
) -> None:
    said = "Company posting is paused everywhere"
    assert said not in visit("rosa").get(path).text
    visit("olga").post(f"{BOARD}/pause", WHY)
    assert visit("rosa").get(path).text.count(said) == 1
    assert said not in visit("amara").get("/").text


def test_a_pause_of_one_space_stands_on_no_page_outside_it(visit: Visit) -> None:
    visit("paul").post(f"{PLACE}/pause", WHY)
    assert "Company posting is paused" not in visit("rosa").get("/").text


@pytest.mark.parametrize("path", [f"{PLACE}/pause", f"{BOARD}/pause"])
def test_without_a_reason_nothing_is_paused(stage: Stage, visit: Visit, path: str) -> None:
    answer = visit("paul").post(path, {"reason": "  "})
    assert answer.status_code == 422
    assert not queries.is_posting_paused(stage.space().id)


def test_who_pauses_what_is_paused_is_told_so(visit: Visit) -> None:
    paul = visit("paul")
    paul.post(f"{PLACE}/pause", WHY)
    assert paul.post(f"{PLACE}/pause", WHY).status_code == 409
    paul.post(f"{PLACE}/resume", WHY)
    assert paul.post(f"{PLACE}/resume", WHY).status_code == 409


def test_a_moderator_reads_who_lifts_a_pause_of_compliance(visit: Visit) -> None:
    visit("paul").post(f"{PLACE}/pause", WHY)
    mika = visit("mika")
    assert "lifts this pause" in mika.get(PLACE).text
    assert mika.post(f"{PLACE}/resume", WHY).status_code == 403


def test_while_it_is_typed_the_company_reads_that_posting_is_paused(
    stage: Stage, visit: Visit
) -> None:
    thread = stage.start("amara").id
    visit("paul").post(f"{PLACE}/pause", WHY)
    said = visit("rosa").send(f"/threads/{thread}/preview", {"text": "I agree."}).get_json()
    assert said["outcome"] == "hold"
    assert "paused" in str(said["findings"])
