"""A rule file as text: one rule is written anew, and every other line stays."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from community.guardrails import blocks, rule_fields
from community.guardrails.blocks import NotOneRule
from community.guardrails.loader import SHIPPED_SET

FILE = '''# Read by lawyers.
id = "short"
version = "1"   # raise it
effective = 2026-11-20

[lists]
odd = ["a # no comment", "[[rule]]"]

# ═══ First ═══

[[rule]]
id = "one.rule"
# why we hold: agreed in May
says = "Do not."   # short on purpose
scope = { affiliations = ["company"], roles = ["msl"] }
phrases = [
  "spread over",
  # with a remark
  "[[rule]]",
]
[rule.examples]
hit = ["It is # spread over"]
miss = ["""
[[rule]]
no rule, an example"""]

# ═══ Second ═══

[[rule]]
id = 'two.rule'
says = "Nor this."

[rule.scope]
affiliations = ["hcp"]
[rule.examples]
hit = ["b"]
miss = ["c"]
'''
SHIPPED = SHIPPED_SET.read_text("utf-8")


def test_rules_are_found_where_the_file_has_them_and_nowhere_in_its_texts() -> None:
    assert [block.id for block in blocks.blocks(FILE)] == ["one.rule", "two.rule"]
    first, second = blocks.blocks(FILE)
    assert FILE.splitlines()[first.line - 1] == "[[rule]]"
    assert first.text.endswith('no rule, an example"""]')
    assert second.text.endswith('miss = ["c"]')


def test_each_rule_of_the_shipped_file_is_found_whole() -> None:
    rules = tomllib.loads(SHIPPED)["rule"]
    found = blocks.blocks(SHIPPED)
    assert [block.id for block in found] == [rule["id"] for rule in rules]
    assert [blocks.require_one_rule(block.text) for block in found] == rules


def test_a_rule_written_anew_leaves_every_other_line() -> None:
    block = blocks.find_block(FILE, "one.rule")
    assert block is not None
    new = blocks.replace_block(FILE, "one.rule", block.text.replace("Do not.", "Never."))
    assert new == FILE.replace("Do not.", "Never.")


def test_a_value_written_anew_keeps_the_comments_around_it() -> None:
    block = blocks.find_block(FILE, "one.rule")
    assert block is not None
    text = blocks.set_values(block.text, {"says": 'Say "no".', "phrases": ["x"]})
    assert 'says = "Say \\"no\\"."  # short on purpose' in text
    assert "# why we hold: agreed in May" in text
    assert blocks.require_one_rule(text)["phrases"] == ["x"]


def test_the_head_changes_and_the_rest_does_not() -> None:
    new = blocks.set_head(FILE, {"version": "2"})
    assert new == FILE.replace('version = "1"   #', 'version = "2"  #')


def test_a_rule_is_added_and_taken_out_again() -> None:
    other = '[[rule]]\nid = "one.half"\nsays = "x"'
    added = blocks.add_block(FILE, other, after="one.rule")
    assert [block.id for block in blocks.blocks(added)] == ["one.rule", "one.half", "two.rule"]
    assert blocks.remove_block(added, "one.half") == FILE


@pytest.mark.parametrize(
    "text",
    ["", "says = 1", "[[rule]]\n[[rule]]", "[[rule]]\n[lists]\na = []", "[[rule]\n", "[[rule]]\na"],
)
def test_what_is_not_exactly_one_rule_is_refused(text: str) -> None:
    with pytest.raises(NotOneRule):
        blocks.replace_block(FILE, "one.rule", text)


def test_a_file_with_a_fault_still_shows_its_rules() -> None:
    broken = FILE.replace('id = "short"', "id = short")
    assert [block.id for block in blocks.blocks(broken)] == ["one.rule", "two.rule"]


# --- fields ---------------------------------------------------------------------------------------


def test_a_rule_with_an_example_of_several_lines_is_for_the_text_alone() -> None:
    first, second = (rule_fields.find_fields(block.text) for block in blocks.blocks(FILE))
    assert first is None
    assert second is not None
    assert (second.affiliations, second.hit) == (["hcp"], ["b"])


def test_most_shipped_rules_can_be_shown_in_fields() -> None:
    found = [rule_fields.find_fields(block.text) for block in blocks.blocks(SHIPPED)]
    assert sum(fields is not None for fields in found) > len(found) / 2


def test_fields_that_are_sent_back_unchanged_change_no_line() -> None:
    for block in blocks.blocks(SHIPPED):
        fields = rule_fields.find_fields(block.text)
        if fields is not None:
            assert rule_fields.written(block.text, fields) == block.text


def test_a_changed_field_changes_its_line_alone() -> None:
    for block in blocks.blocks(SHIPPED):
        fields = rule_fields.find_fields(block.text)
        if fields is None:
            continue
        new = rule_fields.written(block.text, replace(fields, says="Otherwise.", hit=["x", "y"]))
        before, after = block.text.splitlines(), new.splitlines()
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 2
        rule = blocks.require_one_rule(new)
        assert (rule["says"], rule["examples"]["hit"]) == ("Otherwise.", ["x", "y"])


@pytest.mark.parametrize("name", ["one.rule", "two.rule"])
def test_the_scope_keeps_what_no_field_shows(name: str) -> None:
    source = FILE.replace('miss = ["""\n[[rule]]\nno rule, an example"""]', 'miss = ["d"]')
    block = blocks.find_block(source, name)
    assert block is not None
    fields = rule_fields.find_fields(block.text)
    assert fields is not None
    new = rule_fields.written(block.text, replace(fields, affiliations=[], countries=["GB"]))
    scope = blocks.require_one_rule(new)["scope"]
    assert scope.pop("roles", ["msl"]) == ["msl"]
    assert scope == {"countries": ["GB"]}
