"""Inviting several at once: a list is looked over, and whoever can be invited is, each once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.invitations import queries, services
from community.invitations.models import Invitation
from community.invitations.services import Line, Terms
from community.kernel import clock
from community.kernel.db import session
from community.kernel.errors import Invalid, NotFound
from community.spaces import queries as spaces
from community.spaces.models import Role
from tests import cast
from tests.stage import Stage, Visitor, asks_who_one_is

Visit = Callable[[str | None], Visitor]

PATH = "/spaces/cardiology/invitations/several"
LIST = f"""
Dr Nadia Benhaddou <nadia@example.org>; Lyon
olu@example.org, per@example.org
{cast.address_of("amara")}
no address here
NADIA@example.org
not@an@address
"""
FORM = {"people": LIST, "role": "member", "places": "cardiology", "expires_days": "14",
        "note": "We met in Lyon."}  # fmt: skip


def crowd(count: int) -> str:
    """A list of so many people."""
    return "\n".join(f"person{number}@example.org" for number in range(count))


def terms(stage: Stage, who: str) -> Terms:
    return services.terms_for(
        actor=stage.member(who), places=[("cardiology", Role.MEMBER)], note="We met in Lyon."
    )


def look(stage: Stage, who: str = "mika") -> list[Line]:
    return services.look_over(actor=stage.member(who), people=LIST, terms=terms(stage, who))


def invite(stage: Stage, people: str = LIST, who: str = "mika") -> list[Line]:
    lines = services.issue_several(actor=stage.member(who), people=people, terms=terms(stage, who))
    stage.commit()
    return lines


def asked() -> list[str]:
    session().expire_all()
    return list(session().scalars(sa.select(Invitation.email).order_by(Invitation.id)))


def whys(lines: list[Line]) -> dict[str, str]:
    return {
        line.address or line.typed: line.refusal.sentence if line.refusal else "" for line in lines
    }


def test_looking_a_list_over_says_what_would_become_of_each_and_invites_nobody(
    stage: Stage,
) -> None:
    why = whys(look(stage))
    stage.commit()
    assert [who for who, reason in why.items() if not reason] == [
        "nadia@example.org", "olu@example.org", "per@example.org",
    ]  # fmt: skip
    assert "in %(space)s already" in why[cast.address_of("amara")]
    assert "no e-mail address" in why["no address here"]
    assert "NADIA@example.org" not in why, "who stands there twice is one person"
    assert why["not@an@address"]
    assert asked() == []
    assert stage.work() == []


def test_whoever_can_be_invited_is_and_whoever_cannot_stops_nobody_else(stage: Stage) -> None:
    lines = invite(stage)
    assert asked() == ["nadia@example.org", "olu@example.org", "per@example.org"]
    assert {letter.to for letter in stage.work()} == set(asked())
    assert len([line for line in lines if line.refusal]) == 3
    issued = sa.select(sa.func.count()).where(AuditEntry.action == "invitation.issued")
    assert session().scalar(issued) == 3


def test_a_line_without_end_is_read_as_fast_as_any(stage: Stage) -> None:
    begun = time.process_time()
    lines = services.look_over(
        actor=stage.member("mika"), people="a" * 60_000, terms=terms(stage, "mika")
    )
    assert time.process_time() - begun < 2  # what is quadratic takes twenty seconds
    assert [bool(line.refusal) for line in lines] == [True]


def test_a_note_that_could_not_be_a_post_invites_nobody(stage: Stage) -> None:
    praise = "Ortelvane is the safest and most effective medicine there is. Come and see."
    for who in ("cora", "ada"):
        with pytest.raises(Invalid, match="as they read a post"):
            services.terms_for(
                actor=stage.member(who), places=[("cardiology", Role.MEMBER)], note=praise
            )


def test_a_list_sent_twice_invites_nobody_twice(stage: Stage) -> None:
    for _ in range(2):
        invite(stage)
    assert len(asked()) == 3


@pytest.mark.parametrize("people", ["", " \n ", crowd(services.MOST_AT_ONCE + 1)])
def test_an_empty_list_and_one_too_long_are_refused_whole(stage: Stage, people: str) -> None:
    with pytest.raises(Invalid) as refused:
        invite(stage, people)
    assert refused.value.field == "people"


def test_beyond_a_days_measure_the_rest_is_left_and_named(stage: Stage) -> None:
    lines = invite(stage, crowd(70))
    left = [line.address for line in lines if line.refusal]
    assert (len(asked()), len(left)) == (60, 10)
    assert set(asked()).isdisjoint(left)


def test_who_may_not_invite_there_finds_no_such_page(visit: Visit, stage: Stage) -> None:
    with pytest.raises(NotFound):
        invite(stage, who="ines")
    for who in ("amara", "rosa", "ines", "safi"):
        answers = (visit(who).get(PATH), visit(who).post(PATH, {**FORM, "step": "send"}))
        assert {answer.status_code for answer in answers} <= {403, 404}
    assert asked() == []


def test_the_whole_way_without_script(stage: Stage, visit: Visit) -> None:
    mika = visit("mika")
    assert "Invite several at once" in mika.get("/spaces/cardiology/invitations").text
    assert "Look it over" in mika.get(PATH).text

    looked = mika.post(PATH, {**FORM, "step": "look"}).text
    assert "3 people can be invited" in looked
    assert "Invite 3 people" in looked
    assert asked() == []
    changed = mika.post(PATH, {**FORM, "step": "change"}).text
    assert "Dr Nadia Benhaddou &lt;nadia@example.org&gt;" in changed

    sent = mika.post(PATH, {**FORM, "step": "send"}).text
    assert "3 people are invited" in sent
    assert "3 lines are left below" in sent
    left = re.search(r"<textarea[^>]*name=\"people\"[^>]*>(.*?)</textarea>", sent, re.DOTALL)
    assert left is not None
    assert "olu@" not in left[1]
    assert "no address here" in left[1]
    last = mika.post(PATH, {**FORM, "people": "ola@example.org", "step": "send"})
    assert last.location == "/spaces/cardiology/invitations"
    assert len(asked()) == 4


def test_a_list_of_staff_is_sent_only_shortly_after_showing_who_one_is(
    stage: Stage, visit: Visit
) -> None:
    ada = visit("ada")
    staff = {**FORM, "affiliation": "company", "role": "msl", "people": "liz@example.org"}
    with clock.moved(timedelta(minutes=11)):
        assert ada.post(PATH, {**staff, "step": "look"}).status_code == 200
        assert asks_who_one_is(ada.post(PATH, {**staff, "step": "send"}))
    assert asked() == []


def test_the_list_of_invitations_goes_on_on_further_pages(stage: Stage, visit: Visit) -> None:
    invite(stage, crowd(queries.PAGE + 3))
    viewer = stage.member("mika")
    opened = spaces.get_space(viewer=viewer, slug="cardiology")
    first = queries.invitations(viewer=viewer, opened=opened)
    rest = queries.invitations(viewer=viewer, opened=opened, before=first.next_before)
    found = [row.invitation.email for page in (first, rest) for row in page.listed]
    assert found == asked()[::-1]
    assert (len(first.listed), rest.next_before) == (queries.PAGE, 0)
    assert "Earlier invitations" in visit("mika").get("/spaces/cardiology/invitations").text
