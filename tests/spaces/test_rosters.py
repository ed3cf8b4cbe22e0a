"""The list of a space's members: by role and name, a page at a time, however many there are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import NotFound
from community.members.models import Affiliation, Member
from community.spaces import queries
from community.spaces.models import Membership, Role
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]
MANY = queries.ROSTER_PAGE + 10


@pytest.fixture
def crowd(stage: Stage) -> list[str]:
    """So many more members of the space that one page doesn't hold them."""
    names = [f"{'Dr ' if number % 2 else ''}Member {number:03}" for number in range(MANY)]
    for name in names:
        member = Member(
            email=f"{name.split()[-1]}@example.org", name=name, affiliation=Affiliation.HCP,
            created_at=clock.now(), institution="Harbour Clinic", country="GB",
        )  # fmt: skip
        place = Membership(
            space=stage.space(), member=member, role=Role.MEMBER, joined_at=clock.now()
        )
        db.session.add_all([member, place])
    stage.commit()
    return names


def whole_roster(stage: Stage, who: str, **wanted: str) -> list[Membership]:
    viewer = stage.member(who)
    opened = queries.get_space(viewer=viewer, slug="cardiology")
    found, after = [], 0
    while True:
        page = queries.roster(viewer=viewer, opened=opened, after=after, **wanted)
        found += page.places
        assert len(page.places) <= queries.ROSTER_PAGE
        if not page.next_after:
            return found
        after = page.next_after


def test_the_pages_together_hold_everybody_once_moderators_first_and_titles_aside(
    stage: Stage, crowd: list[str]
) -> None:
    found = whole_roster(stage, "amara")
    roles = [place.role for place in found]
    assert len({place.id for place in found}) == len(found)
    assert roles[0] is Role.MODERATOR
    assert roles == sorted(roles, key=[*dict.fromkeys(roles)].index)
    assert [p.member.name for p in found if p.member.name.split()[-1].isdigit()] == crowd


def test_a_member_is_found_by_name_institution_or_specialty(stage: Stage, crowd: list[str]) -> None:
    assert [p.member.name for p in whole_roster(stage, "amara", words="mber 007")] == [crowd[7]]
    assert len(whole_roster(stage, "amara", words="harbour")) == MANY
    assert whole_roster(stage, "amara", words="007@example.org") == []
    assert whole_roster(stage, "amara", words="100%") == []


def test_a_page_leads_to_the_next_and_keeps_what_was_looked_for(
    visit: Visit, crowd: list[str]
) -> None:
    amara = visit("amara")
    first = amara.get("/spaces/cardiology/members?words=harbour").text
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    second = amara.get(link[1].replace("&amp;", "&")).text
    assert crowd[0] in first
    assert crowd[-1] not in first
    assert crowd[-1] in second
    assert 'value="harbour"' in second
    assert "Nobody fits that" in amara.get("/spaces/cardiology/members?words=zebra").text


def test_a_small_space_shows_no_search(visit: Visit) -> None:
    assert 'id="words"' not in visit("amara").get("/spaces/cardiology/members").text


def test_what_is_no_place_of_the_list_continues_nothing(stage: Stage, visit: Visit) -> None:
    viewer = stage.member("amara")
    opened = queries.get_space(viewer=viewer, slug="cardiology")
    with pytest.raises(NotFound):
        queries.roster(viewer=viewer, opened=opened, after=987_654)
    assert visit("amara").get("/spaces/cardiology/members?after=x").status_code == 200


def test_every_name_of_a_room_is_known_to_those_who_judge_its_texts(
    stage: Stage, crowd: list[str]
) -> None:
    names = queries.member_names(stage.space().id)
    assert set(crowd) < set(names)
    assert queries.member_names(stage.space().id) is names
