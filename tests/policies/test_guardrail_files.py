"""Every rule that is in force does what its examples say, and says what to do."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from community.guardrails.engine import member_rules
from community.guardrails.loader import broken_examples, shipped_set
from community.kernel.paths import POLICIES
from community.threads.models import ReportReason

RULES = shipped_set().rules


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule_id", [rule.id for rule in RULES])
def test_a_rule_does_what_its_examples_say(rule_id: str) -> None:
    guardrail_set = shipped_set()
    broken = broken_examples(guardrail_set, guardrail_set.rule(rule_id))
    assert [str(example) for example in broken] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_gives_its_reason_in_one_sentence(rule: Any) -> None:
    reason = rule.reason_for()
    assert reason.endswith((".", "?"))
    assert not re.search(r"[.?!] [A-Z]", reason), reason


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_three_examples_of_each_kind_and_says_what_to_do(rule: Any) -> None:
    assert sum(example.hits for example in rule.examples) >= 3
    assert sum(not example.hits for example in rule.examples) >= 3
    assert rule.suggestion


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_promises_no_button_that_the_page_may_not_show(rule: Any) -> None:
    assert not re.search(r"\b(tap|taps|click|button)\b", rule.suggestion)


def test_members_are_judged_by_rules_for_everyone_and_for_members_alone() -> None:
    rules = member_rules(shipped_set()).rules
    assert rules
    assert all("hcp" in rule.scope.affiliations for rule in rules)
    assert {"privacy.birth-and-numbers", "safety.pregnancy", "member.heat"} <= {r.id for r in rules}


def test_a_member_is_never_stopped_for_an_opinion_on_medicine() -> None:
    stopping = {rule.kind for rule in member_rules(shipped_set()).rules if rule.outcome != "allow"}
    assert stopping.isdisjoint({"promotional", "comparative", "misinformation", "off_label"})


@pytest.mark.parametrize(
    "path", sorted((POLICIES / "protocols").glob("*.toml")), ids=lambda p: p.stem
)
def test_a_protocol_names_rules_that_are_there(path: Path) -> None:
    known = {rule.id for rule in RULES}
    assert set(_toml(path)["rules"]) <= known


@pytest.mark.parametrize(
    "path", sorted((POLICIES / "protocols").glob("*.toml")), ids=lambda p: p.stem
)
def test_a_protocol_names_reasons_for_which_a_member_can_report(path: Path) -> None:
    protocol, known = _toml(path), {reason.value for reason in ReportReason}
    named = set(protocol.get("reports", ()))
    assert named <= known
    assert all(named.issuperset(each.get("only_reports", ())) for each in protocol["clock"])
    assert path.stem != "reported-post" or named == known


@pytest.mark.parametrize("product", shipped_set().products, ids=lambda product: product.id)
def test_every_label_of_a_product_is_in_its_references(product: Any) -> None:
    data = _toml(POLICIES / "products" / f"{product.id}.toml")
    labels = {country["label_reference"] for country in data["country"].values()}
    assert labels <= set(product.references)
    assert set(data["country"]) == set(product.countries)
