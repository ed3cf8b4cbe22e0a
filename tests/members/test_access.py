"""Who may see whom: the list and the check say the same, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel.db import session
from community.members import access
from community.members.models import Duty, Member
from tests import cast
from tests.stage import Stage


def test_the_list_of_visible_members_equals_the_check_for_everybody(stage: Stage) -> None:
    everybody = {who: stage.member(who) for who in cast.CAST}
    for viewer in everybody.values():
        listed = set(
            session().scalars(sa.select(Member.id).where(access.members_visible_to(viewer)))
        )
        checked = {m.id for m in everybody.values() if access.may_see_member(viewer, m)}
        assert listed == checked, viewer.name


def test_one_sees_oneself_and_those_of_ones_spaces(stage: Stage) -> None:
    amara = stage.member("amara")
    seen = {who for who in cast.CAST if access.may_see_member(amara, stage.member(who))}
    assert {"amara", "bruno", "cora", "rosa"} <= seen
    assert seen.isdisjoint({"ines", "ada", "vera", "safi"})


def test_one_who_was_removed_from_a_space_sees_nobody_of_it(stage: Stage) -> None:
    gone = stage.member("gone")
    seen = {who for who in cast.CAST if access.may_see_member(gone, stage.member(who))}
    assert seen == {"gone"}


def test_the_administrator_and_those_who_verify_see_every_member(stage: Stage) -> None:
    for who in ("ada", "vera"):
        assert all(access.may_see_member(stage.member(who), stage.member(m)) for m in cast.CAST)


def test_a_duty_with_a_name_like_anothers_is_not_mistaken_for_it(stage: Stage) -> None:
    holding = sa.select(Member.name).where(access.holds_duty(Duty.MEDICAL))
    assert list(session().scalars(holding)) == ["Dr Olga Petrov"]


def test_a_closed_member_holds_no_duty_any_more(stage: Stage) -> None:
    olga = stage.member("olga")
    olga.closed_at = cast.START
    stage.commit()
    holding = sa.select(Member.name).where(access.holds_duty(Duty.MEDICAL))
    assert list(session().scalars(holding)) == []
