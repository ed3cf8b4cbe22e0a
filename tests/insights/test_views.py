"""The pages of what came afterwards: no text before a press, and each to whom it is due."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.insights.models import RuleProposal, SecondReading
from community.kernel.db import db
from community.reviews.models import Review
from tests.insights.drawn import draw, draw_reply
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]
TEXT = "The label says to wait for two weeks."
KEPT = {"opinion": "improvable", "note": "Begin with the answer."}


@pytest.fixture
def reading(stage: Stage) -> int:
    """A reply of Rosa's that was drawn."""
    return draw_reply(stage, TEXT).id


def looks() -> int:
    db.session.rollback()
    entries = sa.select(AuditEntry).where(AuditEntry.action == "second_reading.read")
    return len(db.session.scalars(entries).all())


def found(reading: int) -> SecondReading:
    db.session.rollback()
    return db.session.get_one(SecondReading, reading, populate_existing=True)


def send(visitor: Visitor, reading: int, **said: str) -> int:
    """Open a reading and say what one thinks, as the page would."""
    visitor.post(f"/insights/readings/{reading}")
    version = str(found(reading).version)
    sent = {**KEPT, "version": version, **said}
    return visitor.post(f"/insights/readings/{reading}/judging", sent).status_code


def test_list_and_cover_show_no_text_and_keep_nothing(visit: Visit, reading: int) -> None:
    olga = visit("olga")
    for path in ("/insights/readings", f"/insights/readings/{reading}"):
        page = olga.get(path).text
        assert "Dr Rosa Bianchi" in page
        assert TEXT not in page
    assert looks() == 0


def test_the_text_takes_a_press_and_comes_with_its_question(visit: Visit, reading: int) -> None:
    page = visit("olga").post(f"/insights/readings/{reading}")
    assert page.status_code == 200
    assert TEXT in page.text
    assert "What do you take away first?" in page.text
    assert looks() == 1


def test_a_colleague_reads_who_has_it(visit: Visit, reading: int) -> None:
    visit("olga").post(f"/insights/readings/{reading}")
    paul = visit("paul")
    assert "Taken by Dr Olga Petrov" in paul.get("/insights/readings").text
    assert "Dr Olga Petrov is reading this one." in paul.get(f"/insights/readings/{reading}").text
    assert paul.post(f"/insights/readings/{reading}").status_code == 403
    assert visit("olga").post(f"/insights/readings/{reading}/back").status_code == 303
    assert paul.post(f"/insights/readings/{reading}").status_code == 200


def test_an_opinion_is_kept_and_its_author_reads_it(visit: Visit, reading: int) -> None:
    assert send(visit("olga"), reading) == 303
    rosa = visit("rosa")
    assert "/insights/notes" in rosa.get("/").text
    page = rosa.get("/insights/notes").text
    assert "Begin with the answer." in page
    assert "Could be better" in page
    assert "Dr Olga Petrov" in page
    assert "I have read it" in page
    assert rosa.post(f"/insights/notes/{reading}/noticed").status_code == 303
    assert "I have read it" not in rosa.get("/insights/notes").text
    assert "Begin with the answer." not in visit("cora").get("/insights/notes").text


@pytest.mark.parametrize(
    "said",
    [{"opinion": ""}, {"opinion": "splendid"}, {"note": ""}, {"note": "n" * 2001}, {"version": ""}],
)
def test_what_is_not_complete_stands_again_as_it_was_filled_in(
    visit: Visit, reading: int, said: dict[str, str]
) -> None:
    assert send(visit("olga"), reading, **said) == 422
    assert not found(reading).is_read


def test_an_old_page_judges_nothing(visit: Visit, reading: int) -> None:
    olga = visit("olga")
    olga.post(f"/insights/readings/{reading}")
    sent = {**KEPT, "version": "1"}
    assert olga.post(f"/insights/readings/{reading}/judging", sent).status_code == 409


def test_a_case_is_opened_only_for_what_is_outside(visit: Visit, reading: int) -> None:
    assert send(visit("olga"), reading, case_for="compliance") == 303
    assert db.session.scalars(sa.select(Review)).all() == []


def test_what_is_outside_comes_to_the_desk_with_the_note(visit: Visit, reading: int) -> None:
    assert send(visit("olga"), reading, opinion="outside", case_for="compliance") == 303
    case = db.session.scalars(sa.select(Review)).one()
    page = visit("paul").post(f"/reviews/{case.id}").text
    assert "A second reader finds this post outside the rules." in page
    assert "Begin with the answer." in page


def test_a_proposal_reaches_those_who_write_the_rules(visit: Visit, reading: int) -> None:
    send(visit("olga"), reading, proposal="Know 'as a rule'.", proposal_rule="claims.absolute")
    made = db.session.scalars(sa.select(RuleProposal)).one()
    for who in ("paul", "mika"):
        assert "claims.absolute" in visit(who).get("/insights/proposals").text
    assert "Answer it" not in visit("mika").get("/insights/proposals").text
    address = f"/insights/proposals/{made.id}"
    assert visit("mika").post(address, {"answer": "In draft 4."}).status_code == 403
    assert visit("paul").post(address, {"answer": ""}).status_code == 422
    assert visit("paul").post(address, {"answer": "In draft 4."}).status_code == 303
    assert "In draft 4." in visit("olga").get("/insights/proposals").text


def test_rates_are_changed_space_by_space(stage: Stage, visit: Visit) -> None:
    ada, sent = visit("ada"), {"space": "cardiology", "percent": "40", "version": "0"}
    assert ada.post("/insights/rates", sent).status_code == 303
    assert 'value="40"' in ada.get("/insights/rates").text
    assert ada.post("/insights/rates", sent).status_code == 409
    for wrong in ({"percent": "101"}, {"percent": "many"}, {"percent": ""}):
        assert ada.post("/insights/rates", {**sent, **wrong}).status_code == 422
    assert ada.post("/insights/rates", {**sent, "space": "nowhere"}).status_code == 404


def test_figures_are_shown_with_their_definitions_and_small_numbers_plainly(
    visit: Visit, reading: int
) -> None:
    page = visit("olga").get("/insights/?days=30").text
    assert "1 of 1" in page
    assert "Calendar time, nights and weekends included" in page
    assert "%)" not in page
    assert "How this is counted" in visit("paul").get("/insights/rules").text


def test_the_same_figures_come_as_a_file(visit: Visit, reading: int) -> None:
    answer = visit("olga").get("/insights/replies.csv?days=30&space=cardiology")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert (rows[-1]["space"], rows[-1]["replies"], rows[-1]["at_once"]) == ("Cardiology", "1", "1")
    rules = list(csv.DictReader(io.StringIO(visit("paul").get("/insights/rules.csv").text)))
    assert len(rules) > 50
    assert {row["fired"] for row in rules} >= {"0"}


@pytest.mark.parametrize(
    "path",
    ["/insights/?days=31", "/insights/?days=x", "/insights/?space=nowhere", "/insights/rules?set=x",
     "/insights/rules?set=999", "/insights/rules.csv?days=1"],
)  # fmt: skip
def test_what_there_is_not_is_not_found(visit: Visit, path: str) -> None:
    assert visit("olga").get(path).status_code == 404


def test_the_ways_lead_only_where_one_may_go(stage: Stage, visit: Visit) -> None:
    draw(stage)
    ada = visit("ada").get("/insights/rates").text
    assert "/insights/rules" not in ada
    olga = visit("olga").get("/insights/").text
    assert "/insights/readings" in olga
    assert "/insights/rates" not in olga
    assert "/insights/" not in visit("amara").get("/").text
