"""The library: what answers a question, what has expired, and where each response stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from community.guardrails import services as guardrails
from community.kernel import clock, paths
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from community.library import queries as library
from community.library import services
from community.responses import queries
from community.responses import services as responses
from community.responses.models import ResponseState, ResponseUse, ResponseVersion
from community.reviews.models import Review
from community.threads.models import PostState
from community.threads.services import Published
from tests.guardrails.test_services import products, sign, source
from tests.stage import Stage
from tests.threads.test_services_parallel import at_once

CODE = "SR-ORT-003"
QUESTION = "Can my patient take sildenafil with it now and then?"


def source_of(code: str) -> str:
    return (paths.POLICIES / "responses" / f"{code}.md").read_text("utf-8")


def version_of(code: str) -> ResponseVersion:
    response = queries.find_response(code)
    assert response is not None
    return response.newest


def found(stage: Stage, question: str, countries: set[str]) -> list[str]:
    versions = queries.search(
        viewer=stage.member("rosa"), question=question, countries=countries, products=["ortelvane"]
    )
    return [version.response.code for version in versions]


def test_the_response_that_answers_a_question_comes_first(stage: Stage) -> None:
    assert found(stage, QUESTION, {"GB"})[0] == CODE
    assert found(stage, "From which blood pressure do you start?", {"GB"})[0] == "SR-ORT-002"
    assert found(stage, "zebra", {"GB"}) == []


def test_only_what_every_reader_may_read_is_found(stage: Stage) -> None:
    question = "From which blood pressure do you start?"

    assert "SR-ORT-002" not in found(stage, question, {"GB", "US"})
    assert found(stage, question, {"GB", "PL"}) == []


def test_members_know_of_no_library(stage: Stage) -> None:
    with pytest.raises(NotFound):
        queries.search(viewer=stage.member("amara"), question=QUESTION)


def test_a_response_put_in_unchanged_goes_out_opens_no_case_and_is_noted(stage: Stage) -> None:
    thread = stage.start("amara", QUESTION, title="Ortelvane and other medicines")
    for code in ("SR-ORT-001", "SR-ORT-002", CODE, "SR-ORT-004"):
        post = stage.reply("rosa", thread, version_of(code).cited)

        assert post.number is not None, code
        use = db.session.scalars(sa.select(ResponseUse).where(ResponseUse.post_id == post.id)).one()
        assert (use.version_id, use.is_verbatim) == (version_of(code).id, True)
    assert db.session.scalars(sa.select(Review).where(Review.desk == "safety")).all() == []


def test_a_changed_response_is_noted_as_changed_and_an_own_text_not_at_all(stage: Stage) -> None:
    thread, version = stage.start("amara"), version_of(CODE)
    changed = version.text.replace("I work for Alderwick.", "Do ask me.")

    post = stage.reply("rosa", thread, changed)
    own = stage.reply("rosa", thread, "Thank you, I will look it up.")

    uses = {use.post_id: use for use in db.session.scalars(sa.select(ResponseUse))}
    assert not uses[post.id].is_verbatim
    assert own.id not in uses


def test_a_response_that_goes_out_after_its_last_day_is_listed_as_late(stage: Stage) -> None:
    version = version_of(CODE)
    with clock.moved(timedelta(days=(version.approved_until - clock.now().date()).days + 1)):
        post = stage.reply("rosa", stage.start("amara"), version.cited)
        (use,) = library.uses(viewer=stage.member("dora"), response=version.response)

    assert (use.use.post_id, use.use.is_verbatim, use.is_late) == (post.id, False, True)


def test_a_response_that_goes_out_after_it_was_withdrawn_is_listed_as_late(stage: Stage) -> None:
    version, thread = version_of(CODE), stage.start("amara")
    early = stage.reply("rosa", thread, version.cited)
    with clock.moved(timedelta(minutes=1)):
        responses.withdraw(
            actor=stage.member("dora"), response=version.response, reason="A new interaction."
        )
    with clock.moved(timedelta(minutes=2)):
        late = stage.reply("rosa", thread, version.text)
    uses = library.uses(viewer=stage.member("dora"), response=version.response)

    assert {one.use.post_id: one.is_late for one in uses} == {early.id: False, late.id: True}


def test_a_response_withdraws_itself_on_the_day_after_its_last(stage: Stage) -> None:
    version = version_of(CODE)
    last = version.approved_until

    assert version.state_on(last) is ResponseState.EXPIRING
    assert version.state_on(last + timedelta(days=1)) is ResponseState.EXPIRED
    with clock.moved(timedelta(days=(last - clock.now().date()).days + 1)):
        assert CODE not in found(stage, QUESTION, {"GB"})
        assert queries.find_usable(version.id, {"GB"}) is None


def test_its_keepers_are_told_once_what_has_expired_and_where_it_stands(stage: Stage) -> None:
    stage.reply("rosa", stage.start("amara"), version_of(CODE).cited)
    with clock.moved(timedelta(days=400)):
        assert services.tell_of_expired() > 0
        assert services.tell_of_expired() == 0
        letters = stage.work()

    told = [letter for letter in letters if "have expired" in letter.subject]
    assert {letter.to for letter in told} == {"dora@example.org", "olga@example.org"}
    assert f"/library/{CODE}" in told[0].body
    assert "in 1 post" in told[0].body
    assert "sildenafil" not in told[0].body


def test_a_new_version_takes_the_place_of_the_one_before_which_stays_readable(
    stage: Stage,
) -> None:
    source = source_of(CODE).replace('version = "1.0"', 'version = "1.1"')

    new = services.add_version(actor=stage.member("dora"), source=source, code=CODE)
    responses.confirm_version(actor=stage.member("olga"), version=new)
    stage.commit()

    old = next(one for one in new.response.versions if one.version == "1.0")
    today = clock.now().date()
    assert new.state_on(today) is ResponseState.CURRENT
    assert old.state_on(today) is ResponseState.REPLACED


def test_a_version_is_used_only_after_a_second_keeper_has_confirmed_it(stage: Stage) -> None:
    source = source_of(CODE).replace('version = "1.0"', 'version = "1.1"')
    old = version_of(CODE)

    new = services.add_version(actor=stage.member("dora"), source=source, code=CODE)
    stage.commit()

    today = clock.now().date()
    assert new.state_on(today) is ResponseState.UNCONFIRMED
    assert old.may_be_used_on(today)
    assert queries.find_usable(new.id, {"GB"}) is None
    with pytest.raises(Forbidden):
        responses.confirm_version(actor=stage.member("dora"), version=new)
    with pytest.raises(Forbidden):
        responses.confirm_version(actor=stage.member("rosa"), version=new)
    responses.confirm_version(actor=stage.member("olga"), version=new)
    stage.commit()
    assert new.may_be_used_on(today)
    assert old.state_on(today) is ResponseState.REPLACED
    with pytest.raises(Forbidden):
        responses.confirm_version(actor=stage.member("olga"), version=new)


def test_a_withdrawn_response_comes_back_only_with_a_version_that_is_confirmed(
    stage: Stage,
) -> None:
    response = version_of(CODE).response
    responses.withdraw(actor=stage.member("dora"), response=response, reason="A label changed.")
    source = source_of(CODE).replace('version = "1.0"', 'version = "1.1"')

    new = services.add_version(actor=stage.member("dora"), source=source, code=CODE)
    stage.commit()

    assert CODE not in found(stage, QUESTION, {"GB"})
    responses.confirm_version(actor=stage.member("olga"), version=new)
    assert CODE in found(stage, QUESTION, {"GB"})


def test_a_sentence_taken_out_of_a_response_is_the_author_s_own(stage: Stage) -> None:
    version = version_of("SR-ORT-001")
    benefit = next(line for line in version.text.splitlines() if "Main result" in line)

    def agreed(text: str) -> tuple[str, ...]:
        return queries.approved_texts({"GB"}, text=text)

    assert agreed(benefit) == ()
    assert agreed(version.text.replace("low blood pressure with symptoms", "it")) == ()
    assert agreed(version.text.replace("9.8 %", "0.8 %")) == ()
    assert agreed(f"Hello.\n\n{version.text}\n\nAsk me.") == (version.cited,)


def test_a_benefit_without_its_limits_is_judged_and_with_them_goes_out(stage: Stage) -> None:
    figure = source().replace('"wearing my (clinician|doctor) hat"', '"hazard ratio"')
    figure = figure.replace("Wearing my doctor hat, I would wait.", "The hazard ratio was 0.82.")
    sign(stage, guardrails.add_set(actor=None, source=figure, products=products()))
    stage.acknowledge("rosa")
    thread, version = stage.start("amara"), version_of("SR-ORT-001")
    benefit = next(line for line in version.text.splitlines() if "Main result" in line)

    assert stage.reply("rosa", thread, benefit).state is PostState.HELD
    assert stage.reply("rosa", thread, version.cited).state is PostState.PUBLISHED


def test_a_title_holds_no_whole_response(stage: Stage) -> None:
    figure = source().replace('"wearing my (clinician|doctor) hat"', '"hazard ratio"')
    figure = figure.replace("Wearing my doctor hat, I would wait.", "The hazard ratio was 0.82.")
    figure = figure.replace('["company"] }', '["company"], kinds = ["title"] }')
    figure = figure.replace('hit = ["The hazard ratio was 0.82."]',
        'hit = [{ text = "The hazard ratio was 0.82.", kind = "title" }]')  # fmt: skip
    sign(stage, guardrails.add_set(actor=None, source=figure, products=products()))
    stage.acknowledge("cora")
    text = "Asked often.\n\nThe hazard ratio was 0.82."
    newer = source_of("SR-ORT-001").partition("TIDEWATER-HF was")[0]
    services.add_version(actor=None, source=newer.replace('"1.0"', '"1.1"') + text)
    stage.commit()

    started = stage.try_start("cora", text, title="The hazard ratio was 0.82.")

    assert isinstance(started, Published)
    assert started.post.state is PostState.HELD


def test_a_version_is_never_changed(stage: Stage) -> None:
    with pytest.raises(Conflict):
        services.add_version(actor=None, source=source_of(CODE).replace("Nitrates", "Some"))

    assert services.add_version(actor=None, source=source_of(CODE)) is version_of(CODE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("+++\n", "", 1), "begins with"),
        (("countries", "lands"), "countries"),
        (("approved_until = 2027-10-18", "approved_until = 2020-01-01"), "approved_until"),
        (("ORT-10", "ORT-99"), "be cited in a room"),
        (('"SR-ORT-003"', '"SR-ORT-009"'), "is about"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_its_fault(
    stage: Stage, change: tuple[str, ...], said: str
) -> None:
    broken = source_of(CODE).replace(*change)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refusal:
        services.add_version(actor=stage.member("dora"), source=broken, code=CODE)

    assert said in refusal.value.sentence % refusal.value.values


def test_a_withdrawn_response_is_out_of_use_and_its_posts_are_listed(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("rosa", thread, version_of(CODE).cited)
    response = version_of(CODE).response

    responses.withdraw(actor=stage.member("olga"), response=response, reason="A label changed.")
    stage.commit()

    assert CODE not in found(stage, QUESTION, {"GB"})
    seen = library.get_sheet(viewer=stage.member("rosa"), code=CODE)
    assert [(one.use.post_id, one.title) for one in seen.uses] == [(post.id, thread.title)]
    outside = library.get_sheet(viewer=stage.member("olga"), code=CODE)
    assert [(one.title, one.space) for one in outside.uses] == [("", "Cardiology")]


def test_who_does_not_keep_the_library_changes_nothing_in_it(stage: Stage) -> None:
    rosa = stage.member("rosa")
    with pytest.raises(Forbidden):
        services.add_version(actor=rosa, source=source_of(CODE))
    with pytest.raises(Forbidden):
        responses.withdraw(actor=rosa, response=version_of(CODE).response, reason="No.")


def test_a_response_is_not_used_before_its_first_day(stage: Stage) -> None:
    assert version_of(CODE).state_on(date(2026, 1, 1)) is ResponseState.COMING


def test_of_two_who_withdraw_a_response_at_once_one_is_told(app: Flask, stage: Stage) -> None:
    both_look = Barrier(2)

    def withdrawing(who: str) -> Callable[[Stage], str]:
        def withdraw(own: Stage) -> str:
            response = queries.responses()[0]
            assert response.withdrawn_at is None
            both_look.wait()
            responses.withdraw(actor=own.member(who), response=response, reason="Outdated.")
            own.commit()
            return "withdrawn"

        return withdraw

    answers = at_once(app, withdrawing("dora"), withdrawing("olga"))
    assert sorted(answers) == ["conflict", "withdrawn"]


def test_what_must_not_be_cited_in_a_room_is_in_no_response(stage: Stage) -> None:
    file = (paths.POLICIES / "responses" / "SR-ORT-001.md").read_text("utf-8")
    hidden = file.replace('references = ["ORT-01", "ORT-02"]', 'references = ["ORT-05"]')
    hidden = hidden.replace('version = "', 'version = "9')
    with pytest.raises(Invalid, match="be cited in a room") as refused:
        services.add_version(actor=stage.member("dora"), source=hidden)
    assert refused.value.values == {"names": "ORT-05"}
