"""TOML from outside is read or refused, never half an hour of work or a fall."""

from __future__ import annotations

import pytest

from community.kernel import toml


def test_what_a_text_holds_is_read() -> None:
    assert toml.read('a.b = 1\nc = ["x. y. z"]') == {"a": {"b": 1}, "c": ["x. y. z"]}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("x = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("x = " + "[" * 50 + "]" * 50, "nested too deeply"),
        (".".join(["a"] * 20_000) + " = 1", "nested too deeply"),
        ('"a" . ' * 20_000, "nested too deeply"),
        ("x = " + "9" * 5_000, "Exceeds the limit"),
        ("x = [0x" + "f" * 6_000 + "]", "too large"),
        ('x = ["a\\u0000b"]', "NUL"),
        ('"a\\u0000b" = 1', "NUL"),
        ("x = 2026-02-31", "Invalid date"),
        ("x =", "Invalid value"),
    ],
)
def test_what_nobody_would_write_by_hand_is_refused_at_once(source: str, why: str) -> None:
    with pytest.raises(toml.UnreadableToml, match=why):
        toml.read(source)
