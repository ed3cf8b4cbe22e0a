"""A company's own protocol files: what they leave out is not missed."""

from __future__ import annotations

from pathlib import Path

from community.kernel.paths import POLICIES
from community.reviews import protocols

BARE = """
id = "late-letter"
title = "A letter that came late"
owner = "medical"
deputy = "compliance"
rules = ["letters.late"]

[[clock]]
id = "answer"
says = "Answer it"
from = "post time"
limit = 2
unit = "business days"
"""


def test_a_protocol_without_steps_and_evidence_still_has_its_clocks(tmp_path: Path) -> None:
    (tmp_path / "late-letter.toml").write_text(BARE, encoding="utf-8")
    (protocol,) = protocols.load(tmp_path)
    assert [clock.says for clock in protocol.clocks] == ["Answer it"]
    assert (protocol.principle, protocol.steps, protocol.evidence) == ("", (), ())


def test_the_shipped_protocol_for_side_effects_says_what_safety_does() -> None:
    shipped = protocols.load(POLICIES / "protocols")
    (found,) = (each for each in shipped if each.id == "adverse-event")
    assert "note its number here" in " ".join(found.steps)
    assert "number in the safety system" in found.evidence
