"""What is done to invitations, on both databases."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.invitations import queries, services
from community.invitations.models import Invitation, InvitationState
from community.invitations.queries import Standing, standing_of
from community.invitations.services import NewMember, Profession
from community.kernel import clock, unit_of_work
from community.kernel.db import session
from community.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany
from community.members.models import Affiliation, CredentialState
from community.spaces import queries as spaces
from community.spaces.models import Role
from community.spaces.services import archive_space, take_place
from tests import cast
from tests.stage import Stage

NEW = "new.person@example.org"
PERSON = NewMember(name="Dr Nadia Benhaddou", password=cast.PASSWORD)
LICENCE = Profession("physician", "GMC 1234567", "General Medical Council", "GB")


def issue(stage: Stage, who: str = "mika", email: str = NEW, **more: Any) -> Invitation:
    more.setdefault("places", [("cardiology", Role.MEMBER)])
    made = services.issue(actor=stage.member(who), email=email, **more)
    stage.commit()
    return made


def token_of(invitation: Invitation) -> str:
    return services.address_of(invitation).rpartition("/")[2]


def actions() -> list[str]:
    return list(session().scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


# --- issuing ----------------------------------------------------------------------------------


def test_the_letter_carries_the_link_and_neither_note_nor_threads(stage: Stage) -> None:
    invitation = issue(stage, note="We spoke about the lady with the potassium of 6.1.")
    letter = stage.work()[0]
    assert letter.to == NEW
    assert services.address_of(invitation) in letter.body
    assert "potassium" not in letter.body + letter.subject
    assert standing_of(invitation) is Standing.SENT


def test_the_database_holds_the_link_only_as_a_hash(stage: Stage) -> None:
    invitation = issue(stage)
    held = [str(value) for value in vars(invitation).values()]
    assert not any(token_of(invitation) in value for value in held)
    assert queries.find_open(token=token_of(invitation)) is invitation


def test_an_address_is_bound_however_it_is_written(stage: Stage) -> None:
    assert issue(stage, email="  New.Person@Example.ORG ").email == NEW


@pytest.mark.parametrize("who", ["amara", "rosa", "sven"])
def test_only_moderators_and_administrators_invite(stage: Stage, who: str) -> None:
    with pytest.raises(Forbidden):
        issue(stage, who)


@pytest.mark.parametrize("who", ["ines", "gone", "safi", "rex"])
def test_for_strangers_there_is_no_space_to_invite_into(stage: Stage, who: str) -> None:
    with pytest.raises(NotFound):
        issue(stage, who)


def test_a_moderator_of_one_space_invites_into_no_other(stage: Stage) -> None:
    places = [("cardiology", Role.MEMBER), ("neurology", Role.MEMBER)]
    with pytest.raises(NotFound):
        issue(stage, "mika", places=places)
    assert len(issue(stage, "cora", places=places).places) == 2


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.MSL])
def test_roles_of_care_are_offered_by_administrators_alone(stage: Stage, role: Role) -> None:
    staff: dict[str, Any] = {"affiliation": Affiliation.COMPANY, "places": [("cardiology", role)]}
    with pytest.raises(Forbidden):
        issue(stage, "cora", **staff)
    assert issue(stage, "ada", **staff).affiliation is Affiliation.COMPANY


def test_no_moderator_makes_company_staff_who_need_no_credential(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        issue(stage, "mika", affiliation=Affiliation.COMPANY)


def test_nobody_invites_their_own_address(stage: Stage) -> None:
    for role in (Role.MEMBER, Role.MODERATOR):
        with pytest.raises(Forbidden) as refused:
            issue(stage, "ada", email=" Ada@Example.org ", places=[("cardiology", role)])
        assert refused.value.code == "oneself"


def test_nobody_accepts_what_they_issued_though_the_address_is_theirs_by_now(stage: Stage) -> None:
    invitation, ada = issue(stage, "ada"), stage.member("ada")
    ada.email = NEW
    stage.commit()
    with pytest.raises(Forbidden) as refused:
        services.redeem(actor=ada, invitation=invitation)
    assert refused.value.code == "oneself"


def test_the_moderators_are_told_that_an_administrator_has_a_place_in_their_space(
    stage: Stage,
) -> None:
    take_place(
        actor=stage.member("cora"), space=stage.space(), member=stage.member("ada"),
        role=Role.MEMBER,
    )  # fmt: skip
    stage.commit()
    told = {letter.to for letter in stage.work() if "administrator" in letter.subject}
    assert told == {cast.address_of("mika"), cast.address_of("cora")}


def test_a_liaison_who_works_in_health_care_is_refused(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        issue(stage, "ada", places=[("cardiology", Role.MSL)])


def test_who_is_in_the_space_already_is_not_invited_again(stage: Stage) -> None:
    with pytest.raises(Invalid) as refusal:
        issue(stage, email=cast.address_of("amara"))
    assert refusal.value.values["space"] == "Cardiology"


def test_one_invitation_at_a_time_for_an_address_and_a_space(stage: Stage) -> None:
    first = issue(stage)
    with pytest.raises(Invalid):
        issue(stage)
    services.revoke(actor=stage.member("mika"), invitation=first, reason="", version=1)
    stage.commit()
    issue(stage)


@pytest.mark.parametrize("days", [0, 61])
def test_an_invitation_is_open_for_one_to_sixty_days(stage: Stage, days: int) -> None:
    with pytest.raises(Invalid):
        issue(stage, expires_days=days)


# --- sending again, taking back, reminding -----------------------------------------------------


def test_an_expired_invitation_lives_again_when_it_is_sent_again(stage: Stage) -> None:
    invitation = issue(stage)
    stage.work()
    with clock.moved(timedelta(days=15)):
        assert standing_of(invitation) is Standing.EXPIRED
        assert queries.find_open(token=token_of(invitation)) is None
        services.resend(actor=stage.member("mika"), invitation=invitation, version=1)
        assert len(stage.work()) == 2
        assert queries.find_open(token=token_of(invitation)) is invitation


def test_three_letters_a_day_are_enough(stage: Stage) -> None:
    invitation = issue(stage)
    for _ in range(3):
        services.resend(
            actor=stage.member("mika"), invitation=invitation, version=invitation.version
        )
        stage.commit()
    with pytest.raises(TooMany):
        services.resend(
            actor=stage.member("mika"), invitation=invitation, version=invitation.version
        )


def test_what_an_administrator_gave_no_moderator_sends_again(stage: Stage) -> None:
    staff: dict[str, Any] = {"affiliation": Affiliation.COMPANY}
    offers = [
        issue(stage, "ada", "one@example.org", places=[("cardiology", Role.MSL)], **staff),
        issue(stage, "ada", "two@example.org", **staff),
        issue(stage, "ada", "three@example.org", places=[("cardiology", Role.MODERATOR)]),
    ]
    listed = {}
    for who in ("mika", "ada"):
        viewer = stage.member(who)
        opened = spaces.get_space(viewer=viewer, slug="cardiology")
        listed[who] = queries.invitations(viewer=viewer, opened=opened).listed
    assert [row.may_send_again for row in listed["mika"]] == [False] * 3
    assert [row.may_send_again for row in listed["ada"]] == [True] * 3
    with clock.moved(timedelta(days=15)):
        for invitation in offers:
            with pytest.raises(Forbidden):
                services.resend(actor=stage.member("mika"), invitation=invitation, version=1)
            services.resend(actor=stage.member("ada"), invitation=invitation, version=1)


def test_sending_again_does_not_tell_who_works_for_the_company(stage: Stage) -> None:
    for who in ("olga", "ines"):
        invitation = issue(stage, email=cast.address_of(who))
        services.resend(actor=stage.member("mika"), invitation=invitation, version=1)
        stage.commit()


def test_an_expired_invitation_does_not_live_again_beside_a_newer_one(stage: Stage) -> None:
    first = issue(stage)
    with clock.moved(timedelta(days=15)):
        issue(stage)
        with pytest.raises(Invalid) as refusal:
            services.resend(actor=stage.member("mika"), invitation=first, version=1)
        assert standing_of(first) is Standing.EXPIRED
    assert refusal.value.values["space"] == "Cardiology"


def test_who_came_in_another_way_is_not_asked_again(stage: Stage) -> None:
    first, ines = issue(stage, email=cast.address_of("ines")), stage.member("ines")
    take_place(actor=ines, space=stage.space(), member=ines, role=Role.MEMBER)
    stage.commit()
    with pytest.raises(Invalid):
        services.resend(actor=stage.member("mika"), invitation=first, version=1)


def test_a_stale_page_takes_nothing_back(stage: Stage) -> None:
    invitation = issue(stage)
    services.open_invitation(invitation=invitation)
    stage.commit()
    with pytest.raises(Conflict):
        services.revoke(actor=stage.member("mika"), invitation=invitation, reason="", version=1)


def test_a_moderator_of_one_of_its_spaces_does_not_take_it_back(stage: Stage) -> None:
    places = [("cardiology", Role.MEMBER), ("neurology", Role.MEMBER)]
    invitation = issue(stage, "ada", places=places)
    with pytest.raises(Forbidden):
        services.revoke(actor=stage.member("mika"), invitation=invitation, reason="", version=1)


def test_who_waits_is_reminded_once_three_days_before_the_end(stage: Stage) -> None:
    issue(stage)
    assert len(stage.work()) == 1
    with clock.moved(timedelta(days=10, hours=23)):
        assert len(stage.work()) == 1
    with clock.moved(timedelta(days=11, minutes=1)):
        assert "three more days" in stage.work()[0].subject
    with clock.moved(timedelta(days=12)):
        assert len(stage.work()) == 2


def test_who_has_answered_is_not_reminded(stage: Stage) -> None:
    invitation = issue(stage)
    stage.work()
    services.decline(invitation=invitation, reason="No time.")
    stage.commit()
    with clock.moved(timedelta(days=11, minutes=1)):
        assert len(stage.work()) == 1


# --- answering --------------------------------------------------------------------------------


def test_opening_is_noted_once_and_uses_nothing_up(stage: Stage) -> None:
    invitation = issue(stage)
    services.open_invitation(invitation=invitation)
    services.open_invitation(invitation=invitation)
    stage.commit()
    assert actions().count("invitation.opened") == 1
    assert queries.find_open(token=token_of(invitation)) is invitation


def test_who_redeems_is_a_member_whose_licence_waits_to_be_checked(stage: Stage) -> None:
    invitation = issue(stage)
    member = services.redeem_as_new(invitation=invitation, person=PERSON, profession=LICENCE)
    stage.commit()
    assert member.email == NEW
    assert member.credential is not None
    assert member.credential.state is CredentialState.PENDING
    assert (invitation.state, invitation.redeemed_by_id) == (InvitationState.REDEEMED, member.id)
    assert {"member.joined", "membership.joined", "invitation.redeemed"} <= set(actions())


def test_an_invitation_works_once(stage: Stage) -> None:
    invitation = issue(stage)
    services.redeem_as_new(invitation=invitation, person=PERSON, profession=LICENCE)
    stage.commit()
    for answer in (
        lambda: services.decline(invitation=invitation),
        lambda: services.redeem_as_new(invitation=invitation, person=PERSON, profession=LICENCE),
    ):
        with pytest.raises((Gone, Conflict)):
            answer()


@pytest.mark.parametrize(
    ("person", "profession", "field"),
    [
        (NewMember(name=" ", password=cast.PASSWORD), LICENCE, "name"),
        (NewMember(name="Dr B", password="short"), LICENCE, "password"),
        (PERSON, None, "profession"),
        (PERSON, Profession("physician", " ", "GMC", "GB"), "licence_number"),
        (PERSON, Profession("physician", "1", " ", "GB"), "issuing_body"),
    ],
)
def test_what_is_not_complete_uses_nothing_up(
    stage: Stage, person: NewMember, profession: Profession | None, field: str
) -> None:
    invitation = issue(stage)
    with pytest.raises(Invalid) as refusal:
        services.redeem_as_new(invitation=invitation, person=person, profession=profession)
    stage.commit()  # as a page does that shows the form again
    assert refusal.value.field == field
    assert queries.find_open(token=token_of(invitation)) is invitation
    assert "member.joined" not in actions()


def test_a_member_takes_all_places_and_keeps_those_there_are(stage: Stage) -> None:
    places = [("cardiology", Role.CONTRIBUTOR), ("neurology", Role.MEMBER)]
    invitation = issue(stage, "cora", places=places, email=cast.address_of("olga"))
    services.redeem(actor=stage.member("olga"), invitation=invitation)
    stage.commit()
    roles = [stage.membership("olga", slug).role for slug, _ in places]
    assert roles == [Role.CONTRIBUTOR, Role.MEMBER]


def test_two_invitations_into_one_space_redeemed_at_once_are_one_place(stage: Stage) -> None:
    first, second = two_for_ines(stage)
    failed: list[BaseException] = []

    def redeem_second() -> None:
        try:
            with stage.app.app_context(), unit_of_work.transaction():
                invitation = session().get_one(Invitation, second)
                services.redeem(actor=stage.member("ines"), invitation=invitation)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            failed.append(error)

    services.redeem(actor=stage.member("ines"), invitation=session().get_one(Invitation, first))
    beside = threading.Thread(target=redeem_second)
    beside.start()
    beside.join(0.5)
    assert beside.is_alive(), "the second waits until the first is done"
    stage.commit()
    beside.join(20)
    assert failed == []
    session().expire_all()
    assert stage.membership("ines").is_active
    assert actions().count("membership.joined") == 1
    assert actions().count("invitation.redeemed") == 2


def two_for_ines(stage: Stage) -> tuple[int, int]:
    """Leave two invitations into one space, as two moderators make who invite at once."""
    first = issue(stage, email=cast.address_of("ines"))
    second = issue(stage, email="somebody.else@example.org")
    second.email = first.email
    stage.commit()
    return first.id, second.id


def archive(stage: Stage, slug: str) -> None:
    space = stage.space(slug)
    archive_space(
        actor=stage.member("ada"), space=space, reason="It is over.", version=space.version
    )
    stage.commit()


def test_an_archived_space_is_left_out_and_the_others_are_taken(stage: Stage) -> None:
    places = [("cardiology", Role.MEMBER), ("neurology", Role.MEMBER)]
    invitation = issue(stage, "cora", places=places, email=cast.address_of("olga"))
    archive(stage, "cardiology")
    taken = services.redeem(actor=stage.member("olga"), invitation=invitation)
    assert [place.space.slug for place in taken] == ["neurology"]


def test_an_invitation_into_archived_spaces_alone_is_not_used_up(stage: Stage) -> None:
    for_new, for_olga = issue(stage), issue(stage, email=cast.address_of("olga"))
    archive(stage, "cardiology")
    with pytest.raises(Forbidden) as refusal:
        services.redeem(actor=stage.member("olga"), invitation=for_olga)
    assert refusal.value.code == "archived"
    with pytest.raises(Forbidden):
        services.redeem_as_new(invitation=for_new, person=PERSON, profession=LICENCE)
    stage.commit()
    assert {for_new.state, for_olga.state} == {InvitationState.ISSUED}


def test_nobody_redeems_for_another_address(stage: Stage) -> None:
    invitation = issue(stage, "cora", places=[("neurology", Role.MEMBER)])
    with pytest.raises(Forbidden) as refusal:
        services.redeem(actor=stage.member("bruno"), invitation=invitation)
    assert refusal.value.code == "other_address"


def test_who_was_closed_does_not_come_back_by_an_invitation(stage: Stage) -> None:
    invitation = issue(
        stage, "cora", places=[("neurology", Role.MEMBER)], email=cast.address_of("rex")
    )
    with pytest.raises(Forbidden):
        services.redeem(actor=stage.member("rex"), invitation=invitation)
    assert stage.work() == []
    assert invitation.sent_at is None


def test_who_was_removed_can_be_asked_back(stage: Stage) -> None:
    invitation = issue(stage, email=cast.address_of("gone"))
    services.redeem(actor=stage.member("gone"), invitation=invitation)
    stage.commit()
    place = stage.membership("gone")
    assert place.is_active
    assert place.end_reason == ""


# --- lists ------------------------------------------------------------------------------------


def test_a_member_s_open_invitations_wait_in_the_app(stage: Stage) -> None:
    issue(stage, "cora", places=[("neurology", Role.MEMBER)], email=cast.address_of("amara"))
    found = queries.open_for(viewer=stage.member("amara"))
    assert [place.space.slug for one in found for place in one.places] == ["neurology"]
    assert queries.open_for(viewer=stage.member("bruno")) == []


def test_a_space_s_list_keeps_the_names_of_other_spaces_to_itself(stage: Stage) -> None:
    issue(stage, "ada", places=[("cardiology", Role.MEMBER), ("neurology", Role.MEMBER)])
    seen = {}
    for who in ("mika", "cora"):
        viewer = stage.member(who)
        opened = spaces.get_space(viewer=viewer, slug="cardiology")
        seen[who] = queries.invitations(viewer=viewer, opened=opened).listed[0]
    assert (seen["mika"].others, seen["mika"].may_change) == ((), False)
    assert (seen["cora"].others, seen["cora"].may_change) == (("Neurology",), True)
