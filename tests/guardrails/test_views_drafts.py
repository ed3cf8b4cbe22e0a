"""The pages of drafts and of acknowledging, as a browser without script sees them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from community.guardrails import blocks, queries, services
from community.guardrails.models import SetDraft
from community.kernel import clock
from community.kernel.db import db
from tests.guardrails.drafting import begin, fresh, rewrite, short_set
from tests.guardrails.test_services import SIGNERS, sign
from tests.guardrails.test_services_drafts import OTHER, RULE
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def draft(stage: Stage) -> SetDraft:
    """A draft of cora's, from a short set that is in force."""
    short_set(stage)
    return begin(stage)


def fields(**more: str) -> dict[str, str]:
    """Return the form of the short set's rule as its page sends it."""
    return {
        "id": RULE, "kind": "disclosure", "says": "Do not change hats.",
        "why": "You always speak for the company.", "outcome": "hold", "desk": "compliance",
        "phrases": "wearing my (clinician|doctor) hat", "affiliation": "company",
        "hit": "Wearing my doctor hat, I would wait.", "miss": "It rained, so I took a hat.",
        **more,
    }  # fmt: skip


def mark(draft: SetDraft, rule_id: str = RULE) -> str:
    block = blocks.find_block(draft.source, rule_id)
    assert block is not None
    return services.mark_of(block.text)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{16})"', page)
    assert found is not None
    return found[1]


def test_a_draft_is_begun_named_and_shown_with_its_rules(stage: Stage, visit: Visit) -> None:
    short_set(stage)
    paul = visit("paul")
    version = queries.find_set_in_force()
    assert version is not None
    page = paul.get("/guardrails/drafts").text
    assert "short 2026-12" in page
    answer = paul.post(
        "/guardrails/drafts", {"purpose": "Fewer holds.", "based_on": str(version.id)}
    )
    assert answer.status_code == 303
    assert re.fullmatch(r"/guardrails/drafts/\d+/head", answer.location)
    start = answer.location.removesuffix("/head")
    with clock.moved(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        form = paul.get(f"{start}/head").text
    for proposed in ("2026-11", "2026-11-29"):  # the next that are free, not those of the copy
        assert f'value="{proposed}"' in form
    answer = paul.post(
        f"{start}/head",
        {"purpose": "Fewer holds.", "title": "New", "set_version": "2027-01",
         "effective": "2027-01-01", "seen": seen_in(form)},
    )  # fmt: skip
    assert answer.location == start
    page = paul.get(start).text
    for said in ("Fewer holds.", "Version 2027-01", "1 Jan 2027", "Do not change hats."):
        assert said in page


def test_of_two_who_name_a_draft_the_second_is_told(visit: Visit, draft: SetDraft) -> None:
    path = f"/guardrails/drafts/{draft.id}/head"
    cora, paul = visit("cora"), visit("paul")
    seen = seen_in(cora.get(path).text)
    sent = {"purpose": "Mine.", "title": "A set", "set_version": "2027-02",
            "effective": "2027-02-01", "seen": seen}  # fmt: skip
    assert paul.post(path, {**sent, "purpose": "Theirs, and sooner."}).status_code == 303

    answer = cora.post(path, sent)

    assert answer.status_code == 409
    assert "Somebody has changed this meanwhile" in answer.text
    assert "Mine." in answer.text
    assert "Theirs, and sooner." in answer.text
    assert fresh(draft).purpose == "Theirs, and sooner."
    assert cora.post(path, {**sent, "seen": seen_in(answer.text)}).status_code == 303
    assert fresh(draft).purpose == "Mine."


def test_a_rule_is_changed_in_fields_and_only_its_line_differs(
    stage: Stage, visit: Visit, draft: SetDraft
) -> None:
    before = draft.source
    path = f"/guardrails/drafts/{draft.id}/rules/{RULE}"
    answer = visit("cora").post(path, fields(says="Keep one hat.", seen=mark(draft)))
    assert (answer.status_code, answer.location) == (303, path)
    assert fresh(draft).source == before.replace("Do not change hats.", "Keep one hat.")
    assert "Against the set in force" in visit("cora").get(path).text


def test_what_was_typed_stays_when_somebody_was_quicker(
    stage: Stage, visit: Visit, draft: SetDraft
) -> None:
    seen = mark(draft)
    rewrite(stage, draft, "Do not change hats.", "Theirs.", who="paul")
    path = f"/guardrails/drafts/{draft.id}/rules/{RULE}"
    answer = visit("cora").post(path, fields(says="Mine.", seen=seen))
    assert answer.status_code == 409
    assert ">Mine.</textarea>" in answer.text.replace("\r", "").replace("\n", "")
    assert "Theirs." in answer.text
    assert "Somebody has changed this meanwhile" in answer.text
    again = re.search(r'name="seen"[^>]*value="([0-9a-f]{16})"', answer.text)
    assert again is not None
    assert visit("cora").post(path, fields(says="Mine.", seen=again[1])).status_code == 303
    assert 'says = "Mine."' in fresh(draft).source


def test_a_rule_that_can_not_be_read_is_shown_again_with_why(visit: Visit, draft: SetDraft) -> None:
    path = f"/guardrails/drafts/{draft.id}/rules/{RULE}"
    answer = visit("cora").post(path, {"text": "[[rule]\nid = 1", "seen": mark(draft)})
    assert answer.status_code == 422
    assert "be read" in answer.text
    assert "[[rule]\nid = 1" in answer.text.replace("\r", "")


def test_a_faulty_rule_is_kept_and_its_fault_stands_at_the_top(
    visit: Visit, draft: SetDraft
) -> None:
    path = f"/guardrails/drafts/{draft.id}"
    visit("cora").post(f"{path}/rules/{RULE}", fields(phrases="my {nowhere}", seen=mark(draft)))
    page = visit("cora").get(path).text
    assert "1 fault to mend before signing" in page
    assert "rule disclosure.hat: there is no list {nowhere}" in page.replace("&#39;", "'")
    assert visit("cora").post(f"{path}/offer").status_code == 422


def test_an_example_that_fails_is_told_in_words_and_not_as_done(
    visit: Visit, draft: SetDraft
) -> None:
    path, cora = f"/guardrails/drafts/{draft.id}/rules/{RULE}", visit("cora")
    cora.post(path, fields(hit="As your umbrella", seen=mark(draft)))
    page = cora.get(path).text
    assert "this example should be found, and is not: <q>As your umbrella</q>" in page
    assert "should hit" not in page
    flashed = page[page.index('class="flashes"') :]
    assert 'class="notice notice--hold"' in flashed[:200]


@pytest.mark.parametrize("part", ["compare", "file", "try", "comments", "replay"])
def test_each_part_of_a_draft_says_which_draft_it_is(
    visit: Visit, draft: SetDraft, part: str
) -> None:
    address = f"/guardrails/drafts/{draft.id}"
    page = visit("cora").get(f"{address}/{part}").text
    assert f'</a> · <a href="{address}">' in page


def test_an_author_finds_a_rule_by_words_its_id_and_what_follows(
    visit: Visit, draft: SetDraft
) -> None:
    path, cora = f"/guardrails/drafts/{draft.id}", visit("cora")
    cora.post(f"{path}/new-rule", {"text": OTHER})

    def found(asked: str) -> list[str]:
        page = cora.get(f"{path}?{asked}").text
        return [rule for rule in (RULE, "other.umbrella") if f"<code>{rule}</code>" in page]

    assert found("q=") == [RULE, "other.umbrella"]
    assert found("q=Umbrella") == ["other.umbrella"]
    assert found(f"q={RULE}") == [RULE]
    assert found("q=umbrella+hat") == []
    assert found("q=outcome") == []
    assert found("outcome=block") == []
    assert found("outcome=nothing") == [RULE, "other.umbrella"]
    assert "1 of 2 rules" in cora.get(f"{path}?q=umbrella").text
    assert "No rule of this draft is like that" in cora.get(f"{path}?q=%3Cb%3E").text


def test_a_rule_is_added_and_taken_out(visit: Visit, draft: SetDraft) -> None:
    path, cora = f"/guardrails/drafts/{draft.id}", visit("cora")
    answer = cora.post(f"{path}/new-rule", {"text": OTHER})
    assert answer.location == f"{path}/rules/other.umbrella"
    assert cora.post(f"{path}/new-rule", {"text": OTHER}).status_code == 422
    added = mark(fresh(draft), "other.umbrella")
    assert cora.post(f"{path}/rules/other.umbrella/remove", {"seen": "x"}).status_code == 409
    answer = cora.post(f"{path}/rules/other.umbrella/remove", {"seen": added})
    assert answer.location == path
    assert "umbrella" not in fresh(draft).source


def test_a_rule_is_added_in_fields(visit: Visit, draft: SetDraft) -> None:
    path = f"/guardrails/drafts/{draft.id}"
    sent = fields(id="other.coat", kind="other", says="No coats.", desk="", outcome="advise",
                  phrases="my coat", hit="Take my coat.", miss="Take a cab.")  # fmt: skip
    answer = visit("cora").post(f"{path}/new-rule", sent)
    assert answer.location == f"{path}/rules/other.coat"
    loaded = queries.load(fresh(draft).source, draft.products)
    assert loaded.is_sound
    assert loaded.rules is not None
    assert loaded.rules.rule("other.coat").outcome == "advise"


def test_a_file_is_taken_home_and_brought_back(visit: Visit, draft: SetDraft) -> None:
    path, cora = f"/guardrails/drafts/{draft.id}", visit("cora")
    taken = cora.get(f"{path}/download")
    assert "attachment" in taken.headers["Content-Disposition"]
    changed = taken.data.replace(b"Do not change hats.", b"Keep one hat.")
    upload = (io.BytesIO(changed), "mine.toml")
    answer = cora.post(f"{path}/file", {"seen": services.mark_of(draft.source), "upload": upload})
    assert answer.status_code == 303
    assert fresh(draft).source == changed.decode()


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b"\xff\xfe\x00", "not text in UTF-8")]
)
def test_a_file_that_is_none_changes_nothing(
    visit: Visit, draft: SetDraft, content: bytes, said: str
) -> None:
    before = draft.source
    upload = (io.BytesIO(content), "mine.toml")
    answer = visit("cora").post(
        f"/guardrails/drafts/{draft.id}/file",
        {"seen": services.mark_of(before), "upload": upload},
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert fresh(draft).source == before


def test_a_text_is_tried_out_beside_the_set_in_force(
    stage: Stage, visit: Visit, draft: SetDraft
) -> None:
    rewrite(stage, draft, "(clinician|doctor) hat", "(clinician|doctor|private) hat")
    path = f"/guardrails/drafts/{draft.id}/try"
    answer = visit("mika").post(path, {"text": "Wearing my private hat.", "author": "msl"})
    assert answer.status_code == 200
    mine, theirs = answer.text.split('id="tried-2"')
    assert 'Wearing my private hat<sup><a href="#note-1-1">1</a></sup></mark>' in mine
    assert 'id="note-1-1"' in mine
    assert "No rule speaks against it." in theirs
    said = visit("mika").post(path, {"text": "Wearing my private hat.", "author": "hcp"}).text
    assert said.count("No rule speaks against it.") == 2


def test_a_rule_that_hits_twice_is_tried_out_as_one_finding(visit: Visit, draft: SetDraft) -> None:
    twice = "Wearing my doctor hat, I would wait. Wearing my doctor hat, I would not."
    path = f"/guardrails/drafts/{draft.id}/try"
    page = visit("mika").post(path, {"text": twice, "author": "msl"}).text
    mine, _ = page.split('id="tried-2"')
    assert mine.count('href="#note-1-1">1</a></sup>') == 2
    assert mine.count('<li class="finding-note') == 1
    assert "2 times" in mine


def test_a_remark_is_made_on_a_rule_and_settled(visit: Visit, draft: SetDraft) -> None:
    path = f"/guardrails/drafts/{draft.id}"
    answer = visit("mika").post(f"{path}/comments", {"text": "Too strict?", "rule_id": RULE})
    assert answer.location == f"{path}/rules/{RULE}#comments"
    page = visit("cora").get(f"{path}/comments").text
    assert "Too strict?" in page
    assert "Dr Mika Lindqvist" in page
    (comment,) = queries.comments(draft=draft)
    settle = f"{path}/comments/{comment.id}/settle"
    assert visit("safi").post(settle).status_code == 403
    assert visit("cora").post(settle).status_code == 303
    assert "Settled" in visit("mika").get(f"{path}/comments").text


def test_what_a_draft_changes_is_read_by_all_co_authors(
    stage: Stage, visit: Visit, draft: SetDraft
) -> None:
    rewrite(stage, draft, "Do not change hats.", "Do not change your hat.")
    for who in ("mika", "safi", "paul"):
        page = visit(who).get(f"/guardrails/drafts/{draft.id}/compare").text
        assert "<ins>" in page
        assert "Only its words changed." in page
        assert re.search(r">\s*1 rule is changed(, \d+ (is|are) as (it was|they were))?\.<", page)


def test_a_draft_is_offered_signed_acknowledged_and_held_to(
    stage: Stage, visit: Visit, draft: SetDraft
) -> None:
    services.change_head(
        seen=services.head_mark_of(draft),
        actor=stage.member("cora"), draft=draft, purpose="Umbrellas.", title="A set",
        version="2027-01", effective=clock.now().date(),
    )  # fmt: skip
    services.add_rule(actor=stage.member("cora"), draft=draft, text=OTHER)
    thread = stage.start("amara")
    answer = visit("cora").post(f"/guardrails/drafts/{draft.id}/offer")
    assert answer.status_code == 303, answer.text
    found = db.session.get_one(SetDraft, draft.id, populate_existing=True)
    assert answer.location == f"/guardrails/{found.set_version_id}"
    page = visit("olga").get(f"/guardrails/{found.set_version_id}/changes").text
    assert "Umbrellas." in page
    assert "No umbrellas." in page
    waiting = queries.get_set_version(version_id=found.set_version_id or 0)
    sign(stage, waiting, *SIGNERS)

    rosa = visit("rosa")
    path = f"/guardrails/{waiting.id}/acknowledge"
    assert path in rosa.get("/").text
    refused = rosa.send(
        f"/threads/{thread.id}/posts",
        {"text": "The label names 25 mg.", "client_key": "6d0c8c1e-38f1-4d3f-8e7d-3f5d3a2a6c11"},
    )
    assert refused.status_code == 403
    assert refused.get_json()["error"] == "not_acknowledged"
    assert refused.get_json()["next"] == path
    kept = rosa.get(f"/drafts?place=thread:{thread.id}").get_json()
    assert kept["text"] == "The label names 25 mg."

    wrong = rosa.post(path, {"read": "y", "next": f"/threads/{thread.id}"})
    assert wrong.status_code == 422
    assert "3 answers are not right yet." in wrong.text
    due = queries.get_due(viewer=stage.member("rosa"), version_id=waiting.id)
    right = {f"answer-{n}": str(each.answer) for n, each in enumerate(due.scenarios)}
    unread = rosa.post(path, right)
    assert unread.status_code == 422
    assert "Tick the box first" in unread.text
    answer = rosa.post(path, {**right, "read": "y", "next": f"/threads/{thread.id}"})
    assert (answer.status_code, answer.location) == (303, f"/threads/{thread.id}")
    assert path not in rosa.get("/").text
    sent = rosa.send(
        f"/threads/{thread.id}/posts",
        {"text": "The label names 25 mg.", "client_key": "6d0c8c1e-38f1-4d3f-8e7d-3f5d3a2a6c11"},
    )
    assert sent.status_code == 201


def test_without_script_the_words_stay_in_the_form(stage: Stage, visit: Visit) -> None:
    thread = stage.start("amara")
    version = short_set(stage)
    new = begin(stage)
    rewrite(stage, new, '"2026-12"', '"2027-09"')
    rewrite(stage, new, "effective = 2026-11-20", f"effective = {clock.now().date()}")
    kept = services.offer_draft(actor=stage.member("cora"), draft=new)
    stage.commit()
    sign(stage, kept)
    assert queries.find_set_in_force() is not version
    answer = visit("rosa").post(
        f"/threads/{thread.id}/posts",
        {"text": "The label names 25 mg.", "client_key": "6d0c8c1e-38f1-4d3f-8e7d-3f5d3a2a6c12"},
        headers={"Referer": f"http://localhost/threads/{thread.id}?from=1"},
    )
    leads_back = f"/guardrails/{kept.id}/acknowledge?next=/threads/{thread.id}?from%3D1"
    assert leads_back in answer.text.replace("%2F", "/").replace("%3F", "?")
    assert answer.status_code == 403
    assert "The label names 25 mg.</textarea>" in answer.text
    assert "Read what changed and acknowledge" in answer.text


def test_the_difference_is_said_when_a_stricter_set_has_come_into_force(
    stage: Stage, visit: Visit
) -> None:
    thread = stage.start("amara")
    short_set(stage)
    new = begin(stage)
    rewrite(stage, new, '"2026-12"', '"2027-09"')
    rewrite(stage, new, "effective = 2026-11-20", f"effective = {clock.now().date()}")
    services.add_rule(
        actor=stage.member("cora"), draft=new, text=OTHER.replace('"advise"', '"block"')
    )
    kept = services.offer_draft(actor=stage.member("cora"), draft=new)
    stage.commit()
    sign(stage, kept)
    answer = visit("amara").send(
        f"/threads/{thread.id}/posts",
        {"text": "Take my umbrella.", "seen_set": "short 2026-12",
         "client_key": "6d0c8c1e-38f1-4d3f-8e7d-3f5d3a2a6c13"},
    )  # fmt: skip
    assert answer.status_code == 422
    change = answer.get_json()["verdict"]["set_change"]
    assert (change["outcome_seen"], change["outcome"]) == ("allow", "block")
    assert "short 2027-09 came into force in place of short 2026-12" in change["sentence"]
    assert "No umbrellas." in change["sentence"]


@pytest.mark.parametrize("who", ["amara", "rosa", "ada"])
def test_a_draft_is_not_there_for_others(visit: Visit, draft: SetDraft, who: str) -> None:
    for path in ("", "/compare", "/file", "/try", "/comments", f"/rules/{RULE}", "/replay"):
        assert visit(who).get(f"/guardrails/drafts/{draft.id}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/rules/no.such", "/comments/9/settle", "/nothing"])
def test_what_a_draft_does_not_hold_is_not_found(visit: Visit, draft: SetDraft, path: str) -> None:
    address = f"/guardrails/drafts/{draft.id}{path}"
    cora = visit("cora")
    answer = cora.post(address) if path.endswith("settle") else cora.get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize(("days", "said"), [(0, 2), (1, 1)])
def test_a_rule_whose_days_have_not_come_finds_nothing_when_tried_out(
    stage: Stage, visit: Visit, days: int, said: int
) -> None:
    short_set(stage)
    draft = begin(stage)
    begins = clock.today() + timedelta(days=days)
    rewrite(stage, draft, '["company"] }', f'["company"], from = {begins} }}')

    page = visit("cora").post(
        f"/guardrails/drafts/{draft.id}/try",
        {"text": "Wearing my doctor hat, I would wait.", "author": "msl", "kind": "post"},
    )

    assert page.get_data(as_text=True).count("Do not change hats.") == said
