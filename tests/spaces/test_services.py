"""What is done to spaces, places and pauses, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from community.audit.models import AuditEntry
from community.kernel import clock, unit_of_work
from community.kernel.db import session
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.members.services import create_imported
from community.spaces import access, queries, services
from community.spaces.models import MembershipState, Pause, PauseState, Role, Space
from community.spaces.services import Charter, Frame
from community.stream.models import Event, Stream
from tests.stage import Stage

CHARTER = Charter(name="Kidney", purpose="Kidneys in cardiology.", value="Answers.")


def generation(space: Space) -> int:
    return session().scalars(sa.select(Stream.generation).where(Stream.space_id == space.id)).one()


def last_entry() -> AuditEntry:
    found = session().scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert found is not None
    return found


# --- spaces -----------------------------------------------------------------------------------


def test_a_new_space_has_a_stream_and_nobody_in_it(stage: Stage) -> None:
    space = services.create_space(
        actor=stage.member("ada"), slug="kidney", charter=CHARTER, frame=Frame(countries=["gb"])
    )
    stage.commit()
    assert generation(space) == 1
    assert space.countries == ["GB"]
    assert queries.readers_panel(space).total == 0
    assert last_entry().action == "space.created"


@pytest.mark.parametrize("slug", ["cardiology", "new", "Kidney room", "-a", "", "a" * 65, "über"])
def test_an_address_that_is_taken_or_none_is_refused(stage: Stage, slug: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_space(actor=stage.member("ada"), slug=slug, charter=CHARTER, frame=Frame())
    assert refusal.value.field == "slug"


def test_moderators_make_no_spaces(stage: Stage) -> None:
    with pytest.raises(NotFound):
        services.create_space(
            actor=stage.member("cora"), slug="kidney", charter=CHARTER, frame=Frame()
        )


def test_of_two_who_change_a_charter_the_second_is_told(stage: Stage) -> None:
    space, own = stage.space(), stage.membership("mika")
    version = space.version
    services.edit_charter(
        actor=stage.member("mika"), own=own, space=space, charter=CHARTER, version=version
    )
    stage.commit()
    with pytest.raises(Conflict):
        services.edit_charter(
            actor=stage.member("cora"), own=stage.membership("cora"), space=space,
            charter=CHARTER, version=version,
        )  # fmt: skip


def test_a_change_of_the_charter_is_recorded_with_old_and_new(stage: Stage) -> None:
    space = stage.space()
    services.edit_charter(
        actor=stage.member("mika"), own=stage.membership("mika"), space=space,
        charter=CHARTER, version=space.version,
    )  # fmt: skip
    stage.commit()
    entry = last_entry()
    assert (entry.old["name"], entry.new["name"]) == ("Cardiology", "Kidney")


def test_an_archived_space_is_read_and_takes_nothing(stage: Stage) -> None:
    space = stage.space()
    services.archive_space(
        actor=stage.member("ada"), space=space, reason="The study is over.", version=space.version
    )
    stage.commit()
    amara, place = stage.member("amara"), stage.membership("amara")
    assert access.may_read(amara, place)
    assert access.may_post_here(amara, place).code == "archived"
    services.reopen_space(actor=stage.member("ada"), space=space, version=space.version)
    stage.commit()
    assert access.may_post_here(amara, place)


# --- places -----------------------------------------------------------------------------------


def test_a_removed_member_reads_why_and_nothing_else(stage: Stage) -> None:
    space, place, bruno = stage.space(), stage.membership("bruno"), stage.member("bruno")
    before = generation(space)
    services.remove_member(
        actor=stage.member("mika"), own=stage.membership("mika"), place=place,
        reason="Shared a screenshot.",
    )  # fmt: skip
    letters = stage.work()
    assert generation(space) == before + 1
    with pytest.raises(NotFound):
        queries.get_membership(viewer=bruno, slug="cardiology")
    ended = queries.get_own_place(viewer=bruno, membership_id=place.id)
    assert (ended.membership.end_reason, ended.decided_by) == (
        "Shared a screenshot.", "Dr Mika Lindqvist",
    )  # fmt: skip
    assert queries.ended_memberships(viewer=bruno) == [place]
    assert last_entry().reason == "Shared a screenshot."
    assert "screenshot" not in letters[0].body
    assert f"/memberships/{place.id}" in letters[0].body


def test_nobody_else_reads_why(stage: Stage) -> None:
    with pytest.raises(NotFound):
        queries.get_own_place(
            viewer=stage.member("mika"), membership_id=stage.membership("gone").id
        )


def test_a_removal_needs_a_reason(stage: Stage) -> None:
    with pytest.raises(Invalid):
        services.remove_member(
            actor=stage.member("mika"), own=stage.membership("mika"),
            place=stage.membership("amara"), reason="  ",
        )  # fmt: skip


def test_who_is_removed_twice_is_removed_once(stage: Stage) -> None:
    place = stage.membership("amara")
    deed = {"actor": stage.member("mika"), "own": stage.membership("mika"), "place": place}
    services.remove_member(**deed, reason="One.")  # type: ignore[arg-type]
    stage.commit()
    with pytest.raises(NotFound):
        services.remove_member(**deed, reason="Two.")  # type: ignore[arg-type]


def test_leaving_is_news_to_the_space_and_shuts_it(stage: Stage) -> None:
    space, place = stage.space(), stage.membership("amara")
    before = generation(space)
    services.leave(actor=stage.member("amara"), place=place)
    stage.commit()
    kinds = session().scalars(sa.select(Event.kind).where(Event.space_id == space.id)).all()
    assert (place.state, generation(space)) == (MembershipState.LEFT, before + 1)
    assert kinds[-1] == "members"
    assert queries.ended_memberships(viewer=stage.member("amara")) == []


def test_nobody_leaves_for_another(stage: Stage) -> None:
    with pytest.raises(NotFound):
        services.leave(actor=stage.member("mika"), place=stage.membership("amara"))


def test_who_comes_back_sits_on_the_old_place_and_a_pause_goes_on(stage: Stage) -> None:
    place = stage.membership("sven")
    services.leave(actor=stage.member("sven"), place=place)
    stage.commit()
    again = services.take_place(
        actor=stage.member("sven"), space=stage.space(), member=stage.member("sven"),
        role=Role.MEMBER,
    )  # fmt: skip
    stage.commit()
    assert again.id == place.id
    assert access.may_post_here(stage.member("sven"), again).code == "paused"


def test_of_two_who_give_a_role_the_second_is_told(stage: Stage) -> None:
    ada, place = stage.member("ada"), stage.membership("amara")
    shown = place.version
    services.change_role(actor=ada, place=place, role=Role.CONTRIBUTOR, version=shown)
    stage.commit()
    with pytest.raises(Conflict):
        services.change_role(actor=ada, place=place, role=Role.MODERATOR, version=shown)


def test_changes_of_a_place_within_a_second_are_versions_that_rise(stage: Stage) -> None:
    ada, place = stage.member("ada"), stage.membership("amara")
    for role in (Role.CONTRIBUTOR, Role.MEMBER):
        services.change_role(actor=ada, place=place, role=role, version=place.version)
        stage.commit()
    pause = propose(stage)
    own = stage.membership("cora")
    services.confirm_pause(actor=stage.member("cora"), own=own, pause=pause, version=1)
    stage.commit()
    services.lift_pause(actor=stage.member("cora"), own=own, pause=pause, version=pause.version)
    stage.commit()
    services.leave(actor=stage.member("amara"), place=place)
    stage.commit()
    services.take_place(
        actor=stage.member("amara"), space=stage.space(), member=stage.member("amara"),
        role=Role.MEMBER,
    )  # fmt: skip
    stage.commit()
    told = session().scalars(
        sa.select(Event.version)
        .where(Event.kind == "members", Event.subject_id == place.id)
        .order_by(Event.seq)
    )
    assert list(told) == [2, 3, 4, 5, 6, 7]


def test_who_was_made_moderator_a_moment_ago_is_not_removed_by_one(stage: Stage) -> None:
    mika, own, place = stage.member("mika"), stage.membership("mika"), stage.membership("amara")
    assert place.role is Role.MEMBER  # as mika has it before him
    with stage.app.app_context(), unit_of_work.transaction():
        meanwhile = stage.membership("amara")
        services.change_role(
            actor=stage.member("ada"), place=meanwhile, role=Role.MODERATOR, version=1
        )
    with pytest.raises(Conflict):
        services.remove_member(actor=mika, own=own, place=place, reason="Shared a screenshot.")


def test_moderators_are_told_when_a_reader_brings_a_new_country(stage: Stage) -> None:
    ines = stage.member("ines")
    ines.country = "DE"
    place = services.take_place(actor=ines, space=stage.space(), member=ines, role=Role.MEMBER)
    letters = stage.work()
    assert {letter.to for letter in letters} == {"mika@example.org", "cora@example.org"}
    assert all("Germany" in letter.body for letter in letters)
    assert not any(ines.name in letter.body for letter in letters)
    assert place.is_active


def test_a_reader_from_a_country_that_reads_already_is_no_news_by_letter(stage: Stage) -> None:
    ines = stage.member("ines")
    services.take_place(actor=ines, space=stage.space(), member=ines, role=Role.MEMBER)
    assert stage.work() == []


# --- pauses -----------------------------------------------------------------------------------


def propose(stage: Stage, *, by: str = "mika", whom: str = "amara", days: int = 7) -> Pause:
    pause = services.propose_pause(
        actor=stage.member(by), own=stage.membership(by), place=stage.membership(whom),
        days=days, reason="Second insult.",
    )  # fmt: skip
    stage.commit()
    return pause


def test_a_proposed_pause_changes_nothing_yet_and_asks_the_other_moderators(stage: Stage) -> None:
    propose(stage)
    assert access.may_post_here(stage.member("amara"), stage.membership("amara"))
    assert [letter.to for letter in stage.work()] == ["cora@example.org"]


def test_who_was_made_moderator_since_is_not_paused_any_more(stage: Stage) -> None:
    pause, place = propose(stage), stage.membership("amara")
    services.change_role(
        actor=stage.member("ada"), place=place, role=Role.MODERATOR, version=place.version
    )
    stage.commit()
    with pytest.raises(Forbidden) as refusal:
        services.confirm_pause(
            actor=stage.member("cora"), own=stage.membership("cora"), pause=pause, version=1
        )
    assert refusal.value.code == "moderator"


def test_who_proposed_a_pause_can_t_confirm_it(stage: Stage) -> None:
    pause = propose(stage)
    with pytest.raises(Forbidden) as refusal:
        services.confirm_pause(
            actor=stage.member("mika"), own=stage.membership("mika"), pause=pause, version=1
        )
    assert refusal.value.code == "second_person"


def test_a_confirmed_pause_is_read_only_for_its_days_with_its_reason(stage: Stage) -> None:
    pause = propose(stage, days=3)
    services.confirm_pause(
        actor=stage.member("cora"), own=stage.membership("cora"), pause=pause, version=1
    )
    letters = stage.work()
    amara, place = stage.member("amara"), stage.membership("amara")
    decision = access.may_post_here(amara, place)
    assert access.may_read(amara, place)
    assert (decision.code, decision.values["why"]) == ("paused", "Second insult.")
    assert letters[0].to == "amara@example.org"
    with clock.moved(timedelta(days=3, seconds=1)):
        assert access.may_post_here(amara, place)


def test_of_two_who_decide_about_a_pause_the_second_is_told(stage: Stage) -> None:
    pause = propose(stage)
    own = stage.membership("cora")
    services.decline_pause(actor=stage.member("cora"), own=own, pause=pause, version=1)
    stage.commit()
    with pytest.raises(Forbidden):
        services.confirm_pause(actor=stage.member("cora"), own=own, pause=pause, version=1)
    assert pause.state is PauseState.DECLINED


def test_a_stale_page_decides_nothing(stage: Stage) -> None:
    pause = propose(stage)
    with pytest.raises(Conflict):
        services.confirm_pause(
            actor=stage.member("cora"), own=stage.membership("cora"), pause=pause, version=7
        )


def test_a_lifted_pause_lets_write_again(stage: Stage) -> None:
    pause = propose(stage)
    own = stage.membership("cora")
    services.confirm_pause(actor=stage.member("cora"), own=own, pause=pause, version=1)
    stage.commit()
    services.lift_pause(actor=stage.member("cora"), own=own, pause=pause, version=pause.version)
    stage.commit()
    assert access.may_post_here(stage.member("amara"), stage.membership("amara"))
    assert last_entry().action == "pause.lifted"


@pytest.mark.parametrize("days", [0, 15, -1])
def test_a_pause_lasts_one_to_fourteen_days(stage: Stage, days: int) -> None:
    with pytest.raises(Invalid):
        propose(stage, days=days)


def test_one_pause_at_a_time(stage: Stage) -> None:
    propose(stage)
    with pytest.raises(Conflict):
        propose(stage, by="cora")


def test_moderators_are_not_paused_by_one_another(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        propose(stage, whom="cora")
    unit_of_work.rollback()


# --- who can read -----------------------------------------------------------------------------


def test_the_panel_counts_who_can_read_and_names_the_company(stage: Stage) -> None:
    panel = queries.readers_panel(stage.space())
    assert panel.peers == 6  # amara, bruno, mika, nora, pia, sven; rex is closed, gone is gone
    assert [reader.name for reader in panel.company] == ["Cora Whitfield", "Dr Rosa Bianchi"]
    assert panel.countries == ("FR", "GB")
    with force_locale("en"):
        assert panel.sentence() == (
            "6 health professionals and 2 people of Alderwick can read this."
        )
    assert not panel.lacks_moderators


def test_authors_who_came_with_an_import_have_names_and_do_not_read(stage: Stage) -> None:
    space, author = stage.space(), create_imported(actor=None, name="Dr Jonas Albrecht")
    author.country = "DE"
    services.take_place(actor=author, space=space, member=author, role=Role.MEMBER)
    letters = stage.work()
    assert author.id not in queries.reader_ids(space.id)
    assert queries.countries_of_readers(space.id) == {"GB", "FR"}
    assert {"Dr Jonas Albrecht", "Dr Amara Okafor", "Dr Rex Moran"} <= set(
        queries.member_names(space.id)
    )
    assert letters == []


def test_a_space_without_two_moderators_or_without_a_peer_says_so(stage: Stage) -> None:
    neurology = queries.readers_panel(stage.space("neurology"))
    assert (len(neurology.moderators), neurology.peer_moderators) == (1, 0)
    assert neurology.lacks_moderators
