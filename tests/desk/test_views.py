"""The desk's pages: a list, a cover that shows no text, the case behind a press, a decision."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from community.audit.models import AuditEntry
from community.kernel import clock
from community.kernel.db import db
from community.reviews import queries as reviews
from community.reviews.models import DecisionKind, Review, ReviewKind, Settled
from community.threads.models import Thread
from community.threads.services import Published
from tests.stage import Stage, Visitor
from tests.threads.said import BLOCKED, ROUTED, STAFF_HELD

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def case(stage: Stage) -> int:
    """A held text of Rosa's, for the medical desk."""
    thread = stage.start("amara", "The first post.")
    stage.reply("bruno", thread, "The second post.")
    stage.reply("rosa", thread, STAFF_HELD)
    return db.session.scalars(sa.select(Review.id)).one()


def reads() -> int:
    db.session.rollback()
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "review.read"))
    return len(entries.all())


def test_the_list_and_the_cover_show_no_text_and_keep_nothing(visit: Visit, case: int) -> None:
    olga = visit("olga")
    assert f"/reviews/{case}" in olga.get("/reviews/").text
    for page in (olga.get("/reviews/").text, olga.get(f"/reviews/{case}").text):
        assert STAFF_HELD not in page
        assert "Dr Rosa Bianchi" in page
    assert reads() == 0


def test_opening_a_case_shows_its_text_with_posts_around_and_is_proven(
    visit: Visit, case: int
) -> None:
    page = visit("olga").post(f"/reviews/{case}")
    assert page.status_code == 200
    for words in (STAFF_HELD, "The first post.", "The second post."):
        assert words in page.text
    assert reads() == 1


def test_a_case_is_called_by_what_was_found_and_not_by_the_rule(stage: Stage, visit: Visit) -> None:
    stage.reply("amara", stage.start("amara"), "Shut up and read the paper.")
    case = db.session.scalars(sa.select(Review.id)).one()
    mika = visit("mika")
    pages = [mika.get("/reviews/").text, mika.get(f"/reviews/{case}").text]
    opened = mika.post(f"/reviews/{case}").text
    for page in (*pages, opened):
        assert "A possible insult or threat" in page
    for page in pages:
        assert "No insults or threats." not in page


def test_a_case_names_each_rule_once_with_all_the_words_it_hits(stage: Stage, visit: Visit) -> None:
    twice = f"{STAFF_HELD} And once more: {STAFF_HELD}"
    stage.reply("rosa", stage.start("amara"), twice)
    held = db.session.scalars(sa.select(Review).where(Review.kind == ReviewKind.HOLD)).one()
    rules = [finding["rule"] for finding in held.findings]
    assert len(rules) > len(set(rules))

    page = visit("olga").post(f"/reviews/{held.id}").text

    assert page.count('<li class="finding-note') == len(set(rules))
    assert "2 times" in page


def test_words_of_a_title_are_shown_as_such_and_not_as_words_of_the_text(
    stage: Stage, visit: Visit
) -> None:
    result = stage.try_start("rosa", "Thank you, I will look that up.", title=STAFF_HELD)
    assert isinstance(result, Published)
    held = db.session.scalars(sa.select(Review).where(Review.kind == ReviewKind.HOLD)).one()

    page = visit("olga").post(f"/reviews/{held.id}").text

    quoted = re.findall(r"<blockquote>(.*?)</blockquote>|<q>(.*?)</q>", page)
    assert "<h3>In the title: " in page
    assert quoted
    assert all(one in STAFF_HELD for pair in quoted for one in pair)


def test_what_came_later_does_not_stand_before_a_held_text(
    stage: Stage, visit: Visit, case: int
) -> None:
    with clock.moved(timedelta(minutes=5)):
        stage.reply("bruno", db.session.get_one(Thread, 1), "A later post.")

    page = visit("olga").post(f"/reviews/{case}").text

    assert "The second post." in page
    assert "A later post." not in page


def test_a_deadline_says_what_is_to_be_done_and_by_when(visit: Visit, case: int) -> None:
    page = visit("olga").post(f"/reviews/{case}").text
    assert re.search(r"<dt>Read the held text</dt><dd>by\s+<time", page)
    visit("olga").post(f"/reviews/{case}/decision", {"version": "1", "decision": "release"})
    page = visit("olga").post(f"/reviews/{case}").text
    assert re.search(r"<dt>Read the held text</dt><dd>done\s+<time", page)


def test_a_routed_case_is_ticked_off_step_by_step_and_closed_with_a_word_on_each_that_is_left(
    stage: Stage, visit: Visit
) -> None:
    stage.reply("amara", stage.start("amara"), ROUTED)
    case = db.session.scalars(sa.select(Review)).one()
    step = next(each for each in case.deadlines if each.step == "hand-over")
    safi = visit("safi")
    opened = safi.post(f"/reviews/{case.id}").text
    assert re.search(r"Open the case in Safety</p>\s*<p class=\"quiet\">done\s+<time", opened)
    assert "3 steps are not ticked off" in opened
    assert "The author was told: This stops nothing." in opened
    assert "Enter the case in the safety system and note its number here." in opened

    ticked = safi.post(f"/reviews/{case.id}/steps/{step.id}", {"settled": "done"})
    assert ticked.status_code == 200
    assert "2 steps are not ticked off" in ticked.text
    assert "Dr Safi Rahman" in ticked.text
    assert "3 steps" in safi.post(f"/reviews/{case.id}/steps/{step.id}", {"settled": ""}).text
    assert safi.post(f"/reviews/{case.id}/steps/{step.id}", {"settled": "x"}).status_code == 422

    assert "Opened" in safi.get(f"/reviews/{case.id}").text
    said = {"version": "1", "decision": "close", "reason": "Entered as AE-17."}
    refused = safi.post(f"/reviews/{case.id}/decision", said)
    assert refused.status_code == 422
    assert "Say of each step whether it was done" in refused.text
    assert "Entered as AE-17." in refused.text

    first, *others = (f"step-{each.id}" for each in case.unsettled)
    refused = safi.post(f"/reviews/{case.id}/decision", {**said, first: "waived"})
    assert refused.status_code == 422
    assert re.findall(r'name="(step-\d+)" value="waived" checked', refused.text) == [first]
    words = {first: "waived"} | dict.fromkeys(others, "done")
    assert safi.post(f"/reviews/{case.id}/decision", {**said, **words}).status_code == 303


def test_a_case_with_nothing_left_to_do_waits_to_be_closed_below_the_others(
    stage: Stage, visit: Visit
) -> None:
    thread = stage.start("amara")
    for number in (1, 2):
        stage.reply("amara", thread, f"{ROUTED} It was number {number}.")
    first, second = db.session.scalars(sa.select(Review).order_by(Review.id))
    safi = visit("safi")
    safi.post(f"/reviews/{first.id}")
    for step in first.unsettled:
        safi.post(f"/reviews/{first.id}/steps/{step.id}", {"settled": "done"})
    page = safi.get("/reviews/").text
    assert page.index(f"/reviews/{second.id}") < page.index(f"/reviews/{first.id}")
    assert "Ready to close" in page
    assert "Decided</b>" not in page


def test_a_closed_case_is_opened_again_with_a_reason(stage: Stage, visit: Visit) -> None:
    db.session.add(decided(stage, 1))
    stage.commit()
    case = db.session.scalars(sa.select(Review)).one()
    safi, path = visit("safi"), f"/reviews/{case.id}/again"
    assert "Closed too early?" in safi.post(f"/reviews/{case.id}").text
    refused = safi.post(path, {"version": "1", "reason": " "})
    assert refused.status_code == 422
    assert "Write a line why." in refused.text
    assert safi.post(path, {"version": "7", "reason": "Too early."}).status_code == 409
    assert safi.post(path, {"version": "1", "reason": "Too early."}).status_code == 303
    assert f"/reviews/{case.id}" in safi.get("/reviews/").text
    assert safi.post(path, {"version": "2", "reason": "Again."}).status_code == 403


def decided(stage: Stage, number: int) -> Review:
    """A case of Safety's that was decided so many hours ago; some at the same moment."""
    at = clock.now() - timedelta(hours=number // 2)
    return Review(
        kind=ReviewKind.ROUTED, desk="safety", owner="safety", reason_code="safety.adverse-event",
        reason="", findings=[], subject_kind="post", subject_id=number, space_id=stage.space().id,
        author_id=stage.member("amara").id, text="It made her dizzy.", client_key=f"case-{number}",
        opened_at=at, clock_from=at, closed_at=at, decision=DecisionKind.CLOSE,
    )  # fmt: skip


def test_decided_cases_go_on_on_further_pages_and_are_found_by_their_number(
    stage: Stage, visit: Visit
) -> None:
    db.session.add_all(decided(stage, number) for number in range(reviews.CLOSED_A_PAGE + 5))
    stage.commit()
    safi, seen, path = visit("safi"), list[str](), "/reviews/?show=closed"
    while path:
        page = safi.get(path).text
        seen += re.findall(r'<h3><a href="/reviews/(\d+)"', page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(further[1]) if further else ""
    assert len(seen) == len(set(seen)) == reviews.CLOSED_A_PAGE + 5
    assert safi.get(f"/reviews/?case={seen[-1]}").location == f"/reviews/{seen[-1]}"
    assert safi.get(f"/reviews/{seen[-1]}").status_code == 200
    assert visit("olga").get(f"/reviews/?show=closed&before={seen[-1]}").status_code == 404


def test_who_moderates_does_not_read_a_patients_name_in_a_stopped_text(
    stage: Stage, visit: Visit
) -> None:
    text = "Mrs Hargreaves is worse. I need advice right now, pressure 70 and falling."
    stage.try_reply("amara", stage.start("amara"), text)
    cases = {each.desk: each for each in db.session.scalars(sa.select(Review))}
    assert {"privacy", "moderators"} <= set(cases)

    moderators = visit("mika").post(f"/reviews/{cases['moderators'].id}").text
    privacy = visit("paul").post(f"/reviews/{cases['privacy'].id}").text

    assert "Hargreaves" not in moderators
    assert "pressure 70 and falling" in moderators
    assert "the text is covered here" in moderators
    assert "Mrs Hargreaves is worse" in privacy
    assert "the text is covered here" not in privacy


def test_a_desk_gives_no_right_to_the_space(visit: Visit, case: int) -> None:
    olga = visit("olga")
    assert olga.get("/spaces/cardiology").status_code == 404
    assert olga.get("/threads/1").status_code == 404


def test_a_decision_without_a_reason_stands_again_with_what_was_chosen(
    visit: Visit, case: int
) -> None:
    olga = visit("olga")
    answer = olga.post(f"/reviews/{case}/decision", {"version": "1", "decision": "return"})
    assert answer.status_code == 422
    assert "reads it" in answer.text


def test_a_returned_text_is_read_with_its_reason_by_its_author(visit: Visit, case: int) -> None:
    sent = {"version": "1", "decision": "return", "reason": "Name the source."}
    assert visit("olga").post(f"/reviews/{case}/decision", sent).status_code == 303
    page = visit("rosa").get("/threads/1").text
    assert "Name the source." in page
    assert "Name the source." not in visit("amara").get("/threads/1").text
    assert f"/reviews/{case}" in visit("olga").get("/reviews/?show=closed").text


def test_a_second_decision_is_told_that_somebody_was_quicker(visit: Visit, case: int) -> None:
    olga = visit("olga")
    sent = {"version": "1", "decision": "release", "reason": ""}
    olga.post(f"/reviews/{case}/decision", sent)
    answer = olga.post(f"/reviews/{case}/decision", sent)
    assert answer.status_code == 409
    assert "Somebody else" in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"version": "x", "decision": "release"}, {"version": "9" * 40, "decision": "release"},
        {"version": "1", "decision": "burn"}, {"version": "1", "decision": "close", "reason": "x"},
        {"version": "1", "decision": "return", "reason": "x" * 9_000}, {"decision": "release"},
    ],
)  # fmt: skip
def test_a_decision_that_makes_no_sense_changes_nothing(
    visit: Visit, case: int, sent: dict[str, str]
) -> None:
    assert visit("olga").post(f"/reviews/{case}/decision", sent).status_code in {409, 422}
    db.session.rollback()
    assert db.session.get_one(Review, case).is_open


@pytest.mark.parametrize("decision", ["return", "remove", "release"])
def test_an_author_hears_who_decided_on_a_held_text_by_which_rule_and_what_to_do(
    stage: Stage, visit: Visit, decision: str
) -> None:
    thread = stage.start("amara", title="Pressure of 95")
    post = stage.reply("rosa", thread, STAFF_HELD)
    waits = "Your text in “Pressure of 95” waits for a person."
    assert waits in visit("rosa").get("/").text
    assert "Your text waits for a person" in visit("rosa").get("/spaces/cardiology").text
    assert waits not in visit("mika").get("/").text
    case = db.session.scalars(sa.select(Review)).one()
    rule, sent = case.findings[0]["says"], {"version": "1", "reason": "Say it as data."}
    visit("olga").post(f"/reviews/{case.id}/decision", {**sent, "decision": decision})
    letters = [each for each in stage.work() if each.to == "rosa@example.org"]
    assert "Dr Olga Petrov" in letters[0].body
    assert f"/posts/{post.id}" in letters[0].body
    assert STAFF_HELD not in letters[0].body
    home, page = visit("rosa").get("/").text, visit("rosa").get(f"/threads/{thread.id}").text
    assert waits not in home
    if decision == "release":
        assert "came back" not in home
        return
    assert "Your text in “Pressure of 95” came back to you." in home
    for words in ("Dr Olga Petrov decided.", "Say it as data.", rule,
                  "you have 30 days to appeal"):  # fmt: skip
        assert words in page
    stage.reply("rosa", thread, "I start low.")
    assert "came back to you" not in visit("rosa").get("/").text


def test_moderators_know_what_waits_elsewhere_in_their_spaces_and_no_more(
    visit: Visit, case: int
) -> None:
    for who in ("mika", "cora"):
        page = visit(who).get("/reviews/").text
        assert "A text waits at Medical" in page
        assert "Cardiology" in page.split("A text waits at Medical")[1]
        assert "left" in page.split("A text waits at Medical")[1]
        for hidden in (STAFF_HELD, f"/reviews/{case}", "Dr Rosa Bianchi"):
            assert hidden not in page
        assert visit(who).get(f"/reviews/{case}").status_code == 404
    for who in ("olga", "rosa", "amara", "safi"):
        assert "A text waits at Medical" not in visit(who).get("/reviews/").text
    visit("olga").post(f"/reviews/{case}/decision", {"version": "1", "decision": "release"})
    assert "A text waits at Medical" not in visit("mika").get("/reviews/").text


def routed(stage: Stage) -> Review:
    """A side effect that Amara told, at Safety."""
    thread = stage.start("bruno", "How long do you wait?")
    stage.reply("amara", thread, ROUTED)
    return db.session.scalars(sa.select(Review).where(Review.desk == "safety")).one()


def test_safety_saves_a_case_with_all_that_its_own_system_asks_for(
    visit: Visit, stage: Stage
) -> None:
    case, safi = routed(stage), visit("safi")
    assert "Save the case as a file" in safi.post(f"/reviews/{case.id}").text

    answer = safi.post(f"/reviews/{case.id}/file")

    assert answer.headers["Content-Disposition"] == f"attachment; filename=case-{case.id}.txt"
    for words in (ROUTED, "Dr Amara Okafor", "amara@example.org", "How long do you wait?", "UTC",
                  "Cardiology", "Enter the case in the safety system: by "):  # fmt: skip
        assert words in answer.text
    assert "&#39;" not in answer.text
    taken = sa.select(AuditEntry.actor_id).where(AuditEntry.action == "review.taken")
    assert db.session.scalars(taken).all() == [stage.member("safi").id]


def test_a_case_is_saved_only_by_who_has_just_shown_who_they_are_and_owns_it(
    visit: Visit, stage: Stage, case: int
) -> None:
    own, safi = routed(stage), visit("safi")
    assert visit("olga").post(f"/reviews/{case}/file").status_code == 403, "a held text"
    assert visit("olga").post(f"/reviews/{own.id}/file").status_code == 404
    with clock.moved(timedelta(hours=1)):
        asked = safi.post(f"/reviews/{own.id}/file")
    assert asked.status_code == 403
    assert f"Save case {own.id} as a file." in asked.text
    assert ROUTED not in asked.text


def test_what_is_no_case_is_closed_by_one_press_and_a_reason(visit: Visit, stage: Stage) -> None:
    case, safi = routed(stage), visit("safi")
    path = f"/reviews/{case.id}/decision"
    sent = {"version": str(case.version), "decision": "close", "rest": "waived", "reason": ""}
    assert safi.post(path, sent).status_code == 422
    sent["reason"] = "A line of the leaflet, nobody was pregnant."
    assert safi.post(path, sent).status_code == 303
    db.session.rollback()
    assert not case.is_open
    assert {step.settled_as for step in case.steps if not step.is_look} == {Settled.WAIVED}
    assert ">No case</span>" in visit("safi").get("/reviews/?show=closed").text


def test_who_comes_back_to_the_address_of_a_deed_is_led_to_its_case(
    visit: Visit, stage: Stage
) -> None:
    case, safi = routed(stage), visit("safi")
    step = next(each for each in case.steps if not each.is_look)
    for path in (f"steps/{step.id}", "decision", "again"):
        answer = safi.get(f"/reviews/{case.id}/{path}")
        assert answer.headers["Location"] == f"/reviews/{case.id}"
        assert visit("amara").get(f"/reviews/{case.id}/{path}").status_code == 404


def test_the_author_of_a_stopped_text_was_told_something_else(visit: Visit, stage: Stage) -> None:
    stage.try_reply("amara", stage.start("bruno"), f"{BLOCKED} {ROUTED}")
    case = db.session.scalars(sa.select(Review).where(Review.desk == "safety")).one()
    assert ">Stopped</span>" in visit("safi").get("/reviews/").text
    page = visit("safi").post(f"/reviews/{case.id}").text
    assert "Their text was stopped" in page
    assert "nobody in the room reads it" in page
    assert "They have been told" not in page
