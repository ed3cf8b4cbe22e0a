"""What the audit of the packages says where all, some or none of them could be looked up."""

from typing import Any

import pytest

from tools.audit_dependencies import judge

FINE = {"name": "flask", "version": "3.1.0", "vulns": []}
BROKEN = {"name": "bleach", "version": "6.4", "vulns": [{"id": "X-1", "fix_versions": ["6.5"]}]}
MISSED = {"name": "nh3", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([FINE], 0, "1 packages looked up, no known hole"),
        ([FINE, BROKEN], 1, "bleach 6.4 has X-1, mended in 6.5"),
        ([FINE, MISSED], 2, "could not be had for 1 of 2 packages"),
        ([BROKEN, MISSED], 1, "could not be had for 1 of 2 packages"),
    ],
)
def test_what_could_not_be_looked_up_is_never_called_safe(
    packages: list[dict[str, Any]], status: int, said: str
) -> None:
    found, lines = judge({"dependencies": packages}, "pins.txt")
    assert found == status
    assert any(said in line for line in lines)


def test_no_answer_at_all_is_no_all_clear() -> None:
    assert judge(None, "pins.txt")[0] == 2
