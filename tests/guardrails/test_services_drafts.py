"""Drafts of a set: written, remarked on, offered, signed by others, and in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit.models import AuditEntry
from community.guardrails import access, blocks, comparing, queries, services
from community.guardrails.models import DraftState, GuardrailSetVersion, SetDraft
from community.guardrails.queries import SetState
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.guardrails.drafting import begin, drafter, fresh, rewrite, short_set
from tests.guardrails.test_services import NOW, SIGNERS, sign, state_of
from tests.stage import Stage
from tests.threads.test_services_parallel import at_once

RULE = "disclosure.hat"
OTHER = """[[rule]]
id = "other.umbrella"
kind = "other"
says = "No umbrellas."
why = "They drip."
outcome = "advise"
phrases = ["my umbrella"]
[rule.examples]
hit = ["Take my umbrella."]
miss = ["Take my coat."]
"""


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.moved(NOW):
        yield


@pytest.fixture
def draft(stage: Stage) -> SetDraft:
    """A draft of cora's, from a short set that is in force."""
    short_set(stage)
    return begin(stage)


def seen(draft: SetDraft, rule_id: str = RULE) -> str:
    block = blocks.find_block(draft.source, rule_id)
    assert block is not None
    return services.mark_of(block.text)


def draft_base(draft: SetDraft) -> GuardrailSetVersion | None:
    assert draft.based_on_id is not None
    return db.session.get(GuardrailSetVersion, draft.based_on_id)


def make_new(stage: Stage, draft: SetDraft, *, day: date = date(2026, 12, 1)) -> None:
    """Give the draft a version and a day of its own, and one more rule."""
    cora = stage.member("cora")
    services.change_head(
        actor=cora, draft=draft, purpose="Umbrellas.", title="A set", version="2027-01",
        effective=day, seen=services.head_mark_of(draft),
    )  # fmt: skip
    services.add_rule(actor=cora, draft=draft, text=OTHER)
    stage.commit()


def actions(kind: str = "guardrail_draft") -> list[str]:
    found = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_kind == kind).order_by(AuditEntry.seq)
    )
    return list(found)


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees", "writes"),
    [
        ("paul", True, True), ("olga", True, True), ("dora", True, True), ("safi", True, False),
        ("mika", True, False), ("cora", True, False), ("rosa", False, False),
        ("ada", False, False), ("amara", False, False), ("rex", False, False),
    ],
)  # fmt: skip
def test_drafters_write_and_co_authors_read(
    stage: Stage, who: str, *, sees: bool, writes: bool
) -> None:
    member = stage.member(who)
    assert bool(access.may_see_drafts(member)) is sees
    assert bool(access.may_write_drafts(member)) is writes


def test_who_does_not_write_rules_changes_nothing(stage: Stage, draft: SetDraft) -> None:
    for who, refusal in (("safi", Forbidden), ("rosa", NotFound), ("amara", NotFound)):
        with pytest.raises(refusal):
            services.start_draft(actor=stage.member(who), purpose="Mine.", based_on=None)
        with pytest.raises(refusal):
            services.add_rule(actor=stage.member(who), draft=draft, text=OTHER)


# --- writing -------------------------------------------------------------------------------------


def test_a_draft_begins_with_the_set_in_force_word_for_word(stage: Stage, draft: SetDraft) -> None:
    in_force = queries.find_set_in_force()
    assert in_force is not None
    assert draft.source.strip() == in_force.source.strip()
    assert draft.products == in_force.products
    assert draft.author_ids == frozenset()


def test_without_any_purpose_no_draft_begins(stage: Stage) -> None:
    with pytest.raises(Invalid):
        services.start_draft(actor=drafter(stage), purpose=" ", based_on=None)


def test_a_rule_is_changed_and_its_writer_becomes_an_author(stage: Stage, draft: SetDraft) -> None:
    block = blocks.find_block(draft.source, RULE)
    assert block is not None
    before = draft.source
    services.change_rule(
        actor=stage.member("cora"), draft=draft, rule_id=RULE, seen=seen(draft),
        text=block.text.replace("Do not change hats.", "Keep your hat on."),
    )  # fmt: skip
    stage.commit()
    assert draft.source == before.replace("Do not change hats.", "Keep your hat on.")
    assert draft.author_ids == {stage.member("cora").id}
    assert actions() == ["guardrail_draft.started", "guardrail_draft.rule_changed"]


def test_two_writers_of_one_rule_the_second_is_told(stage: Stage, draft: SetDraft) -> None:
    mark = seen(draft)
    rewrite(stage, draft, "Do not change hats.", "Keep your hat on.", who="paul")
    block = blocks.find_block(draft.source, RULE)
    assert block is not None
    with pytest.raises(Conflict):
        services.change_rule(
            actor=stage.member("cora"), draft=draft, rule_id=RULE, text=block.text, seen=mark
        )
    with pytest.raises(Conflict):
        services.remove_rule(actor=stage.member("cora"), draft=draft, rule_id=RULE, seen=mark)


def test_two_writers_of_two_rules_do_not_meet(stage: Stage, draft: SetDraft) -> None:
    services.add_rule(actor=stage.member("cora"), draft=draft, text=OTHER)
    mark = seen(draft)
    block = blocks.find_block(draft.source, "other.umbrella")
    assert block is not None
    services.change_rule(
        actor=stage.member("paul"), draft=draft, rule_id="other.umbrella",
        text=block.text.replace("drip", "leak"), seen=seen(draft, "other.umbrella"),
    )  # fmt: skip
    services.remove_rule(actor=stage.member("cora"), draft=draft, rule_id=RULE, seen=mark)
    stage.commit()
    assert "They leak." in draft.source
    assert blocks.find_block(draft.source, RULE) is None


@pytest.mark.parametrize("text", ["", "not toml [", OTHER + OTHER, "[lists]\na = ['b']"])
def test_what_is_no_rule_is_not_saved(stage: Stage, draft: SetDraft, text: str) -> None:
    before = draft.source
    with pytest.raises(Invalid):
        services.add_rule(actor=stage.member("cora"), draft=draft, text=text)
    assert draft.source == before


def test_an_id_is_given_once(stage: Stage, draft: SetDraft) -> None:
    with pytest.raises(Invalid, match="already"):
        services.add_rule(
            actor=stage.member("cora"), draft=draft, text=OTHER.replace("other.umbrella", RULE)
        )


def test_a_faulty_file_is_kept_and_each_fault_is_named_by_line_and_rule(
    stage: Stage, draft: SetDraft
) -> None:
    rewrite(stage, draft, 'outcome = "hold"', 'outcome = "sigh"')
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    assert sheet.loaded.rules is None
    (problem, *_) = sheet.loaded.problems
    assert "rule disclosure.hat" in problem
    line = next(n for n, line in enumerate(draft.source.splitlines(), 1) if "sigh" in line)
    assert f"line {line}" in problem
    with pytest.raises(Invalid, match="faults"):
        services.offer_draft(actor=stage.member("cora"), draft=draft)


def test_rules_that_belong_to_no_group_stand_behind_those_that_do(
    stage: Stage, draft: SetDraft
) -> None:
    left_over = (
        '[[rule]]\nid = "trees.none"\nkind = "other"\nsays = "No trees."\nwhy = "They are tall."\n'
        'scope = { affiliations = ["company"] }\noutcome = "advise"\nroute = []\n'
        'phrases = ["tree"]\n[rule.examples]\nhit = ["A tree."]\nmiss = ["A bush."]\n\n[[rule]]\n'
    )
    rewrite(stage, draft, "[[rule]]\n", left_over)
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    assert [rule.id for rules in sheet.sections.values() for rule in rules] == [RULE, "trees.none"]


def test_a_file_that_is_no_toml_is_kept_with_its_fault(stage: Stage, draft: SetDraft) -> None:
    rewrite(stage, draft, 'title = "A short set"', "title = A short set")
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    assert sheet.loaded.problems
    assert [rule.id for rules in sheet.sections.values() for rule in rules] == [RULE]


def test_an_example_that_does_not_hold_bars_signing(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    rewrite(stage, draft, "Take my umbrella.", "Take my parasol.")
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    assert [example.rule for example in sheet.loaded.broken] == ["other.umbrella"]
    with pytest.raises(Invalid, match="examples"):
        services.offer_draft(actor=stage.member("cora"), draft=draft)


def test_a_changed_word_list_runs_the_examples_again(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    rewrite(stage, draft, '["my umbrella"]', '["my {dry}"]')
    rewrite(
        stage, draft, '[[rule]]\nid = "disc', '[lists]\ndry = ["umbrella"]\n\n[[rule]]\nid = "disc'
    )
    viewer = stage.member("cora")
    assert queries.get_sheet_of_draft(viewer=viewer, draft=draft).loaded.is_sound
    rewrite(stage, draft, 'dry = ["umbrella"]', 'dry = ["coat"]')
    broken = queries.get_sheet_of_draft(viewer=viewer, draft=draft).loaded.broken
    assert {example.should_hit for example in broken} == {True, False}


def test_a_withdrawn_draft_changes_no_more(stage: Stage, draft: SetDraft) -> None:
    cora = stage.member("cora")
    services.withdraw_draft(actor=cora, draft=draft)
    stage.commit()
    with pytest.raises(Forbidden):
        services.add_rule(actor=cora, draft=draft, text=OTHER)
    with pytest.raises(Forbidden):
        services.add_comment(actor=cora, draft=draft, text="Too late.")
    assert queries.get_draft(viewer=cora, draft_id=draft.id) is draft
    assert draft not in queries.drafts(viewer=cora)


# --- comparing -----------------------------------------------------------------------------------


def test_a_comparison_names_what_is_new_gone_and_changed(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    rewrite(stage, draft, 'outcome = "hold"', 'outcome = "advise"')
    rewrite(stage, draft, "(clinician|doctor) hat", "(clinician|doctor|private) hat")
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    found = sheet.comparison
    assert found is not None
    assert [rule.id for rule in found.added] == ["other.umbrella"]
    (change,) = found.changed
    fields = {field.name: field for field in change.fields}
    assert (fields["outcome"].gone, fields["outcome"].new) == (["hold"], ["advise"])
    assert fields["phrases"].new == ["wearing my (clinician|doctor|private) hat"]
    assert change.weighs
    assert found.removed == []


def test_a_reworded_sentence_is_shown_word_by_word_and_weighs_nothing(
    stage: Stage, draft: SetDraft
) -> None:
    rewrite(stage, draft, "Do not change hats.", "Do not change your hat.")
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    assert sheet.comparison is not None
    (change,) = sheet.comparison.changed
    assert not change.weighs
    runs = [run for block in change.fields[0].blocks for run in block.runs]
    assert {run.kind for run in runs} >= {"added", "removed"}


def test_a_set_does_not_differ_from_itself(stage: Stage) -> None:
    rules = queries.shipped_member_rules()
    assert comparing.compare(rules, rules).is_empty


# --- remarks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["paul", "olga", "dora", "safi", "mika", "cora"])
def test_every_co_author_can_remark(stage: Stage, draft: SetDraft, who: str) -> None:
    services.add_comment(
        actor=stage.member(who), draft=draft, text="Is this not too strict?", rule_id=RULE
    )
    stage.commit()
    (comment,) = queries.comments(draft=draft, rule_id=RULE)
    assert (comment.member.name, comment.is_open) == (stage.member(who).name, True)
    assert actions("guardrail_draft_comment") == ["guardrail_draft_comment.added"]


@pytest.mark.parametrize("who", ["rosa", "amara", "ada"])
def test_others_can_not_remark(stage: Stage, draft: SetDraft, who: str) -> None:
    with pytest.raises(NotFound):
        services.add_comment(actor=stage.member(who), draft=draft, text="Hello?")


def test_a_remark_is_settled_once_by_its_author_or_a_drafter(stage: Stage, draft: SetDraft) -> None:
    comment = services.add_comment(actor=stage.member("mika"), draft=draft, text="Too long.")
    stage.commit()
    with pytest.raises(Forbidden):
        services.settle_comment(actor=stage.member("safi"), draft=draft, comment=comment)
    services.settle_comment(actor=stage.member("mika"), draft=draft, comment=comment)
    stage.commit()
    with pytest.raises(Conflict):
        services.settle_comment(actor=stage.member("cora"), draft=draft, comment=comment)


def test_an_open_remark_bars_signing(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    comment = services.add_comment(actor=stage.member("mika"), draft=draft, text="Wait.")
    with pytest.raises(Invalid, match="still open"):
        services.offer_draft(actor=stage.member("cora"), draft=draft)
    services.settle_comment(actor=stage.member("mika"), draft=draft, comment=comment)
    assert services.offer_draft(actor=stage.member("cora"), draft=draft).version == "2027-01"


@pytest.mark.parametrize(("text", "rule"), [("  ", ""), ("x", "no.such"), ("x" * 4001, "")])
def test_a_remark_says_something_about_something(
    stage: Stage, draft: SetDraft, text: str, rule: str
) -> None:
    with pytest.raises(Invalid):
        services.add_comment(actor=stage.member("mika"), draft=draft, text=text, rule_id=rule)


# --- offering and signing -------------------------------------------------------------------------


def test_an_offered_draft_is_closed_and_its_signers_are_asked(
    stage: Stage, draft: SetDraft
) -> None:
    make_new(stage, draft)
    version = services.offer_draft(actor=stage.member("cora"), draft=draft)
    stage.commit()
    assert draft.state is DraftState.OFFERED
    assert version.source == draft.source
    with pytest.raises(Forbidden):
        services.add_rule(actor=stage.member("cora"), draft=draft, text=OTHER)
    asked = {letter.to for letter in stage.work() if "waits for your signature" in letter.subject}
    assert asked == {f"{who}@example.org" for who in ("olga", "paul", "dora", "safi")}
    assert "guardrail_draft.offered" in actions()


def test_who_wrote_in_a_set_does_not_sign_it(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    stage.member("safi").duties = ["safety", "quality", "medical"]
    olga = stage.member("olga")
    block = blocks.find_block(draft.source, RULE)
    assert block is not None
    services.change_rule(
        actor=olga, draft=draft, rule_id=RULE, text=block.text + "\n# read", seen=seen(draft)
    )
    version = services.offer_draft(actor=stage.member("cora"), draft=draft)
    stage.commit()
    assert access.may_sign(olga, version, "medical").code == "author"
    with pytest.raises(Forbidden, match="written in this set"):
        services.sign(actor=olga, version=version, duty="medical", printed_name=olga.name)
    safi = stage.member("safi")
    services.sign(actor=safi, version=version, duty="medical", printed_name=safi.name)


def test_who_wrote_in_a_set_that_was_never_signed_does_not_sign_what_is_made_of_it(
    stage: Stage, draft: SetDraft
) -> None:
    make_new(stage, draft)
    rewrite(stage, draft, "They drip.", "They leak.", who="olga")
    stage.member("safi").duties = ["safety", "quality", "medical"]
    unsigned = services.offer_draft(actor=stage.member("cora"), draft=draft)

    again = services.start_draft(actor=stage.member("cora"), purpose="Again.", based_on=unsigned)
    assert again.author_ids == draft.author_ids
    assert stage.member("olga").id in again.author_ids


def test_who_wrote_in_a_draft_that_was_given_up_is_an_author_of_its_copy(
    stage: Stage, draft: SetDraft
) -> None:
    olga, cora = stage.member("olga"), stage.member("cora")
    given_up = services.start_draft(actor=olga, purpose="Mine.", based_on=draft_base(draft))
    services.add_rule(actor=olga, draft=given_up, text=OTHER)
    services.withdraw_draft(actor=olga, draft=given_up)
    assert olga.id not in draft.author_ids

    copied = OTHER.replace('id = "other.umbrella"', 'id = "other.rain"')
    services.add_rule(actor=cora, draft=draft, text=copied)
    stage.commit()

    assert olga.id in fresh(draft).author_ids


def test_words_of_a_set_that_all_have_signed_make_nobody_an_author(
    stage: Stage, draft: SetDraft
) -> None:
    make_new(stage, draft)
    sign(stage, services.offer_draft(actor=stage.member("cora"), draft=draft))
    third = services.start_draft(
        actor=stage.member("olga"), purpose="Back.", based_on=draft_base(draft)
    )
    services.add_rule(actor=stage.member("olga"), draft=third, text=OTHER)
    assert third.author_ids == {stage.member("olga").id}


def test_two_drafts_for_one_day_are_not_offered_at_once(
    app: Flask, stage: Stage, draft: SetDraft
) -> None:
    make_new(stage, draft)
    second = begin(stage, "Another.")
    services.change_head(
        actor=stage.member("cora"), draft=second, purpose="Another.", title="Another",
        version="2027-02", effective=date(2026, 12, 1), seen=services.head_mark_of(second),
    )  # fmt: skip
    stage.commit()
    waiting = Barrier(2)

    def offer(draft_id: int) -> Callable[[Stage], str]:
        def do(own: Stage) -> str:
            found = db.session.get_one(SetDraft, draft_id)
            queries.load(found.source, found.products)
            db.session.rollback()
            waiting.wait()
            try:
                with clock.moved(NOW):
                    services.offer_draft(
                        actor=own.member("cora"), draft=db.session.get_one(SetDraft, draft_id)
                    )
                    own.commit()
            except Invalid:
                db.session.rollback()
                return "refused"
            return "offered"

        return do

    assert sorted(at_once(app, offer(draft.id), offer(second.id))) == ["offered", "refused"]


def test_the_words_of_a_remark_are_not_in_the_record(stage: Stage, draft: SetDraft) -> None:
    services.add_comment(actor=stage.member("mika"), draft=draft, text="Mrs Doe said no.")
    stage.commit()
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "guardrail_draft_comment.added")
    ).all()
    assert len(entries) == 1
    assert "Doe" not in str(entries[0].new)


def test_a_set_that_nobody_could_sign_is_not_offered(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    rewrite(stage, draft, "They drip.", "They leak.", who="olga")
    sheet = queries.get_sheet_of_draft(viewer=stage.member("cora"), draft=draft)
    assert sheet.unsignable == ["medical"]
    with pytest.raises(Invalid, match="Nobody could sign for"):
        services.offer_draft(actor=stage.member("cora"), draft=draft)


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2026, 11, 21), "past"), (date(2026, 11, 20), "past"), (date(2026, 12, 24), "")],
)
def test_a_day_that_is_past_is_refused(stage: Stage, draft: SetDraft, day: date, said: str) -> None:
    make_new(stage, draft, day=day)
    if said:
        with pytest.raises(Invalid, match=said):
            services.offer_draft(actor=stage.member("cora"), draft=draft)
    else:
        assert services.offer_draft(actor=stage.member("cora"), draft=draft).effective == day


def test_two_sets_for_one_day_are_refused(stage: Stage, draft: SetDraft) -> None:
    make_new(stage, draft)
    services.offer_draft(actor=stage.member("cora"), draft=draft)
    second = begin(stage, "Another.")
    make_new(stage, second)
    with pytest.raises(Invalid, match="which one does"):
        services.offer_draft(actor=stage.member("cora"), draft=second)
    services.change_head(
        actor=stage.member("cora"), draft=second, purpose="Another.", title="Another",
        version="2027-01", effective=date(2026, 12, 2), seen=services.head_mark_of(second),
    )  # fmt: skip
    with pytest.raises(Invalid, match="another version"):
        services.offer_draft(actor=stage.member("cora"), draft=second)


def test_a_set_without_one_signature_does_not_come_into_force(
    stage: Stage, draft: SetDraft
) -> None:
    make_new(stage, draft)
    before = queries.find_set_in_force()
    version = services.offer_draft(actor=stage.member("cora"), draft=draft)
    stage.commit()
    sign(stage, version, *[duty for duty in SIGNERS if duty != "safety"])
    with clock.moved(datetime(2026, 12, 2, tzinfo=UTC)):
        assert queries.find_set_in_force() is before
        assert state_of(stage, version) is SetState.WAITING
        sign(stage, version, "safety")
        assert queries.find_set_in_force() is version


def test_words_of_a_draft_that_come_by_the_command_line_keep_their_authors(stage: Stage) -> None:
    short_set(stage)
    draft = begin(stage)
    rewrite(stage, draft, "Do not change hats.", "Do never change hats.")
    source = draft.source.replace('version = "2026-12"', 'version = "2027-05"')
    source = source.replace("effective = 2026-11-20", "effective = 2026-11-21")

    version = services.add_set(actor=None, source=source, products=dict(draft.products))

    cora = stage.member("cora")
    cora.duties = [*cora.duties, "medical"]
    assert access.author_ids(version) == {cora.id}
    assert access.may_sign(cora, version, "medical").code == "author"
    assert access.may_sign(stage.member("olga"), version, "medical")
