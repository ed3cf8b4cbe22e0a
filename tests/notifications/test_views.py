"""The page on which one says which letters one gets."""

from __future__ import annotations

import re
from collections.abc import Callable

from community.spaces.models import Letters
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]


def chosen(page: str) -> list[str]:
    return re.findall(r'<option value="(\w+)" selected>', page)


def test_letters_are_chosen_for_each_space_and_kept(visit: Visit, stage: Stage) -> None:
    cora, space = visit("cora"), stage.space()
    assert chosen(cora.get("/letters").text) == ["answers", "answers"]

    sent = {f"space-{space.id}": "weekly"}
    assert cora.post("/letters", sent).status_code == 303

    assert chosen(cora.get("/letters").text) == ["weekly", "answers"]
    stage.commit()
    assert stage.membership("bruno").notification_level == Letters.ANSWERS


def test_nonsense_and_spaces_of_others_change_nothing(visit: Visit, stage: Stage) -> None:
    amara, other = visit("amara"), stage.space("neurology")
    assert amara.post("/letters", {f"space-{stage.space().id}": "hourly"}).status_code == 422
    assert amara.post("/letters", {f"space-{other.id}": "none"}).status_code == 303
    assert chosen(amara.get("/letters").text) == ["answers"]
    assert stage.membership("ines", "neurology").notification_level == Letters.ANSWERS


def test_who_has_no_place_reads_that_there_is_nothing_to_choose(visit: Visit) -> None:
    assert "You have no place in a space" in visit("ada").get("/letters").text
