"""Who may know of a space, and that each list shows what its check allows."""

import pytest
import sqlalchemy as sa

from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.models import Member
from community.spaces import access, queries
from community.spaces.models import Role, Space
from tests import cast
from tests.stage import Stage


@pytest.mark.parametrize("who", list(cast.CAST))
def test_the_list_of_spaces_is_what_the_check_allows(stage: Stage, who: str) -> None:
    viewer = stage.member(who)
    listed = set(session().scalars(sa.select(Space.slug).where(access.spaces_visible_to(viewer))))
    allowed = {
        space.slug
        for space in session().scalars(sa.select(Space))
        if access.may_see_space(
            viewer, queries.find_membership(viewer=viewer, space_id=space.id), space
        )
    }
    assert listed == allowed


@pytest.mark.parametrize("who", ["ines", "gone", "rex", "safi", "paul", "vera", "ada"])
def test_a_space_in_which_one_has_no_place_is_not_there(stage: Stage, who: str) -> None:
    with pytest.raises(NotFound):
        queries.get_membership(viewer=stage.member(who), slug="cardiology")


def test_an_administrator_sees_charter_and_roster_but_has_no_place(stage: Stage) -> None:
    ada = stage.member("ada")
    opened = queries.get_space(viewer=ada, slug="cardiology")
    assert opened.membership is None
    assert len(queries.roster(viewer=ada, opened=opened).places) > 5
    assert not access.may_read(ada, opened.membership)


def test_an_unknown_space_and_a_foreign_one_are_refused_in_the_same_words(stage: Stage) -> None:
    said = []
    for slug in ("neurology", "no-such-space"):
        with pytest.raises(NotFound) as refusal:
            queries.get_space(viewer=stage.member("amara"), slug=slug)
        said.append((refusal.value.sentence, refusal.value.code))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("who", "whom", "allowed"),
    [
        ("mika", "amara", True),
        ("cora", "rosa", True),
        ("mika", "cora", False),
        ("mika", "mika", False),
        ("amara", "bruno", False),
        ("rosa", "amara", False),
        ("ada", "mika", True),
        ("ines", "amara", False),
        ("safi", "amara", False),
    ],
)
def test_who_may_remove_whom(stage: Stage, who: str, whom: str, allowed: bool) -> None:  # noqa: FBT001
    viewer, place = stage.member(who), stage.membership(whom)
    own = queries.find_membership(viewer=viewer, space_id=place.space_id)
    assert bool(access.may_end_place(viewer, own, place)) is allowed


def test_a_moderator_of_one_space_removes_nobody_from_another(stage: Stage) -> None:
    own, place = stage.membership("mika"), stage.membership("ines", "neurology")
    assert not access.may_end_place(stage.member("mika"), own, place)
    assert not access.may_propose_pause(stage.member("mika"), own, place)


def test_a_liaison_works_for_the_company(stage: Stage) -> None:
    place = stage.membership("amara")
    decision = access.may_give_role(stage.member("ada"), place, Role.MSL)
    assert decision.code == "not_company"


def test_roles_are_given_by_administrators_alone(stage: Stage) -> None:
    place = stage.membership("amara")
    assert access.may_give_role(stage.member("ada"), place, Role.MODERATOR)
    assert not access.may_give_role(stage.member("mika"), place, Role.MODERATOR)


def test_members_of_one_space_know_one_another_and_nobody_else(stage: Stage) -> None:
    known = set(session().scalars(access.neighbours_of(stage.member("amara"))))
    assert stage.member("bruno").id in known
    assert stage.member("ines").id not in known
    assert stage.member("gone").id not in known


def test_closed_members_see_nothing(stage: Stage) -> None:
    rex: Member = stage.member("rex")
    assert queries.viewer_memberships(viewer=rex)  # the rows are there, for the record
    assert not access.may_read(rex, stage.membership("rex"))
