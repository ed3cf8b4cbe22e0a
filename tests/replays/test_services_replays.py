"""Replays: what a draft would have done with what was posted, and who reads what of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from community.guardrails import services as guardrails
from community.guardrails.models import SetDraft
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.replays import queries, services
from community.replays.models import Replay
from community.threads import services as threads
from tests.guardrails.drafting import begin, rewrite, short_set
from tests.guardrails.test_services import NOW
from tests.guardrails.test_services_drafts import OTHER
from tests.stage import Stage, new_key


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.moved(NOW):
        yield


@pytest.fixture
def draft(stage: Stage) -> SetDraft:
    """A draft that advises against umbrellas and no longer holds hats."""
    short_set(stage)
    thread = stage.start("amara", title="Rain")
    stage.reply("bruno", thread, "Take my umbrella.")
    stage.reply("bruno", thread, "> Take my umbrella.\n\nThanks for that.")
    stage.reply("rosa", thread, "Wearing my doctor hat, I would wait.")
    other = stage.start("ines", "My umbrella is open.", slug="neurology", title="Snow")
    assert other.space.slug == "neurology"
    made = begin(stage)
    guardrails.add_rule(actor=stage.member("cora"), draft=made, text=OTHER)
    rewrite(stage, made, 'outcome = "hold"', 'outcome = "allow"')
    return made


def run(stage: Stage, draft: SetDraft, who: str = "cora") -> Replay:
    replay = services.start_replay(actor=stage.member(who), draft=draft)
    stage.commit()
    began = clock.now()
    for pause in range(50):
        with clock.moved(began + timedelta(seconds=1 + pause)):
            stage.work()
        if not replay.is_running:
            return replay
    raise AssertionError("the replay does not end")


def test_each_post_that_would_fare_otherwise_is_counted_with_its_rules(
    stage: Stage, draft: SetDraft
) -> None:
    replay = run(stage, draft)
    assert (replay.total, replay.done) == (5, 5)
    assert (replay.counts["heavier"], replay.counts["lighter"]) == (2, 1)
    assert (replay.counts["allow>advise"], replay.counts["hold>allow"]) == (2, 1)
    assert replay.counts["rules"] == {"other.umbrella": [2, 0]}
    assert "umbrella" not in str([{**row, "new": []} for row in replay.differences])


def test_a_word_for_word_quote_of_an_earlier_post_is_nobodys_own(
    stage: Stage, draft: SetDraft
) -> None:
    run(stage, draft)
    sheet = queries.find_sheet(viewer=stage.member("cora"), draft=draft)
    assert sheet is not None
    texts = [row.post.text for group in sheet.groups for row in group.rows if row.post]
    assert not [text for text in texts if text.startswith(">")]


def test_an_edited_post_and_a_quote_of_its_first_wording_are_judged_as_they_were(
    stage: Stage,
) -> None:
    short_set(stage)
    thread = stage.start("amara", title="Rain")
    first = stage.reply("bruno", thread, "Take my umbrella.")
    quoting = stage.reply("mika", thread, "> Take my umbrella.\n\nThanks for that.")
    corrected = stage.reply("rosa", thread, "Wearing my coat.", reply_type="correction")
    for who, post, text in (
        ("bruno", first, "Take my coat."),
        ("rosa", corrected, "Wearing my other coat."),
    ):
        threads.edit_post(
            actor=stage.member(who), membership=stage.membership(who), post=post, text=text,
            client_key=new_key(),
        )  # fmt: skip
    stage.commit()

    edited, quote = threads.writing_of_post(first), threads.writing_of_post(quoting)
    own = threads.writing_of_post(corrected)

    assert edited is not None
    assert quote is not None
    assert own is not None
    assert edited.text == "Take my coat."
    assert "Take my umbrella." in quote.thread_texts
    assert (own.text, own.reply_type) == ("Wearing my other coat.", "")


def test_words_are_shown_to_those_alone_who_read_the_space(stage: Stage, draft: SetDraft) -> None:
    run(stage, draft)
    for who, shown, hidden in (("cora", 2, 0), ("mika", 1, 1), ("paul", 0, 2)):
        sheet = queries.find_sheet(viewer=stage.member(who), draft=draft)
        assert sheet is not None
        heavier = sheet.groups[0]
        assert (heavier.count, len(heavier.rows), heavier.hidden) == (2, shown, hidden), who
        assert sheet.rules[0] == ("other.umbrella", 2, 0)


def test_a_held_post_is_not_shown_to_others_than_its_author(stage: Stage, draft: SetDraft) -> None:
    run(stage, draft)
    sheet = queries.find_sheet(viewer=stage.member("mika"), draft=draft)
    assert sheet is not None
    lighter = sheet.groups[1]
    assert (lighter.count, lighter.rows, lighter.hidden) == (1, [], 1)


@pytest.mark.parametrize(("who", "refusal"), [("mika", Forbidden), ("rosa", NotFound)])
def test_only_drafters_replay(
    stage: Stage, draft: SetDraft, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        services.start_replay(actor=stage.member(who), draft=draft)


def test_a_replay_that_runs_is_not_begun_twice(stage: Stage, draft: SetDraft) -> None:
    first = services.start_replay(actor=stage.member("cora"), draft=draft)
    stage.commit()
    assert services.start_replay(actor=stage.member("paul"), draft=draft) is first


def test_a_draft_that_changes_meanwhile_stops_its_replay(stage: Stage, draft: SetDraft) -> None:
    replay = services.start_replay(actor=stage.member("cora"), draft=draft)
    rewrite(stage, draft, "They drip.", "They leak.")
    stage.work()
    db.session.refresh(replay)
    assert replay.is_overtaken
    assert not replay.is_running
    assert not queries.find_sheet(viewer=stage.member("cora"), draft=draft).is_current  # type: ignore[union-attr]


def test_a_draft_with_faults_is_not_replayed(stage: Stage, draft: SetDraft) -> None:
    rewrite(stage, draft, 'outcome = "advise"', 'outcome = "sigh"')
    with pytest.raises(Invalid):
        services.start_replay(actor=stage.member("cora"), draft=draft)


def test_posts_of_more_than_ninety_days_ago_are_left_out(stage: Stage, draft: SetDraft) -> None:
    with clock.moved(NOW + timedelta(days=91)):
        stage.reply("amara", stage.start("mika"), "Take my umbrella.")
        replay = services.start_replay(actor=stage.member("cora"), draft=draft)
        assert replay.total == 2


def test_a_long_replay_goes_on_where_it_stopped(
    stage: Stage, draft: SetDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "POSTS_A_READ", 1)
    monkeypatch.setattr(services, "STRETCH", 1)
    replay = run(stage, draft)
    assert (replay.done, replay.counts["heavier"], replay.counts["lighter"]) == (5, 2, 1)


def test_at_most_so_many_posts_are_looked_at_the_newest_first(
    stage: Stage, draft: SetDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_POSTS", 2)
    replay = run(stage, draft)
    assert (replay.found, replay.total, replay.done) == (5, 2, 2)
    assert replay.counts.get("heavier") == 1


def test_without_a_set_in_force_there_is_nothing_to_compare_with(
    stage: Stage, draft: SetDraft
) -> None:
    with clock.moved(NOW - timedelta(days=900)), pytest.raises(Conflict):
        services.start_replay(actor=stage.member("cora"), draft=draft)
