"""Sets of rules and their signatures: what brings one into force, and who may sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit.models import AuditEntry
from community.guardrails import access, queries, services
from community.guardrails.models import GuardrailSetVersion, Signature
from community.guardrails.queries import SetState
from community.kernel import clock, paths
from community.kernel.db import db
from community.kernel.errors import Forbidden, Invalid, NotFound, TooMany
from tests import cast
from tests.stage import Stage
from tests.threads.test_services_parallel import at_once

SIGNERS = {"medical": "olga", "legal": "paul", "regulatory": "dora", "safety": "safi"}
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.moved(NOW):
        yield


def source(version: str = "2026-12", effective: str = "2026-11-20") -> str:
    """Return a short set of one rule."""
    return f"""
schema = 1
id = "short"
version = "{version}"
title = "A short set"
language = "en"
effective = {effective}
needs_signature = ["medical", "legal", "regulatory", "safety"]

[[rule]]
id = "disclosure.hat"
kind = "disclosure"
says = "Do not change hats."
why = "You always speak for the company."
scope = {{ affiliations = ["company"] }}
outcome = "hold"
route = ["compliance"]
phrases = ["wearing my (clinician|doctor) hat"]
[rule.examples]
hit = ["Wearing my doctor hat, I would wait."]
miss = ["It rained, so I took a hat."]
"""


def products() -> dict[str, str]:
    folder = paths.POLICIES / "products"
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}


def add(stage: Stage, **more: str) -> GuardrailSetVersion:
    version = services.add_set(actor=None, source=source(**more), products=products())
    stage.commit()
    return version


def sign(stage: Stage, version: GuardrailSetVersion, *duties: str) -> None:
    for duty in duties or SIGNERS:
        signer = stage.member(SIGNERS[duty])
        services.sign(actor=signer, version=version, duty=duty, printed_name=signer.name)
    stage.commit()


def with_password(stage: Stage, version: GuardrailSetVersion, **more: Any) -> Signature:
    olga = stage.member("olga")
    values = {"duty": "medical", "printed_name": olga.name, "password": cast.PASSWORD, **more}
    return services.sign_with_password(actor=olga, version=version, address="192.0.2.1", **values)


def state_of(stage: Stage, version: GuardrailSetVersion) -> SetState:
    shelf = queries.shelf(viewer=stage.member("rosa"))
    return next(each.state for each in shelf if each.version.id == version.id)


def entries(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


# --- adding ---------------------------------------------------------------------------------------


def test_the_same_rules_are_kept_once(stage: Stage) -> None:
    first, second = add(stage), add(stage)
    assert first.id == second.id
    assert [each.subject_id for each in entries("guardrail_set.added")].count(str(first.id)) == 1


def test_rules_whose_examples_do_not_hold_are_not_kept(stage: Stage) -> None:
    broken = source().replace("Wearing my doctor hat, I would wait.", "I would wait.")
    with pytest.raises(Invalid, match="Examples"):
        services.add_set(actor=None, source=broken, products=products())
    assert len(queries.set_versions()) == 1


@pytest.mark.parametrize("text", ["", "not toml at all [", "schema = 1\n"])
def test_what_is_no_set_of_rules_is_refused_in_a_sentence(stage: Stage, text: str) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        services.add_set(actor=None, source=text, products=products())


def test_a_changed_product_file_makes_it_another_set(stage: Stage) -> None:
    first = add(stage)
    changed = {name: text.replace("Alderwick", "Aldwick") for name, text in products().items()}
    later = source(version="2027-01", effective="2026-11-21")
    second = services.add_set(actor=None, source=later, products=changed)
    assert second.id != first.id
    assert queries.missing_signatures(second) == tuple(SIGNERS)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"version": "2027-01"}, "another day"),
        ({"effective": "2026-11-21"}, "another version"),
        ({"version": "2027-01", "effective": "2026-08-31"}, "never would"),
    ],
)
def test_a_set_whose_day_or_name_is_another_s_is_not_kept(
    stage: Stage, more: dict[str, str], sentence: str
) -> None:
    add(stage)
    with pytest.raises(Invalid, match=sentence):
        add(stage, **more)
    assert len(queries.set_versions()) == 2


# --- coming into force ----------------------------------------------------------------------------


def test_a_set_holds_only_once_the_last_of_four_has_signed(stage: Stage) -> None:
    before = queries.find_set_in_force()
    version = add(stage)
    for duty in SIGNERS:
        assert state_of(stage, version) is SetState.WAITING
        assert queries.find_set_in_force() is before
        sign(stage, version, duty)
    assert queries.find_set_in_force() is version
    assert before is not None
    assert state_of(stage, before) is SetState.REPLACED


def test_a_signed_set_waits_for_its_day(stage: Stage) -> None:
    version = add(stage, effective="2026-12-01")
    sign(stage, version)
    assert state_of(stage, version) is SetState.COMING
    with clock.moved(datetime(2026, 12, 1, 0, 1, tzinfo=UTC)):
        assert state_of(stage, version) is SetState.IN_FORCE


def test_a_set_that_leaves_out_a_duty_still_needs_all_four(stage: Stage) -> None:
    lenient = source().replace('["medical", "legal", "regulatory", "safety"]', '["medical"]')
    version = services.add_set(actor=None, source=lenient, products=products())
    assert set(queries.missing_signatures(version)) == set(SIGNERS)


# --- signing --------------------------------------------------------------------------------------


def test_a_signature_keeps_printed_name_duty_time_zone_and_meaning(stage: Stage) -> None:
    version = add(stage)
    signature = with_password(stage, version, printed_name="  dr olga  petrov ")
    stage.commit()
    assert signature.printed_name == "Dr Olga Petrov"
    assert (signature.duty, signature.signed_at) == ("medical", NOW)
    assert signature.time_zone == "Europe/London"
    assert signature.meaning == services.MEANING
    entry = entries("guardrail_set.signed")[-1]
    assert (entry.actor_id, entry.new["sha256"]) == (stage.member("olga").id, version.sha256)


def test_a_wrong_password_signs_nothing(stage: Stage) -> None:
    version = add(stage)
    with pytest.raises(Invalid) as refused:
        with_password(stage, version, password="not this one at all")
    assert refused.value.field == "password"
    assert version.signatures == []


def test_passwords_are_not_guessed_by_signing(stage: Stage) -> None:
    version = add(stage)
    for _ in range(5):
        with pytest.raises(Invalid):
            with_password(stage, version, password="not this one at all")
    with pytest.raises(TooMany):
        with_password(stage, version)


def test_another_name_signs_nothing(stage: Stage) -> None:
    version = add(stage)
    with pytest.raises(Invalid) as refused:
        with_password(stage, version, printed_name="Paul Maddern")
    assert refused.value.field == "printed_name"


@pytest.mark.parametrize(
    ("who", "duty"),
    [("olga", "legal"), ("cora", "medical"), ("ada", "safety"), ("paul", "privacy")],
)
def test_only_who_holds_a_duty_that_is_asked_may_sign(stage: Stage, who: str, duty: str) -> None:
    version, member = add(stage), stage.member(who)
    assert duty not in access.duties_to_sign(member, version)
    with pytest.raises(Forbidden):
        services.sign(actor=member, version=version, duty=duty, printed_name=member.name)


def test_health_professionals_know_of_no_guardrails(stage: Stage) -> None:
    version, amara = add(stage), stage.member("amara")
    with pytest.raises(NotFound):
        queries.shelf(viewer=amara)
    with pytest.raises(NotFound):
        queries.get_sheet(viewer=amara, version_id=version.id)
    with pytest.raises(NotFound):
        services.sign(actor=amara, version=version, duty="medical", printed_name=amara.name)


def test_one_person_signs_for_one_duty_however_many_they_hold(stage: Stage) -> None:
    version, olga = add(stage), stage.member("olga")
    olga.duties = list(SIGNERS)
    stage.commit()
    sign(stage, version, "medical")
    assert access.duties_to_sign(olga, version) == ()
    for duty in SIGNERS:
        with pytest.raises(Forbidden):
            services.sign(actor=olga, version=version, duty=duty, printed_name=olga.name)
    assert len(version.signatures) == 1


def test_a_duty_signs_once(stage: Stage) -> None:
    version = add(stage)
    sign(stage, version, "medical")
    with pytest.raises(Forbidden):
        with_password(stage, version)


def signing(both_look: Barrier, version_id: int, who: str, duty: str) -> Callable[[Stage], str]:
    """Return the deed of somebody who signs while another one does."""

    def deed(own: Stage) -> str:
        signer = own.member(who)
        version = db.session.get_one(GuardrailSetVersion, version_id)
        assert access.may_sign(signer, version, duty)
        both_look.wait()
        try:
            services.sign(actor=signer, version=version, duty=duty, printed_name=signer.name)
        except Forbidden as refusal:
            return refusal.code
        own.commit()
        return "done"

    return deed


def test_two_signatures_for_a_duty_at_the_same_moment_make_one(app: Flask, stage: Stage) -> None:
    stage.member("dora").duties = ["medical"]
    version, both = add(stage), Barrier(2)
    answers = at_once(app, *[signing(both, version.id, who, "medical") for who in ("olga", "dora")])
    db.session.rollback()
    assert sorted(answers) == ["done", "signed"]
    assert [signature.duty for signature in version.signatures] == ["medical"]


def test_nobody_signs_for_two_duties_at_once(app: Flask, stage: Stage) -> None:
    stage.member("olga").duties = ["medical", "legal"]
    version, both = add(stage), Barrier(2)
    answers = at_once(app, *[signing(both, version.id, "olga", d) for d in ("medical", "legal")])
    assert sorted(answers) == ["done", "signed_for_another"]


# --- reading --------------------------------------------------------------------------------------


def test_a_sheet_holds_every_rule_once_under_its_kind(stage: Stage) -> None:
    version = queries.find_set_in_force()
    assert version is not None
    sheet = queries.get_sheet(viewer=stage.member("rosa"), version_id=version.id)
    assert sheet.rules is not None
    shown = [rule.id for rules in sheet.rules.values() for rule in rules]
    assert sorted(shown) == sorted(rule.id for rule in queries.rules_of(version).rules)
    assert sheet.to_sign == ()


def test_a_set_that_todays_engine_can_not_read_keeps_its_files(stage: Stage) -> None:
    version = add(stage)
    version.source = version.source.replace(
        'phrases = ["wearing', 'detector = "gone"\nphrases = ["wearing'
    )
    version.sha256 = "f" * 64
    stage.commit()
    sheet = queries.get_sheet(viewer=stage.member("olga"), version_id=version.id)
    assert sheet.rules is None
    assert sheet.files["short.toml"] == version.source


@pytest.mark.parametrize("length", [8, 64])
def test_a_set_is_found_by_number_and_by_hash(stage: Stage, length: int) -> None:
    version = add(stage)
    assert queries.find_by_id_or_hash(str(version.id)) is version
    assert queries.find_by_id_or_hash(version.sha256[:length].upper()) is version


@pytest.mark.parametrize("name", ["", "0", "999999", "abc", "%" * 8, "zzzzzzzzzz", "9" * 30])
def test_what_names_no_set_finds_none(stage: Stage, name: str) -> None:
    add(stage)
    assert queries.find_by_id_or_hash(name) is None
